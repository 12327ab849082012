import { policyOn } from '../domain/day-two';
import { hourOf, summaryBlock, type LeaverStand } from '../domain/leavers-report';
import { isOver, type LeaverCase } from '../domain/leaving';
import { mergeBlock } from '../domain/owned-block';
import { bounded } from './bounded';
import { createOnce, opsMarker, ourIssue } from './ops-task';
import { userNameOf, type World } from './world';

/** Longer ago than this nobody looks at an hour any more: they were looked back on, and it is over. */
const LONGEST_MS = 60 * 86_400_000;
const AT_ONCE = 8;

/** What was shown last of an hour, so that nothing is asked of GitLab while nothing changes. Lost with the worker: then it is read. */
interface Shown {
  readonly members: string;
  readonly project: string | null;
  readonly block: string;
}
const shownBy = new WeakMap<World['store'], Map<string, Shown>>();

/**
 * One issue for many who leave at one hour, in a project that none of them sees: counts, and who is where. Written only when it
 * changed; the desk watch asks for it once a minute at most. Where no project is hidden from all of them there is none, and
 * `daytwo list` shows them.
 *
 * @returns how many were written
 */
export async function summariseLeavings(world: World, now: string): Promise<number> {
  const { summaryFrom } = policyOn(world.handbook(), now.slice(0, 10)).leaving;
  const since = new Date(Date.parse(now) - LONGEST_MS).toISOString();
  const cases = (await world.store.leavers.between(since, now)).filter(
    ({ phase, event }) => phase !== 'announced' && phase !== 'rescinded' && event.kind !== 'suspension',
  );
  const hours = new Map<string, LeaverCase[]>();
  for (const one of cases) hours.set(hourOf(one), [...(hours.get(hourOf(one)) ?? []), one]);
  const memory = shownBy.get(world.store) ?? new Map<string, Shown>();
  shownBy.set(world.store, memory);
  let written = 0;
  for (const [hour, of] of hours) {
    if (of.length < summaryFrom) continue;
    const items = await world.store.leavers.itemsOf(of.map(({ leaving }) => leaving));
    const stands = of.map((one): LeaverStand => ({ one, items: items.get(one.leaving) ?? [] }));
    const block = summaryBlock(hour, stands);
    const known = memory.get(hour);
    if (known?.block === block) continue;
    const members = of.map(({ employeeId }) => employeeId).join(' ');
    const project = known?.members === members ? known.project : await hiddenFromAll(world, hour, of);
    if (project !== null) {
      await show(world, project, hour, block, of.every(isOver));
      written += 1;
    }
    memory.set(hour, { members, project, block });
  }
  return written;
}

const markerOf = (hour: string): string => opsMarker(`leavers:${hour}`);

/** The first project that none of them sees. An issue that stands where one of them does by now is emptied and closed. */
async function hiddenFromAll(
  world: World,
  hour: string,
  of: readonly { readonly employeeId: string }[],
): Promise<string | null> {
  const people = await world.store.peopleById(of.map(({ employeeId }) => employeeId));
  const names = (
    await bounded([...people.values()], AT_ONCE, ({ email }) => userNameOf(world, email))
  ).flatMap((name) => name ?? []);
  let hidden: string | null = null;
  for (const project of [world.projects.accessRequests, world.projects.employment]) {
    const seen = await bounded(names, AT_ONCE, (name) => world.gitlab.seesConfidential(project, name));
    if (!seen.includes(true)) {
      hidden ??= project;
      continue;
    }
    const issue = await ourIssue(world, markerOf(hour), project);
    if (issue?.state === 'opened')
      await world.gitlab.change(project, issue.iid, {
        description: `<!-- ${markerOf(hour)} -->\n\nThis stands elsewhere by now.`,
        stateEvent: 'close',
      });
  }
  return hidden;
}

async function show(
  world: World,
  project: string,
  hour: string,
  block: string,
  over: boolean,
): Promise<void> {
  const marker = markerOf(hour);
  const text = `<!-- ${marker} -->\n\n${block}`;
  const issue = await createOnce(world, project, marker, {
    title: `Leaving at ${hour}:00 UTC`,
    description: mergeBlock('', text),
    labels: [],
    confidential: true,
  });
  const description = mergeBlock(issue.description, text);
  const stateEvent = over === (issue.state === 'closed') ? undefined : over ? 'close' : 'reopen';
  if (description === issue.description && issue.confidential && stateEvent === undefined) return;
  await world.gitlab.change(project, issue.iid, {
    ...(description === issue.description ? {} : { description }),
    ...(issue.confidential ? {} : { confidential: true }),
    ...(stateEvent ? { stateEvent } : {}),
  });
}
