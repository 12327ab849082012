import type { FormPerson, FormProblem } from '../domain/form';
import { lowestInCommon } from '../domain/approvals';
import { plainLine } from '../domain/escape';
import type { Policy, Region } from '../domain/handbook';
import { REGIONS } from '../domain/handbook';
import type { CrowdPerson } from '../evidence/crowd';
import type { PersonRecord } from '../evidence/store';
import { chainAbove } from './approvers';
import { memberByEmail, type ReadWorld } from './world';

/** Those whom a request names, looked up: who takes part, and who is left out and why. */
export interface Crowd {
  readonly rows: readonly CrowdPerson[];
  readonly people: readonly PersonRecord[];
  /** The manager whose approval counts for all of them; null where none does. */
  readonly managerEmail: string | null;
  /** Known from people.yml alone: to be kept in the store before anything is done. */
  readonly unheardOf: readonly PersonRecord[];
  /** Faults of the request as a whole. */
  readonly problems: readonly FormProblem[];
}

/** "A person twice, a person who left, an unknown e-mail: each named, the others go on." */
export async function lookUp(world: ReadWorld, named: readonly FormPerson[], policy: Policy): Promise<Crowd> {
  const known = await world.store.peopleByEmail(named.map(({ email }) => email));
  const seen = new Set<string>();
  const rows: CrowdPerson[] = [];
  const people: PersonRecord[] = [];
  const unheardOf: PersonRecord[] = [];
  for (const [index, { email }] of named.entries()) {
    const key = email.trim().toLowerCase();
    const heard = known.get(key);
    const record = heard ?? memberAsRecord(world, key);
    if (record && !heard) unheardOf.push(record);
    const problem = seen.has(key) ? 'named twice; once is enough' : problemOf(record);
    seen.add(key);
    rows.push({ place: index + 1, employeeId: record?.employeeId ?? null, email: key, problem });
    if (record && problem === null) people.push(record);
  }
  const managers = [...new Set(people.map(({ managerEmail }) => managerEmail?.toLowerCase() ?? ''))];
  const { managerEmail, problems } = await managerOfAll(world, managers, policy);
  return { rows, people, managerEmail, unheardOf, problems: people.length === 0 ? [] : problems };
}

function problemOf(record: PersonRecord | null): string | null {
  if (!record) return 'no employee has this address: mend it, or ask People Operations';
  if (record.status === 'left') return 'has left';
  if (record.status === 'rescinded') return 'will not join: HR took the hire back';
  return null;
}

/**
 * "People with the same manager"; people under different managers may be approved by the lowest one whom they have in
 * common only where policy says so.
 */
async function managerOfAll(
  world: ReadWorld,
  managers: readonly string[],
  policy: Policy,
): Promise<Pick<Crowd, 'managerEmail' | 'problems'>> {
  const problem = (expected: string): Pick<Crowd, 'managerEmail' | 'problems'> => ({
    managerEmail: null,
    problems: [{ line: null, quoted: '', expected }],
  });
  const chains = await Promise.all(
    managers.map((manager) => chainAbove(world, manager === '' ? null : manager)),
  );
  if (chains.some(({ loop }) => loop))
    return problem(
      'HR names managers in a loop; People Operations must set one of them right, then edit this request',
    );
  const [only] = managers;
  if (managers.length === 1)
    return only === '' || only === undefined
      ? problem(
          'HR names no manager who could approve it; People Operations must add one, then edit this request',
        )
      : { managerEmail: only, problems: [] };
  if (!policy.approvals.commonManager)
    return problem(
      `these people have ${managers.length} different managers; file one request for the people of each manager`,
    );
  const common = lowestInCommon(chains.map(({ people }) => people.map(({ email }) => email)));
  return common === null
    ? problem(
        'these people have no manager in common who could approve it for all; file one request for each manager',
      )
    : { managerEmail: common, problems: [] };
}

/** Somebody whom people.yml names with HR's number, and of whom HR sent no event: known from there. */
function memberAsRecord(world: ReadWorld, email: string): PersonRecord | null {
  const { people } = world.handbook();
  const member = memberByEmail(people, email);
  if (!member?.employeeId) return null;
  return {
    employeeId: member.employeeId,
    email: member.email,
    name: plainLine(member.name),
    title: member.title ?? 'not told',
    specialty: null,
    department: 'not told',
    division: 'not told',
    entity: 'not told',
    country: member.country,
    region: regionOf(member.timeZone),
    timeZone: member.timeZone,
    managerEmail: member.managerEmail,
    startDate: '2000-01-01',
    status: 'active',
    // Older than whatever HR may ever say.
    updatedAt: '2000-01-01T00:00:00.000Z',
  };
}

/** The region of a zone, as HR would name it: for members of whom HR says nothing. */
function regionOf(timeZone: string): Region {
  if (/^America\//.test(timeZone)) return 'Americas';
  return /^(Asia|Australia|Pacific)\//.test(timeZone) ? 'JAPAC' : 'EMEA';
}

export const regionsOf = (people: readonly PersonRecord[]): readonly Region[] =>
  REGIONS.filter((region) => people.some((person) => person.region === region));
