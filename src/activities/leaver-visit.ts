import { judgeLeaver, settlersOf, type LeaverReading, type LeaverRules } from '../domain/leaver-desk';
import { leaverBlock, type LeaverReaders } from '../domain/leaver-text';
import {
  isBack,
  isOver,
  isSettled,
  type LeaverCase,
  type LeaverItem,
  type LeavingPhase,
} from '../domain/leaving';
import type { FirstDue, LeaverVisit } from '../domain/offboarding';
import { mergeBlock } from '../domain/owned-block';
import { codeSpan, markdown } from '../domain/escape';
import type { DeskIssue, DeskNote } from '../systems/gitlab';
import { postOnce, putBackText } from './desk-comments';
import { handOverLatecomers } from './leaver-handover';
import { leaverIssue, leaverRules, readersOf } from './leaver-issue';
import { lookBackOn } from './leaver-look';
import { evidenceOfVisit } from './leaver-record';
import { remindDue } from './leaver-reminders';
import { tryAgain } from './leaver-retry';
import type { VisitLeaver } from './leaving';
import { keepEvidence } from './keep';
import type { World } from './world';

const DAY_MS = 86_400_000;
/** A visit settles in two rounds; more means that somebody types meanwhile, and the next hint goes on. */
const ROUNDS = 4;

/**
 * Reads the issue of a leaving, judges what people ticked and said, tries again what was refused, looks for what was used since,
 * reminds, and makes the issue show where it stands. Nothing here is ever settled by time.
 */
export async function visitLeaver(world: World, visit: VisitLeaver): Promise<LeaverVisit> {
  const { leaving, now, messages } = visit;
  const one = await world.store.leavers.get(leaving);
  const person = one && (await world.store.personById(one.employeeId));
  if (!one || !person) throw new Error(`leaving ${leaving} is not in the store`);
  const rules = await leaverRules(world, one, person);
  // What they were given since they came back isn't taken.
  const back = isBack(one, person.startDate);
  if (visit.daily && !back) {
    await lookBackOn(world, one, person, now);
    if (one.takenAt !== null) await handOverLatecomers(world, [one], 'all');
    await tryAgain(world, [one]);
  }
  let items = await world.store.leavers.items(leaving);
  let answers: LeaverVisit['answers'] = {};
  let callStarted = false;
  let current = one;
  for (let round = 0; round < ROUNDS; round++) {
    const readers = await readersOf(world, current, person, rules);
    const issue = await leaverIssue(world, current, items, readers);
    const notes = issue ? await world.gitlab.notes(issue.project, issue.iid) : [];
    const reading = issue ? await readingOf(world, issue, notes) : null;
    const verdict = judgeLeaver(
      current,
      items,
      reading,
      round === 0 ? messages : [],
      rules,
      round === 0 ? (visit.call ?? null) : null,
    );
    if (round === 0) answers = verdict.answers;
    callStarted ||= verdict.callStarted !== null;
    if (verdict.changed.length > 0)
      await world.store.leavers.putItems(
        leaving,
        verdict.changed.map(({ item }) => item),
      );
    await keepEvidence(world, evidenceOfVisit(current, person, verdict));
    if (issue && reading)
      for (const putBack of verdict.putBacks)
        await postOnce(world, issue, reading, `putback:${putBack.key}`, putBackText(putBack));
    // A blocker that somebody removed, or a step that they did: what waited for it is tried at once.
    if (!back && verdict.changed.some(({ item: { kind, status } }) => kind !== 'system' && status === 'done'))
      await tryAgain(world, [current]);
    items = await world.store.leavers.items(leaving);
    current = await settled(world, leaving, items, visit);
    if (!issue || !reading) break;
    if (!(await project(world, issue, current, items, await readersOf(world, current, person, rules)))) break;
  }
  const nextReminder = await remindDue(world, current, person, items, rules, now);
  const open = items.filter((item) => !isSettled(item));
  return {
    open: open.length,
    nextAt: nextOf(current, open, nextReminder, now),
    answers: { ...Object.fromEntries(messages.map(({ id }) => [id, 'not judged'])), ...answers },
    callStarted,
    firstDue: firstDueOf(open),
    url: current.issue?.url ?? null,
    standing: open.map((item) => standingOf(item, rules)),
  };
}

async function readingOf(world: World, issue: DeskIssue, notes: readonly DeskNote[]): Promise<LeaverReading> {
  const { username: bot } = await world.gitlab.self();
  return { description: issue.description, notes, bot };
}

/** Where the leaving stands now that these items do. */
async function settled(
  world: World,
  leaving: string,
  items: readonly LeaverItem[],
  { phase, final, now }: VisitLeaver,
): Promise<LeaverCase> {
  const one = await world.store.leavers.get(leaving);
  if (!one) throw new Error(`leaving ${leaving} is not in the store`);
  const isOpen = items.some((item) => !isSettled(item));
  const next: LeavingPhase =
    phase !== 'taken' && phase !== 'watched' ? one.phase : isOpen ? 'taken' : final ? 'ended' : 'watched';
  if (next === one.phase) return one;
  const moved = { ...one, phase: next, endedAt: next === 'ended' ? now : null };
  await world.store.leavers.put(moved);
  return moved;
}

/** Writes the smallest change that makes the issue right; false where it was. */
async function project(
  world: World,
  read: DeskIssue,
  one: LeaverCase,
  items: readonly LeaverItem[],
  readers: LeaverReaders,
): Promise<boolean> {
  const description = mergeBlock(read.description, leaverBlock(one, items, readers));
  const over = isOver(one);
  const stateEvent = over === (read.state === 'closed') ? undefined : over ? 'close' : 'reopen';
  if (description === read.description && read.confidential && stateEvent === undefined) return false;
  const fresh = await world.gitlab.issue(read.project, read.iid);
  // Somebody wrote meanwhile: it is read again first.
  if (fresh?.description !== read.description) return true;
  await world.gitlab.change(read.project, read.iid, {
    ...(description === read.description ? {} : { description }),
    ...(read.confidential ? {} : { confidential: true }),
    ...(stateEvent ? { stateEvent } : {}),
  });
  return true;
}

/** The next reminder, or a day later while something is open that daytwo tries or looks at itself. */
function nextOf(
  one: LeaverCase,
  open: readonly LeaverItem[],
  reminder: string | null,
  now: string,
): string | null {
  if (one.phase !== 'taken' || open.length === 0) return null;
  const daily = new Date(Date.parse(now) + DAY_MS).toISOString();
  return reminder !== null && reminder < daily ? reminder : daily;
}

const firstDueOf = (open: readonly LeaverItem[]): FirstDue | null =>
  open.reduce<FirstDue | null>(
    (first, { id, dueAt }) => (first === null || dueAt < first.at ? { what: id, at: dueAt } : first),
    null,
  );

const standingOf = (item: LeaverItem, rules: LeaverRules): string =>
  `\`${item.id}\` is open, due ${item.dueAt}, on ${settlersOf(item, rules).map(codeSpan).join(', ') || 'nobody'}${item.problem ? `: ${markdown(item.problem)}` : ''}`;
