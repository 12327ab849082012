import type { SeatPolicy } from './handbook';

/** A user of a licensed system, as far as a reclaim must know them. */
export interface SignIns {
  readonly id: string;
  readonly profile: string;
  readonly createdAt: string;
  /** Null: never signed in. */
  readonly lastSignInAt: string | null;
  readonly frozen: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Whom a reclaim is about: active users without a sign-in for so many days (since they were made, if never), but never
 * integrations, by words of their profile, nor whom an offboarding has frozen. "no login for 90 days are deactivated …
 * exclude integration users" (the Sales Ops handbook page)
 */
export function isIdle(user: SignIns, policy: SeatPolicy['reclaim'], now: string): boolean {
  const profile = user.profile.toLowerCase();
  if (user.frozen || policy.exceptProfiles.some((word) => profile.includes(word.toLowerCase()))) return false;
  const seen = user.lastSignInAt ?? user.createdAt;
  return Date.parse(seen) <= Date.parse(now) - policy.idleDays * DAY_MS;
}

/** The months of the year, from 1, in which a reclaim begins: one in each fiscal quarter. */
export const reclaimMonths = (policy: SeatPolicy['reclaim']): readonly number[] =>
  [0, 3, 6, 9]
    .map((quarter) => ((policy.fiscalYearStartMonth + policy.monthOfQuarter - 2 + quarter) % 12) + 1)
    .sort((one, other) => one - other);

/** The fiscal quarter of a date, by the calendar year in which its fiscal year begins: `2026-Q4`. */
export function fiscalQuarter(
  date: string,
  { fiscalYearStartMonth: first }: Pick<SeatPolicy['reclaim'], 'fiscalYearStartMonth'>,
): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  const since = (month - first + 12) % 12;
  return `${month < first ? year - 1 : year}-Q${Math.floor(since / 3) + 1}`;
}
