import { setTimeout } from 'node:timers/promises';
import { policyOn } from '../domain/day-two';
import type { PlanWorld } from '../domain/territory/plan-family';
import { planAccounts } from '../domain/territory/plan-family';
import { changeOf } from '../domain/territory/staging-change';
import { localTime } from '../handbook/business-time';
import { SystemFault } from '../systems/fault';
import type { StagingChange } from '../systems/salesforce/territory-staging';
import { sideBySide } from '../systems/side-by-side';
import { clockOf } from './close';
import { quiet } from './faults';
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
  /** Plans the families of these accounts by the rules of the day, and writes their staging. */
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
  stageAccounts: quiet(async ({ ids }) => stageAccounts(world, ids)),
  watchAccounts: quiet(async ({ cursor }) => watchAccounts(world, cursor)),
});

/** @returns what became of them; changes nothing of an account whose family can't be planned alone */
export async function stageAccounts(world: World, ids: readonly string[]): Promise<LiveStaging> {
  if (!world.handbook().territory) return { families: 0, staged: 0, left: 0 };
  if (ids.length > MOST) return { families: 0, staged: 0, left: ids.length };
  const now = (await clockOf(world)).at(new Date().toISOString());
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  const { by } = await planWorld(world, localTime(now, policy.territoryRun.zone).date);
  const seen = new Set<string>();
  const changes: StagingChange[] = [];
  let families = 0;
  let left = 0;
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
  });
  // A mistake in a table moves nobody by way of a change of an account: above the threshold, somebody looks at it first.
  if (changes.length > by.rules.threshold.accounts) return { families, staged: 0, left: changes.length };
  const outcomes = await accountsOfOrg(world).staging.writeFew(changes);
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  const staged = kinds.filter((kind) => kind === 'written' || kind === 'already').length;
  return { families, staged, left: left + kinds.length - staged };
}

/** A family by the account that changed, and what its plan changes; null: too large to be read alone. */
async function familyChanges(
  world: World,
  id: string,
  by: PlanWorld,
  now: string,
): Promise<{ readonly ids: readonly string[]; readonly changes: readonly StagingChange[] } | null> {
  const org = accountsOfOrg(world);
  const { fields } = territoryHandbook(world);
  try {
    const accounts = (await org.accounts.family(org.fields, id)).map(org.read);
    const known = new Map(accounts.map((account) => [account.id, account]));
    const changes = planAccounts(accounts, by).placements.flatMap((placement) => {
      const account = known.get(placement.accountId);
      if (!account) return [];
      const { staging: before, actual, carrCents, changedAt } = account;
      const change = changeOf({ placement, before, actual, carrCents, changedAt }, false);
      return change ? stagingOf(change, fields, now) : [];
    });
    return { ids: [...known.keys()], changes };
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
