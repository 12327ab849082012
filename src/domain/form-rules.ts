import { addDays } from './dates';
import type { FormAccess, FormProblem, FormReading } from './form';
import { problemOfAll } from './form-problem';
import { likened } from './form-systems';
import type { Entitlement, RequestPolicy, System } from './handbook';

/**
 * "Shared account: each user needs an exception request, max 90 days, disabled when not renewed." (the access-request page);
 * and what ends must end in the future.
 *
 * @param today calendar date where the requester is
 */
export function problemsOfUntil(
  reading: Pick<FormReading, 'access' | 'until'>,
  systems: readonly System[],
  policy: Pick<RequestPolicy, 'sharedAccountDays'>,
  today: string,
): readonly FormProblem[] {
  const { until } = reading;
  if (until !== null && until < today)
    return [problemOfAll(`Access until ${until} has ended already: name a day from ${today} on.`)];
  const last = addDays(today, policy.sharedAccountDays);
  if (until !== null && until <= last) return [];
  return given(reading, systems)
    .filter(({ system }) => system.sharedAccount)
    .map(({ access, system }) => ({
      line: access.line,
      quoted: '',
      expected: `Access to ${system.name}, where people share an account, ends after at most ${policy.sharedAccountDays} days: write "Until: ${last}" or an earlier day.`,
    }));
}

/** "Never for admin access (one issue per person). Shared credentials may never be bulk." (the access-management policy) */
export function bulkProblems(
  reading: Pick<FormReading, 'access'>,
  systems: readonly System[],
): readonly FormProblem[] {
  return given(reading, systems).flatMap(({ access, system }): FormProblem[] => {
    const admin = adminRoleOf(access.entitlement, system);
    const about = (expected: string): FormProblem => ({ line: access.line, quoted: '', expected });
    return [
      ...(admin === undefined
        ? []
        : [about(`${admin} in ${system.name} gives admin rights: file one request for each person.`)]),
      ...(system.sharedAccount
        ? [about(`People share an account in ${system.name}: file one request for each person.`)]
        : []),
    ];
  });
}

/** Access is given in production alone: whoever asks for a sandbox must not get that instead. */
export function environmentProblems(
  reading: Pick<FormReading, 'access'>,
  systems: readonly System[],
): readonly FormProblem[] {
  return reading.access.flatMap(({ system, line, environment }): FormProblem[] => {
    if (environment === null) return [];
    const name = systems.find(({ key }) => key === system)?.name ?? system;
    return [
      {
        line,
        quoted: `${name}: ${environment}`,
        expected: `Access to ${name} is given in production only: take this line away and ask the owners of ${name} for access to its ${environment}, or take the words away if production is meant.`,
      },
    ];
  });
}

/** The value of an entitlement that gives rights over others' access, however it is spelt. */
export function adminRoleOf(entitlement: Entitlement, system: System): string | undefined {
  const { role, profile, licenceType, permissionSets = [] } = entitlement;
  const values = [role, profile, licenceType, ...permissionSets].filter((value) => value !== undefined);
  return system.adminRoles.find((admin) => values.some((value) => likened(value) === likened(admin)));
}

function given(
  reading: Pick<FormReading, 'access'>,
  systems: readonly System[],
): readonly { readonly access: FormAccess; readonly system: System }[] {
  return reading.access.flatMap((access) => {
    const system = systems.find(({ key }) => key === access.system);
    return system && access.verb !== 'remove' ? [{ access, system }] : [];
  });
}
