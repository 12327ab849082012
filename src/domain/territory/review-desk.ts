import type { DeskMessage } from '../desk-acts';
import { reviewActs, type ReviewAct, type ReviewReading, type ReviewVerb } from './review-acts';
import { openBefore, openParts, partsOf, PART_WORDS, whoMaySettle, type ReviewFacts } from './review-parts';
import type { Part, Review, ReviewPhase, ReviewWord } from './review';
import { approvedOutcome, ended, noHoldover, outcomeOf, type ReviewScene } from './review-outcome';

export interface ReviewDeed extends ReviewWord {
  readonly verb: ReviewVerb;
  readonly parts: readonly Part[];
}

export interface ReviewPutBack extends ReviewWord {
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

export interface ReviewVerdict {
  readonly review: Review;
  readonly deeds: readonly ReviewDeed[];
  readonly putBacks: readonly ReviewPutBack[];
  readonly answers: Readonly<Record<string, string | null>>;
}

/** Judges what people said since the last visit: taken, or put back with the reason and with who may. */
export function judgeReview(
  before: Review,
  reading: ReviewReading | null,
  messages: readonly DeskMessage[],
  scene: ReviewScene,
): ReviewVerdict {
  let review = before;
  const deeds: ReviewDeed[] = [];
  const putBacks: ReviewPutBack[] = [];
  const answers: Record<string, string | null> = {};
  for (const act of reviewActs(before, reading, messages)) {
    const judged = judgeAct(act, review, scene);
    if (judged === 'known') answers[act.key] = null;
    else if ('why' in judged) {
      putBacks.push({ ...wordOf(act), key: act.key, what: VERB_WORDS[act.verb], ...judged });
      answers[act.key] = judged.why;
    } else {
      review = judged.review;
      deeds.push({ ...wordOf(act), verb: act.verb, parts: judged.parts });
      answers[act.key] = null;
    }
  }
  for (const { id } of messages)
    answers[id] ??=
      id in answers
        ? null
        : 'a review is approved, rejected, held for more information, or cancelled by who asked; --task giving, receiving, chain, strategy, leadership, decision or holdover';
  return { review: { ...review, cursor: cursorAfter(before, reading) }, deeds, putBacks, answers };
}

const wordOf = ({ by, at, channel, reason }: ReviewAct): ReviewWord => ({ by, at, channel, reason });

const cursorAfter = ({ cursor }: Review, reading: ReviewReading | null): Review['cursor'] => ({
  label: Math.max(cursor.label, ...(reading?.labelEvents ?? []).map(({ id }) => id)),
  note: Math.max(cursor.note, ...(reading?.notes ?? []).map(({ id }) => id)),
});

const VERB_WORDS: Readonly<Record<ReviewVerb, string>> = {
  approve: 'the approval',
  reject: 'the rejection',
  info: 'asking for more information',
  holdover: 'the holdover',
  withdraw: 'the withdrawal',
};

type Judged =
  | 'known'
  | { readonly why: string; readonly who: readonly string[] }
  | { readonly review: Review; readonly parts: readonly Part[] };

const OVER: Partial<Readonly<Record<ReviewPhase, string>>> = {
  approved: 'it was approved already',
  rejected: 'it was rejected already',
  refused: 'its form was refused: it is asked anew on the account',
  withdrawn: 'it was withdrawn',
};

function judgeAct(act: ReviewAct, review: Review, scene: ReviewScene): Judged {
  const { policy } = scene;
  if (isRepeated(act, review)) return 'known';
  const isOver = OVER[review.phase];
  if (isOver !== undefined) return { why: isOver, who: [] };
  if (!policy.channels.includes(act.channel))
    return { why: `it counts only over ${policy.channels.join(', ')}`, who: [] };
  if (act.verb === 'withdraw')
    return act.by === review.asker
      ? { review: ended(review, 'withdrawn', act, act.reason ?? 'Withdrawn.'), parts: [] }
      : { why: 'only who asked withdraws it', who: review.asker === null ? [] : [review.asker] };
  if (act.verb === 'info') return askForMore(act, review, scene);
  if (act.verb === 'holdover') return holdOver(act, review, scene);
  const mine = partsOf(review, scene).filter((part) => whoMaySettle(part, review, scene).includes(act.by));
  const meant = act.part === null ? mine : mine.filter((part) => part === act.part);
  if (meant.length === 0) return { ...notTheirs(act, review), who: whoNow(review, scene) };
  if (scene.isNews || isOfEarlier(act, review))
    return { why: 'what is asked was changed since: it is shown now, so look at it once more', who: [] };
  return act.verb === 'reject' ? reject(act, review, meant) : approve(act, review, meant, scene);
}

/** Written before the issue showed what is asked now. */
const isOfEarlier = ({ key }: ReviewAct, { shown }: Review): boolean => {
  const [of, id] = key.split('/');
  if (!shown || (of !== 'note' && of !== 'label')) return false;
  return Number(id) <= shown[of];
};

/** The same said once more by another way (a comment, and the label with it), or judged by an earlier try of this visit. */
function isRepeated({ verb, by, at }: ReviewAct, review: Review): boolean {
  const { words, phase, holdover } = review;
  if (verb === 'approve') return words.decision?.by === by && phase === 'approved';
  if (verb === 'reject') return phase === 'rejected' && Object.values(words).some((word) => word.by === by);
  if (verb === 'holdover') return holdover?.by === by && holdover.at === at;
  return verb === 'withdraw' && phase === 'withdrawn' && review.asker === by;
}

const notTheirs = (
  { by, part }: ReviewAct,
  { asker, earlierAskers = [] }: Review,
): { readonly why: string } => ({
  why:
    by === asker || earlierAskers.includes(by)
      ? 'nobody decides on what they asked for themselves'
      : part === null
        ? 'policy lets others decide on this'
        : `of this review, ${PART_WORDS[part]} is not theirs to say, or is not asked`,
});

/** Whoever it waits on now. */
export const whoNow = (review: Review, scene: ReviewFacts): readonly string[] => {
  const before = openBefore(review, scene);
  const parts = before.length > 0 ? before : (['decision'] as const);
  return [...new Set(parts.flatMap((part) => whoMaySettle(part, review, scene)))];
};

const decides = (by: string, review: Review, scene: ReviewScene): boolean =>
  whoMaySettle('decision', review, scene).includes(by);

function askForMore(act: ReviewAct, review: Review, scene: ReviewScene): Judged {
  const who = whoMaySettle('decision', review, scene);
  if (!decides(act.by, review, scene)) return { why: 'policy lets others ask for more', who };
  if (act.reason === null) return { why: 'it needs to say what is missing', who: [act.by] };
  const outcome = outcomeOf(act, act.reason);
  return { review: { ...review, phase: 'needs_info', outcome }, parts: ['decision'] };
}

/** "Holdover": who gives it up, or Sales Operations, may want it; it comes about with the approval. */
function holdOver(act: ReviewAct, review: Review, scene: ReviewScene): Judged {
  if (review.kind !== 'owner-change')
    return { why: 'only an account that changes hands is held over', who: [] };
  const who = [...scene.giving, ...whoMaySettle('decision', review, scene)].filter(
    (name) => name !== review.asker,
  );
  if (!who.includes(act.by)) return { why: 'policy lets others hold an account over', who };
  if (act.reason === null) return { why: 'it needs a reason', who: [act.by] };
  const why = noHoldover(scene);
  if (why !== null) return { why, who: [] };
  return { review: { ...review, holdover: wordOf(act) }, parts: [] };
}

/** A rejection needs its reason. By an area manager it goes up the chain; by anybody else it is the end. */
function reject(act: ReviewAct, review: Review, meant: readonly Part[]): Judged {
  const { reason } = act;
  if (reason === null)
    return { why: 'a rejection needs its reason: write it in a comment first', who: [act.by] };
  const final = meant.find((part) => part !== 'giving' && part !== 'receiving');
  const said = withWords(review, final ? [final] : meant, act, false);
  return final
    ? { review: ended(said, 'rejected', act, reason), parts: [final] }
    : { review: said, parts: meant };
}

function approve(act: ReviewAct, review: Review, meant: readonly Part[], scene: ReviewScene): Judged {
  const open = meant.filter((part) => openParts(review, scene).includes(part) || canTurn(part, review));
  const before = open.filter((part) => part !== 'decision');
  if (before.length > 0) return { review: withWords(review, before, act, true), parts: before };
  if (!open.includes('decision'))
    return isSaid(act, review, meant)
      ? 'known'
      : { why: 'it is settled already', who: whoNow(review, scene) };
  const waits = openBefore(review, scene);
  if (waits.length > 0)
    return {
      why: `it waits for ${waits.map((part) => PART_WORDS[part]).join(', and ')} first`,
      who: whoNow(review, scene),
    };
  if (act.isDayUnclear)
    return {
      why: 'the day in it can not be read: write it as `Approved from 2027-05-01`, or no day at all',
      who: [act.by],
    };
  if (act.effectiveDate !== null && act.effectiveDate < scene.today)
    return { why: `${act.effectiveDate} is over: name today or a later day`, who: [act.by] };
  const outcome = approvedOutcome(act, review, scene);
  if (!outcome) return { why: 'no window comes in which it could move: see the rules', who: [] };
  const said = withWords(review, ['decision'], act, true);
  return { review: { ...said, phase: 'approved', outcome }, parts: ['decision'] };
}

/** Said by a comment, and once more by a label. */
const isSaid = ({ by }: ReviewAct, { words }: Review, meant: readonly Part[]): boolean =>
  meant.some((part) => words[part]?.by === by && words[part].agrees);

/** An area manager who said no may still agree. */
const canTurn = (part: Part, { words }: Review): boolean =>
  (part === 'giving' || part === 'receiving') && words[part]?.agrees === false;

const withWords = (review: Review, parts: readonly Part[], act: ReviewAct, agrees: boolean): Review => ({
  ...review,
  words: {
    ...review.words,
    ...Object.fromEntries(parts.map((part) => [part, { ...wordOf(act), agrees }])),
  },
});
