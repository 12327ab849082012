import type { DeskMessage } from '../desk-acts';
import type { Channel } from '../handbook';
import { MOST_OF_A_REASON } from '../request-desk';
import { lastTick, tickOf, type Ticks } from '../task-list';
import { isBoxTicked, RUN_BOXES, shownPlan, type RunBox } from './run-text';
import type { RunWord, TerritoryRun } from './run';

export interface RunRules {
  /** User names, one of whom approves. */
  readonly approvedBy: readonly string[];
  readonly channels: readonly Channel[];
  /** User names of those who edited the tables that the run plans by, as far as that is known. */
  readonly editors: readonly string[];
}

export type RunAct = 'approve' | 'reject' | 'withdraw';
/** A rejection counts before an approval of the same visit. */
const BOXES: readonly RunBox[] = ['reject', 'approve'];

export interface RunPutBack extends RunWord {
  /** The same for the same act. */
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

export interface RunVerdict {
  readonly run: TerritoryRun;
  readonly deeds: readonly (RunWord & { readonly kind: RunAct })[];
  readonly putBacks: readonly RunPutBack[];
  readonly answers: Readonly<Record<string, string | null>>;
}

/** The description and notes of the run's issue. */
export interface RunReading extends Ticks {
  readonly description: string;
}

/** Whether a box isn't as daytwo left it. */
export const runMoved = (run: TerritoryRun, description: string): boolean =>
  BOXES.some(
    (box) => (tickOf(description, RUN_BOXES[box]) ?? isBoxTicked(box, run)) !== isBoxTicked(box, run),
  );

/** Neither who began it nor who edited its tables. */
export const mayApproveRun = ({ by }: Pick<TerritoryRun, 'by'>, rules: RunRules): readonly string[] =>
  rules.approvedBy.filter((name) => name !== by && !rules.editors.includes(name));

const WORDS: Readonly<Record<RunAct, string>> = {
  approve: 'the approval',
  reject: 'the rejection',
  withdraw: 'the withdrawal',
};
const PHASES = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;

/** Judges what people ticked and said since: taken, or put back with the reason. */
export function judgeRun(
  before: TerritoryRun,
  issue: RunReading | null,
  messages: readonly DeskMessage[],
  rules: RunRules,
): RunVerdict {
  let run = before;
  const deeds: (RunWord & { readonly kind: RunAct })[] = [];
  const putBacks: RunPutBack[] = [];
  const act = (kind: RunAct, word: RunWord, key: string, wrong: string | null): string | null => {
    if (wrong === null && isKnown(kind, word, run)) {
      // An earlier try of this visit took it.
      deeds.push({ ...word, kind });
      return null;
    }
    const why = wrong ?? whyNot(kind, word, run, rules);
    if (why === null) {
      const endedAt = kind === 'approve' ? null : word.at;
      run = { ...run, phase: PHASES[kind], decided: word, endedAt };
      deeds.push({ ...word, kind });
    } else {
      const who =
        kind === 'withdraw' ? [run.by] : kind === 'reject' ? rules.approvedBy : mayApproveRun(run, rules);
      putBacks.push({ ...word, key, what: WORDS[kind], why, who });
    }
    return why;
  };
  for (const box of issue ? BOXES : []) {
    const ticked = tickOf(issue?.description ?? '', RUN_BOXES[box]);
    if (!issue || ticked === undefined || ticked === isBoxTicked(box, run)) continue;
    const tick = lastTick(issue, RUN_BOXES[box], ticked);
    if (!tick) continue;
    const reason = box === 'reject' ? lastSaid(issue, tick.by) : null;
    // Whoever edits the issue could show an approver another plan than the one that is written.
    const wrong = !ticked
      ? 'what was decided stands'
      : box === 'approve' && !isShown(issue.description, shownPlan(before))
        ? 'the issue did not show what is planned: it does again, so look at it once more'
        : null;
    act(box, { by: tick.by, at: tick.at, channel: 'gitlab', reason }, `tick/${tick.note}`, wrong);
  }
  const answers: Record<string, string | null> = {};
  for (const { id, by, at, channel, kind, reason } of messages) {
    const word = { by, at, channel, reason: reason ?? null };
    const asked = kind === 'cancel' ? 'withdraw' : kind === 'approve' || kind === 'reject' ? kind : null;
    answers[id] =
      asked === null
        ? 'a run is approved, rejected, or cancelled by who began it'
        : act(asked, word, id, null);
  }
  return { run, deeds, putBacks, answers };
}

/** Whether the plan stands there for everybody to read: once, with nothing of a comment or a folded part before it in the block. */
function isShown(description: string, plan: string): boolean {
  const at = description.indexOf(plan);
  if (at < 0 || description.includes(plan, at + 1)) return false;
  const before = description.slice(0, at);
  const isOpen = before.lastIndexOf('<!--') > before.lastIndexOf('-->');
  return !isOpen && !/<(?:details|template|script|style)\b/i.test(before) && !/^\s*(?:```|~~~)/m.test(before);
}

const isKnown = (kind: RunAct, { by, at, channel }: RunWord, { phase, decided }: TerritoryRun): boolean =>
  (phase === PHASES[kind] || (kind === 'approve' && phase === 'done')) &&
  decided?.by === by &&
  decided.at === at &&
  decided.channel === channel;

/** The last that somebody wrote on the issue: the reason of a rejection. */
const lastSaid = ({ notes }: RunReading, by: string): string | null =>
  notes.findLast(({ author, system }) => author === by && !system)?.body.slice(0, MOST_OF_A_REASON) ?? null;

const NOT_ANY_MORE: Readonly<Record<Exclude<TerritoryRun['phase'], 'asked'>, string>> = {
  approved: 'it is being written already, or needs no approval',
  done: 'it was written already: `daytwo territory rollback` puts it back',
  rejected: 'it was rejected already',
  withdrawn: 'it was withdrawn',
  expired: 'nobody decided in time: the next night plans anew',
};

/** Why somebody may not, or null. Policy names who approves; never who began the run, nor who edited the tables it plans by. */
function whyNot(kind: RunAct, { by, channel }: RunWord, run: TerritoryRun, rules: RunRules): string | null {
  if (run.phase !== 'asked') return NOT_ANY_MORE[run.phase];
  if (kind === 'withdraw') return by === run.by ? null : 'only who began it withdraws it';
  if (!rules.approvedBy.includes(by)) return `policy lets others ${kind} a run of territory planning`;
  if (kind === 'reject') return null;
  if (by === run.by) return 'nobody approves a run that they began themselves';
  if (rules.editors.includes(by)) return 'who edited the tables does not approve what comes of them';
  return rules.channels.includes(channel)
    ? null
    : `an approval counts only over ${rules.channels.join(', ')}`;
}
