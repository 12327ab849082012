import { sumOf, type LeftAccount, type RunWritten, type TerritoryRun } from '../domain/territory/run';
import type { RunStanding } from '../domain/territory/run-status';
import { changedColumns, stagedValues, type AccountChange } from '../domain/territory/staging-change';
import type { TerritoryFields } from '../domain/territory/fields';
import { changesOf } from '../evidence/territory-changes';
import type { KeptBatch } from '../evidence/territory-runs';
import { SystemFault } from '../systems/fault';
import type { IngestOptions } from '../systems/salesforce/bulk-ingest';
import type {
  Restoring,
  RestoreOutcome,
  StagingChange,
  StagingOutcome,
} from '../systems/salesforce/territory-staging';
import type { Show } from './faults';
import { snapshotsOf } from './territory-begin';
import { keepRun, keptRun, noteOfRun, pinnedRunPolicy, standingOf } from './territory-record';
import type { RunRef } from './territory-run';
import { accountsOfOrg, territoryHandbook, type AccountsOfOrg } from './territory-world';
import type { World } from './world';

/** Accounts that a run names as left; all of them stand with its batches. */
const NAMED = 200;
/** A job that fails half way is followed by another one for the rest, so often. */
const TRIES = 5;

/**
 * Writes the staging of a run, only what changed, a bulk job a batch. A batch that is done is said to be so, and its job is known while
 * it runs: whoever comes after a dead worker waits for that job and goes on, never beside it. What somebody changed since the plan is
 * left, and planned again the next night.
 */
export async function writeStaging(
  world: World,
  { run: id, now }: RunRef & { readonly now: string },
  show: Show,
): Promise<RunStanding> {
  const kept = await keptRun(world, id);
  const { run } = kept;
  const { batchRows, sampleRows } = pinnedRunPolicy(world, run);
  const org = accountsOfOrg(world);
  const { fields } = territoryHandbook(world);
  const runs = world.store.territoryRuns;
  const before = await runs.batches(id);
  let last = before.findLast(({ isDone }) => isDone)?.last ?? '';
  let n = before.filter(({ isDone }) => isDone).length;
  let earlier = before.find(({ isDone }) => !isDone)?.job ?? null;
  for await (const page of changesOf(snapshotsOf(world), run, last, batchRows)) {
    last = page.at(-1)?.accountId ?? last;
    const begun = async (job: string): Promise<void> =>
      runs.batchIs(id, { n, last, rows: 0, left: [], refused: [], job, isDone: false });
    const progress = (): void => show({ batch: n, after: last });
    progress();
    const outcomes = await writeAll(writerOf(org, fields, run, page), earlier, { begun, progress });
    earlier = null;
    await runs.batchIs(id, batchOf(n, last, outcomes));
    n += 1;
  }
  const batches = await runs.batches(id);
  const staging = sumOf(batches.map(writtenIn));
  await readBack(org, world, run, batches, sampleRows);
  const left = batches.flatMap((batch) => [...batch.left, ...batch.refused]).slice(0, NAMED);
  const after = await keepRun(world, { ...kept, run: { ...run, staging, left } });
  await noteOfRun(world, run, 'staged', now, 'territory.staged', {
    what: 'wrote staging, and read it back by sample',
    after: { ...staging },
    proof: 'verified',
  });
  return standingOf(after.run);
}

/** What a change writes, with its reasons, and the stamp that the router watches. */
export function stagingOf(
  { accountId, changedAt, from, to, why }: AccountChange,
  fields: TerritoryFields,
  at: string,
): readonly StagingChange[] {
  const columns = changedColumns(from, to);
  if (columns.length === 0) return [];
  const { updatedAt, reasons } = fields.staging;
  return [
    {
      id: accountId,
      changedAt,
      values: {
        ...stagedValues(fields, columns, to),
        [updatedAt]: at,
        [reasons]: why.slice(0, MOST_OF_REASONS),
      },
    },
  ];
}

/** The field for reasons takes so many characters. */
export const MOST_OF_REASONS = 32_000;

type Outcome = StagingOutcome | RestoreOutcome;

/** Writes some accounts of a page; all of them first. */
interface PageWriter {
  readonly ids: readonly string[];
  readonly write: (ids: ReadonlySet<string>, options: IngestOptions) => Promise<ReadonlyMap<string, Outcome>>;
}

