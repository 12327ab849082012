import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { live } from '../../scripts/lib/progress.cjs';
import { Workflows } from '../temporal/client';
import type { Handbook } from '../domain/handbook';
import type { DemoOptions, DemoOutcome } from '../up/demo';
import { Accounts } from './accounts';
import { playClose } from './close';
import { playTerritory } from './territory';
import { CAST_NUMBERS, castFor, type Cast, type Newcomer } from './hires';
import { announceHire } from './hr';
import { playLeaver } from './leaver';
import { verifyLeaver } from './verify-leaver';
import { Hopeless, Patience, WaitedInVain } from './patience';
import { Readings } from './readings';
import { playApproval, playersOf, playGranted, playWaiting, workflowUrl, type Stage } from './stories';
import { SpareSeats } from './spare-seats';
import { surroundingsOf } from './surroundings';
import { localZone, tellPeople, tellPrograms, type Check, type Verified } from './telling';
import { judgeDone, judgeWaiting } from './verdict';
import { workedBefore } from './worked-before';

/** How long what was verified may take to settle after the last step, in milliseconds. */
const SETTLE_MS = 10_000;

/** Plays what is asked for on a running sandbox. */
export function playDemo(options: DemoOptions): Promise<DemoOutcome> {
  switch (options.play) {
    case 'close':
      return playClose(options);
    case 'territory':
      return playTerritory(options);
    default:
      return playHires(options);
  }
}

/**
 * Plays the main job on a running sandbox: three people join whose day two is now, sandbox people do their part through
 * GitLab with their own tokens, and at the end everything is read back from the systems themselves.
 */
async function playHires(options: DemoOptions): Promise<DemoOutcome> {
  const { stateDir, signal } = options;
  const around = surroundingsOf(stateDir);
  const workflows = await Workflows.connect(around.settings);
  const patience = new Patience(signal);
  const accounts = new Accounts(around.sandbox);
  const players = playersOf(around.handbook.people);
  const [eyes = players.assigns] = players.dris;
  const telling = options.json ? tellPrograms() : tellPeople(options.voice);
  const readings = new Readings(around, accounts, workflows, eyes);
  const stage: Stage = {
    around,
    patience,
    telling,
    accounts,
    readings,
    players,
    eyes: around.as(eyes),
    as: around.as,
  };
  const waiting = live('Playing the main job', () => `waiting for ${patience.waits.join('; ')}`);
  try {
    const cast = castFor(around.handbook, new Date().toISOString(), randomInt(CAST_NUMBERS));
    const seats = new SpareSeats(around, accounts, workflows);
    telling.headline(`Three people join. Times are ${localZone(new Date())}.`);
    await patience.until('the spare Salesforce licences to be there', async () => {
      await seats.putBack();
      return true;
    });
    const faults = await play(stage, cast, seats);
    const verified = await verify(stage, cast);
    waiting.clear();
    telling.headline('\nVerified from outside of the workflows:');
    telling.verified(verified);
    if (!options.exit) await tellNext(stage, cast, stateDir);
    const missing = [...faults, ...verified.flatMap(({ hire, checks }) => missingOf(hire, checks))];
    if (missing.length > 0) options.voice.warn(`What the parts say of it: ${join(stateDir, 'logs')}`);
    return { ok: missing.length === 0, missing };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { ok: false, missing: ['the rest, since it was interrupted'] };
  } finally {
    waiting.clear();
    await workflows.close();
  }
}

const missingOf = (hire: string, checks: readonly Check[]): string[] =>
  checks.flatMap(({ where, missing }) => missing.map((one) => `${hire}, ${where}: ${one}`));

/**
 * Who joins, one after another in overlapping time: each begins once HR's word of it was taken. Then who leaves. Gives what
 * didn't come.
 */
