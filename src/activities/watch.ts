import { setTimeout } from 'node:timers/promises';
import { policyOn } from '../domain/day-two';
import { GitlabRefusal, type DeskIssue } from '../systems/gitlab';
import { quiet } from './faults';
import { SystemFault } from '../systems/fault';
import { tellLate } from './leavers-late';
import { summariseLeavings } from './leavers-summary';
import { hintMoved } from './moved-issue';
import { tellMoves } from './moves-told';
import { watchReviews } from './review-watch';
import { sideBySide } from '../systems/side-by-side';
import { hintAway, hintDue } from './work-watch';
import type { World } from './world';

export interface WatchRound {
  readonly cursor: string;
  readonly configDigest: string;
  readonly hinted: number;
  readonly everySeconds: number;
}

export interface Watch {
  readonly project: string;
  readonly cursor: string;
  readonly configDigest: string;
  /** Goes on looking until the turn is over; else it looks once. */
  readonly turn?: boolean;
}

export interface WatchActivities {
  /**
   * Looks which issues of the project moved since the cursor, who is away and whose request is due, and tells those who are to
   * hear of it: once, or again and again for a turn of policy's length. What it costs grows with what happened and with the
   * people who hold work, never with the requests that wait.
   */
  watchDesk(input: Watch): Promise<WatchRound>;
}

/** How far back a look goes in the middle of a turn; the first one, and those at people, go as far as the policy says. */
const QUICK_OVERLAP_SECONDS = 10;
/**
 * Within a turn what moved is left alone for this part of the pause before anybody is told. A webhook is quicker, and a visit
 * of daytwo's own moves its issue too: by then the visit is mostly over, and nobody need be told again.
 */
const SETTLE = 1 / 5;

/** What a turn dealt with: how new each issue was then, and whether somebody was told. One hint for each move. */
type Dealt = Map<number, { readonly updatedAt: string; readonly heard: boolean }>;

export function watchActivities(world: World): WatchActivities {
  return {
    watchDesk: quiet(async (watch) =>
      watch.turn
        ? turn(world, watch)
        : look(world, watch, true, Date.now() + policyToday(world).deskWatchTurnSeconds * 1000),
    ),
  };
}

/** Looks again and again; ends early when the worker is to end, and with what it has when a look fails: the next turn goes on there. */
async function turn(world: World, watch: Watch): Promise<WatchRound> {
  const began = Date.now();
  const dealt: Dealt = new Map();
  const endsAt = (): number => began + policyToday(world).deskWatchTurnSeconds * 1000;
  let round = await look(world, watch, true, endsAt(), dealt);
  let { hinted } = round;
  for (let people = began; ;) {
    const policy = policyToday(world);
    // The pause comes before the end: the next turn begins with a look.
    await pauseFor(policy.deskWatchSeconds * 1000, world.stopping);
    const now = Date.now();
    if (now >= endsAt() || world.stopping?.aborted) return { ...round, hinted };
    const withPeople = now - people >= policy.deskWatchPeopleSeconds * 1000;
    if (withPeople) people = now;
    try {
      round = await look(world, { ...watch, ...round }, withPeople, endsAt(), dealt);
    } catch (error) {
      if (hinted === 0) throw error;
      return { ...round, hinted };
    }
    hinted += round.hinted;
  }
}

const pauseFor = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined);

const policyToday = (world: World) => policyOn(world.handbook(), new Date().toISOString().slice(0, 10));

/**
 * @param isWhole look also who is away, a request for each of whom work waits on; and once more at all within the overlap
 * @param endsAt more moves than can be told of until then are left to the next turn, before this one counts as lost
 * @param dealt what the turn dealt with before, and from now on; absent for a look by itself
 */
async function look(
  world: World,
  { project, cursor, configDigest }: Watch,
  isWhole: boolean,
  endsAt: number,
  dealt?: Dealt,
): Promise<WatchRound> {
  const handbook = world.handbook();
  const policy = policyToday(world);
  const overlap = isWhole
    ? policy.deskWatchOverlapSeconds
    : Math.min(policy.deskWatchOverlapSeconds, QUICK_OVERLAP_SECONDS);
  const from = new Date(Date.parse(cursor) - overlap * 1000).toISOString();
  const isNew = ({ iid, updatedAt }: DeskIssue): boolean => {
    const before = dealt?.get(iid);
    // Of what nobody wanted to hear somebody may by now: that is asked once more with all the rest.
    return before?.updatedAt !== updatedAt || (isWhole && !before.heard);
  };
  let settled = !dealt;
  let newest = cursor;
  let hinted = 0;
  for await (const page of world.gitlab.changedSince(project, from)) {
    let moved = await unseen(world, project, page.filter(isNew));
    if (moved.length > 0 && !settled) {
      settled = true;
      await pauseFor(SETTLE * policy.deskWatchSeconds * 1000, world.stopping);
      moved = await unseen(world, project, moved);
    }
    await sideBySide(moved, async (issue) => {
      const heard = await hintMoved(world, project, issue);
      dealt?.set(issue.iid, { updatedAt: issue.updatedAt, heard });
      if (heard) hinted += 1;
    });
    const last = page.at(-1)?.updatedAt;
    if (last && last > newest) newest = last;
    if (Date.now() >= endsAt || world.stopping?.aborted) break;
  }
  if (project === world.projects.accessRequests) {
    const now = new Date().toISOString();
    if (isWhole) hinted += await hintAway(world, now);
    if (isWhole) await tellOthers(world, now);
    hinted += await hintDue(world, project, now);
  }
  if (configDigest !== handbook.digest) hinted += await hintConfig(world, handbook.digest);
  return {
    cursor: newest,
    configDigest: handbook.digest,
    hinted,
    everySeconds: policy.deskWatchSeconds,
  };
}

/** What many leavings show together, and what is asked about accounts. A system that fails just now keeps the watch from nothing: it is told a minute later. */
async function tellOthers(world: World, now: string): Promise<void> {
  for (const told of [summariseLeavings, tellLate, watchReviews, tellMoves])
    try {
      await told(world, now);
    } catch (error) {
      if (!(error instanceof SystemFault || error instanceof GitlabRefusal)) throw error;
    }
}

async function unseen(
  world: World,
  project: string,
  issues: readonly DeskIssue[],
): Promise<readonly DeskIssue[]> {
  const left = new Set((await world.store.notSeen(project, issues)).map(({ iid }) => iid));
  return issues.filter(({ iid }) => left.has(iid));
}

/** Those who wait for a template try again when the handbook has changed. */
export async function hintConfig(world: Pick<World, 'store' | 'hints'>, digest: string): Promise<number> {
  const waiting = await world.store.peopleWaiting('template');
  for (const { employeeId } of waiting) await world.hints.configChanged(`onboarding/${employeeId}`, digest);
  const moving = await world.store.peopleWaiting('move');
  for (const { employeeId } of moving) await world.hints.configChanged(`move/${employeeId}`, digest);
  return waiting.length + moving.length;
}
