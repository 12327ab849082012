import type { Doers, Handbook, System } from '../domain/handbook';
import { notApplicableText, revokedText } from '../domain/leaver-desk';
import { boxesOf, boxKey } from '../domain/task-list';
import type { DeskIssue } from '../systems/gitlab';
import type { Newcomer } from './hires';
import type { IssueWatch } from './issue-watch';
import type { Stage } from './stories';
import { isTicked, tick } from './tick';

/** One person's ticks: the texts of their boxes. */
export interface Ticks {
  readonly who: string;
  readonly texts: readonly string[];
}

/**
 * Who ticks what on the issue of a leaving: of each system that is open one of its deprovisioners says that access is gone, or
 * that there was none; other boxes are steps, which one of Salesforce's does.
 *
 * @param had the systems where the leaver had access
 */
export function ticksFor(
  description: string,
  { systems, people }: Pick<Handbook, 'systems' | 'people'>,
  had: readonly string[],
): readonly Ticks[] {
  const open = boxesOf(description).filter(({ ticked }) => !ticked);
  const isOpen = (text: string): boolean => open.some((box) => boxKey(box.text) === boxKey(text));
  const whoOf = (doers: Doers | undefined): string => doersOf(doers, people).at(-1) ?? '';
  const bySystem = systems
    .filter(({ name }) => isOpen(revokedText(name)) && isOpen(notApplicableText(name)))
    .map(({ key, name, deprovisioners }) => ({
      who: whoOf(deprovisioners),
      text: had.includes(key) ? revokedText(name) : notApplicableText(name),
    }));
  const known = new Set(
    systems.flatMap(({ name }) => [revokedText(name), notApplicableText(name)]).map(boxKey),
  );
  const steps = open
    .filter(({ text }) => !known.has(boxKey(text)))
    .map(({ text }) => ({ who: whoOf(salesforce(systems)?.deprovisioners), text }));
  const all = [...bySystem, ...steps];
  return [...new Set(all.map(({ who }) => who))].map((who) => ({
    who,
    texts: all.filter((one) => one.who === who).map(({ text }) => text),
  }));
}

const doersOf = (doers: Doers | undefined, { teams }: Handbook['people']): readonly string[] =>
  doers === undefined ? [] : 'people' in doers ? doers.people : (teams[doers.queue]?.members ?? []);

const salesforce = (systems: readonly System[]): System | undefined =>
  systems.find(({ ways }) => ways.some(({ kind }) => kind === 'salesforce-user'));

/** Lets somebody tick a box of a system that others settle: it is put back. */
async function triedBy(
  stage: Stage,
  watch: IssueWatch,
  { description, project, iid }: DeskIssue,
): Promise<void> {
  const { hasty } = stage.players;
  const { systems, people } = stage.around.handbook;
  const others = systems.find(
    ({ name, deprovisioners }) =>
      !doersOf(deprovisioners, people).includes(hasty) &&
      [revokedText(name), notApplicableText(name)].every((text) => tick(description, text) !== null),
  );
  if (!others) return;
  const text = notApplicableText(others.name);
  await watch.act(hasty, `ticks "${text}", though only its deprovisioners may`, async (desk, seen) => {
    const ticked = tick(seen.description, text);
    if (ticked !== null) await desk.change(project, iid, { description: ticked });
  });
  await watch.until(
    'daytwo to put the box back',
    ({ issue, notes }) =>
      !isTicked(issue.description, text) &&
      notes.some(({ author, body }) => author === issue.author && body.startsWith(`@${hasty}: `)),
  );
}

/** Lets each deprovisioner tick theirs, and waits until daytwo has noted it. First somebody who may not tries. */
export async function settleBoxes(stage: Stage, leaver: Newcomer, watch: IssueWatch): Promise<void> {
  const { handbook } = stage.around;
  const had = handbook.systems
    .filter(
      ({ key, ways }) =>
        leaver.tasks.some(({ system }) => system === key) || ways.some(({ kind }) => kind !== 'person'),
    )
    .map(({ key }) => key);
  const { issue } = await watch.until(
    'daytwo to show what is left for people',
    ({ issue: { description } }) => ticksFor(description, handbook, had).length > 0,
  );
  await triedBy(stage, watch, issue);
  for (const { who, texts } of ticksFor(issue.description, handbook, had)) {
    await watch.act(who, `ticks ${texts.map((text) => `"${text}"`).join(', ')}`, async (desk, seen) => {
      const description = texts.reduce((text, box) => tick(text, box) ?? text, seen.description);
      if (description !== seen.description) await desk.change(issue.project, issue.iid, { description });
    });
    await watch.until(`daytwo to note what ${who} ticked`, ({ issue: { description } }) =>
      description.includes(`attested by \`${who}\``),
    );
  }
}
