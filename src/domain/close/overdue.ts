import type { IssueRef } from '../access-request';
import { codeSpan, markdown } from '../escape';
import { addDays } from '../dates';
import type { Channel } from '../handbook';
import { box, tickOf } from '../task-list';
import { STAGE } from './booking';
import { monthOf } from './period';
import type { QuarterPolicy } from './quarter';
import { dollars } from './cents';
import type { CloseTask, TaskState } from './tasks';
import { closeMark } from './text';

/**
 * "Sales Ops waits until the 15th, then moves any opportunity with a past-month close date to a future date in bulk." What waits for an
 * approval isn't moved: its record is locked.
 */
export interface OverdueRow {
  readonly id: string;
  readonly stage: string;
  readonly ownerId: string;
  readonly amountCents: number | null;
  readonly closeDate: string;
  /** The system's own stamp when the plan was made. */
  readonly changedAt: string;
  readonly to: string;
  /** Null: not tried yet. `changed`: not as it was when the plan was made, so it is left. */
  readonly outcome: 'moved' | 'changed' | 'gone' | 'refused' | null;
  /** What the CRM answered where it refused. */
  readonly code: string | null;
}

export interface OverdueMove {
  readonly plannedAt: string;
  /** Of what is planned: what is approved is this and nothing else. */
  readonly digest: string;
  readonly records: number;
  readonly totalCents: number;
  readonly to: string;
  readonly issue: IssueRef | null;
  readonly state: 'nothing' | 'planned' | 'approved' | 'moved' | 'rejected' | 'lapsed';
  readonly decided: {
    readonly by: string;
    readonly at: string;
    readonly channel: Channel;
    readonly reason: string;
  } | null;
  readonly done: OverdueCounts | null;
}

export interface OverdueCounts {
  readonly moved: number;
  readonly changed: number;
  readonly gone: number;
  readonly refused: number;
}

/** Whether something is still to be decided or done. */
export const overdueWaits = (move: OverdueMove | null): boolean =>
  move?.state === 'planned' || move?.state === 'approved';

/** The day that overdue opportunities get. */
export function overdueTo(today: string, { moveTo }: Pick<QuarterPolicy['overdue'], 'moveTo'>): string {
  const month = monthOf(today.slice(0, 7));
  return moveTo === 'end_of_month' ? month.lastDay : month.quarterEnd;
}

/** What was to close in a month that is over, and is still being sold. */
export const isMovable = (
  { closeDate, stage }: Pick<OverdueRow, 'closeDate' | 'stage'>,
  today: string,
): boolean => closeDate < `${today.slice(0, 7)}-01` && stage !== STAGE.closing;

export function overdueCounts(rows: readonly OverdueRow[]): OverdueCounts {
  const count = (outcome: OverdueRow['outcome']): number =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    moved: count('moved'),
    changed: count('changed'),
    gone: count('gone'),
    refused: count('refused'),
  };
}

/** "Never the preparer": who signed the list as prepared, or was named for it. */
export const preparersOf = (tasks: readonly CloseTask[], states: readonly TaskState[]): readonly string[] =>
  tasks
    .filter(({ automatic }) => automatic === 'overdue_list')
    .flatMap(({ key, preparer }) => {
      const by = states.find((state) => state.key === key)?.prepared?.by;
      return by === undefined ? [preparer] : [preparer, by];
    });

/** Why somebody doesn't decide on the plan, or null. @param preparers who prepared the list, or was to */
export function whyNotDecided(
  move: OverdueMove,
  by: string,
  channel: Channel,
  preparers: readonly string[],
  { approvedBy }: Pick<QuarterPolicy['overdue'], 'approvedBy'>,
  channels: readonly Channel[],
): string | null {
  if (move.state !== 'planned') return `the plan is ${move.state} already`;
  if (!approvedBy.includes(by))
    return `it is decided by ${approvedBy.join(' or ') || 'nobody: policy names none'}`;
  if (preparers.includes(by)) return 'who prepared the list does not approve it';
  return channels.includes(channel) ? null : `it counts only over ${channels.join(', ')}`;
}

/** A plan that nobody decided on is dropped. */
export const isLapsed = (
  { state, plannedAt }: OverdueMove,
  now: string,
  { waitDays }: Pick<QuarterPolicy['overdue'], 'waitDays'>,
): boolean =>
  state === 'planned' && now >= `${addDays(plannedAt.slice(0, 10), waitDays)}${plannedAt.slice(10)}`;

export const overdueMarker = (period: string): string => `${closeMark(period)}overdue-move:end`;
export const overdueTitle = (period: string): string => `${period}: Overdue opportunities to be moved`;
export const OVERDUE_BOX = 'Approved: move them';
export const overdueTicked = (description: string): boolean => tickOf(description, OVERDUE_BOX) === true;

const MOST_SHOWN = 100;
const IN_WORDS: Readonly<Record<OverdueMove['state'], string>> = {
  nothing: 'Nothing is overdue.',
  planned: '**Waits for** an approval.',
  approved: 'Approved; they are being moved.',
  moved: 'Done.',
  rejected: 'Rejected: nothing was moved.',
  lapsed: 'Dropped: nobody decided in time. Nothing was moved.',
};

/** What daytwo writes on the issue of the plan. */
export function overdueBlock(
  period: string,
  move: OverdueMove,
  rows: readonly OverdueRow[],
  by: readonly string[],
): string {
  const { decided, done } = move;
  return [
    `<!-- ${overdueMarker(period)} -->`,
    '<!-- daytwo writes what stands between its two marks. Tick the box here; write everything else outside. -->',
    IN_WORDS[move.state],
    `${move.records} open opportunities (${dollars(move.totalCents)}) have a close date in a month that is over. Their close date becomes ${move.to}. Only what is still as it stands here is moved. Plan ${codeSpan(move.digest.slice(0, 12))}; all of it: ${codeSpan(`daytwo close overdue ${period} --csv`)}.`,
    `${box(decided !== null && move.state !== 'rejected', OVERDUE_BOX)}\n  ${decided ? `${codeSpan(decided.by)} at ${decided.at}` : `by ${by.map(codeSpan).join(' or ')}`}`,
    ...(done
      ? [
          `${done.moved} moved and read back, ${done.changed} left since they changed, ${done.gone} gone, ${done.refused} refused.`,
        ]
      : []),
    [
      '| opportunity | stage | amount | close date | becomes | |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows
        .slice(0, MOST_SHOWN)
        .map(
          ({ id, stage, amountCents, closeDate, to, outcome, code }) =>
            `| ${codeSpan(id)} | ${markdown(stage)} | ${amountCents === null ? '' : markdown(dollars(amountCents))} | ${closeDate} | ${to} | ${outcome ?? ''}${code === null ? '' : ` ${codeSpan(code)}`} |`,
        ),
    ].join('\n'),
    ...(rows.length > MOST_SHOWN ? [`… and ${rows.length - MOST_SHOWN} more.`] : []),
  ].join('\n\n');
}
