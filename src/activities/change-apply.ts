import { asksCommission, standingOf, type ChangePhase, type PeriodChange } from '../domain/close/change';
import { isWithin } from '../domain/close/period';
import { FIELD_NAMES, type ClosedRecord } from '../domain/close/records';
import { SystemFault } from '../systems/fault';
import type { NamedRecord } from '../systems/period-changes';
import type { PeriodKeeper } from '../systems/periods';
import { planCloseBy } from '../handbook/close-time';
import { editsAsJson, keepChange, keptChange, noteOfChange } from './change-record';
import { raiseOpsTask } from './ops-task';
import { periodsOf } from './periods-of';
import type { ChangeRef } from './period-change';
import { pinnedPolicy, type World } from './world';

/**
 * Makes an approved change: exactly its edits, all or none, only where every record still says what it is to be changed from. The
 * exception from the lock is daytwo's own user's alone; it is taken away whatever comes of it, and one that a try left behind which
 * died is taken away before anything else.
 */
export async function applyChange(
  world: World,
  { period, n, now }: ChangeRef & { readonly now: string },
): Promise<ChangePhase> {
  const periods = periodsOf(world);
  await endOpening(world, periods, period, now);
  let kept = await keptChange(world, period, n);
  if (kept.change.phase !== 'approved') return kept.change.phase;
  const isFirst = kept.change.begunAt === null;
  if (isFirst) kept = await keepChange(world, { ...kept, change: { ...kept.change, begunAt: now } });
  const done = await make(world, periods, kept.change, isFirst, now);
  await noteOutcome(world, done);
  await keepChange(world, { ...kept, change: done });
  return done.phase;
}

async function make(
  world: World,
  periods: PeriodKeeper,
  change: PeriodChange,
  isFirst: boolean,
  now: string,
): Promise<PeriodChange> {
  const { edits } = change;
  const policy = pinnedPolicy(world.handbook(), change.policyVersion);
  const ids = [...new Set(edits.map(({ record }) => record))];
  const notMade = (phase: 'stale' | 'refused', why: string): PeriodChange => ({
    ...change,
    phase,
    outcome: { at: now, why },
  });
  const before = await periods.named(ids);
  const standing = standingOf(edits, before);
  const isOurs = standing.asApproved && !isFirst && (await changedByUs(periods, before));
  if (!standing.asAsked && !isOurs)
    return notMade(
      'stale',
      `not as they were when it was asked: ${standing.stale
        .slice(0, 10)
        .map(({ record, field }) => `${FIELD_NAMES[field]} of ${record}`)
        .join(', ')}. Ask again, from what they say now.`,
    );
  if (!isOurs) {
    const code = await underException(world, periods, change, policy.close.change.exceptionMinutes, now);
    if (code !== null) return notMade('refused', `Salesforce answered ${code}. Mend that, and ask again.`);
  }
  const after = await periods.named(ids);
  if (!standingOf(edits, after).asApproved)
    throw new SystemFault('salesforce', 'NOT_SHOWN', true, 'a change is not shown after it was made');
  const plan = planCloseBy(world.handbook(), change.period, policy);
  const isIn = (record: NamedRecord): boolean => record.isClosed && isWithin(plan.period, record.closeDate);
  return {
    ...change,
    phase: 'applied',
    outcome: { at: now, why: null },
    after: {
      records: after.filter(isIn).map(counted),
      left: after.flatMap((record) => (isIn(record) ? [] : [record.id])),
    },
    commission: asksCommission(edits, policy.close.change) ? { done: null } : null,
  };
}

const counted = ({ isClosed: _, ...record }: NamedRecord): ClosedRecord => record;

/** An earlier try made it, and its answer was lost: what daytwo's own user changed last since then. */
async function changedByUs(periods: PeriodKeeper, records: readonly ClosedRecord[]): Promise<boolean> {
  const own = await periods.ownUser();
  return records.every(({ changedBy }) => changedBy === own);
}

/** @returns the code with which it is refused; null: it is made */
async function underException(
  world: World,
  periods: PeriodKeeper,
  change: PeriodChange,
  minutes: number,
  now: string,
): Promise<string | null> {
  const until = new Date(Math.max(Date.parse(now), Date.now()) + minutes * 60_000).toISOString();
  try {
    await periods.openUntil(until);
    const code = await periods.edit(change.edits.map(({ record, field, to }) => ({ record, field, to })));
    // Another change that was made at the same time ended the exception that both stood under.
    if (code !== null && !(await periods.exceptions()).some(({ isOwn }) => isOwn))
      throw new SystemFault('salesforce', 'EXCEPTION_GONE', true, 'the exception from the lock was gone');
    return code;
  } catch (error) {
    // What no retry mends is how it came out; the exception is taken away all the same.
    if (error instanceof SystemFault && !error.retryable) return error.code;
    throw error;
  } finally {
    await endOpening(world, periods, change.period, now);
  }
}

/** Takes the exception away. Where Salesforce refuses that, ops must know at once; it is tried again until it is gone. */
async function endOpening(world: World, periods: PeriodKeeper, period: string, now: string): Promise<void> {
  try {
    await periods.endOpening();
  } catch (error) {
    if (error instanceof SystemFault && !error.retryable)
      await raiseOpsTask(world, {
        key: `close-exception:${period}:${error.code}:${now.slice(0, 10)}`,
        title: `The exception from the lock of ${period} can not be taken away`,
        problems: [`Salesforce refused: ${error.code}`],
        mend: 'Delete the row of the integration user in the custom setting Close_Lock__c, and see that this user may write the setting. It ends by itself with its time, and daytwo tries again until it is gone.',
      });
    throw error;
  }
}

async function noteOutcome(world: World, change: PeriodChange): Promise<void> {
  const at = change.outcome?.at ?? change.asked.at;
  const isMade = change.phase === 'applied';
  await noteOfChange(world, change, change.phase, at, `change.${change.phase}`, {
    what: isMade
      ? 'made the change as approved under an exception from the lock, read it back, and took the exception away'
      : 'did not make the change',
    ...(change.outcome?.why ? { why: change.outcome.why } : {}),
    after: editsAsJson(change),
    ...(isMade
      ? { proof: 'verified', commission: change.commission ? 'to be calculated anew' : 'not touched' }
      : {}),
  });
}
