import type { IssueRef } from '../access-request';
import type { Channel } from '../handbook';
import {
  COUNTED,
  FIELD_NAMES,
  fieldInWords,
  type ClosedRecord,
  type Counted,
  type FieldChange,
  type RecordChange,
} from './records';

/** What a change may be asked of, by its names in Salesforce. */
export const CHANGEABLE = ['StageName', 'Amount', 'CloseDate', 'OwnerId', 'AccountId', 'Type'] as const;
export type Changeable = (typeof CHANGEABLE)[number];

/** The counted field of this name; null where there is none. */
export const fieldOf = (name: string): Counted | null =>
  COUNTED.find((field) => FIELD_NAMES[field].toLowerCase() === name.trim().toLowerCase()) ?? null;

/** How a locked period may be changed, of one version of the policy. */
export interface ChangePolicy {
  /** User names, one of whom approves. */
  readonly approvedBy: readonly string[];
  /** The field of an opportunity that names its inside rep, whose manager approves, too; null: nobody's does. */
  readonly insideRep: string | null;
  /** Over which channels an approval counts. */
  readonly channels: readonly Channel[];
  readonly fields: readonly Changeable[];
  /** How long the exception under which it is made may stand. */
  readonly exceptionMinutes: number;
  /** Days after which what nobody decided is over. */
  readonly openDays: number;
  /** After a change of one of these the commissions of the period are calculated anew, and by whom. */
  readonly commission: { readonly fields: readonly Changeable[]; readonly by: readonly string[] };
}

/** One field of one record: from what it says to what it is to say. */
export interface ChangeEdit extends FieldChange {
  readonly record: string;
}

/** An edit as people read it. */
export const editInWords = (edit: ChangeEdit) => ({ record: edit.record, ...fieldInWords(edit) });

/**
 * Where a change stands. `asked`: waits for its approval; `approved`: is being made; `applied`: made, and read back. Never made:
 * `rejected`; `withdrawn` by who asked; `expired`: nobody decided; `stale`: a record no longer said what it was to be changed
 * from; `refused` by Salesforce.
 */
export type ChangePhase =
  'asked' | 'approved' | 'applied' | 'rejected' | 'withdrawn' | 'expired' | 'stale' | 'refused';

export interface ChangeWord {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly reason: string | null;
}

/** A change of a locked period that somebody asked for. What is asked never changes: another change is another number. */
export interface PeriodChange {
  /** `2026-10` */
  readonly period: string;
  /** From 1, within the period. */
  readonly n: number;
  readonly phase: ChangePhase;
  readonly asked: ChangeWord & { readonly reason: string };
  readonly edits: readonly ChangeEdit[];
  readonly expiresAt: string;
  readonly policyVersion: string;
  readonly issue: IssueRef | null;
  /** User names of the managers of other inside reps of its deals: each approves, too. Absent: there are none. */
  readonly managers?: readonly string[];
  /** Each approval; absent before the first. */
  readonly approvals?: readonly ChangeWord[];
  /** The approval that was still missing, the rejection, or the withdrawal. */
  readonly decided: ChangeWord | null;
  /** When daytwo first set out to make it. */
  readonly begunAt: string | null;
  /** How it came out, and why where it isn't made. */
  readonly outcome: { readonly at: string; readonly why: string | null } | null;
  /** The records as they were read back after it, and those that are in the period no more. */
  readonly after: { readonly records: readonly ClosedRecord[]; readonly left: readonly string[] } | null;
  /** Whether the commissions of the period must be calculated anew: null: no; else by whom it was done. */
  readonly commission: { readonly done: ChangeWord | null } | null;
}

const DAY_MS = 86_400_000;

