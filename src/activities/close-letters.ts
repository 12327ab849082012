import { endsQuarter } from '../domain/close/calendar';
import { dateOf } from '../domain/close/close';
import {
  judgeLetters,
  letterMoved,
  lettersBlock,
  lettersInWords,
  lettersMarker,
  lettersTitle,
  unanswered,
  whyNotAnswered,
  type LetterDates,
  type Letters,
} from '../domain/close/letters';
import type { QuarterPeople } from '../domain/close/quarter';
import { addDays } from '../domain/dates';
import type { DeskMessage } from '../domain/desk-acts';
import { codeSpan } from '../domain/escape';
import { mergeBlock } from '../domain/owned-block';
import { isMarked } from '../domain/request-text';
import { endOfDay, startOfDay } from '../handbook/business-time';
import type { DeskIssue } from '../systems/gitlab';
import { noteOfClose } from './close-record';
import { extrasOf, tellOnce, type ExtrasDone, type ExtrasVisit } from './close-telling';
import { postOnce, putBackText } from './desk-comments';
import { createOnce, refOf } from './ops-task';
import { memberByEmail } from './world';

/** How a message names a letter: `letter/<user name>`. */
export const isAboutLetter = ({ task }: Pick<DeskMessage, 'task'>): boolean =>
  task?.startsWith('letter/') ?? false;

/**
 * The representation letters of a quarter: sent on their day, answered by ticking one's own line or by command, reminded of, named to those
 * above where they are late, and handed on to accounting and the audit committee.
 */
export async function workLetters(visit: ExtrasVisit): Promise<ExtrasDone> {
  const { close, plan, messages, now, world } = visit;
  const before = extrasOf(visit);
  const people = world.handbook().quarter?.letters;
  const sent = dateOf(close, 'letters_sent');
  const due = endsQuarter(plan.period) && people && people.to.length > 0 && sent && now >= sent.at;
  const refused = (why: string) =>
    Object.fromEntries(messages.filter(isAboutLetter).map(({ id }) => [id, why]));
  if (!due) return { extras: before, answers: refused('no letters were sent yet') };
  const dates = datesOf(visit);
  const issue = await issueOf(visit, before.letters, people, dates);
  const begun: Letters = before.letters ?? { issue: refOf(issue), asked: people.to, answers: {} };
  const { letters, answers } = await judged(visit, begun, issue, dates);
  await show(visit, letters, issue, dates);
  const told = await tell({ ...visit, close: { ...close, extras: before } }, letters, people, dates);
  return { extras: { ...before, letters, told }, answers };
}

function datesOf({ close, plan }: ExtrasVisit): LetterDates & { readonly remindFrom: string } {
  const { zone, quarter } = plan.policy.close;
  const answered = dateOf(close, 'letters_answered')?.date ?? plan.period.lastDay;
  const sent = dateOf(close, 'letters_sent')?.date ?? plan.period.lastDay;
  // Not on the very day on which they are sent.
  const remindOn = addDays(answered, -quarter.remindDays);
  const instant = (text: string): string => new Date(text).toISOString();
  return {
    remindFrom: instant(startOfDay(remindOn > sent ? remindOn : addDays(sent, 1), zone)),
    lateFrom: instant(endOfDay(answered, zone)),
    committee: dateOf(close, 'letters_committee')?.at ?? '9',
  };
}

async function issueOf(
  { world, close, issues }: ExtrasVisit,
  known: Letters | null,
  people: QuarterPeople['letters'],
  dates: LetterDates,
): Promise<DeskIssue> {
  const marker = lettersMarker(close.period);
  const found = issues.all.find(({ description }) => isMarked(description, marker));
  if (found) return found;
  const { project } = issues.period;
  // Somebody took the mark away: it is written there again.
  const moved = known && (await world.gitlab.issue(known.issue.project, known.issue.iid));
  if (moved) return moved;
  const letters: Letters = { issue: issues.ref, asked: people.to, answers: {} };
  return createOnce(world, project, marker, {
    title: lettersTitle(close.period),
    description: mergeBlock('', lettersBlock(close.period, letters, dates)),
    labels: [],
    confidential: true,
  });
}

