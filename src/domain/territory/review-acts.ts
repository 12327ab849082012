import type { DeskMessage } from '../desk-acts';
import type { Channel } from '../handbook';
import { isCalendarDate } from '../dates';
import type { IssueNote } from '../task-list';
import { MOST_OF_A_REASON } from '../request-desk';
import { IMMEDIATE, type ImmediateCase } from './owner-change';
import { PARTS, type Part, type Review } from './review';
import { byCode } from './texts';

/** Labels of a review; the scope keeps one of them on the issue. */
export const REVIEW_LABELS = {
  asked: 'TSP-Review::Needs Decision',
  needs_info: 'TSP-Review::Needs More Info',
  approved: 'TSP-Review::Approved',
  rejected: 'TSP-Review::Rejected',
} as const;

export type ReviewVerb = 'approve' | 'reject' | 'info' | 'holdover' | 'withdraw';

/** What somebody did or said, whatever the channel. Whether they may is judged afterwards. */
export interface ReviewAct {
  readonly verb: ReviewVerb;
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  /** The same for the same act. */
  readonly key: string;
  readonly part: Part | null;
  readonly reason: string | null;
  /** Of an approval: from when on, and which case of moving at once it is. */
  readonly effectiveDate: string | null;
  readonly found: ImmediateCase | null;
  /** Words after an approval that begin as a day does, and are none. */
  readonly isDayUnclear: boolean;
}

export interface ReviewReading {
  readonly notes: readonly IssueNote[];
  readonly labelEvents: readonly {
    readonly id: number;
    readonly user: string;
    readonly at: string;
    readonly label: string;
    readonly action: 'add' | 'remove';
  }[];
  /** daytwo's own user: what it writes is nobody's word. */
  readonly bot: string;
}

/** All that happened since the last visit, oldest first. */
export function reviewActs(
  { cursor }: Pick<Review, 'cursor'>,
  reading: ReviewReading | null,
  messages: readonly DeskMessage[],
): readonly ReviewAct[] {
  const { bot, notes = [], labelEvents = [] } = reading ?? {};
  const said = notes.filter(({ id, author, system }) => id > cursor.note && author !== bot && !system);
  const labelled = labelEvents.filter(
    ({ id, user, action }) => id > cursor.label && user !== bot && action === 'add',
  );
  return [
    ...said.flatMap((note) => actOfComment(note)),
    ...labelled.flatMap((event) => actOfLabel(event, notes)),
    ...messages.flatMap((message) => actOfMessage(message)),
  ].sort((one, other) => byCode(one.at, other.at));
}

const COMMENT =
  /^[*_`\s]{0,4}(approved?|agreed?|rejected?|disagreed?|needs? more info(?:rmation)?|hold ?over|withdrawn?)(?![a-z0-9])[\s:.,;*_`–-]*([\s\S]*)$/i;

/**
 * A comment that begins with the word itself: `Approved from 2026-12-01: …`, `Rejected: …`, `Needs more info: …`, `Hold over: …`. Only what
 * makes it bold or italic may stand before it: a line that quotes somebody is not their word.
 */
function actOfComment({ id, body, author, at }: IssueNote): readonly ReviewAct[] {
  const [, word = '', rest = ''] = COMMENT.exec(body.trim()) ?? [];
  const verb = VERBS.find(([begins]) => word.toLowerCase().startsWith(begins))?.[1];
  if (!verb) return [];
  return [{ ...wordsIn(rest), verb, by: author, at, channel: 'gitlab', key: `note/${id}`, part: null }];
}

const VERBS: readonly (readonly [string, ReviewVerb])[] = [
  ['approve', 'approve'],
  ['agree', 'approve'],
  ['reject', 'reject'],
  ['disagree', 'reject'],
  ['need', 'info'],
  ['hold', 'holdover'],
  ['withdraw', 'withdraw'],
];

/** How long before a label the comment with its reason may have been written. */
const REASON_WINDOW_MS = 10 * 60_000;

function actOfLabel(
  { id, user, at, label }: ReviewReading['labelEvents'][number],
  notes: readonly IssueNote[],
): readonly ReviewAct[] {
  const verb = (
    [
      [REVIEW_LABELS.approved, 'approve'],
      [REVIEW_LABELS.rejected, 'reject'],
      [REVIEW_LABELS.needs_info, 'info'],
    ] as const
  ).find(([name]) => name.toLowerCase() === label.trim().toLowerCase())?.[1];
  if (!verb) return [];
  const from = Date.parse(at) - REASON_WINDOW_MS;
  const comment = notes.findLast(
    (note) => !note.system && note.author === user && Date.parse(note.at) >= from,
  );
  const [, , rest] = COMMENT.exec(comment?.body.trim() ?? '') ?? [];
  const words = wordsIn(rest ?? comment?.body ?? '');
  // Talk beside the label isn't a day: it may begin as it likes.
  const isDayUnclear = rest !== undefined && words.isDayUnclear;
  return [{ ...words, isDayUnclear, verb, by: user, at, channel: 'gitlab', key: `label/${id}`, part: null }];
}

function actOfMessage(message: DeskMessage): readonly ReviewAct[] {
  const { id, kind, by, at, channel, task, reason } = message;
  const verb = verbOf(message);
  if (!verb) return [];
  const part = PARTS.find((one) => one === task) ?? null;
  return [{ ...wordsIn(reason ?? ''), verb, by, at, channel, key: id, part: verb === kind ? part : null }];
}

/** What a message asks for; null for one that a review doesn't take. */
export function verbOf({ kind, task }: Pick<DeskMessage, 'kind' | 'task'>): ReviewVerb | null {
  if (kind === 'approve' && task === 'holdover') return 'holdover';
  const isPart = task === undefined || PARTS.some((one) => one === task);
  if ((kind === 'approve' || kind === 'reject') && isPart) return kind;
  if (kind === 'hold') return 'info';
  return kind === 'cancel' ? 'withdraw' : null;
}

/** A day and a case that the words begin with, and the reason that is left: `from 2026-12-01, immediate community: won last week`. */
function wordsIn(text: string): Pick<ReviewAct, 'reason' | 'effectiveDate' | 'found' | 'isDayUnclear'> {
  const words = text.trim().slice(0, MOST_OF_A_REASON);
  const [dated = '', day] =
    /^(?:effective\s+from|effective|from|on|with)?\s*(\d{4}-\d{2}-\d{2})\b[\s:.,;–-]*/i.exec(words) ?? [];
  const isDay = day !== undefined && isCalendarDate(day);
  const rest = isDay ? words.slice(dated.length) : words;
  const [cased = '', name] = /^immediate(?:ly)?[\s:(]+([a-z-]+)\)?[\s:.,;–-]*/i.exec(rest) ?? [];
  const found = CASES.find((one) => one === name?.toLowerCase()) ?? null;
  const reason = (found ? rest.slice(cased.length) : rest).trim();
  return {
    reason: reason === '' ? null : reason,
    effectiveDate: isDay ? day : null,
    found,
    isDayUnclear: !isDay && /^(?:(?:effective|from)(?![a-z0-9])|(?:on\s+)?\d)/i.test(words),
  };
}

const CASES = Object.keys(IMMEDIATE) as readonly ImmediateCase[];
