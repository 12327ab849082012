import type { ChangePhase } from '../domain/close/change';
import type { DeskMessage } from '../domain/desk-acts';
import { clockOf } from './close';
import { living } from './faults';
import { applyChange } from './change-apply';
import { visitChange } from './change-visit';
import type { World } from './world';

export interface ChangeRef {
  /** `2026-10` */
  readonly period: string;
  /** From 1, within the period. */
  readonly n: number;
}

export interface VisitChange extends ChangeRef {
  readonly messages: readonly DeskMessage[];
  readonly now: string;
}

/** What a visit found, small enough for a history: no names and no values. */
export interface ChangeVisit {
  readonly phase: ChangePhase;
  readonly edits: number;
  /** Commissions are still to be calculated anew. */
  readonly commissionDue: boolean;
  readonly over: boolean;
  readonly expiresAt: string;
  readonly url: string | null;
  /** As of a close: how far the clock of a sandbox is ahead. */
  readonly aheadMs?: number;
  /** Why each message wasn't taken; null where it was. */
  readonly answers: Readonly<Record<string, string | null>>;
}

export interface PeriodChangeActivities {
  /** Makes the issue of a change where there is none, judges what people ticked and said, and makes the issues show it. */
  visitChange(input: VisitChange): Promise<ChangeVisit>;
  /** Makes an approved change under an exception from the lock, reads it back, and takes the exception away. */
  applyChange(input: ChangeRef & { readonly now: string }): Promise<ChangePhase>;
}

export const periodChangeActivities = (world: World): PeriodChangeActivities => ({
  visitChange: living(async ({ messages, ...input }) => {
    const { at, aheadMs } = await clockOf(world);
    const told = messages.map((message) => ({ ...message, at: at(message.at) }));
    return { ...(await visitChange(world, { ...input, messages: told, now: at(input.now) })), aheadMs };
  }),
  applyChange: living(async (input) =>
    applyChange(world, { ...input, now: (await clockOf(world)).at(input.now) }),
  ),
});