async function play(stage: Stage, cast: Cast, seats: SpareSeats): Promise<readonly string[]> {
  const stories: Promise<void>[] = [];
  const faults: string[] = [];
  const tell = (story: Promise<void>, { event }: Newcomer): void => {
    stories.push(
      story.catch((error: unknown) => {
        faults.push(
          error instanceof WaitedInVain || error instanceof Hopeless
            ? wordsOf(error)
            : `${event.name}: ${wordsOf(error)}`,
        );
      }),
    );
  };
  const begin = async (
    newcomer: Newcomer,
    story: (stage: Stage, newcomer: Newcomer) => Promise<void>,
  ): Promise<void> => {
    await announceHire(stage, newcomer);
    tell(story(stage, newcomer), newcomer);
  };
  try {
    await begin(cast.granted, playGranted);
    await begin(cast.approval, playApproval);
    await begin(cast.waiting, playWaiting);
  } catch (error) {
    faults.push(wordsOf(error));
  }
  await Promise.all(stories);
  if (faults.length > 0) return faults;
  stage.telling.headline('\nSomebody leaves, and their seat is what somebody else waits for.');
  tell(
    workedBefore(stage, cast.leaver).then(() => playLeaver(stage, cast, seats)),
    cast.leaver,
  );
  await Promise.all(stories);
  return faults;
}

/** With the last fault that was met while waiting. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
}

/** Reads everything until it is as it must be, or for as long as it may take to settle. */
async function verify(stage: Stage, cast: Cast): Promise<readonly Verified[]> {
  const until = Date.now() + SETTLE_MS;
  const look = async (): Promise<readonly Verified[] | undefined> => {
    const all = await Promise.all([
      verifyOne(stage, cast.granted, stage.players.assigns),
      verifyOne(stage, cast.approval, stage.players.labels),
      verifyOne(stage, cast.waiting, null),
      verifyOne(stage, cast.seatless, stage.players.assigns),
      verifyLeaver(stage, cast.leaver),
    ]);
    const settled = all.every(({ checks }) => checks.every(({ missing }) => missing.length === 0));
    return settled || Date.now() > until ? all : undefined;
  };
  return stage.patience.until('everything to be as it must be', look, SETTLE_MS * 3);
}

/** @param assignee who must hold the request in the end; null for the hire who must wait for a role template */
async function verifyOne(stage: Stage, newcomer: Newcomer, assignee: string | null): Promise<Verified> {
  const { event, role, manager, tasks } = newcomer;
  const { dris } = stage.players;
  const told = assignee === null && manager !== null ? [manager, ...dris] : dris;
  const reading = await stage.readings.of(event, told);
  const checks =
    assignee === null
      ? judgeWaiting({ paths: role.paths, told }, reading)
      : judgeDone({ tasks, assignee, told }, reading);
  return { hire: event.name, title: `employee ${event.employee_id}, ${event.title}`, checks };
}

/** The three are done; whoever wants to play the desk themself needs requests that aren't. */
function writeMoreHires(handbook: Handbook, stateDir: string): string {
  const { granted, approval } = castFor(handbook, new Date().toISOString(), randomInt(CAST_NUMBERS));
  const file = join(stateDir, 'sandbox.hires.jsonl');
  writeFileSync(file, [granted, approval].map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
  return relative(process.cwd(), file).startsWith('..') ? file : relative(process.cwd(), file);
}

/** What to look at, and what to try, now that it all stands there. */
async function tellNext({ around, readings, telling }: Stage, cast: Cast, stateDir: string): Promise<void> {
  const more = writeMoreHires(around.handbook, stateDir);
  const { url, accessRequestsProject } = around.sandbox.gitlab;
  const { event, role } = cast.waiting;
  const [onboarding] = await readings.onboardingsOf(event);
  const workflow = await readings.workflow(`onboarding/${event.employee_id}`);
  const inTemporal = workflow && workflowUrl(around, workflow);
  const rows: [string, string | undefined][] = [
    ['The board', `${url}/${accessRequestsProject}/-/boards`],
    ['Two more to work on it', `npx daytwo hire ${more}`],
    [`${event.name}, who waits`, onboarding?.webUrl],
    ['… in the Temporal UI', inTemporal ?? undefined],
    ['… on the command line', `npx daytwo show ${event.employee_id}`],
    ['… helped by a template', `config/${role.paths.at(-1) ?? ''}, then npx daytwo config check`],
    ['The auditor reads', `npx daytwo evidence show ${cast.approval.event.employee_id}`],
    ['… of who left', `npx daytwo evidence leaver ${cast.leaver.event.employee_id}`],
  ];
  telling.headline('To look at, and to try:');
  telling.next(rows.filter((row): row is [string, string] => row[1] !== undefined));
}
