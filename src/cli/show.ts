import { systemInWords } from '../domain/access-request';
import { terminal } from '../domain/escape';
import { NoWorker, type Engine, type Running } from './engine';
import { findProcess } from './find-process';
import { readObject } from './objects';
import { withProcesses } from './open';
import { jsonLine, type Spoken, type Surroundings } from './surroundings';
import {
  linkOf,
  standingOf,
  viewOf,
  waitsOf,
  type CloseView,
  type FiledView,
  type TaskView,
  type TerritoryRunView,
  type View,
} from './views';
import { age, onClock, shortDigest, spaced, zoneNote } from './words';

export interface ShowOptions extends Spoken {
  readonly watch?: boolean;
  readonly csv?: boolean;
}

const EVERY_MS = 2_000;

/** `daytwo show <object>` */
export function show(object: string, options: ShowOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ engine, places, settings }) => {
    const process = await findProcess(readObject(object, settings.gitlab.url), places);
    return options.watch
      ? watch(engine, process, options, around)
      : showOnce(engine, process, options, around);
  });
}

async function showOnce(
  engine: Engine,
  process: Running,
  options: ShowOptions,
  around: Surroundings,
): Promise<number> {
  const answer = await statusOf(engine, process);
  if (options.json)
    around.out(
      jsonLine({
        process: process.workflowId,
        execution: process.execution,
        ended: process.closedAt,
        status: answer,
      }),
    );
  else for (const line of inWords(process, viewOf(answer), around)) around.out(line);
  return 0;
}

/** Follows it until it ends or the reader has had enough; says it again whenever something changed. */
export async function watch(
  engine: Engine,
  first: Running,
  options: ShowOptions,
  around: Surroundings,
): Promise<number> {
  let process = first;
  const { signal } = around;
  let said = '';
  for (;;) {
    const answer = await statusOf(engine, process);
    const news = JSON.stringify([process.execution, process.progress, answer]);
    if (news !== said) {
      if (options.json)
        around.out(
          jsonLine({
            at: around.now().toISOString(),
            process: process.workflowId,
            execution: process.execution,
            status: answer,
          }),
        );
      else redraw(inWords(process, viewOf(answer), around), said === '', around);
    }
    said = news;
    if (process.execution !== 'RUNNING') return 0;
    await around.pause(EVERY_MS);
    if (signal.aborted) return 0;
    // By id alone: a long-lived process goes on in another run.
    process = (await engine.find(first.workflowId)) ?? process;
  }
}

function redraw(lines: readonly string[], first: boolean, around: Surroundings): void {
  if (around.terminal)
    around.out(
      `\u001b[H\u001b[2J${lines.join('\n')}\n\n${around.colours.dim('Followed live; Ctrl-C ends it.')}`,
    );
  else around.out(`${first ? '' : '\n'}${around.now().toISOString()}\n${lines.join('\n')}`);
}

/** Null for what has ended and can't be asked any more. */
async function statusOf(engine: Engine, process: Running): Promise<unknown> {
  try {
    return await engine.status(process);
  } catch (error) {
    if (error instanceof NoWorker && process.execution !== 'RUNNING') return null;
    throw error;
  }
}

/** One process as text that a person reads: where it stands, what it waits for, each task. */
export function inWords(
  process: Running,
  status: View | null,
  around: Pick<Surroundings, 'zone' | 'now' | 'colours'>,
): string[] {
  const { colours, zone } = around;
  const state = spaced(standingOf(process, status));
  const runs = process.execution === 'RUNNING';
  const lines = [`${colours.bold(terminal(process.workflowId))}  ${paintState(state, colours)}`];
  const say = (name: string, value: string | null | undefined): void => {
    if (value) lines.push(`  ${name.padEnd(10)} ${terminal(value)}`);
  };
  say('link', status && linkOf(status));
  say('employee', process.employeeId);
  say('began', onClock(process.startedAt, zone));
  say('ended', process.closedAt && onClock(process.closedAt, zone));
  for (const { activity, attempt } of process.retried ?? [])
    lines.push(
      `  ${colours.red('tries again')} ${terminal(activity)}, attempt ${attempt}: the Temporal UI and the worker's log say why`,
    );
  for (const { activity, done, of } of process.progress ?? [])
    lines.push(
      `  ${'at work'.padEnd(10)} ${barOf({ done, of }) ?? `${done} of ${of}`} people, ${terminal(spaced(activity))}`,
    );
  if (!status)
    lines.push(
      '',
      runs
        ? 'Its worker is of another version: see the Temporal UI.'
        : 'It has ended; `daytwo evidence show` tells what happened.',
    );
  else lines.push(...details(status, runs, say, around));
  return [...lines, '', colours.dim(zoneNote(zone))];
}

