import { openTasks, type Fact, type RequestState } from '../domain/access-request';
import { SOURCES, type TimeAway } from '../domain/absence';
import type { DeskReading } from '../domain/desk-acts';
import { handoverText, reasonOf, type HandoverReason } from '../domain/handover-text';
import { heldWork, movedAt } from '../domain/held-work';
import type { Policy } from '../domain/handbook';
import { addBusinessDays, calendarOf } from '../handbook';
import type { DeskIssue } from '../systems/gitlab';
import { tellTeam } from './absence';
import { postOnce } from './desk-comments';
import { nextLook } from './filed-visit';
import type { World } from './world';

/** `since 2026-11-20 (GitLab status)`, by user name: as it stands in the evidence of who decided in whose place. */
export const wordsOfAway = (away: ReadonlyMap<string, TimeAway>): ReadonlyMap<string, string> =>
  new Map(
    [...away].map(([username, { from, sources }]) => [
      username,
      `since ${from.slice(0, 10)} (${sources.map((source) => SOURCES[source]).join(', ')})`,
    ]),
  );

/** When whoever picked the request up last wrote a comment there. */
export function lastComment(reading: DeskReading, username: string | undefined): string | null {
  const own = reading.notes.filter((note) => !note.system && note.author === username).at(-1);
  return own ? new Date(own.at).toISOString() : null;
}

/** A claim that goes back to the team: whose it was, and why. */
export interface Handover {
  readonly holder: string;
  readonly why: HandoverReason;
}

/**
 * "If the assignee is out of office, the rest of the team moves it forward": a claim goes back to the team when its holder is
 * away since they picked it up, when they have left, or when it stood still for longer than policy says.
 */
export function handoverDue(
  world: World,
  state: RequestState,
  reading: DeskReading,
  policy: Policy,
  now: string,
  away: ReadonlyMap<string, TimeAway>,
): Handover | null {
  const { claim } = state;
  if (!claim || state.closedAt || state.cancelled || openTasks(state).length === 0) return null;
  const absent = away.get(claim.by);
  // Who picks it up though they are away means it; whoever has left can't, whoever gave it to them.
  if (absent && (absent.sources.includes('left') || Date.parse(absent.from) >= Date.parse(claim.at)))
    return { holder: claim.by, why: reasonOf(absent) };
  const commentedAt = lastComment(reading, claim.by);
  const idle = idleAt(world, state, policy, commentedAt);
  if (idle === null || Date.parse(idle) > Date.parse(now)) return null;
  return { holder: claim.by, why: { kind: 'idle', since: movedAt(state, commentedAt) ?? claim.at } };
}

export const releasedBy = ({ holder, why }: Handover, now: string): Fact => ({
  kind: 'released',
  reason: why.kind === 'idle' ? `stood still with ${holder}` : `${holder} is not there`,
  by: 'daytwo',
  channel: 'daytwo',
  at: now,
});

/** When a claim that doesn't move goes back to the team, in the holder's own business time; null where none does. */
function idleAt(
  world: World,
  state: RequestState,
  policy: Policy,
  commentedAt: string | null,
): string | null {
  const moved = movedAt(state, commentedAt);
  if (moved === null) return null;
  const handbook = world.handbook();
  const holder = handbook.people.members.find(({ username }) => username === state.claim?.by);
  const where = holder ?? { timeZone: 'UTC', country: 'US' };
  return addBusinessDays(moved, policy.absence.idleBusinessDays, calendarOf(handbook, policy, where));
}

/** What went back to the team by itself is told there, and to the team by mail, with what is done and what is left. */
export async function tellHandover(
  world: World,
  issue: DeskIssue,
  reading: DeskReading,
  claimed: RequestState,
  { holder, why }: Handover,
  now: string,
): Promise<void> {
  const key = `handover:${holder}:${claimed.claim?.at ?? now}`;
  await postOnce(world, issue, reading, key, handoverText(claimed, holder, why, []));
  await tellTeam(world, claimed, why, now);
}

/** Writes down what waits on whom, and when the request is to be looked at again though nothing moves. */
export async function keepWork(
  world: World,
  state: RequestState,
  policy: Policy,
  workflowId: string,
  commentedAt: string | null,
): Promise<void> {
  if (state.closedAt) return world.store.work.forget(workflowId);
  const { project, iid } = state.ref;
  await world.store.work.replaceWork(workflowId, { project, iid }, heldWork(state));
  const idle = idleAt(world, state, policy, commentedAt);
  await world.store.work.setDue(workflowId, { project, iid }, nextLook(world, state, policy, idle));
}
