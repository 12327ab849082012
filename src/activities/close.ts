import type { DeskMessage } from '../domain/desk-acts';
import type { CloseVisit } from '../domain/close/status';
import { living } from './faults';
import { beginClose, openDue } from './close-begin';
import { lockPeriod, type LockOutcome } from './close-lock';
import { visitClose } from './close-visit';
import type { World } from './world';

export interface BeginClose {
  /** `2026-10` */
  readonly period: string;
  /** User name of who began it; `daytwo` where the schedule did. */
  readonly by: string;
  readonly now: string;
}

export interface VisitClose {
  readonly period: string;
  readonly messages: readonly DeskMessage[];
  /** Read the whole period, too. */
  readonly look: boolean;
  /** Opportunities that may have changed: judged again where not all is looked at. */
  readonly changed?: readonly string[];
  readonly now: string;
}

export interface CloseActivities {
  /** Works out the dates, keeps the close, and makes its issues. Done again, it finds what there is. */
  beginClose(input: BeginClose): Promise<CloseVisit>;
  /** Reads the issues, judges what people ticked and said, looks at the period where it is due, and makes the issues show it. */
  visitClose(input: VisitClose): Promise<CloseVisit>;
  /** Locks the period, reads it back and proves it, and keeps its records; or says why the lights went out. */
  lockPeriod(input: { readonly period: string; readonly now: string }): Promise<LockOutcome>;
  /** Begins the closes whose day has come; the periods. */
  openDueCloses(input: { readonly now: string }): Promise<readonly string[]>;
}

export const closeActivities = (world: World): CloseActivities => ({
  beginClose: living(async (input) => {
    const { at, aheadMs } = await clockOf(world);
    return { ...(await beginClose(world, { ...input, now: at(input.now) })), aheadMs };
  }),
  visitClose: living(async ({ messages, ...input }) => {
    const { at, aheadMs } = await clockOf(world);
    const told = messages.map((message) => ({ ...message, at: at(message.at) }));
    return { ...(await visitClose(world, { ...input, messages: told, now: at(input.now) })), aheadMs };
  }),
  lockPeriod: living(async (input) =>
    lockPeriod(world, { ...input, now: (await clockOf(world)).at(input.now) }),
  ),
  openDueCloses: living(async ({ now }) => openDue(world, (await clockOf(world)).at(now))),
});

/** Instants of a workflow as the systems' clock has them: the same, but in a sandbox whose clock was put forward. */
export async function clockOf({
  ahead,
}: Pick<World, 'ahead'>): Promise<{ aheadMs: number; at: (instant: string) => string }> {
  const aheadMs = (await ahead?.()) ?? 0;
  return { aheadMs, at: (instant) => new Date(Date.parse(instant) + aheadMs).toISOString() };
}
