import { DuckDBInstance } from '@duckdb/node-api';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rulesOn } from '../src/domain/territory/handbook';
import { keepFiles } from '../src/evidence/territory-files';
import { TerritoryNight } from '../src/evidence/territory-night';
import { keepDifferences, keepRecord, planNight, readableRules } from '../src/evidence/territory-plan';
import { TerritorySession } from '../src/evidence/territory-session';
import { readHandbook } from '../src/handbook';
import { accountsQuery, benchWorld } from './territory-accounts';

/** What runs in a process of its own, so that its memory is its own. */

function worldNow() {
  const { territory } = readHandbook(join(__dirname, '..', 'config'));
  const rules = territory && rulesOn(territory.rules, '2026-11-26');
  if (!territory || !rules) throw new Error('config/ says nothing of territories');
  const known = readableRules(rules, territory.fields);
  return benchWorld({
    ...known,
    protects: true,
    precedence: {
      employees: ['manual-admin', 'zoominfo', 'datafox'],
      address: ['manual-admin', 'zoominfo', 'datafox', 'ship-to', 'bill-to'],
    },
  });
}

/** DuckDB makes the accounts itself, as a read leaves them. */
export async function makeAccounts(dir: string, count: number): Promise<null> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  await connection.run(keepFiles(accountsQuery(count), dir, 'account'));
  return null;
}

export interface Planned {
  readonly ms: number;
  readonly cpuMs: number;
  readonly changesMs: number;
  readonly changesMib: number;
  readonly peakMib: number;
  readonly accounts: number;
  readonly changed: number;
  readonly moves: number;
  readonly planMib: number;
}

/** From the files of accounts to plan, difference and reasons. */
export async function plan(dir: string): Promise<Planned> {
  const world = worldNow();
  const began = performance.now();
  const session = await TerritorySession.open(dir);
  await planNight(session, world, dir);
  const ms = performance.now() - began;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  await keepDifferences(session, world, dir);
  const changesMs = performance.now() - began - ms;
  const changesMib = process.resourceUsage().maxRSS / 1024;
  await keepRecord(session, dir, world, '2026-11-26T02:00:00.000Z');
  await session.close();
  const night = await TerritoryNight.open(dir, world.on);
  const figures = await night.figures();
  await night.close();
  const kept = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(
      (one) =>
        one.isFile() &&
        /(?:^(?:change|place)|plan$)/.test(one.parentPath === dir ? one.name : one.parentPath),
    )
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return {
    ms,
    changesMs,
    changesMib,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    peakMib: maxRSS / 1024,
    accounts: figures.accounts,
    changed: figures.changed + figures.added,
    moves: figures.moves,
    planMib: kept / 2 ** 20,
  };
}

export interface Explained {
  /** The first question after the night was opened, and the median of the next ones. */
  readonly firstMs: number;
  readonly nextMs: number;
}

export async function explain(dir: string, count: number): Promise<Explained> {
  const night = await TerritoryNight.open(dir, '2026-11-26');
  const times: number[] = [];
  for (let at = 0; at < 21; at++) {
    const n = Math.floor((count * (at * 7 + 3)) / 151);
    const began = performance.now();
    const one = await night.planned(`001Xx${String(n).padStart(10, '0')}AAA`);
    times.push(performance.now() - began);
    if (!one) throw new Error('an account of the benchmark is missing');
  }
  await night.close();
  const [firstMs = 0, ...next] = times;
  return { firstMs, nextMs: next.sort((a, b) => a - b)[Math.floor(next.length / 2)] ?? 0 };
}
