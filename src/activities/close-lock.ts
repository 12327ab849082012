import { lightsOver } from '../domain/close/green-light';
import {
  isLocked,
  type CloseCase,
  type CloseSnapshot,
  type SnapshotFile,
  type SnapshotName,
} from '../domain/close/close';
import { changesBetween, changesInWords, totalCents, type ClosedRecord } from '../domain/close/records';
import { digestOfRecords } from './close-look';
import { periodsOf } from './periods-of';
import { noteOfClose } from './close-record';
import { keepSnapshot } from './close-snapshot';
import { orTask } from './close-fault';
import { keep, keptClose, planOf } from './close-visit';
import type { KeptClose } from '../evidence/closes';
import type { World } from './world';

export type LockOutcome =
  | { readonly kind: 'locked' }
  /** What both parties gave their light over isn't what there is: the next visit tells them. */
  | { readonly kind: 'changed'; readonly records: number }
  /** The lock was set and read back, and an edit that it must refuse was not refused. */
  | { readonly kind: 'not_proved'; readonly code: string }
  /** The CRM refused it for good: a task for ops says what. */
  | { readonly kind: 'refused' };

/**
 * Locks a period. The records are kept before; the lock is set and read back, the records are read once more (an edit may have slipped
 * in), and the lock is proved by an edit that must be refused. Where anything isn't as it must be, the lock is taken back.
 */
export async function lockPeriod(
  world: World,
  { period, now }: { readonly period: string; readonly now: string },
): Promise<LockOutcome> {
  const kept = await keptClose(world, period);
  const outcome = await orTask(world, kept.close, 'lock', now, () => lock(world, kept, now));
  return outcome ?? { kind: 'refused' };
}

async function lock(world: World, kept: KeptClose, now: string): Promise<LockOutcome> {
  const { close } = kept;
  const { period } = close;
  if (isLocked(close)) return { kind: 'locked' };
  const plan = planOf(world, close);
  const periods = periodsOf(world);
  const read = (): Promise<readonly ClosedRecord[]> =>
    periods.closedIn(plan.period.firstDay, plan.period.lastDay);
  const before = await read();
  const lit = close.lights.deal_desk?.digest;
  if (lit === undefined || lit !== close.lights.finance?.digest || digestOfRecords(before) !== lit)
    return slipped(world, close, before, now);
  await world.store.closes.keepRecords(period, 'before_lock', before);
  const filesBefore = await keepSnapshot(world, plan.period, 'before_lock');
  const lockedBefore = await periods.lockedThrough();
  const through = plan.period.lastDay;
  if (lockedBefore === null || lockedBefore < through) await periods.lockThrough(through);
  // Set by a try that died: what was locked before it, the store knows.
  const earlier = lockedBefore === through ? await lockedEarlier(world, period) : lockedBefore;
  const takeBack = async (): Promise<void> => {
    if (earlier === null || earlier < through) await periods.lockThrough(earlier);
  };
  const after = await read();
  if (digestOfRecords(after) !== lit) {
    await takeBack();
    return slipped(world, close, after, now);
  }
  const [probe] = after;
  const proof = probe ? await periods.provenBy(probe.id) : null;
  if (proof && !proof.refused) {
    await takeBack();
    await noteOfClose(world, close, `not-proved/${now}`, now, 'close.lock_not_proved', {
      what: 'set the lock and read it back, but an edit of a locked record was not refused: took the lock back',
      why: proof.code,
    });
    return { kind: 'not_proved', code: proof.code };
  }
  await world.store.closes.keepRecords(period, 'after_lock', after);
  const filesAfter = await keepSnapshot(world, plan.period, 'after_lock');
  const at = now;
  const locked: CloseCase = {
    ...close,
    phase: 'locked',
    lock: { through, at, proof: probe && proof ? { record: probe.id, code: proof.code } : null },
    snapshots: [
      snapshot('before_lock', at, before, filesBefore),
      snapshot('after_lock', at, after, filesAfter),
    ],
  };
  await keep(world, { ...kept, close: locked });
  await noteOfClose(world, locked, 'locked', at, 'close.locked', {
    what: `locked the period through ${through}, read it back, and proved it`,
    after: {
      records: after.length,
      total_cents: totalCents(after),
      digest: lit,
      ...(filesAfter.length > 0
        ? { files: [...filesBefore, ...filesAfter].map(({ file, sha256 }) => ({ file, sha256 })) }
        : {}),
      proof:
        proof && probe ? `an edit of ${probe.id} was refused: ${proof.code}` : 'no record to prove it by',
    },
    proof: 'verified',
  });
  return { kind: 'locked' };
}

/** The day through which other periods are locked; null: none is. */
async function lockedEarlier(world: World, period: string): Promise<string | null> {
  const days = (await world.store.closes.all()).flatMap((one) =>
    one.period !== period && one.lock ? [one.lock.through] : [],
  );
  return days.sort().at(-1) ?? null;
}

const snapshot = (
  name: SnapshotName,
  at: string,
  records: readonly ClosedRecord[],
  files: readonly SnapshotFile[],
): CloseSnapshot => ({
  name,
  at,
  records: records.length,
  totalCents: totalCents(records),
  digest: digestOfRecords(records),
  ...(files.length > 0 ? { files } : {}),
});

/** The lights over other records go out with the next look, which tells both which records they are. */
async function slipped(
  world: World,
  close: CloseCase,
  records: readonly ClosedRecord[],
  now: string,
): Promise<LockOutcome> {
  const { out } = lightsOver(close.lights, digestOfRecords(records));
  const changes = changesBetween(await world.store.closes.records(close.period, 'look'), records);
  await noteOfClose(world, close, `slipped/${digestOfRecords(records)}`, now, 'close.slipped', {
    what: `did not lock: ${changesInWords(changes)} after the green light of ${out.join(' and ')}`,
  });
  return { kind: 'changed', records: changes.length };
}
