import { daysBetween } from '../domain/dates';
import { REGIONS, type Policy } from '../domain/handbook';
import type { PersonFacts } from '../domain/hr-event';
import type { Store } from '../evidence/store';

/**
 * Why a hire can't be begun as HR tells it; empty where it can. Ids of people are named, never their names or addresses:
 * the text stands on an issue and in the Temporal UI.
 */
export async function problemsOfHire(
  store: Pick<Store, 'personByEmail' | 'startWaiting'>,
  policy: Policy,
  employeeId: string,
  facts: PersonFacts,
  now: string,
): Promise<readonly string[]> {
  const problems = [...(await problemsOfFacts(store, employeeId, facts))];
  const away = daysBetween(now.slice(0, 10), facts.start_date);
  if (Math.abs(away) > policy.startDateHorizonDays)
    problems.push(
      `start_date ${facts.start_date} is ${Math.abs(away)} days ${away > 0 ? 'ahead' : 'ago'}; the policy takes up to ${policy.startDateHorizonDays}`,
    );
  if (problems.length > 0) await store.startWaiting(employeeId, 'correction', now);
  return problems;
}

/** What can't be right of what HR says of a person, whenever they started; the same care with names. */
export async function problemsOfFacts(
  store: Pick<Store, 'personByEmail'>,
  employeeId: string,
  facts: PersonFacts,
): Promise<readonly string[]> {
  const problems: string[] = [];
  if (!REGIONS.some((region) => region === facts.region))
    problems.push(`region is not one of ${REGIONS.join(', ')}: day two can not be told`);
  if (!isZone(facts.time_zone))
    problems.push('time_zone is not a zone of the tz database, such as America/New_York');
  if (!/^[A-Z]{2}$/.test(facts.country))
    problems.push('country is not an ISO 3166-1 code of two letters, such as US');
  const other = await store.personByEmail(facts.email);
  if (other && other.employeeId !== employeeId && other.status !== 'left' && other.status !== 'rescinded')
    problems.push(`the e-mail address belongs to employee ${other.employeeId} already`);
  return problems;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '' && /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}
