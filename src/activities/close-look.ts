import { createHash } from 'node:crypto';
import { isLocked, type CloseCase, type CloseLook } from '../domain/close/close';
import { checksOf, openOf, PAST_DATED } from '../domain/close/findings';
import { closeAfterLook, type Looked } from '../domain/close/look';
import { lineOf, totalCents, type ClosedRecord, type RecordChange } from '../domain/close/records';
import type { CloseTask } from '../domain/close/tasks';
import { addDays } from '../domain/dates';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { lookAtChanges, rulesDigest } from './close-changes';
import { driftOf, whatBecame } from './close-drift';
import { checkBookings } from './close-findings';
import { periodsOf } from './periods-of';
import type { ReadWorld } from './world';

/** The digest of records: the same for the same counted fields, in whatever order they were read. */
export const digestOfRecords = (records: readonly ClosedRecord[]): string =>
  createHash('sha256').update(records.map(lineOf).sort().join('\n')).digest('hex');

/** How a period is to be looked at. */
export interface HowToLook {
  readonly now: string;
  /** What changed may be enough: nobody signs over the records, and no light is given. */
  readonly changesOnly: boolean;
}

/**
 * Reads the period's closed opportunities and what is overdue, lets the checks judge its bookings, and says what follows for the close.
 * Before the cut-off what changed since the look before may be enough.
 */
export async function lookAtPeriod(
  world: ReadWorld,
  before: CloseCase,
  plan: ClosePlan,
  tasks: readonly CloseTask[],
  { now, changesOnly }: HowToLook,
): Promise<Looked> {
  const over = changesOnly ? await lookAtChanges(world, before, plan, now) : null;
  return over ? closeAfterLook(before, over, [], tasks) : lookAtAll(world, before, plan, tasks, now);
}

async function lookAtAll(
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
  const changes = await changesSince(world, before, records, digest);
  if (!isLocked(before) && before.look?.digest !== digest)
    await world.store.closes.keepRecords(period.key, 'look', records);
  const look: CloseLook = {
    at: now,
    wholeAt: now,
    rules: rulesDigest(world),
    records: records.length,
    totalCents: totalCents(records),
    digest,
    open,
    checks: findings && checksOf(findings),
  };
  return closeAfterLook(before, look, changes, tasks);
}

/** Since the records that were kept last: also where a look between them couldn't be taken. The first look has nothing before it. */
async function changesSince(
  world: ReadWorld,
  before: CloseCase,
  records: readonly ClosedRecord[],
  digest: string,
): Promise<readonly RecordChange[]> {
  if (before.look?.digest === digest) return [];
  if (isLocked(before)) return driftOf(world, before.period, records);
  const kept = await world.store.closes.records(before.period, 'look');
  const isFirst = before.look === null && kept.length === 0;
  return isFirst ? [] : whatBecame(world, kept, records);
}
