import { policyOn } from '../domain/day-two';
import { newRun, type TerritoryRun } from '../domain/territory/run';
import {
  changedColumns,
  BackTally,
  stagedValues,
  type AccountChange,
} from '../domain/territory/staging-change';
import { changesOf, keepChanges } from '../evidence/territory-changes';
import { isSameValue } from '../systems/salesforce/field-values';
import type { Show } from './faults';
import { keptRun } from './territory-record';
import { snapshotsOf } from './territory-begin';
import type { BeginRun } from './territory-run';
import { accountsOfOrg, territoryHandbook } from './territory-world';
import type { World } from './world';

const PAGE = 2_000;

/** Plans to put back what a run wrote: every account whose staging is still as the run left it, at least in part. It always waits for approval. */
export async function planRollback(
  world: World,
  { run, by, now }: BeginRun,
  undoes: string,
  show: Show,
): Promise<TerritoryRun> {
  const { run: of } = await keptRun(world, undoes);
  if (of.phase !== 'done') throw new Error(`the run ${undoes} wrote nothing that could be put back`);
  const { fields } = territoryHandbook(world);
  const { staging } = accountsOfOrg(world);
  const skipped = new Set(
    (await world.store.territoryRuns.batches(undoes)).flatMap(({ left, refused }) =>
      [...left, ...refused].map(({ accountId }) => accountId),
    ),
  );
  const transfers = (await world.store.territoryRuns.transfers(undoes)).filter(
    ({ state }) => state === 'done',
  );
  const transferredOnly = new Set(transfers.map(({ transfer }) => transfer.accountId));
  const tally = new BackTally();
  let written = 0;
  async function* back(): AsyncGenerator<AccountChange> {
    for await (const page of changesOf(snapshotsOf(world), of, '', PAGE)) {
      const wrote = page.filter(
        ({ accountId, from, to }) => !skipped.has(accountId) && changedColumns(from, to).length > 0,
      );
      written += wrote.length;
      show({ looked: written });
      const standing = await staging.readBack(
        Object.values(fields.staging),
        wrote.map(({ accountId }) => accountId),
      );
      for (const change of wrote) {
        const values = stagedValues(fields, changedColumns(change.from, change.to), change.to);
        const stands = standing.get(change.accountId);
        const isOurs =
          stands && Object.entries(values).some(([field, value]) => isSameValue(stands[field], value));
        if (!isOurs) continue;
        const way = { ...change, from: change.to, to: change.from, transfer: null };
        tally.take(way);
        transferredOnly.delete(change.accountId);
        yield way;
      }
    }
  }
  const changes = await keepChanges(snapshotsOf(world), run, back());
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  return newRun({
    id: run,
    undoes,
    by,
    begunAt: now,
    policyVersion: policy.effectiveFrom,
    rulesVersion: of.rulesVersion,
    read: null,
    figures: {
      accounts: written,
      added: 0,
      changed: tally.accounts,
      unchanged: written - tally.accounts,
      touched: tally.accounts + transferredOnly.size,
      carrCents: tally.carrCents,
      moves: 0,
      held: 0,
      due: transfers.length,
      findings: 0,
    },
    summary: tally.summary(),
    changes,
    found: [],
    above: [`puts back the run ${undoes}`],
    // It goes back to what stood: nobody's tables are written by it.
    editors: [],
    editorsNotKnown: null,
    tablesAt: null,
    openHours: policy.territoryRun.openHours,
  });
}