/** A plan writes what it wants; what puts back a run writes only where its values still stand. */
function writerOf(
  { staging }: Pick<AccountsOfOrg, 'staging'>,
  fields: TerritoryFields,
  run: TerritoryRun,
  page: readonly AccountChange[],
): PageWriter {
  if (run.undoes === null) {
    // The stamp is the run's own, so that a repeated write is the same.
    const changes = page.flatMap((change) => stagingOf(change, fields, run.decided?.at ?? run.begunAt));
    return {
      ids: changes.map(({ id }) => id),
      write: (ids, options) =>
        staging.write(
          changes.filter(({ id }) => ids.has(id)),
          options,
        ),
    };
  }
  const back = page.map(({ accountId, from, to }): Restoring => {
    const columns = changedColumns(from, to);
    const [wrote, before] = [stagedValues(fields, columns, from), stagedValues(fields, columns, to)];
    const values = Object.keys(wrote).map((field) => [
      field,
      { wrote: wrote[field] ?? null, before: before[field] ?? null },
    ]);
    return { id: accountId, values: Object.fromEntries(values) as Restoring['values'] };
  });
  return {
    ids: back.map(({ id }) => id),
    write: (ids, options) =>
      staging.restore(
        back.filter(({ id }) => ids.has(id)),
        options,
      ),
  };
}

/** Writes until no row is left that can be: a job that ended half way leaves rows unprocessed, or refused for a moment. */
async function writeAll(
  { ids, write }: PageWriter,
  earlier: string | null,
  options: IngestOptions,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  let open = new Set(ids);
  for (let tried = 0; open.size > 0 && tried < TRIES; tried += 1) {
    for (const [id, outcome] of await write(open, { ...options, earlier: tried === 0 ? earlier : null }))
      outcomes.set(id, outcome);
    open = new Set(ids.filter((id) => isOpen(outcomes.get(id))));
  }
  if (ids.some((id) => outcomes.get(id)?.kind === 'unprocessed'))
    throw new SystemFault('salesforce', 'unprocessed', true, 'bulk writes end before they come to every row');
  return outcomes;
}

const isOpen = (outcome: Outcome | undefined): boolean =>
  outcome?.kind === 'unprocessed' || (outcome?.kind === 'refused' && outcome.again);

function batchOf(n: number, last: string, outcomes: ReadonlyMap<string, Outcome>): KeptBatch {
  const [left, refused]: [LeftAccount[], LeftAccount[]] = [[], []];
  for (const [accountId, outcome] of outcomes) {
    if (outcome.kind === 'gone') left.push({ accountId, why: 'gone' });
    else if (outcome.kind === 'changed') left.push({ accountId, why: 'changed-meanwhile' });
    else if (outcome.kind === 'refused') refused.push({ accountId, why: outcome.code });
    else if ('left' in outcome && outcome.left.length > 0) left.push({ accountId, why: 'changed-since' });
  }
  const rows = outcomes.size - left.length - refused.length;
  return { n, last, rows, left, refused, job: null, isDone: true };
}

const writtenIn = ({ rows, left, refused }: KeptBatch): RunWritten => ({
  rows,
  left: left.length,
  refused: refused.length,
});

/** Reads a sample of what was written: rows spread over the whole run. @throws SystemFault where one isn't as it was written */
async function readBack(
  org: AccountsOfOrg,
  world: World,
  run: TerritoryRun,
  batches: readonly KeptBatch[],
  sampleRows: number,
): Promise<void> {
  const left = new Set(
    batches.flatMap((batch) => [...batch.left, ...batch.refused]).map((one) => one.accountId),
  );
  const total = batches.reduce((sum, { rows }) => sum + rows, 0);
  const every = Math.max(1, Math.floor(total / sampleRows));
  const sample: AccountChange[] = [];
  let at = 0;
  for await (const page of changesOf(snapshotsOf(world), run, '', 5_000))
    for (const change of page)
      if (changedColumns(change.from, change.to).length > 0 && !left.has(change.accountId))
        if (at++ % every === 0 && sample.length < sampleRows) sample.push(change);
  if (at !== total)
    throw new SystemFault('salesforce', 'COUNT', true, 'other rows were written than were planned');
  if (sample.length === 0) return;
  const rows = await org.accounts.some(
    org.fields,
    sample.map(({ accountId }) => accountId),
  );
  const now = new Map(rows.map(org.read).map((account) => [account.id, account]));
  const wrong = sample.filter((change) => {
    const account = now.get(change.accountId);
    // Changed since by somebody: not ours to judge. As it was before: it was not written.
    return account && changedColumns(account.staging, change.from).length === 0;
  });
  if (wrong.length > 0)
    throw new SystemFault('salesforce', 'NOT_SHOWN', true, 'staging is not shown after it was written');
}
