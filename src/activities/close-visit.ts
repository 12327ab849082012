import {
  closeAt,
  dateOf,
  endedOrNot,
  isLocked,
  litOrNot,
  nextLook,
  type CloseCase,
} from '../domain/close/close';
import { judgeClose, lightsAsked, taskMoved, type CloseRules, type IssueReading } from '../domain/close/desk';
import { lightsMoved, type PeriodReading } from '../domain/close/light-acts';
import { outInWords, type Looked } from '../domain/close/look';
import { becameInWords, changesInWords, type RecordChange } from '../domain/close/records';
import { visitOf, type CloseVisit } from '../domain/close/status';
import { nextNight, planCloseBy, type ClosePlan } from '../handbook/close-time';
import type { KeptClose } from '../evidence/closes';
import type { DeskIssue } from '../systems/gitlab';
import { codeSpan, markdown } from '../domain/escape';
import type { VisitClose } from './close';
import { afterAside, isAside, judgeAside } from './close-aside';
import { isAboutExtras, workExtras } from './close-extras';
import { reconcileClose } from './close-billing';
import { lookAtExceptions } from './close-exceptions';
import { afterChanges } from './close-changes';
import { closeIssues, showClose, type CloseIssues } from './close-issues';
import { orTask } from './close-fault';
import { lookAtPeriod } from './close-look';
import { tellOwners } from './close-owner-mails';
import { evidenceOfClose, noteOfClose } from './close-record';
import { postOnce, putBackText } from './desk-comments';
import { writtenBack } from './process-record';
import { pinnedPolicy, type World } from './world';

/** One visit: what moved is judged, what is due is looked at, and the issues show where it stands. */
export async function visitClose(world: World, visit: VisitClose): Promise<CloseVisit> {
  const { period, messages, now } = visit;
  const kept = await keptClose(world, period);
  const plan = planOf(world, kept.close);
  const rules = rulesOf(world, kept.close, plan);
  const issues = await closeIssues(world, kept.close, rules);
  let close = closeAt({ ...kept.close, issue: issues.ref, tasks: issues.tasks }, now);
  const { username: bot } = await world.gitlab.self();
  const tasks = await readings(world, issues, close, bot);
  const moved = lightsMoved(close, issues.period, rules.labels);
  const ofPeriod = moved.length > 0 ? await periodReading(world, issues.period, bot) : null;
  // What is accepted is accepted before it is looked at.
  const decisions = messages.filter((message) => !isAside(message) && !isAboutExtras(message));
  const accepted = await judgeAside(world, close, plan, messages.filter(isAside));
  // A light is given over the records as they are now.
  const isGiven = moved.some((party) => close.lights[party] === null) || lightsAsked(messages).length > 0;
  const isOverAll = isGiven || signsOver(close, tasks, messages, rules);
  const isDue = visit.look || isOverAll;
  if (!isDue && messages.some(isAside)) close = await afterAside(world, close, rules.tasks);
  const { changed } = visit;
  if (!isDue && changed)
    close =
      (await orTask(world, close, 'look', now, () =>
        afterChanges(world, close, plan, rules.tasks, { ids: changed, now }),
      )) ?? close;
  const before = close;
  const looked = isDue
    ? await orTask(world, before, 'look', now, () =>
        lookAtPeriod(world, before, plan, rules.tasks, { now, changesOnly: !isOverAll }),
      )
    : null;
  if (looked) close = looked.close;
  // What can't be read isn't known: no light is given over it.
  else if (isDue) close = { ...close, look: null };
  if (isDue) close = await reconcileClose(world, close, plan, rules.tasks, issues.period, now);
  const verdict = judgeClose(close, { period: ofPeriod, tasks }, decisions, rules);
  close = litOrNot(verdict.close);
  const look = isDue && looked !== null;
  const extras = await workExtras({ world, close, plan, rules, issues, messages, look, bot, now });
  close = endedOrNot(extras.close, now, extras.waits);
  await keep(world, { ...kept, close });
  await evidenceOfClose(world, { ...verdict, close });
  if (looked) await tellOfLook(world, close, issues, looked, bot);
  const standing = close;
  if (looked && isLocked(standing))
    await orTask(world, standing, 'exceptions', now, () =>
      lookAtExceptions(world, standing, issues.period, bot, now),
    );
  for (const putBack of verdict.putBacks) {
    const on = (putBack.task && issues.ofTasks.get(putBack.task)) || issues.period;
    await postOnce(world, on, { bot }, `putback:${putBack.key}`, putBackText(putBack));
  }
  await showClose(world, close, issues, rules);
  const shown = close;
  if (looked && visit.look)
    await orTask(world, shown, 'owners', now, () => tellOwners(world, shown, plan, now));
  return visitOf(close, {
    nextAt: nextLook(close, nextNight(now, plan.policy.close), now),
    lockAt: lockAt(close),
    answers: { ...accepted, ...extras.answers, ...verdict.answers },
  });
}

