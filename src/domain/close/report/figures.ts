import { daysBetween } from '../../dates';
import { dateOf, type CloseCase, type CloseChecks, type ClosePhase, type DatedClose } from '../close';
import type { Day } from '../columns';
import { countedByCheck, type Finding } from '../findings';
import { countedBy, type KeptVariance, type Reconciled } from '../variances';
import type { StoryLine } from './story';

/** What of the policy that a close keeps changes its figures: by it periods are comparable. */
export interface PinnedPolicy {
  /** Its `effective_from`. */
  readonly version: string;
  readonly bookingWindowDays: number;
  readonly lockDay: number;
  readonly lateRenewalDays: number;
}

/** A period in numbers, the same for every period. */
export interface Figures {
  readonly period: string;
  readonly phase: ClosePhase;
  readonly policy: PinnedPolicy;
  readonly records: number | null;
  readonly cents: number | null;
  readonly found: number;
  readonly open: number;
  readonly accepted: number;
  readonly mended: number;
  /** Median of the days from the first look that found it to the one that found it gone; null: nothing was mended. */
  readonly daysToMend: number | null;
  /** How often a green light went out. */
  readonly lightsOut: number;
  readonly lockDate: Day | null;
  /** Days from the cut-off to the lock, to a tenth. */
  readonly daysToLock: number | null;
  readonly dates: readonly Pick<DatedClose, 'kind' | 'name' | 'date'>[];
  /** Findings by check, the most first. */
  readonly byCheck: CloseChecks['byCheck'];
  /** Those that are explained, too; null: people reconcile CRM and billing. */
  readonly variances: Reconciled['byKind'] | null;
  /** Findings of a locked period that it isn't what it was. */
  readonly drifts: number;
}

export function figuresOf(
  close: CloseCase,
  findings: readonly Finding[],
  story: readonly StoryLine[],
  policy: PinnedPolicy,
  variances: readonly KeptVariance[],
): Figures {
  const counted = close.snapshots.find(({ name }) => name === 'after_lock') ?? close.look;
  const inState = (state: Finding['state']): number => findings.filter((one) => one.state === state).length;
  const cutOff = dateOf(close, 'cut_off')?.at;
  const lockedAt = close.lock?.at ?? null;
  return {
    period: close.period,
    phase: close.phase,
    policy,
    records: counted?.records ?? null,
    cents: counted?.totalCents ?? null,
    found: findings.length,
    open: inState('open'),
    accepted: inState('accepted'),
    mended: inState('closed'),
    daysToMend: median(daysToMend(findings)),
    lightsOut: story.filter(({ kind }) => kind === 'close.light_out').length,
    lockDate: dateOf(close, 'lock')?.date ?? null,
    daysToLock:
      lockedAt === null || cutOff === undefined
        ? null
        : Math.round((Date.parse(lockedAt) - Date.parse(cutOff)) / 8_640_000) / 10,
    dates: close.dates.map(({ kind, name, date }) => ({ kind, name, date })),
    byCheck: countedByCheck(findings),
    variances: close.reconciled ? countedBy(variances.filter(({ state }) => state !== 'closed')) : null,
    drifts: story.filter(({ kind }) => kind === 'close.drift').length,
  };
}

/** Of each finding that was mended, the days that it took. */
export const daysToMend = (findings: readonly Finding[]): readonly number[] =>
  findings.flatMap(({ since, closedOn }) => (closedOn === null ? [] : [daysBetween(since, closedOn)]));

export function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

const SPANS: readonly (readonly [label: string, most: number])[] = [
  ['same day', 0],
  ['1', 1],
  ['2', 2],
  ['3', 3],
  ['4–7', 7],
  ['8–14', 14],
  ['15 and more', Infinity],
];

/** How many were mended within how many days. */
export function mendedWithin(
  days: readonly number[],
): readonly { readonly label: string; readonly count: number }[] {
  let after = -1;
  return SPANS.map(([label, most]) => {
    const count = days.filter((one) => one > after && one <= most).length;
    after = most;
    return { label, count };
  });
}
