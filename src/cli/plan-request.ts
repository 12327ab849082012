import { readFileSync } from 'node:fs';
import { knownAbsences } from '../activities/absence';
import { forecastOf } from '../activities/filed-plan';
import { filedText } from '../activities/filed-reading';
import { wordsOfAway } from '../activities/kept-work';
import type { ReadWorld } from '../activities/world';
import { timeAwayAt, type TimeAway } from '../domain/absence';
import { policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import { forecastLines } from '../domain/filed-plan-text';
import { readObject } from './objects';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';

export interface PlanRequestOptions extends Spoken {
  readonly by?: string;
}

/**
 * `daytwo plan request <issue|file|->`: what a request would grant, to whom, in which order, who would have to approve it, which
 * seats would run out and which lines can't be read. Reads the systems as the worker would, and changes nothing there.
 */
export function planRequest(
  source: string,
  options: PlanRequestOptions,
  around: Surroundings,
): Promise<number> {
  return withReadWorld(around, async (world) => {
    const now = around.now().toISOString();
    const { text, by } = await textOf(source, options, world, around);
    const moment = {
      policy: policyOn(world.handbook(), now.slice(0, 10)),
      now,
      away: wordsOfAway(await awayNow(world, now)),
    };
    const forecast = await forecastOf(world, text, { by, at: now, alone: true }, moment);
    if (options.json) around.out(jsonLine(forecast));
    else {
      for (const paragraph of forecastLines(forecast, terminal, terminal)) around.out(`${paragraph}\n`);
      around.out(around.colours.dim('Nothing was changed.'));
    }
    return forecast.unread === 0 ? 0 : 1;
  });
}

/** The text of an issue as people wrote it, or of a file; filed by the issue's author, or by whom --by names. */
async function textOf(
  source: string,
  { by }: PlanRequestOptions,
  world: ReadWorld,
  around: Surroundings,
): Promise<{ readonly text: string; readonly by: string }> {
  const named = namedIssue(source, world);
  if (!named) {
    if (by === undefined) throw new WrongUsage('Who files it? --by <username>.');
    const bytes = source === '-' ? await around.stdin() : readFile(source);
    return { text: bytes.toString('utf8'), by };
  }
  const issue = await world.gitlab.issue(named.project, named.iid);
  if (!issue) throw new Refused(`GitLab shows no issue ${named.project}#${named.iid}.`);
  return { text: filedText(issue.description), by: by ?? issue.author };
}

function namedIssue(
  source: string,
  { projects }: ReadWorld,
): { readonly project: string; readonly iid: number } | null {
  if (!/^(?:https?:\/\/|#\d)|#\d+$/i.test(source)) return null;
  const named = readObject(source, null);
  if (named.kind === 'iid') return { project: projects.accessRequests, iid: named.iid };
  return named.kind === 'issue' ? named : null;
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new WrongUsage(`${path} can not be read: name an issue, a file, or - for standard input.`);
  }
}

async function awayNow(world: ReadWorld, now: string): Promise<ReadonlyMap<string, TimeAway>> {
  const members = world.handbook().people.members.map(({ username }) => username);
  const away = new Map<string, TimeAway>();
  for (const [username, absences] of await knownAbsences(world, members, now)) {
    const time = timeAwayAt(absences, now);
    if (time) away.set(username, time);
  }
  return away;
}