/** Whether somebody signs what stands or falls with the records: they are read first. */
function signsOver(
  close: CloseCase,
  tasks: ReadonlyMap<string, IssueReading>,
  messages: VisitClose['messages'],
  rules: CloseRules,
): boolean {
  return rules.tasks
    .filter(({ automatic, overRecords, overBilling }) => automatic !== null || overRecords || overBilling)
    .some(({ key }) => {
      const state = close.tasks.find((one) => one.key === key);
      const issue = tasks.get(key);
      const isMoved = state !== undefined && issue !== undefined && taskMoved(state, issue.description);
      return isMoved || messages.some(({ task }) => task?.startsWith(`${key}/`));
    });
}

export async function keptClose(world: Pick<World, 'store'>, period: string): Promise<KeptClose> {
  const kept = await world.store.closes.get(period);
  if (!kept) throw new Error(`the close of ${period} is not in the store`);
  return kept;
}

/** The plan by the policy that the close keeps. */
export const planOf = (world: Pick<World, 'handbook'>, close: CloseCase): ClosePlan =>
  planCloseBy(world.handbook(), close.period, pinnedPolicy(world.handbook(), close.policyVersion));

/** Writes it back; somebody who wrote meanwhile is an older try of the same visit: this one is done again. */
export async function keep(world: Pick<World, 'store'>, kept: KeptClose): Promise<void> {
  await writtenBack(world.store.closes, kept, 'close');
}

function rulesOf(world: Pick<World, 'handbook'>, close: CloseCase, plan: ClosePlan): CloseRules {
  const { people, checklist, labels } = world.handbook();
  const keys = new Set(close.tasks.map(({ key }) => key));
  return {
    tasks: checklist.filter(({ key }) => keys.has(key)),
    covers: (name) => people.members.find(({ username }) => username === name)?.coveredBy ?? [],
    greenLight: plan.policy.close.greenLight,
    labels,
    channels: plan.policy.decisions.complete.channels,
  };
}

export const lockAt = (close: CloseCase): string => dateOf(close, 'lock')?.at ?? close.openedAt;

async function reading(
  world: World,
  { project, iid, description }: DeskIssue,
  isMoved: boolean,
  bot: string,
): Promise<IssueReading> {
  return { description, notes: isMoved ? await world.gitlab.notes(project, iid) : [], bot };
}

async function periodReading(
  { gitlab }: World,
  { project, iid, description, labels }: DeskIssue,
  bot: string,
): Promise<PeriodReading> {
  const [notes, labelEvents] = await Promise.all([
    gitlab.notes(project, iid),
    gitlab.labelEvents(project, iid),
  ]);
  // The issue last: what somebody did in between would count as heard by its note, and not be seen on it.
  const now = await gitlab.issue(project, iid);
  return {
    description: now?.description ?? description,
    labels: now?.labels ?? labels,
    notes,
    labelEvents,
    bot,
  };
}

async function readings(
  world: World,
  { ofTasks }: CloseIssues,
  close: CloseCase,
  bot: string,
): Promise<ReadonlyMap<string, IssueReading>> {
  const found = new Map<string, IssueReading>();
  for (const state of close.tasks) {
    const issue = ofTasks.get(state.key);
    if (issue) found.set(state.key, await reading(world, issue, taskMoved(state, issue.description), bot));
  }
  return found;
}

/** Tells what changed: both parties where a light went out, and everybody where a locked period isn't what it was. */
async function tellOfLook(
  world: World,
  close: CloseCase,
  issues: CloseIssues,
  { changes, out }: Looked,
  bot: string,
): Promise<void> {
  // The look's own instant, the same for each try of it: what changed back and again is told again.
  const at = close.look?.at ?? close.openedAt;
  if (out.length > 0) {
    await noteOfClose(world, close, `out/${at}`, at, 'close.light_out', {
      what: `put out the green light of ${out.join(' and ')}`,
      why: changesInWords(changes),
      after: changed(changes),
    });
    await postOnce(world, issues.period, { bot }, `out:${at}`, markdown(outInWords(out, changes)));
  }
  if (changes.length === 0 || !isLocked(close)) return;
  await noteOfClose(world, close, `drift/${at}`, at, 'close.drift', {
    what: `found that a locked period is not what it was: ${changesInWords(changes)}`,
    after: changed(changes),
    proof: 'verified',
  });
  const lines = changes
    .slice(0, 20)
    .map(
      (change) =>
        `- ${codeSpan(change.id)} ${becameInWords(change)}${change.by ? `, last by ${codeSpan(change.by)} at ${change.at ?? ''}` : ''}`,
    );
  await postOnce(
    world,
    issues.period,
    { bot },
    `drift:${at}`,
    [`This period is locked, and ${markdown(changesInWords(changes))}.`, ...lines].join('\n'),
  );
}

/** For the auditor: fields by their names, from what to what. */
const changed = (changes: readonly RecordChange[]) =>
  changes.slice(0, 200).map(({ id, kind, fields, by, at }) => ({
    id,
    kind,
    by,
    at,
    fields: fields.map(({ field, from, to }) => ({ field, from, to })),
  }));