function paintState(state: string, colours: Surroundings['colours']): string {
  if (/closed|completed/.test(state)) return colours.green(state);
  return /failed|terminated|rejected|cancelled|timed out/.test(state)
    ? colours.red(state)
    : colours.yellow(state);
}

function details(
  status: View,
  runs: boolean,
  say: (name: string, value: string | null) => void,
  around: Pick<Surroundings, 'zone' | 'now' | 'colours'>,
): string[] {
  if (status.kind === 'access-request') {
    say('approval', status.approval === 'born' ? 'with its role template' : status.approval);
    say('picked up', status.claimedBy ? `by @${status.claimedBy}` : 'by nobody yet');
    if (status.filed) sayFiled(status.filed, say);
    say(
      'policy',
      `of ${status.policyVersion}${status.filed ? '' : `, template ${shortDigest(status.templateDigest)}`}`,
    );
  } else if (status.kind === 'onboarding') {
    say('starts', status.startDate);
    if (status.step.kind === 'wait')
      say('day two', `${onClock(status.step.until, around.zone)}: then the access request is made`);
  } else if (status.kind === 'role-change') {
    if (status.step.kind === 'no_template')
      say('reminder', `${onClock(status.step.remindAt, around.zone)}, if nobody filed anything`);
  } else if (status.kind === 'seat-pool') {
    const { last } = status;
    say('seats', last && `${last.used} of ${last.total ?? 'unlimited'} taken, ${last.waiting} wait`);
    say('looked', status.lookedAt && onClock(status.lookedAt, around.zone));
  } else if (status.kind === 'licence-reclaim') {
    say('about', status.users === null ? null : `${status.users} users without a sign-in`);
    say('notice', status.noticeEndsAt && `until ${onClock(status.noticeEndsAt, around.zone)}`);
    say('decided', status.decided && (status.decided === 'approve' ? 'approved' : 'rejected'));
  } else if (status.kind === 'monthly-close') {
    say('tasks', `${status.signed} of ${status.tasks} signed by both`);
    say('green', status.lit.length > 0 ? status.lit.join(', ') : 'not yet');
    if (status.records !== null)
      say('records', `${status.records} closed opportunities; ${status.open ?? 0} open ones are overdue`);
    if (status.findings !== null) say('findings', `${status.findings} open`);
    sayBesides(status, say, around.zone);
    if (status.phase !== 'locked' && status.phase !== 'ended')
      say('locks', onClock(status.lockAt, around.zone));
    if (runs) say('next look', status.nextAt && onClock(status.nextAt, around.zone));
  } else if (status.kind === 'period-change') {
    say(
      'about',
      `${status.edits} ${status.edits === 1 ? 'field' : 'fields'} of ${status.period}, which is locked`,
    );
    if (status.phase === 'asked') say('over', onClock(status.expiresAt, around.zone));
  } else if (status.kind === 'account-review') {
    say('about', status.of === 'owner-change' ? 'another owner' : 'other employees or address');
    say('in force', status.effectiveDate && `from ${status.effectiveDate}`);
    if (runs) say('next', status.nextAt && onClock(status.nextAt, around.zone));
  } else if (status.kind === 'territory-plan') {
    sayRun(status, say, around.zone);
  } else if (status.kind === 'offboarding') {
    say('time zero', status.timeZero && onClock(status.timeZero, around.zone));
    if (runs && status.phase !== 'announced')
      say('next look', status.nextAt && onClock(status.nextAt, around.zone));
  } else if (status.kind === 'territory-watch') {
    say(
      'rounds',
      `${status.rounds}, ${status.staged} accounts staged; looked until ${onClock(status.cursor, around.zone)}`,
    );
  } else {
    say(
      'rounds',
      `${status.rounds}, ${status.hinted} hints; looked until ${onClock(status.cursor, around.zone)}`,
    );
  }
  return [
    // Its last words say what it waited for; what has ended waits for nothing.
    ...(runs ? [...waitsLines(status, around), ...stepLines(status, around)] : []),
    ...(status.kind === 'access-request' ? partLines(status.filed, around) : []),
    ...(status.kind === 'access-request' ? taskLines(status.tasks, status.filed?.counts ?? {}, around) : []),
  ];
}

