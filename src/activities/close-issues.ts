import type { IssueRef } from '../domain/access-request';
import { isLocked, type CloseCase } from '../domain/close/close';
import type { CloseRules } from '../domain/close/desk';
import { lightLabelChange } from '../domain/close/light-acts';
import { forecastLines, forecastOf } from '../domain/close/forecast';
import { isSigned, type TaskState } from '../domain/close/tasks';
import {
  closeMark,
  periodBlock,
  periodMarker,
  periodTitle,
  taskBlock,
  taskMarker,
  taskTitle,
} from '../domain/close/text';
import { carriedText } from '../domain/close/roll-forward';
import { isMarked } from '../domain/request-text';
import { mergeBlock } from '../domain/owned-block';
import type { DeskIssue } from '../systems/gitlab';
import { createOnce, refOf } from './ops-task';
import type { World } from './world';

/** The issue of a period, and those of its tasks by their keys. */
export interface CloseIssues {
  readonly ref: IssueRef;
  readonly period: DeskIssue;
  readonly ofTasks: ReadonlyMap<string, DeskIssue>;
  readonly tasks: readonly TaskState[];
  /** All that daytwo made for this close. */
  readonly all: readonly DeskIssue[];
}

/** Finds the issues of a close in one look, and makes those that are missing. All are confidential: they are about bookings. */
export async function closeIssues(world: World, close: CloseCase, rules: CloseRules): Promise<CloseIssues> {
  const project = close.issue?.project ?? world.projects.accessRequests;
  const { username: bot } = await world.gitlab.self();
  const found = (await world.gitlab.byMarker(closeMark(close.period), project)).filter(
    ({ author }) => author === bot,
  );
  const known = (marker: string): DeskIssue | undefined =>
    found.find(({ description }) => isMarked(description, marker));
  const marker = periodMarker(close.period);
  const period =
    known(marker) ??
    (await createOnce(world, project, marker, {
      title: periodTitle(close.period),
      description: mergeBlock('', periodBlock(close, rules.tasks, new Map(), rules)),
      labels: [],
      confidential: true,
    }));
  const carried = await carriedFrom(
    world,
    close,
    bot,
    close.tasks.some(({ key }) => !known(taskMarker(close.period, key))),
  );
  const ofTasks = new Map<string, DeskIssue>();
  const states: TaskState[] = [];
  for (const state of close.tasks) {
    const task = rules.tasks.find(({ key }) => key === state.key);
    if (!task) {
      // Taken out of the checklist meanwhile: what was signed stands.
      states.push(state);
      continue;
    }
    const mark = taskMarker(close.period, state.key);
    const issue =
      known(mark) ??
      (await createOnce(world, project, mark, {
        title: taskTitle(close.period, task),
        description: mergeBlock(carried(state.key), taskBlock(close, task, state, period.iid, rules.covers)),
        labels: [],
        confidential: true,
      }));
    ofTasks.set(state.key, issue);
    states.push({ ...state, iid: issue.iid });
  }
  return { ref: refOf(period), period, ofTasks, tasks: states, all: found };
}

/** The close before this one; undefined where there was none. */
export async function closeBefore(
  { store }: Pick<World, 'store'>,
  period: string,
): Promise<CloseCase | undefined> {
  return (await store.closes.all()).find((one) => one.period < period);
}

/** What people wrote on the issues of the last period, by task: read only where an issue is to be made. */
async function carriedFrom(
  world: World,
  { period }: CloseCase,
  bot: string,
  isNeeded: boolean,
): Promise<(key: string) => string> {
  const before = isNeeded ? await closeBefore(world, period) : undefined;
  if (!before?.issue) return () => '';
  const found = await world.gitlab.byMarker(closeMark(before.period), before.issue.project);
  return (key) => {
    const mark = taskMarker(before.period, key);
    const issue = found.find(({ author, description }) => author === bot && isMarked(description, mark));
    return issue ? carriedText(issue.description, before.period) : '';
  };
}

/** Makes each issue show where it stands, by the smallest change. */
export async function showClose(
  world: World,
  close: CloseCase,
  issues: CloseIssues,
  rules: CloseRules,
): Promise<void> {
  const links = new Map([...issues.ofTasks].map(([key, { iid }]) => [key, iid]));
  const forecast = isLocked(close) ? null : forecastOf(await world.store.trend.days(close.period));
  const block = periodBlock(close, rules.tasks, links, rules, forecast ? forecastLines(forecast) : []);
  await show(world, issues.period, block, close.phase === 'ended', (set) =>
    lightLabelChange(close, set, rules.labels),
  );
  for (const state of close.tasks) {
    const [issue, task] = [issues.ofTasks.get(state.key), rules.tasks.find(({ key }) => key === state.key)];
    if (issue && task)
      await show(
        world,
        issue,
        taskBlock(close, task, state, issues.period.iid, rules.covers),
        isSigned(state),
      );
  }
}

/** The labels that must be added and removed, of those that are set. */
export type LabelChange = (set: readonly string[]) => {
  readonly add: readonly string[];
  readonly remove: readonly string[];
};
const NO_LABELS: LabelChange = () => ({ add: [], remove: [] });

/** What somebody wrote or labelled since it was read is left for the next visit: what they did is a hint of its own. */
export async function show(
  world: World,
  read: DeskIssue,
  block: string,
  isOver: boolean,
  labelled: LabelChange = NO_LABELS,
): Promise<void> {
  const description = mergeBlock(read.description, block);
  const stateEvent = isOver === (read.state === 'closed') ? undefined : isOver ? 'close' : 'reopen';
  const { add, remove } = labelled(read.labels);
  const isLabelled = add.length === 0 && remove.length === 0;
  if (description === read.description && isLabelled && read.confidential && stateEvent === undefined) {
    await world.store.seenIssue(read.project, read.iid, read.updatedAt);
    return;
  }
  const fresh = await world.gitlab.issue(read.project, read.iid);
  if (fresh?.description !== read.description) return;
  const now = labelled(fresh.labels);
  if (now.add.join() !== add.join() || now.remove.join() !== remove.join()) return;
  const shown = await world.gitlab.change(read.project, read.iid, {
    ...(description === read.description ? {} : { description }),
    ...(isLabelled ? {} : { addLabels: add, removeLabels: remove }),
    ...(read.confidential ? {} : { confidential: true }),
    ...(stateEvent ? { stateEvent } : {}),
  });
  await world.store.seenIssue(read.project, read.iid, shown.updatedAt);
}
