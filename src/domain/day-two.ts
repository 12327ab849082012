import { addDays } from './dates';
import type { Handbook, Policy, Region } from './handbook';

/**
 * When a new hire's access request is made: "the onboarding issue will auto-create the access request on day 2".
 * Three daily runs: EMEA and Americas take those who started the day before, JAPAC those whose start date is today,
 * since it is their second day already when the run begins.
 *
 * @param startDate the first day at work, `YYYY-MM-DD`, in the person's own zone
 * @returns the instant of the run, ISO 8601 in UTC; it may lie in the past, and then the run is due at once
 * @throws RangeError if `startDate` is no calendar date
 */
export function dayTwoRun(policy: Pick<Policy, 'dayTwo'>, region: Region, startDate: string): string {
  const run = policy.dayTwo[region];
  return `${addDays(startDate, run.daysAfterStart)}T${run.utcTime}:00.000Z`;
}

/**
 * The policy in force on a day: the last version whose `effectiveFrom` isn't after it. For a day before the first
 * version, the first one.
 */
export function policyOn(handbook: Pick<Handbook, 'policies'>, date: string): Policy {
  const [first, ...later] = handbook.policies;
  if (!first) throw new RangeError('the handbook has no policy');
  let inForce = first;
  for (const version of later) if (version.effectiveFrom <= date) inForce = version;
  return inForce;
}
