import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { live } from '../scripts/lib/progress.cjs';
import { planRun, snapshotsOf } from '../src/activities/territory-begin';
import { pinnedRunPolicy } from '../src/activities/territory-record';
import { stagingOf, writeStaging } from '../src/activities/territory-write';
import { territoryHandbook } from '../src/activities/territory-world';
import type { World } from '../src/activities/world';
import { connectorOf } from '../src/demo/by-hand';
import type { Handbook } from '../src/domain/handbook';
import { openStore } from '../src/evidence';
import { changesOf } from '../src/evidence/territory-changes';
import { readHandbook } from '../src/handbook';
import type { SandboxFile } from '../src/sandbox/files';
import type { Connector } from '../src/systems/connector';
import type { BulkJob } from '../src/systems/salesforce/bulk-session';
import { connectSalesforce } from '../src/systems/salesforce/session';
import type { StagingChange } from '../src/systems/salesforce/territory-staging';
import { sandboxOn } from './crowd-sandbox';
import type { Figure } from './index';

const ACCOUNTS = 20_000;
const RUN = '2026-11-26';
const NOW = '2026-11-26T10:00:00.000Z';

/**
 * Staging of a night by the writer of the product: each account looked at just before, written in batches, read back by sample; then the
 * same rows as one plain bulk job, into an org of its own that is in the same state.
 */
export async function benchWriting(scale: number): Promise<readonly Figure[]> {
  const count = Math.max(200, Math.round(ACCOUNTS * scale));
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-territory-write-'));
  const line = live(`Writing the staging of ${count} accounts`, () => '');
  const [first, second] = [join(dir, 'product'), join(dir, 'plain')];
  const handbook = readHandbook(join(__dirname, '..', 'config'));
  try {
    await sandboxOn(first, (sandbox) => fill(sandbox, count));
    cpSync(first, second, { recursive: true });
    const { ms, rows, batchRows } = await sandboxOn(first, (sandbox) => written(sandbox, handbook, dir));
    const plainMs = await sandboxOn(second, (sandbox) => ingested(sandbox, rows));
    line.done(`Wrote the staging of ${rows.length} accounts`);
    const perSecond = (of: number): number => Math.round((rows.length / of) * 1000);
    return [
      {
        figure: 'written_per_second',
        value: perSecond(ms),
        floor: perSecond(plainMs),
        unit: 'rows/s',
        note: `${rows.length} rows in batches of ${batchRows}, each looked at before, and read back by sample; beside it the same rows as one plain bulk job, results fetched. Both against the sandbox over HTTP`,
      },
      {
        figure: 'written_to_plain_ingest',
        value: Number((plainMs / ms).toFixed(2)),
        unit: 'ratio',
        note: 'rows a second, to those of the plain bulk job; 1 is as fast',
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fill({ salesforce }: SandboxFile, count: number): Promise<void> {
  const answer = await fetch(`${salesforce.loginUrl}/__sandbox/territories`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count, today: RUN, seed: 7, staged: false }),
  });
  if (!answer.ok) throw new Error(`no accounts were made: ${answer.status} ${await answer.text()}`);
}

interface Written {
  readonly ms: number;
  readonly rows: readonly StagingChange[];
  readonly batchRows: number;
}

async function written(sandbox: SandboxFile, handbook: Handbook, dir: string): Promise<Written> {
  const store = await openStore({ stateDir: join(dir, 'store'), databaseUrl: null });
  const known = new Map<string, Connector>();
  const world = {
    store,
    handbook: () => handbook,
    snapshotDir: join(dir, 'snapshots'),
    connector: (name: string) => {
      const connector = known.get(name) ?? connectorOf(sandbox, name);
      known.set(name, connector);
      return connector;
    },
  } as unknown as World;
  try {
    await planRun(world, { run: RUN, undoes: null, by: 'daytwo', now: NOW }, () => undefined);
    const began = performance.now();
    const { staging } = await writeStaging(world, { run: RUN, now: NOW }, () => undefined);
    const ms = performance.now() - began;
    const kept = await store.territoryRuns.get(RUN);
    if (!kept) throw new Error('the run is not in the store');
    const { fields } = territoryHandbook(world);
    const rows: StagingChange[] = [];
    for await (const page of changesOf(snapshotsOf(world), kept.run, '', 5_000))
      rows.push(...page.flatMap((change) => stagingOf(change, fields, kept.run.begunAt)));
    if (staging.rows !== rows.length || staging.left + staging.refused > 0)
      throw new Error(`${staging.rows} of ${rows.length} rows were written`);
    return { ms, rows, batchRows: pinnedRunPolicy(world, kept.run).batchRows };
  } finally {
    await store.close();
  }
}

/** Milliseconds of one bulk job, from the rows to its results. */
async function ingested({ salesforce }: SandboxFile, rows: readonly StagingChange[]): Promise<number> {
  const connection = await connectSalesforce(salesforce);
  const ask = <T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object | string) =>
    connection.request<T>(
      {
        method,
        url: `/jobs/ingest${path}`,
        headers: { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
      { responseType: method === 'GET' && path.endsWith('Results') ? 'text/plain' : 'application/json' },
    );
  const fields = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const began = performance.now();
  const lines = rows.map(({ id, values }) =>
    [id, ...fields.map((field) => (field in values ? cell(values[field] ?? '#N/A') : ''))].join(','),
  );
  const wanted = { object: 'Account', operation: 'update', contentType: 'CSV', lineEnding: 'LF' };
  const { id } = await ask<BulkJob>('POST', '', wanted);
  await ask('PUT', `/${id}/batches`, [['Id', ...fields].join(','), ...lines, ''].join('\n'));
  await ask('PATCH', `/${id}`, { state: 'UploadComplete' });
  for (;;) {
    const { state, numberRecordsProcessed } = await ask<BulkJob>('GET', `/${id}`);
    if (state === 'JobComplete' && numberRecordsProcessed === rows.length) break;
    if (!['UploadComplete', 'InProgress'].includes(state)) throw new Error(`the plain bulk job is ${state}`);
    await setTimeout(50);
  }
  const failed = await ask<string>('GET', `/${id}/failedResults`);
  await ask<string>('GET', `/${id}/successfulResults`);
  const ms = performance.now() - began;
  if (failed.trim().split('\n').length > 1) throw new Error('the plain bulk job left rows out');
  return ms;
}

const cell = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