async function judged(
  { world, close, messages, plan, bot, now }: ExtrasVisit,
  before: Letters,
  issue: DeskIssue,
  dates: LetterDates,
): Promise<{ readonly letters: Letters; readonly answers: ExtrasDone['answers'] }> {
  const isMoved = letterMoved(before, issue.description);
  const notes = isMoved ? await world.gitlab.notes(issue.project, issue.iid) : [];
  const ticks = judgeLetters(before, { description: issue.description, notes, bot }, now, dates);
  const { answered, takenBack, putBacks } = ticks;
  let { letters } = ticks;
  for (const name of [...answered, ...takenBack]) {
    const at = letters.answers[name]?.at ?? now;
    const what = `${answered.includes(name) ? 'certified' : 'took back'} the representation letter`;
    await noteOfClose(
      world,
      close,
      `letter/${name}/${at}`,
      at,
      'close.letter',
      { what },
      {
        actor: name,
        channel: 'gitlab',
      },
    );
  }
  for (const putBack of putBacks) {
    const text = putBackText({ ...putBack, channel: 'gitlab', who: [] });
    await postOnce(world, issue, { bot }, `putback:${putBack.key}`, text);
  }
  const answers: Record<string, string | null> = {};
  for (const { id, kind, by, at, channel, task } of messages.filter(isAboutLetter)) {
    const name = task?.slice('letter/'.length) ?? '';
    const why =
      kind !== 'complete'
        ? 'a letter is answered by complete'
        : !plan.policy.decisions.complete.channels.includes(channel)
          ? `it counts only over ${plan.policy.decisions.complete.channels.join(', ')}`
          : whyNotAnswered(letters, name, by, now, dates);
    answers[id] = why;
    if (why === null && letters.answers[name] === undefined)
      letters = { ...letters, answers: { ...letters.answers, [name]: { at, channel } } };
    await noteOfClose(
      world,
      close,
      `letter/${id}`,
      at,
      why === null ? 'close.letter' : 'decision.refused',
      why === null
        ? { what: 'certified the representation letter' }
        : { what: `was not allowed: the letter of ${name}`, why },
      { actor: by, channel },
    );
  }
  return { letters, answers };
}

/** Writes the issue anew where it shows something else; what somebody wrote since is left for the next visit. */
async function show(
  { world, close }: ExtrasVisit,
  letters: Letters,
  issue: DeskIssue,
  dates: LetterDates,
): Promise<void> {
  const description = mergeBlock(issue.description, lettersBlock(close.period, letters, dates));
  if (description === issue.description) return;
  const fresh = await world.gitlab.issue(issue.project, issue.iid);
  if (fresh?.description !== issue.description) return;
  await world.gitlab.change(issue.project, issue.iid, { description });
}

/** Each of these once, on its day: sent, reminded, late, with accounting, with the committee. */
async function tell(
  visit: ExtrasVisit,
  letters: Letters,
  people: QuarterPeople['letters'],
  dates: ReturnType<typeof datesOf>,
): Promise<ExtrasDone['extras']['told']> {
  const { close, now } = visit;
  const on = letters.issue;
  const open = unanswered(letters);
  const about = `Representation letter of the quarter that ended with ${close.period}`;
  const ask = `Tick the line with your name on ${on.url}, or: daytwo complete ${close.period} --task letter/<you> --by <you>. It is to be answered before ${dates.lateFrom}.\n`;
  let { told } = extrasOf(visit);
  const step = async (
    key: string,
    to: readonly string[],
    mail: { readonly subject: string; readonly text: string },
    words: string,
  ): Promise<void> => {
    if (to.length === 0) return;
    const what = mail.subject;
    told = await tellOnce(visit, told, key, { to, mail, words, kind: 'close.letters', what }, on);
  };
  if (now < dates.committee)
    await step('letters/sent', letters.asked, { subject: about, text: ask }, 'please answer your letter.');
  if (now >= dates.remindFrom && now < dates.lateFrom)
    await step(
      'letters/reminded',
      open,
      { subject: `Still open: ${about}`, text: ask },
      'your letter is still open.',
    );
  const lastDay = dateOf(close, 'letters_answered')?.at ?? '9';
  if (now >= lastDay && now < dates.lateFrom)
    await step(
      'letters/last-day',
      open,
      { subject: `Today: ${about}`, text: ask },
      'today is the last day for your letter.',
    );
  const words = lettersInWords(letters, dates);
  if (now >= dates.lateFrom) {
    const above = [
      ...new Set([...open.flatMap((name) => managerOf(visit, name)), ...listed(people.accounting)]),
    ];
    await step(
      'letters/late',
      open.length > 0 ? above : [],
      { subject: `Late: ${about}`, text: words },
      `late: ${open.map(codeSpan).join(', ')}.`,
    );
  }
  for (const [kind, to] of [
    ['accounting', listed(people.accounting)],
    ['committee', people.committee],
  ] as const)
    if (now >= (dateOf(close, `letters_${kind}`)?.at ?? '9'))
      await step(
        `letters/${kind}`,
        to,
        {
          subject: `${about}: for ${kind === 'accounting' ? 'accounting' : 'the audit committee'}`,
          text: words,
        },
        `${letters.asked.length - open.length} of ${letters.asked.length} answered${open.length > 0 ? `; not: ${open.map(codeSpan).join(', ')}` : ''}.`,
      );
  return told;
}

const listed = (name: string | null): readonly string[] => (name === null ? [] : [name]);

function managerOf({ world }: ExtrasVisit, username: string): readonly string[] {
  const { people } = world.handbook();
  const email = people.members.find((member) => member.username === username)?.managerEmail;
  const manager = email ? memberByEmail(people, email) : undefined;
  return manager ? [manager.username] : [];
}
