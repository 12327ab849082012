import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Drift } from '../domain/territory/order';
import { policyOn } from '../domain/day-two';
import type { PlanFinding } from '../domain/territory/placement';
import type { PlanWorld } from '../domain/territory/plan-family';
import type { ReadPolicy, RunRead } from '../domain/territory/read';
import type { RunFigures, RunSummary } from '../domain/territory/run';
import { changeOf, type AccountChange } from '../domain/territory/staging-change';
import type { TerritoryNight } from '../evidence/territory-night';
import { TerritoryNights } from '../evidence/territory-nights';
import { SystemFault } from '../systems/fault';
import { readAccounts } from './territory-read';
import { planWorld, territoryHandbook, type PlanningWorld } from './territory-world';

/** What a night's plan comes to. */
export interface NightPlan {
  readonly read: RunRead;
  readonly rulesVersion: string;
  readonly threshold: PlanWorld['rules']['threshold'];
  readonly figures: RunFigures;
  readonly summary: RunSummary;
  /** So many of them at most, in order of kind and account; to be read while the night is open. */
  readonly findings: (most: number) => Promise<readonly PlanFinding[]>;
  /** Where Salesforce, the tables and the router don't say the same. */
  readonly drift: readonly Drift[];
  /** In order of account ids; to be read while the night is open. */
  readonly changes: () => AsyncGenerator<AccountChange>;
}

export interface NightWanted {
  /** The run that it is of; the day, of a plan that is only looked at. */
  readonly night: string;
  /** Where nights are kept; null: nowhere, it is only looked at. */
  readonly dir: string | null;
  readonly now: string;
}

const PAGE = 2_000;
/** Nothing is kept that a next one could go on from. */
const ONLY_LOOKED_AT: ReadPolicy = { way: 'whole', wholeEvery: 1, overlapMinutes: 0 };

/** Reads the accounts of the org, plans them all, keeps both, and hands on what comes of it; changes nothing in the org. */
export async function withNight<T>(
  world: PlanningWorld,
  { night, dir, now }: NightWanted,
  work: (plan: NightPlan) => Promise<T>,
  progress: (done: object) => void = () => undefined,
): Promise<T> {
  const { by, drift } = await planWorld(world, night.slice(0, 10));
  const read = await mkdtemp(join(tmpdir(), 'daytwo-accounts-'));
  const nights = new TerritoryNights(dir ?? join(read, 'nights'));
  let open: TerritoryNight | undefined;
  try {
    const day = night.slice(0, 10);
    const policy = dir === null ? ONLY_LOOKED_AT : policyOn(world.handbook(), day).territoryRun.read;
    const accounts = await readAccounts(world, { policy, nights, day, now, dir: read, progress });
    const { fields } = territoryHandbook(world);
    await nights.make({ night, rows: accounts.rows, read: accounts.read, fields, world: by, plannedAt: now });
    open = await nights.open(night);
    const [figures, summary] = [await open.figures(), await open.summary()];
    progress({ planned: figures.accounts });
    const twice = summary.findings.find(({ name }) => name === 'twice')?.accounts ?? 0;
    // A page that was cut off: nothing is planned by half of an org.
    if (accounts.run.way === 'whole' && figures.accounts + twice < accounts.run.rows)
      throw new SystemFault('salesforce', 'ROWS', true, 'a bulk query gave fewer rows than it counted');
    const of = open;
    return await work({
      read: accounts.run,
      rulesVersion: by.rules.effectiveFrom,
      threshold: by.rules.threshold,
      figures,
      summary: withDrift(summary, drift),
      findings: (most) => of.findings(most),
      drift,
      changes: () => changesIn(of),
    });
  } finally {
    await open?.close();
    await rm(read, { recursive: true, force: true });
  }
}

const withDrift = (summary: RunSummary, drift: readonly Drift[]): RunSummary =>
  drift.length === 0
    ? summary
    : {
        ...summary,
        findings: [...summary.findings, { name: 'drift', accounts: drift.length, carrCents: 0 }],
      };

/** What changes and what is due, by account ids: an account may be due though its staging is right. */
async function* changesIn(night: TerritoryNight): AsyncGenerator<AccountChange> {
  const due = await night.dueIds();
  const isDue = new Set(due);
  let next = 0;
  for (let after = ''; ;) {
    const page = await night.changes(after, PAGE);
    const last = page.at(-1)?.placement.accountId ?? null;
    const changed = new Set(page.map(({ placement }) => placement.accountId));
    const others: string[] = [];
    for (; next < due.length && (last === null || (due[next] ?? '') <= last); next += 1)
      if (!changed.has(due[next] ?? '')) others.push(due[next] ?? '');
    const planned = [...page, ...(await night.some(others))].sort((a, b) =>
      a.placement.accountId < b.placement.accountId ? -1 : 1,
    );
    for (const one of planned) {
      const change = changeOf(one, isDue.has(one.placement.accountId));
      if (change) yield change;
    }
    if (last === null) return;
    after = last;
  }
}
