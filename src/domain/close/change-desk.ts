import type { DeskMessage } from '../desk-acts';
import type { Channel } from '../handbook';
import { MOST_OF_A_REASON } from '../request-desk';
import { lastTick, tickOf } from '../task-list';
import { commissionDue, type ChangePhase, type ChangeWord, type PeriodChange } from './change';
import { mayApprove, withApproval, type ApprovalRules } from './change-approval';
import { CHANGE_BOXES, editsTable, isTicked, type ChangeBox } from './change-text';
import type { IssueReading } from './desk';

export interface ChangeRules extends ApprovalRules {
  /** Over which channels it counts that commissions were calculated anew. */
  readonly channels: readonly Channel[];
}

/** What is done to a change by people. */
export type ChangeAct = 'approve' | 'reject' | 'withdraw' | 'commission';
/** A rejection counts before an approval of the same visit. */
const BOXES: readonly ChangeBox[] = ['reject', 'approve', 'commission'];

export interface ChangePutBack extends ChangeWord {
  /** The same for the same act. */
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

export interface ChangeVerdict {
  readonly change: PeriodChange;
  readonly deeds: readonly (ChangeWord & { readonly kind: ChangeAct })[];
  readonly putBacks: readonly ChangePutBack[];
  readonly answers: Readonly<Record<string, string | null>>;
}

/** Whether a box isn't as daytwo left it. */
export const changeMoved = (change: PeriodChange, description: string): boolean =>
  BOXES.some(
    (box) => (tickOf(description, CHANGE_BOXES[box]) ?? isTicked(box, change)) !== isTicked(box, change),
  );

/** Judges what people ticked and said since: taken, or put back with the reason. */
export function judgeChange(
  before: PeriodChange,
  issue: IssueReading | null,
  messages: readonly DeskMessage[],
  rules: ChangeRules,
): ChangeVerdict {
  let change = before;
  const deeds: (ChangeWord & { readonly kind: ChangeAct })[] = [];
  const putBacks: ChangePutBack[] = [];
  const act = (kind: ChangeAct, word: ChangeWord, key: string, isTrue = true): string | null => {
    // An earlier try of this visit took it.
    if (isTrue && isKnown(kind, word, change)) {
      deeds.push({ ...word, kind });
      return null;
    }
    const why = isTrue
      ? whyNot(kind, word, change, rules)
      : 'what was decided stands: ask for another change';
    if (why === null) {
      change = after(kind, word, change, rules);
      deeds.push({ ...word, kind });
    } else putBacks.push({ ...word, key, what: WORDS[kind], why, who: whoMay(kind, change, rules) });
    return why;
  };
  for (const box of issue ? BOXES : []) {
    const ticked = tickOf(issue?.description ?? '', CHANGE_BOXES[box]);
    if (!issue || ticked === undefined || ticked === isTicked(box, change)) continue;
    const tick = lastTick(issue, CHANGE_BOXES[box], ticked);
    if (!tick) continue;
    const reason = box === 'reject' ? lastSaid(issue, tick.by) : null;
    const word: ChangeWord = { by: tick.by, at: tick.at, channel: 'gitlab', reason };
    // Whoever edits the issue could show an approver something else than is asked.
    const isShown = box !== 'approve' || issue.description.includes(editsTable(before));
    if (isShown) act(box, word, `tick/${tick.note}`, ticked);
    else
      putBacks.push({
        ...word,
        key: `tick/${tick.note}`,
        what: WORDS[box],
        why: 'the issue did not show what is asked: it does again, so look at it once more',
        who: whoMay(box, change, rules),
      });
  }
  const answers: Record<string, string | null> = {};
  for (const message of messages) {
    const { id, by, at, channel, task, reason } = message;
    const kind = actOf(message);
    answers[id] =
      kind === null
        ? `a change is approved, rejected, or cancelled by who asked${task === undefined ? '' : '; of its tasks, commission can be completed'}`
        : act(kind, { by, at, channel, reason: reason ?? null }, id);
  }
  return { change, deeds, putBacks, answers };
}

function isKnown(kind: ChangeAct, { by, at, channel }: ChangeWord, change: PeriodChange): boolean {
  const isSame = (known: ChangeWord | null | undefined): boolean =>
    known?.by === by && known.at === at && known.channel === channel;
  if (kind === 'approve' && change.approvals?.some(isSame)) return true;
  const known = kind === 'commission' ? change.commission?.done : change.decided;
  const isOfKind =
    kind === 'commission' ||
    (kind === 'reject' ? 'rejected' : kind === 'withdraw' ? 'withdrawn' : 'approved') === decidedTo(change);
  return isOfKind && isSame(known);
}

const decidedTo = ({ phase }: PeriodChange): ChangePhase =>
  phase === 'rejected' || phase === 'withdrawn' ? phase : 'approved';

const WORDS: Readonly<Record<ChangeAct, string>> = {
  approve: 'the approval',
  reject: 'the rejection',
  withdraw: 'the withdrawal',
  commission: `"${CHANGE_BOXES.commission}"`,
};

function actOf({ kind, task }: DeskMessage): ChangeAct | null {
  if (kind === 'approve' || kind === 'reject') return kind;
  if (kind === 'cancel') return 'withdraw';
  return kind === 'complete' && task === 'commission' ? 'commission' : null;
}

/** The last that somebody wrote on the issue: the reason of a rejection. */
const lastSaid = ({ notes }: IssueReading, by: string): string | null =>
  notes.findLast(({ author, system }) => author === by && !system)?.body.slice(0, MOST_OF_A_REASON) ?? null;

function whoMay(kind: ChangeAct, change: PeriodChange, rules: ChangeRules): readonly string[] {
  const { policy } = rules;
  if (kind === 'commission') return policy.commission.by;
  if (kind === 'withdraw') return [change.asked.by];
  return kind === 'reject' ? decidersOf(change, rules) : mayApprove(change, rules);
}

/** Those who have a say at all. */
const decidersOf = ({ managers = [] }: PeriodChange, { policy }: ApprovalRules): readonly string[] => [
  ...policy.approvedBy,
  ...managers,
];

const NOT_ANY_MORE: Readonly<Record<Exclude<ChangePhase, 'asked'>, string>> = {
  approved: 'it was approved already',
  applied: 'it was made already',
  rejected: 'it was rejected already',
  withdrawn: 'it was withdrawn',
  expired: 'nobody decided in time: ask for it again',
  stale: 'it could not be made any more: ask for it again',
  refused: 'Salesforce refused it: ask for it again',
};

/**
 * Why somebody may not, or null. "Edits after the lock need review by" those whom policy names; the asker never approves, and
 * "who calculated doesn't approve": nobody who prepared a task of the period's close.
 */
function whyNot(kind: ChangeAct, word: ChangeWord, change: PeriodChange, rules: ChangeRules): string | null {
  const { by, channel } = word;
  const { policy, preparers } = rules;
  if (kind === 'commission') {
    if (change.commission === null) return 'no commission hangs on it, or it was not made yet';
    if (!commissionDue(change)) return 'it was done already';
    if (!policy.commission.by.includes(by)) return 'policy lets others say so';
    return rules.channels.includes(channel) ? null : `it counts only over ${rules.channels.join(', ')}`;
  }
  if (change.phase !== 'asked') return NOT_ANY_MORE[change.phase];
  if (kind === 'withdraw') return by === change.asked.by ? null : 'only who asked for it withdraws it';
  if (!decidersOf(change, rules).includes(by))
    return `policy lets others ${kind} a change of a locked period`;
  if (kind === 'reject') return null;
  if (by === change.asked.by) return 'nobody approves what they asked for themselves';
  if (change.approvals?.some((word) => word.by === by)) return 'you approved it already';
  if (preparers.includes(by)) return 'who prepared a task of this period does not approve a change of it';
  if (!mayApprove(change, rules).includes(by))
    return 'somebody whom policy names approved it already: it waits for a manager of an inside rep';
  return policy.channels.includes(channel)
    ? null
    : `an approval counts only over ${policy.channels.join(', ')}`;
}

function after(kind: ChangeAct, word: ChangeWord, change: PeriodChange, rules: ChangeRules): PeriodChange {
  switch (kind) {
    case 'approve':
      return withApproval(change, word, rules);
    case 'reject':
    case 'withdraw':
      return {
        ...change,
        phase: kind === 'reject' ? 'rejected' : 'withdrawn',
        decided: word,
        outcome: { at: word.at, why: word.reason },
      };
    case 'commission':
      return { ...change, commission: { done: word } };
  }
}
