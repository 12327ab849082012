import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionInput } from '../domain/request-desk';
import { DECISIONS, type DecisionKind } from '../domain/handbook';
import type { HrEvent } from '../domain/hr-event';
import type { RunLate } from '../domain/territory/run-status';

/** The messages of every workflow that waits for people: the same words everywhere. */
export const decisions: readonly DecisionKind[] = DECISIONS;
export const decisionSignal = (kind: DecisionKind) => defineSignal<[DecisionInput]>(kind);

export interface Decision extends DecisionInput {
  readonly kind: DecisionKind;
}
export interface DecisionAnswer {
  readonly taken: boolean;
  readonly why: string | null;
}
/** Validated, and answered once it was judged: for the command and the console. */
export const decide = defineUpdate<DecisionAnswer, [Decision]>('decide');

/** Hints carry ids only: on one, the issue is read again. */
export interface IssueHint {
  readonly project: string;
  readonly iid: number;
}
export const issueChanged = defineSignal<[IssueHint]>('issueChanged');

/** To a close: opportunities, or what hangs on them, may have changed; their ids. */
export const recordsChanged = defineSignal<[{ readonly ids: readonly string[] }]>('recordsChanged');

/** To a desk watch: a worker began, so the turn of one that died is over. */
export const lookAgain = defineSignal('lookAgain');

export const hrEvent = defineSignal<[HrEvent]>('hrEvent');
/** The configuration changed and passed its check; carries its digest. */
export const configChanged = defineSignal<[string]>('configChanged');
/** HR took the hire back: from `onboarding` to its request. */
export const hireRescinded = defineSignal<[{ readonly reason: string }]>('hireRescinded');

/** A seat is kept for these tasks of a request: time to ask for it. */
export const seatOffered = defineSignal<[{ readonly tasks: readonly string[] }]>('seatOffered');
/** To a pool: somebody waits; and: look now, something may have come free. */
export const seatWanted = defineSignal('seatWanted');
export const seatFreed = defineSignal('seatFreed');

/** The call with somebody who is dismissed has begun: what is done during it is done now. */
export const callStarted = defineSignal<[{ readonly by: string }]>('callStarted');
/** Danger: time zero is now. */
export const leaveNow = defineSignal<[{ readonly by: string; readonly reason: string }]>('leaveNow');
/** Who takes over from a leaver what no territory decides. */
export const successorNamed =
  defineSignal<[{ readonly by: string; readonly email: string }]>('successorNamed');
/** Something of this leaver was done by another's turn: look again. */
export const leaverChanged = defineSignal('leaverChanged');
/** HR's person has left: nothing more is granted; what they have is taken by their offboarding. */
export const personLeft = defineSignal<[{ readonly reason: string }]>('personLeft');

/** To the watch of accounts: these may have changed; their ids. */
export const accountsChanged = defineSignal<[{ readonly ids: readonly string[] }]>('accountsChanged');
/** What somebody filled in on an account changed: read it again. */
export const accountChanged = defineSignal('accountChanged');

/** To a run of territory planning: a step of it is tried again for too long. */
export const runLate = defineSignal<[RunLate]>('runLate');

export const status = defineQuery<unknown>('status');
