import { terminal } from '../domain/escape';
import { readInWords } from '../domain/territory/read';
import { whyLeft } from '../domain/territory/run-text';
import type { RunWritten, TerritoryRun } from '../domain/territory/run';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { sayFigures } from './territory-plan';
import { onClock, plural, table } from './words';

/** Runs that are listed at most. */
const LISTED = 30;

/** `daytwo territory show [run]`: from what the store keeps; the process itself is shown by `daytwo show`. */
export function territoryShow(
  id: string | undefined,
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  return withProcesses(around, async ({ store }) => {
    const { territoryRuns: runs } = await store();
    const ids = id === undefined ? (await runs.ids()).slice(-LISTED) : [id.replace(/^tsp\//, '')];
    const found = (await Promise.all(ids.map((one) => runs.get(one)))).flatMap((kept) => kept?.run ?? []);
    if (id !== undefined && found.length === 0)
      throw new Refused(`There was no run ${terminal(id)}: daytwo territory show lists them.`);
    if (json) for (const run of found) around.out(jsonLine(run));
    else if (id === undefined) list(found, around);
    else for (const run of found) sayRun(run, around);
    return 0;
  });
}

function list(runs: readonly TerritoryRun[], around: Surroundings): void {
  if (runs.length === 0) return around.out('No run yet: daytwo territory plan shows what one would write.');
  const rows = runs.map(({ id, by, begunAt, phase, staging, transfers }) => [
    id,
    onClock(begunAt, around.zone),
    terminal(by),
    phase,
    inWords(staging),
    inWords(transfers),
  ]);
  const head = ['Run', 'Begun', 'By', 'Phase', 'Staging', 'Transfers'];
  for (const line of table(head, rows, around.colours.bold)) around.out(line);
}

const inWords = ({ rows, left, refused }: RunWritten): string =>
  `${rows}${left > 0 ? `, ${left} left` : ''}${refused > 0 ? `, ${refused} refused` : ''}`;

function sayRun(run: TerritoryRun, around: Surroundings): void {
  const { bold, dim, yellow } = around.colours;
  around.out(
    `${bold(`Run ${run.id}`)}${dim(`, ${run.phase}, begun by ${terminal(run.by)} at ${onClock(run.begunAt, around.zone)}, by the rules of ${run.rulesVersion}`)}`,
  );
  if (run.read) around.out(dim(`Read: ${readInWords(run.read)}.`));
  sayFigures(run.figures, run.summary, around);
  for (const why of run.above) around.out(yellow(`Above the threshold: ${why}.`));
  if (run.editors.length > 0)
    around.out(`Rules and tables edited since by ${run.editors.map(terminal).join(', ')}.`);
  if (run.editorsNotKnown)
    around.out(dim(`Who edited rules and tables is not known: ${terminal(run.editorsNotKnown)}.`));
  if (run.decided)
    around.out(
      `Decided by ${terminal(run.decided.by)} at ${onClock(run.decided.at, around.zone)}${run.decided.reason ? `: ${terminal(run.decided.reason)}` : ''}.`,
    );
  around.out(`Staging written: ${inWords(run.staging)}. Accounts transferred: ${inWords(run.transfers)}.`);
  for (const { accountId, why } of run.left) around.out(`  ${accountId}: ${whyLeft(why)}`);
  if (run.found.length > 0) around.out(bold(`\n${plural(run.figures.findings, 'finding')}`));
  for (const { kind, accountId, what } of run.found)
    around.out(`  ${kind}${accountId === null ? '' : ` ${accountId}`}: ${terminal(what)}`);
  const more = run.figures.findings - run.found.length;
  if (more > 0)
    around.out(dim(`  and ${more} more: daytwo territory plan --json names all that there are now`));
  if (run.issue) around.out(dim(run.issue.url));
}