/** A change as it is asked for: it is over where nobody decides within so many days. */
export const newChange = ({
  openDays,
  ...of
}: Pick<PeriodChange, 'period' | 'n' | 'asked' | 'edits' | 'policyVersion' | 'managers'> &
  Pick<ChangePolicy, 'openDays'>): PeriodChange => ({
  ...of,
  phase: 'asked',
  expiresAt: new Date(Date.parse(of.asked.at) + openDays * DAY_MS).toISOString(),
  issue: null,
  decided: null,
  begunAt: null,
  outcome: null,
  after: null,
  commission: null,
});

export const changeName = ({ period, n }: Pick<PeriodChange, 'period' | 'n'>): string =>
  `${period}/change/${n}`;

/** Somebody still has a part in it. */
export const isStanding = ({ phase }: Pick<PeriodChange, 'phase'>): boolean =>
  phase === 'asked' || phase === 'approved';

export const commissionDue = ({ commission }: Pick<PeriodChange, 'commission'>): boolean =>
  commission?.done === null;

export const isOver = (change: PeriodChange): boolean => !isStanding(change) && !commissionDue(change);

/** "What feeds commission": whether a change of these fields has them calculated anew. */
export const asksCommission = (edits: readonly ChangeEdit[], policy: ChangePolicy): boolean =>
  edits.some(({ field }) => policy.commission.fields.some((name) => name === FIELD_NAMES[field]));

/** What nobody decided in time is over. */
export const changeAt = (change: PeriodChange, now: string): PeriodChange =>
  change.phase === 'asked' && now >= change.expiresAt
    ? { ...change, phase: 'expired', outcome: { at: now, why: 'nobody decided in time' } }
    : change;

/** How records stand to what is to be changed. */
export interface Standing {
  /** Each says what it is to be changed from. */
  readonly asAsked: boolean;
  /** Each says what it is to be changed to. */
  readonly asApproved: boolean;
  /** Edits whose record says something else than what it was to be changed from. */
  readonly stale: readonly ChangeEdit[];
}

export function standingOf(edits: readonly ChangeEdit[], records: readonly ClosedRecord[]): Standing {
  const now = new Map(records.map((record) => [record.id, record]));
  const stale = edits.filter(({ record, field, from }) => now.get(record)?.[field] !== from);
  return {
    asAsked: stale.length === 0,
    asApproved: edits.every(({ record, field, to }) => now.get(record)?.[field] === to),
    stale,
  };
}

/** The records of a locked period as they are by rights: as they were locked, and as approved changes made them since. */
export function approvedRecords(
  locked: readonly ClosedRecord[],
  changes: readonly PeriodChange[],
): readonly ClosedRecord[] {
  const records = new Map(locked.map((record) => [record.id, record]));
  const applied = changes
    .filter(({ phase }) => phase === 'applied')
    .sort((a, b) => (a.outcome?.at ?? '').localeCompare(b.outcome?.at ?? '') || a.n - b.n);
  for (const { edits, after } of applied) {
    for (const id of after?.left ?? []) records.delete(id);
    for (const record of after?.records ?? []) {
      const known = records.get(record.id);
      records.set(record.id, known ? withEdits(known, record, edits) : record);
    }
  }
  return [...records.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Only what was approved: another field that somebody changed at the same time stays to be told. */
function withEdits(
  known: ClosedRecord,
  { id, changedBy, changedAt }: ClosedRecord,
  edits: readonly ChangeEdit[],
): ClosedRecord {
  const approved = edits.filter(({ record }) => record === id).map(({ field, to }) => [field, to] as const);
  return { ...known, ...Object.fromEntries(approved), changedBy, changedAt };
}

/** What isn't as it is by rights, without what is being made just now as approved. */
export const withoutUnderWay = (
  differences: readonly RecordChange[],
  changes: readonly PeriodChange[],
): readonly RecordChange[] => {
  const making = changes
    .filter(({ phase, begunAt }) => phase === 'approved' && begunAt !== null)
    .flatMap(({ edits }) => edits);
  return differences.filter(
    ({ id, fields }) =>
      fields.length === 0 ||
      !fields.every(({ field, to }) =>
        making.some((edit) => edit.record === id && edit.field === field && edit.to === to),
      ),
  );
};
