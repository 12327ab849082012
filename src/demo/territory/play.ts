import { z } from 'zod';
import { policyOn } from '../../domain/day-two';
import { addDays } from '../../domain/dates';
import { soql } from '../../domain/escape';
import { isMarked } from '../../domain/request-text';
import { isRunOver, territoryRunId } from '../../domain/territory/run';
import { RUN_BOXES, runMarker } from '../../domain/territory/run-text';
import type { RunStatus } from '../../domain/territory/run-status';
import { instantAt } from '../../handbook/business-time';
import type { DeskIssue } from '../../systems/gitlab';
import { TERRITORY, type Workflows } from '../../temporal/client';
import { textAt, type Accounts } from '../accounts';
import { asked, type Month } from '../close/month';
import type { Patience } from '../patience';
import type { Surroundings } from '../surroundings';
import type { Telling } from '../telling';
import { tick } from '../tick';

const filledAnswer = z.object({
  accounts: z.number(),
  families: z.number(),
  opportunities: z.number(),
  planted: z.array(z.object({ account: z.string(), kind: z.string() })),
});
export type Filled = z.infer<typeof filledAnswer>;

/** What a play of territory planning works with. */
export interface TerritoryPlay {
  readonly around: Surroundings;
  readonly workflows: Workflows;
  readonly patience: Patience;
  readonly telling: Telling;
  readonly accounts: Accounts;
  readonly clock: Month;
  /** Whose token looks at issues. */
  readonly eyes: string;
  /** Who approves what is above the threshold. */
  readonly approver: string;
  /** Day of the last night that was played. */
  day: string;
  planted: ReadonlySet<string>;
}

export const projectOf = ({ around }: Pick<TerritoryPlay, 'around'>): string =>
  around.sandbox.gitlab.accessRequestsProject;

export function tell(play: TerritoryPlay, who: string, what: string, link?: string): void {
  play.telling.step({ hire: play.day, who, what, link });
}

/** Accounts, families and what is sold to them: the sandbox makes them, and writes down what is wrong with which. */
export async function fill({ around }: TerritoryPlay, count: number, today: string): Promise<Filled> {
  const { loginUrl } = around.sandbox.salesforce;
  return filledAnswer.parse(
    await asked(`${loginUrl}/__sandbox/territories`, 'POST', { count, today, seed: 7, staged: false }),
  );
}

/** A night comes: the schedule begins its run, which is over or waits for somebody. */
export async function nightOf(play: TerritoryPlay, day: string): Promise<RunStatus> {
  const { zone, night } = policyOn(play.around.handbook, day).territoryRun;
  play.day = day;
  await play.clock.forwardTo(instantAt(day, night, zone));
  await play.workflows.client.schedule.getHandle(TERRITORY).trigger();
  return until(
    play,
    day,
    `the plan of the night of ${day}`,
    ({ phase }) => phase !== 'approved' && phase !== 'new',
  );
}

export const nextNight = (play: TerritoryPlay): Promise<RunStatus> => nightOf(play, addDays(play.day, 1));

/** Looks until a run stands so. */
export function until(
  { workflows, patience }: TerritoryPlay,
  run: string,
  what: string,
  holds: (status: RunStatus) => boolean,
): Promise<RunStatus> {
  const handle = workflows.client.workflow.getHandle(territoryRunId(run));
  return patience.until(what, async () => {
    const status = await handle.query<RunStatus>('status');
    return holds(status) ? status : undefined;
  });
}

/** One of those whom policy names reads what it would do and ticks the box; then it is written. */
export async function approve(play: TerritoryPlay, run: string): Promise<RunStatus> {
  const { patience, around, approver } = play;
  const desk = around.as(approver);
  const issue = await issueOf(play, run);
  const handle = territoryRunId(run);
  await patience.until(`${approver} to approve ${handle}`, async () => {
    const now = await desk.issue(projectOf(play), issue.iid);
    const ticked = now && tick(now.description, RUN_BOXES.approve);
    if (!ticked) return undefined;
    await desk.change(projectOf(play), issue.iid, { description: ticked });
    return true;
  });
  tell(play, approver, 'reads what it would do, and approves', issue.webUrl);
  await play.workflows.issueChanged(handle, { project: projectOf(play), iid: issue.iid });
  return until(
    play,
    run,
    `${handle} to be written`,
    (status) => status.phase !== 'new' && isRunOver({ phase: status.phase }),
  );
}

export function issueOf(play: TerritoryPlay, run: string): Promise<DeskIssue> {
  const marker = runMarker(run);
  return play.patience.until(`the issue of ${territoryRunId(run)}`, async () => {
    const found = await play.around.as(play.eyes).byMarker(marker, projectOf(play));
    return found.find(({ description }) => isMarked(description, marker));
  });
}

/** Fields of one account. */
export async function fieldsOf(
  { accounts }: TerritoryPlay,
  id: string,
  fields: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const [row] = await accounts.rows(`SELECT ${fields.join(', ')} FROM Account WHERE Id = ${soql(id)}`);
  if (!row) throw new Error(`no account ${id}`);
  return Object.fromEntries(fields.map((field) => [field, shown(row, field)]));
}

const shown = (row: object, field: string): string => {
  const value: unknown = Reflect.get(row, field);
  return typeof value === 'number' ? String(value) : textAt(row, field);
};