function sayRun(
  { figures, staging, transfers, phase, expiresAt }: TerritoryRunView,
  say: (name: string, value: string | null) => void,
  zone: string,
): void {
  if (figures)
    say(
      'accounts',
      `${figures.accounts}: ${figures.added} new, ${figures.changed} changed, ${figures.due} to transfer, ${figures.findings} findings`,
    );
  if (phase === 'asked') say('over', onClock(expiresAt, zone));
  if (phase === 'done')
    say(
      'written',
      `${staging.rows} (${staging.left} left, ${staging.refused} refused); transferred ${transfers.rows}`,
    );
}

/** How a close stands with billing, and who answered their letter. */
function sayBesides(
  { variances, letters }: CloseView,
  say: (name: string, value: string | null) => void,
  zone: string,
): void {
  if (variances)
    say(
      'billing',
      variances.problem ?? `${variances.open} variances open, ${variances.holding} hold the light`,
    );
  for (const { by, at } of letters?.answered ?? []) say('letter', `${by} certified, ${onClock(at, zone)}`);
  if (letters && letters.waits.length > 0) say('letters', `not answered: ${letters.waits.join(', ')}`);
}

function sayFiled(filed: FiledView, say: (name: string, value: string | null) => void): void {
  const kinds = { single: 'for one person', bulk: 'for many', change: 'a change of access' };
  say('filed', `by @${filed.requester}, ${kinds[filed.kind]}`);
  say('people', `${filed.people} take part${filed.leftOut > 0 ? `, ${filed.leftOut} left out` : ''}`);
  if (filed.unread > 0) say('unread', `${filed.unread} to be mended on the issue`);
  say('until', filed.until);
}

/** Each approval with the beginning of its digest: what `daytwo approve --digest` takes. */
function partLines(
  filed: FiledView | undefined,
  { zone, colours }: Pick<Surroundings, 'zone' | 'colours'>,
): string[] {
  if (!filed || filed.parts.length === 0) return [];
  const width = Math.max(...filed.parts.map(({ key }) => key.length));
  return [
    '',
    colours.bold('Approvals'),
    ...filed.parts.map(({ key, status, who, digest, since }) => {
      const on = status === 'waiting' ? `, on ${who[0] ?? 'nobody'} since ${onClock(since, zone)}` : '';
      return `  ${terminal(key).padEnd(width)}  ${status}${terminal(on)}  ${colours.dim(digest.slice(0, 12))}`;
    }),
  ];
}

const BAR = 30;

type BarCounts = Pick<FiledView['counts'][string], 'done' | 'of'> & Partial<FiledView['counts'][string]>;

