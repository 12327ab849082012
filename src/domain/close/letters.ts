import type { IssueRef } from '../access-request';
import { codeSpan } from '../escape';
import type { Channel } from '../handbook';
import { box, boxesOf, boxKey, lastTick, type Ticks } from '../task-list';
import { closeMark } from './text';

/**
 * The quarterly sales representation letter (SOX 404): "no side letters, complete files, no undisclosed quote changes". Sent on day
 * 4 after the quarter's end, answered by day 8, with the PAO on day 12, with the audit committee on day 14.
 */
export interface Letters {
  readonly issue: IssueRef;
  /** User names of those who were asked. */
  readonly asked: readonly string[];
  readonly answers: Readonly<Record<string, LetterAnswer>>;
}

export interface LetterAnswer {
  readonly at: string;
  readonly channel: Channel;
}

/** The instants of the letters. */
export interface LetterDates {
  /** From here on an answer is late. */
  readonly lateFrom: string;
  /** From here on the committee has them: nothing is answered or taken back any more. */
  readonly committee: string;
}

export const lettersMarker = (period: string): string => `${closeMark(period)}letters:end`;
export const lettersTitle = (period: string): string => `${period}: Representation letters of the quarter`;
const boxOf = (name: string): string => `Certified by ${codeSpan(name)}`;

export const unanswered = ({ asked, answers }: Letters): readonly string[] =>
  asked.filter((name) => !Object.hasOwn(answers, name));

/** Something that was ticked and doesn't count. */
export interface LetterPutBack {
  readonly by: string;
  readonly at: string;
  readonly key: string;
  readonly what: string;
  readonly why: string;
}

export interface LettersJudged {
  readonly letters: Letters;
  readonly answered: readonly string[];
  readonly takenBack: readonly string[];
  readonly putBacks: readonly LetterPutBack[];
}

/** Judges ticks: everybody answers for themself, nobody in their place. */
export function judgeLetters(
  before: Letters,
  issue: Ticks & { readonly description: string },
  now: string,
  dates: LetterDates,
): LettersJudged {
  const boxes = new Map(
    boxesOf(issue.description).map(({ text, ticked }) => [boxKey(text), ticked] as const),
  );
  const answers: Record<string, LetterAnswer> = { ...before.answers };
  const judged = {
    answered: [] as string[],
    takenBack: [] as string[],
    putBacks: [] as LetterPutBack[],
  };
  for (const name of before.asked) {
    const ticked = boxes.get(boxKey(boxOf(name)));
    if (ticked === undefined || ticked === Object.hasOwn(answers, name)) continue;
    const tick = lastTick(issue, boxOf(name), ticked);
    if (!tick) continue;
    const why = whyNotAnswered(before, name, tick.by, now, dates);
    if (why !== null)
      judged.putBacks.push({
        by: tick.by,
        at: tick.at,
        key: `letter/${tick.note}`,
        what: `${ticked ? '' : 'taking back '}the letter of ${name}`,
        why,
      });
    else if (ticked) {
      answers[name] = { at: tick.at, channel: 'gitlab' };
      judged.answered.push(name);
    } else {
      delete answers[name];
      judged.takenBack.push(name);
    }
  }
  return { letters: { ...before, answers }, ...judged };
}

/** Whether a box isn't as daytwo left it: only then the notes are read. */
export const letterMoved = ({ asked, answers }: Letters, description: string): boolean =>
  boxesOf(description).some(({ text, ticked }) =>
    asked.some((name) => boxKey(boxOf(name)) === boxKey(text) && ticked !== Object.hasOwn(answers, name)),
  );

/** Why somebody's answer doesn't count, or null. */
export function whyNotAnswered(
  { asked }: Pick<Letters, 'asked'>,
  name: string,
  by: string,
  now: string,
  { committee }: Pick<LetterDates, 'committee'>,
): string | null {
  if (!asked.includes(name)) return `${name} was sent no letter`;
  if (by !== name) return 'everybody answers their own letter';
  return now >= committee ? 'the letters are with the audit committee' : null;
}

/** What daytwo writes on the issue of the letters. */
export function lettersBlock(period: string, { asked, answers }: Letters, dates: LetterDates): string {
  const lines = asked.map((name) => {
    const answer = answers[name];
    const late = answer !== undefined && answer.at >= dates.lateFrom ? ', **late**' : '';
    return `${box(answer !== undefined, boxOf(name))}${answer ? `\n  at ${answer.at}${late}` : ''}`;
  });
  return [
    `<!-- ${lettersMarker(period)} -->`,
    '<!-- daytwo writes what stands between its two marks. Tick your own box here; write everything else outside. -->',
    'Tick the box with your name to certify for the quarter: you know of no side letter; the files of your deals are complete; no change of a quote was left undisclosed. Where you can not, leave it open and write a comment.',
    lines.join('\n'),
    `Answered before ${dates.lateFrom}, it is in time.`,
  ].join('\n\n');
}

/** Those who answered and those who didn't, in words; for a mail. */
export function lettersInWords(letters: Letters, { lateFrom }: Pick<LetterDates, 'lateFrom'>): string {
  const open = unanswered(letters);
  const lines = letters.asked.map((name) => {
    const answer = letters.answers[name];
    return answer
      ? `${name}: certified at ${answer.at}${answer.at >= lateFrom ? ' (late)' : ''}`
      : `${name}: not answered`;
  });
  return `${letters.asked.length - open.length} of ${letters.asked.length} answered.\n\n${lines.join('\n')}\n`;
}
