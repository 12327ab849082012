import type { IssueRef } from '../access-request';
import type { CloseDate, CloseDateKind } from './calendar';
import { NO_LIGHTS, type Lights } from './green-light';
import type { TaskState } from './tasks';

/**
 * Where a close stands. `open`: before its cut-off; `closing`: tasks are signed, findings mended; `lit`: both parties gave the green
 * light; `locked`: the lock was set, read back and proved; `ended`: all its dates are over.
 */
export type ClosePhase = 'open' | 'closing' | 'lit' | 'locked' | 'ended';

export interface DatedClose extends CloseDate {
  /** The instant that the date means: the first of its day where the close is counted; of the cut-off, the last second. */
  readonly at: string;
}

/** What the last look at a whole period found. */
export interface CloseLook {
  readonly at: string;
  readonly records: number;
  readonly totalCents: number;
  /** Of all closed records, as a digest. */
  readonly digest: string;
  /** Open opportunities whose close date is over. */
  readonly open: number;
  /** Null where the bookings aren't checked: `config/` doesn't say where Salesforce keeps what the checks look at. */
  readonly checks: CloseChecks | null;
}

/** What the booking checks found. */
export interface CloseChecks {
  /** Neither mended nor accepted. */
  readonly open: number;
  readonly accepted: number;
  /** The checks with the most open findings, the first one first. */
  readonly byCheck: readonly { readonly check: string; readonly count: number }[];
}

/** What was kept of the period's records. */
export interface CloseSnapshot {
  readonly name: SnapshotName;
  readonly at: string;
  readonly records: number;
  readonly totalCents: number;
  readonly digest: string;
}
/** Taken when it was to be locked, and once the lock was proved. */
export type SnapshotName = 'before_lock' | 'after_lock';
/** Records that are kept: those of a snapshot, and of the last look. */
export type KeptRecords = SnapshotName | 'look';

export interface CloseLock {
  readonly through: string;
  readonly at: string;
  /** The record by which it was proved, and what the CRM answered; null where the period had none. */
  readonly proof: { readonly record: string; readonly code: string } | null;
}

/** One period's close as the store has it. It keeps the policy with which it began. */
export interface CloseCase {
  /** `2026-10` */
  readonly period: string;
  readonly policyVersion: string;
  readonly phase: ClosePhase;
  readonly dates: readonly DatedClose[];
  readonly issue: IssueRef | null;
  readonly tasks: readonly TaskState[];
  readonly lights: Lights;
  readonly look: CloseLook | null;
  readonly lock: CloseLock | null;
  readonly snapshots: readonly CloseSnapshot[];
  readonly openedAt: string;
  readonly openedBy: string;
}

export const dateOf = (close: Pick<CloseCase, 'dates'>, kind: CloseDateKind): DatedClose | undefined =>
  close.dates.find((date) => date.kind === kind);

export function newClose(
  of: Pick<CloseCase, 'period' | 'policyVersion' | 'dates' | 'tasks' | 'openedAt' | 'openedBy'>,
): CloseCase {
  return { ...of, phase: 'open', issue: null, lights: NO_LIGHTS, look: null, lock: null, snapshots: [] };
}

/** The first instant after `now` at which something of the close is due by itself; null: nothing is. */
export function nextDateAfter(close: Pick<CloseCase, 'dates' | 'tasks'>, now: string): string | null {
  const instants = [...close.dates.map(({ at }) => at), ...close.tasks.map(({ dueAt }) => dueAt)];
  return instants.filter((at) => at > now).sort()[0] ?? null;
}
