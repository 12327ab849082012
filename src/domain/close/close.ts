import type { IssueRef } from '../access-request';
import type { CloseDate, CloseDateKind } from './calendar';
import type { CloseExtras } from './extras';
import { isLit, NO_LIGHTS, type Lights } from './green-light';
import type { Heard } from './light-acts';
import type { RolledForward } from './roll-forward';
import type { TaskState } from './tasks';
import type { Reconciled } from './variances';

/**
 * Where a close stands. `open`: before its cut-off; `closing`: tasks are signed, findings mended; `lit`: both parties gave the green
 * light; `locked`: the lock was set, read back and proved; `ended`: all its dates are over.
 */
export type ClosePhase = 'open' | 'closing' | 'lit' | 'locked' | 'ended';

export interface DatedClose extends CloseDate {
  /** The instant that the date means: the first of its day where the close is counted; of the cut-off, the last second. */
  readonly at: string;
}

/** What the last look at a period found. */
export interface CloseLook {
  readonly at: string;
  /** When all of it was read last; before the cut-off a look may read only what changed. Absent in a look of before that was so: the next one reads all. */
  readonly wholeAt?: string;
  /** By which rules it was judged, as a digest: once they are others, all is judged again. */
  readonly rules?: string;
  readonly records: number;
  readonly totalCents: number;
  /** Of all closed records, as a digest, when they were read last. */
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
  /** Its records as Parquet, in the folder for snapshots; absent where none were written. */
  readonly files?: readonly SnapshotFile[];
}

export interface SnapshotFile {
  /** Its name, without a folder. */
  readonly file: string;
  readonly sha256: string;
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

/** A change that was made of a locked period, as approved. */
export interface CloseChange {
  readonly n: number;
  readonly at: string;
  readonly records: number;
  /** Whether its commissions are calculated anew: `due`, `done`; null where none hang on it. */
  readonly commission: 'due' | 'done' | null;
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
  /** Absent before anybody gave or took back a light on its issue. */
  readonly heard?: Heard;
  readonly look: CloseLook | null;
  readonly lock: CloseLock | null;
  /** How the period stands with billing; absent where billing isn't asked, or wasn't yet. */
  readonly reconciled?: Reconciled | null;
  /** What is done beside its tasks; absent before the first of it. */
  readonly extras?: CloseExtras;
  readonly snapshots: readonly CloseSnapshot[];
  /** Since it was locked; absent where there was none. */
  readonly changes?: readonly CloseChange[];
  readonly openedAt: string;
  readonly openedBy: string;
  /** Absent where no period was closed before. */
  readonly rolled?: RolledForward;
}

export const dateOf = (close: Pick<CloseCase, 'dates'>, kind: CloseDateKind): DatedClose | undefined =>
  close.dates.find((date) => date.kind === kind);

/** A close on its first day: nothing is signed. */
export function newClose({
  due,
  ...of
}: Pick<CloseCase, 'period' | 'policyVersion' | 'dates' | 'openedAt' | 'openedBy' | 'rolled'> & {
  readonly due: readonly Pick<TaskState, 'key' | 'dueAt'>[];
}): CloseCase {
  return {
    ...of,
    phase: 'open',
    issue: null,
    tasks: due.map((task) => ({
      ...task,
      iid: null,
      prepared: null,
      reviewed: null,
      basis: null,
      reopened: null,
    })),
    lights: NO_LIGHTS,
    look: null,
    lock: null,
    snapshots: [],
  };
}

/** What time alone does: after its cut-off it closes. */
export function closeAt(close: CloseCase, now: string): CloseCase {
  const cutOff = dateOf(close, 'cut_off')?.at ?? '';
  return close.phase === 'open' && now > cutOff ? { ...close, phase: 'closing' } : close;
}

/** A locked period has ended once all its dates are over, and nothing of it waits for somebody. */
export const endedOrNot = (close: CloseCase, now: string, waits: boolean): CloseCase =>
  close.phase === 'locked' && !waits && close.dates.every(({ at }) => at <= now)
    ? { ...close, phase: 'ended' }
    : close;

/** Lit as long as both parties gave their light over the same records. */
export function litOrNot(close: CloseCase): CloseCase {
  if (close.phase !== 'closing' && close.phase !== 'lit') return close;
  return { ...close, phase: isLit(close.lights) ? 'lit' : 'closing' };
}

/** Tonight, or the first date of the close before it; null once it has ended. The second after a cut-off is the first that counts. */
export function nextLook({ phase, dates }: CloseCase, night: string, now: string): string | null {
  if (phase === 'ended') return null;
  const instants = dates.map(({ kind, at }) =>
    kind === 'cut_off' ? new Date(Date.parse(at) + 1000).toISOString() : at,
  );
  return [...instants, night].filter((at) => at > now).sort()[0] ?? null;
}

export const isLocked = ({ phase }: Pick<CloseCase, 'phase'>): boolean =>
  phase === 'locked' || phase === 'ended';
