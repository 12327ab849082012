import type { Channel, Labels, People, Policy, SeatPolicy } from './handbook';
import {
  ACTION_NEEDED,
  APPROVED,
  canonical,
  COMPLETED,
  IN_PROGRESS,
  NEEDS_APPROVAL,
  READY,
  REJECTED,
} from './labels';

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

/** What people may say to a reclaim. */
export type ReclaimWord = 'approve' | 'reject';
/** How a reclaim stands, in whose words its labels are chosen. */
export type ReclaimStanding = 'undecided' | 'approved' | 'rejected' | 'done';

/** User names of those who decide on a reclaim, as `seats.reclaim.decided_by` of the policy names them. */
export const whoDecidesReclaim = (
  { decidedBy }: Pick<SeatPolicy['reclaim'], 'decidedBy'>,
  people: Pick<People, 'provisioningDris' | 'teams' | 'salesOpsTeam'>,
): readonly string[] => [
  ...new Set(
    decidedBy.flatMap((role) =>
      role === 'dri' ? people.provisioningDris : (people.teams[people.salesOpsTeam]?.members ?? []),
    ),
  ),
];

/** Why somebody may not decide so on a reclaim, and who may; null where they may. The first word counts. */
export function refusedReclaim(
  asked: {
    readonly kind: ReclaimWord;
    readonly by: string;
    readonly channel: Channel;
    /** What was decided before. */
    readonly decided: ReclaimWord | null;
  },
  policy: Pick<Policy, 'decisions' | 'seats'>,
  people: Parameters<typeof whoDecidesReclaim>[1],
): { readonly why: string; readonly who: readonly string[] } | null {
  const who = whoDecidesReclaim(policy.seats.reclaim, people);
  const { channels } = policy.decisions[asked.kind];
  if (!who.includes(asked.by)) return { why: `policy lets others ${asked.kind} a reclaim`, who };
  if (!channels.includes(asked.channel))
    return { why: `policy counts ${asked.kind} only over ${channels.join(', ')}`, who };
  return asked.decided === null
    ? null
    : { why: `it was ${asked.decided === 'approve' ? 'approved' : 'rejected'} already`, who: [] };
}

/** What a label says that somebody set on the issue of a reclaim: the same words as on a request; null where it says nothing. */
export function wordOfLabel(label: string, labels: Pick<Labels, 'aliases'>): ReclaimWord | null {
  const meant = canonical(label, labels);
  if (meant === APPROVED || meant === READY) return 'approve';
  return meant === REJECTED ? 'reject' : null;
}

/** Of the labels that daytwo leads: those that stand on the issue of a reclaim. */
export const labelsOfReclaim = (standing: ReclaimStanding): readonly string[] =>
  ({
    undecided: [ACTION_NEEDED, NEEDS_APPROVAL],
    approved: [IN_PROGRESS, APPROVED],
    rejected: [REJECTED],
    done: [COMPLETED, APPROVED],
  })[standing];
