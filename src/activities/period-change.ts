import type { ChangePhase } from '../domain/close/change';
import type { DeskMessage } from '../domain/desk-acts';
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
  visitChange: living((input) => visitChange(world, input)),
  applyChange: living((input) => applyChange(world, input)),
});
