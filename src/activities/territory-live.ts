import { setTimeout } from 'node:timers/promises';
import { policyOn } from '../domain/day-two';
import { isRunId } from '../domain/territory/run';
import { aboveThreshold } from '../domain/territory/threshold';
import type { PlanWorld } from '../domain/territory/plan-family';
import { planAccounts } from '../domain/territory/plan-family';
import { changeOf } from '../domain/territory/staging-change';
import { runDay } from '../handbook/territory-time';
import { SystemFault } from '../systems/fault';
import type { StagingChange } from '../systems/salesforce/territory-staging';
import { sideBySide } from '../systems/side-by-side';
import { clockOf } from './close';
import { quiet } from './faults';
import { hearReviews } from './review-watch';
import { stagingOf } from './territory-write';
import { accountsOfOrg, planWorld, territoryHandbook } from './territory-world';
import type { World } from './world';

/** What became of accounts that changed. */
export interface LiveStaging {
  /** Families that were planned. */
  readonly families: number;
  /** Accounts whose staging was written. */
  readonly staged: number;
  /** Left to the night: more at once than may be written unasked, a family too large, or changed again meanwhile. */
  readonly left: number;
}

export interface LiveRound {
  /** Accounts that changed since this instant are looked at next. */
  readonly cursor: string;
  readonly staged: number;
}

export interface TerritoryLiveActivities {
  /** Plans the families of these accounts by the rules of the day, and writes their staging; begins the reviews that they ask for. */
  stageAccounts(input: { readonly ids: readonly string[] }): Promise<LiveStaging>;
  /** Looks for a turn, every minute or as policy says, which accounts changed since the cursor, and stages their families. */
  watchAccounts(input: { readonly cursor: string }): Promise<LiveRound>;
}

/** A turn: as long as nobody needs to hear of it. */
const TURN_MS = 600_000;
/** Clocks of two machines may be so far apart. */
const OVERLAP_MS = 10_000;
/** More changed at once than this: a load of records, or a night's own writes. The night plans them. */
const MOST = 500;

export const territoryLiveActivities = (world: World): TerritoryLiveActivities => ({
  stageAccounts: quiet(async ({ ids }) => {
    const staging = await stageAccounts(world, ids);
    await hearReviews(world, ids, new Date().toISOString());
    return staging;
  }),
  watchAccounts: quiet(async ({ cursor }) => watchAccounts(world, cursor)),
});

/** @returns what became of them; changes nothing of an account whose family can't be planned alone */
export async function stageAccounts(world: World, ids: readonly string[]): Promise<LiveStaging> {
  if (!world.handbook().territory) return { families: 0, staged: 0, left: 0 };
  if (ids.length > MOST) return { families: 0, staged: 0, left: ids.length };
  const now = (await clockOf(world)).at(new Date().toISOString());
  const day = runDay(world.handbook(), now);
  // What waits for somebody's approval, or was rejected, isn't written by another way.
  if (await isStopped(world, day)) return { families: 0, staged: 0, left: ids.length };
  const { by } = await planWorld(world, day);
  const seen = new Set<string>();
  const changes: StagingChange[] = [];
  let families = 0;
  let left = 0;
  let carrCents = 0;
  await sideBySide([...new Set(ids)], async (id) => {
    // Another of its family may have been first.
    if (seen.has(id)) return;
    const found = await familyChanges(world, id, by, now);
    if (found === null || found.ids.some((one) => seen.has(one))) {
      if (found === null) left += 1;
      return;
    }
    families += 1;
    for (const one of found.ids) seen.add(one);
    changes.push(...found.changes);
    carrCents += found.carrCents;
  });
  // A mistake in a table isn't written account by account either: what a day comes to has the threshold of a night.
  const before = await world.store.territoryRuns.stagedOn(day);
  const staging = { accounts: before.accounts + changes.length, carrCents: before.carrCents + carrCents };
  if (
    aboveThreshold({ touched: staging.accounts, carrCents: staging.carrCents }, by.rules.threshold).length > 0
  )
    return { families, staged: 0, left: left + changes.length };
  // Counted first: a try that dies is counted twice, never not at all.
  if (changes.length > 0) await world.store.territoryRuns.stagedIs(day, staging);
  const outcomes = await accountsOfOrg(world).staging.writeFew(changes);
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  const staged = kinds.filter((kind) => kind === 'written' || kind === 'already').length;
  return { families, staged, left: left + kinds.length - staged };
}

/** Whether the last run of the day, or of the one before, waits for somebody or was rejected. */
async function isStopped(world: World, day: string): Promise<boolean> {
  const runs = (await world.store.territoryRuns.ids()).filter((id) => isRunId(id) && id.slice(0, 10) <= day);
  const last = runs.at(-1);
  const phase = last === undefined ? undefined : (await world.store.territoryRuns.get(last))?.run.phase;
  return phase === 'asked' || phase === 'rejected';
}

/** A family by the account that changed, and what its plan changes; null: too large to be read alone. */
async function familyChanges(
  world: World,
  id: string,
  by: PlanWorld,
  now: string,
): Promise<{
  readonly ids: readonly string[];
  readonly changes: readonly StagingChange[];
  readonly carrCents: number;
} | null> {
  const org = accountsOfOrg(world);
  const { fields } = territoryHandbook(world);
  try {
    const accounts = (await org.accounts.family(org.fields, id)).map(org.read);
    const known = new Map(accounts.map((account) => [account.id, account]));
    let carrCents = 0;
    const changes = planAccounts(accounts, by).placements.flatMap((placement) => {
      const account = known.get(placement.accountId);
      if (!account) return [];
      const { staging: before, actual, changedAt } = account;
      const change = changeOf({ placement, before, actual, carrCents: account.carrCents, changedAt }, false);
      if (!change) return [];
      carrCents += account.carrCents;
      return stagingOf(change, fields, now);
    });
    return { ids: [...known.keys()], changes, carrCents };
  } catch (error) {
    if (error instanceof SystemFault && error.code === 'family-too-large') return null;
    throw error;
  }
}

/** Ends early when the worker is to end; what is missed when a look fails, the next turn finds. */
async function watchAccounts(world: World, from: string): Promise<LiveRound> {
  const endsAt = Date.now() + TURN_MS;
  let cursor = from;
  let staged = 0;
  while (Date.now() < endsAt && !world.stopping?.aborted) {
    const { at } = await clockOf(world);
    const now = at(new Date().toISOString());
    const { pollSeconds } = policyOn(world.handbook(), now.slice(0, 10)).territoryRun;
    if (world.handbook().territory) {
      const since = new Date(Date.parse(cursor) - OVERLAP_MS).toISOString();
      const changed = await accountsOfOrg(world).accounts.changedSince(since, MOST + 1);
      const ids = changed.flatMap(({ id, isDeleted }) => (isDeleted ? [] : [id]));
      if (ids.length > 0) staged += (await stageAccounts(world, ids)).staged;
    }
    cursor = now;
    await setTimeout(pollSeconds * 1000, undefined, world.stopping ? { signal: world.stopping } : {}).catch(
      () => undefined,
    );
  }
  return { cursor, staged };
}
