import { createHash } from 'node:crypto';
import type { CloseCase, CloseLook } from '../domain/close/close';
import { lightsOver, PARTY_NAMES, type Party } from '../domain/close/green-light';
import {
  changesBetween,
  lineOf,
  totalCents,
  type ClosedRecord,
  type RecordChange,
} from '../domain/close/records';
import { reopenedBy, signed, type Automatic, type CloseTask, type TaskState } from '../domain/close/tasks';
import { addDays } from '../domain/dates';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import type { PeriodKeeper } from '../systems/periods';
import { checkBookings, checksOf, openOf, PAST_DATED } from './close-findings';
import type { ReadWorld } from './world';

/** What a look at the whole period brought: the close as it is now, and what is to be told. */
export interface Looked {
  readonly close: CloseCase;
  /** Since the look before; after the lock, since what was locked. */
  readonly changes: readonly RecordChange[];
  /** Parties whose green light went out. */
  readonly out: readonly Party[];
}

/** The digest of records: the same for the same counted fields, in whatever order they were read. */
export const digestOfRecords = (records: readonly ClosedRecord[]): string =>
  createHash('sha256').update(records.map(lineOf).sort().join('\n')).digest('hex');

export function periodsOf(world: Pick<ReadWorld, 'connector'>): PeriodKeeper {
  const { periods } = world.connector('salesforce');
  if (!periods) throw new Error('the Salesforce connector knows no periods');
  return periods;
}

/**
 * Reads the period's closed opportunities and what is overdue. What changed opens signed tasks again and puts out a green light that was
 * given over something else; what daytwo finds in order, it signs as prepared.
 */
export async function lookAtPeriod(
  world: ReadWorld,
  before: CloseCase,
  plan: ClosePlan,
  tasks: readonly CloseTask[],
  now: string,
): Promise<Looked> {
  const { period, policy } = plan;
  const periods = periodsOf(world);
  const today = localTime(now, policy.close.zone).date;
  const afterPeriod = addDays(period.lastDay, 1);
  const records = await periods.closedIn(period.firstDay, period.lastDay);
  const findings = await checkBookings(world, plan, now);
  // The check knows which of them only wait for an approval.
  const open = findings
    ? openOf(findings, PAST_DATED)
    : (await periods.overdue(today < afterPeriod ? today : afterPeriod)).length;
  const digest = digestOfRecords(records);
  const isLocked = before.phase === 'locked' || before.phase === 'ended';
  const known = isLocked ? 'after_lock' : 'look';
  const changes =
    before.look === null || before.look.digest === digest
      ? []
      : changesBetween(await world.store.closes.records(period.key, known), records);
  if (!isLocked && before.look?.digest !== digest)
    await world.store.closes.keepRecords(period.key, 'look', records);
  const look: CloseLook = {
    at: now,
    records: records.length,
    totalCents: totalCents(records),
    digest,
    open,
    checks: findings && checksOf(findings),
  };
  if (isLocked) return { close: { ...before, look }, changes, out: [] };
  const { lights, out } = lightsOver(before.lights, digest);
  const isOver = before.phase !== 'open';
  return {
    close: {
      ...before,
      look,
      lights,
      tasks: before.tasks.map((state) => {
        const task = tasks.find(({ key }) => key === state.key);
        return task && isOver ? afterLook(task, state, look, changes) : state;
      }),
    },
    changes,
    out,
  };
}

function afterLook(
  task: CloseTask,
  state: TaskState,
  look: CloseLook,
  changes: readonly RecordChange[],
): TaskState {
  if (task.overRecords && state.basis !== null && state.basis !== look.digest && changes.length > 0)
    return reopenedBy(state, changesInWords(changes));
  if (task.automatic === null) return state;
  const wrong = wrongFor(task.automatic, look);
  if (wrong !== null) return state.prepared?.by === 'daytwo' ? reopenedBy(state, wrong) : state;
  return state.prepared
    ? state
    : signed(state, 'prepared', { by: 'daytwo', at: look.at, channel: 'daytwo' }, look.digest);
}

/** What keeps daytwo from signing; null where nothing does. */
function wrongFor(automatic: Automatic, { open, checks }: CloseLook): string | null {
  if (automatic === 'overdue_list')
    return open > 0 ? `${open} open opportunities have a close date that is over` : null;
  if (checks === null) return 'the bookings are not checked';
  return checks.open > 0 ? `${checks.open} findings are neither mended nor accepted` : null;
}

const MOST_NAMED = 10;

/** `2 opportunities changed: 006… (amountCents), 006… (gone)`. Ids and fields, no values: these are business secrets of their own. */
export function changesInWords(changes: readonly RecordChange[]): string {
  const named = changes
    .slice(0, MOST_NAMED)
    .map(
      ({ id, kind, fields }) =>
        `${id} (${kind === 'changed' ? fields.map(({ field }) => field).join(', ') : kind})`,
    );
  const more = changes.length > MOST_NAMED ? ` and ${changes.length - MOST_NAMED} more` : '';
  return `${changes.length} ${changes.length === 1 ? 'opportunity' : 'opportunities'} changed: ${named.join(', ')}${more}`;
}

export const outInWords = (out: readonly Party[], changes: readonly RecordChange[]): string =>
  `The green light of ${out.map((party) => PARTY_NAMES[party]).join(' and ')} went out: ${changesInWords(changes)}. Look at it, then give it again.`;