/** `[##########--------------------] 340 of 1000, 3 to be looked at`; null for a task of one person. */
function barOf(counts: BarCounts | undefined): string | null {
  if (!counts || counts.of <= 1) return null;
  const full = Math.round((BAR * Math.min(counts.done, counts.of)) / counts.of);
  const waiting = counts.waiting ? `, ${counts.waiting} wait` : '';
  const odd = counts.exceptions ? `, ${counts.exceptions} to be looked at` : '';
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${counts.done} of ${counts.of}${waiting}${odd}`;
}

function waitsLines(
  status: View,
  { zone, now, colours }: Pick<Surroundings, 'zone' | 'now' | 'colours'>,
): string[] {
  const waits = waitsOf(status);
  if (waits.length === 0) return [];
  return [
    '',
    colours.bold('Waits for'),
    ...waits.map(
      (wait) =>
        `  ${terminal(wait.for)}, on ${terminal(wait.on)}, since ${onClock(wait.since, zone)} (${age(wait.since, now())})`,
    ),
  ];
}

function stepLines(status: View, { zone, colours }: Pick<Surroundings, 'zone' | 'colours'>): string[] {
  if (status.kind === 'offboarding' && status.standing.length > 0)
    return [
      '',
      colours.bold('Open') + colours.dim('  (the first word is what `daytwo complete --task` takes)'),
      ...status.standing.map((line) => `  ${terminal(inZone(line, zone))}`),
    ];
  if (status.kind === 'monthly-close' && status.waits.length > 0)
    return [
      '',
      colours.bold('Open') + colours.dim('  (what `daytwo complete --task` takes)'),
      ...status.waits.map(
        ({ task, for: step, dueAt }) => `  ${terminal(`${task}/${step}`)}, due ${onClock(dueAt, zone)}`,
      ),
    ];
  if (status.kind !== 'onboarding') return [];
  if (status.step.kind === 'no_template')
    return [
      '',
      'No role template fits. Looked for',
      ...status.step.paths.map((path) => `  ${terminal(path)}`),
    ];
  if (status.step.kind === 'needs_ops')
    return ['', 'What is wrong', ...status.step.problems.map((problem) => `  ${terminal(problem)}`)];
  return [];
}

/** A line that was written for the Temporal UI: its instants as the reader's clock shows them, and no marks of Markdown. */
const inZone = (line: string, zone: string): string =>
  line.replace(/`/g, '').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => onClock(at, zone));

function taskLines(
  tasks: readonly TaskView[],
  counts: FiledView['counts'],
  around: Pick<Surroundings, 'zone' | 'colours'>,
): string[] {
  if (tasks.length === 0) return [];
  const { colours } = around;
  const width = Math.max(...tasks.map((task) => task.id.length));
  const lines = tasks.flatMap((task) => {
    const [box, words, more] = taskInWords(task, around);
    const first = `  ${box} ${terminal(task.id).padEnd(width)}  ${terminal(task.name)}: ${terminal(words)}`;
    const bar = barOf(counts[task.id]);
    const below = [...(bar === null ? [] : [bar]), ...(more ?? [])];
    return [first, ...below.map((line) => `      ${terminal(line)}`)];
  });
  return ['', colours.bold('Tasks') + colours.dim('  (the first word is what --task takes)'), ...lines];
}

function taskInWords(
  task: TaskView,
  { zone, colours }: Pick<Surroundings, 'zone' | 'colours'>,
): [box: string, words: string, more: readonly string[] | null] {
  const { state } = task;
  switch (state.status) {
    case 'open':
      return ['[ ]', task.by === 'daytwo' ? 'daytwo does it' : 'a person does it', null];
    case 'done': {
      const how = { verified: 'verified', attested: `attested by ${state.by}`, already: 'was there already' }[
        state.how
      ];
      return [
        colours.green('[x]'),
        `${how}, ${onClock(state.at, zone)}`,
        state.detail ? [state.detail] : null,
      ];
    }
    case 'waiting_for_seat':
      return [
        colours.yellow('[~]'),
        `waits for a free licence ${state.licence} since ${onClock(state.since, zone)}`,
        null,
      ];
    case 'waiting_for_system':
      return [
        colours.yellow('[~]'),
        `waits for ${systemInWords(state.system, task.name)} to answer since ${onClock(state.since, zone)}`,
        [`${state.code}; asked again ${onClock(state.again, zone)}`],
      ];
    case 'needs_person':
      return [
        colours.red('[!]'),
        `needs a person since ${onClock(state.since, zone)}`,
        [state.problem, state.mend],
      ];
    case 'nothing_to_remove':
      return ['[-]', `nothing to take back, ${onClock(state.at, zone)}`, [state.reason]];
    case 'rejected':
      return [colours.red('[-]'), `rejected by ${state.by}, ${onClock(state.at, zone)}`, [state.reason]];
    case 'removed':
      return ['[-]', `removed ${onClock(state.at, zone)}${state.verified ? ', verified' : ''}`, null];
  }
}
