import type { TerritoryAccount } from '../domain/territory/account';
import type { Drift } from '../domain/territory/order';
import type { PlanFinding } from '../domain/territory/placement';
import { planAccounts, type PlanWorld } from '../domain/territory/plan-family';
import type { RunFigures, RunSummary } from '../domain/territory/run';
import { changeOf, RunTally, type AccountChange } from '../domain/territory/staging-change';
import { name, RowTables } from '../evidence/row-tables';
import { SystemFault } from '../systems/fault';
import { accountsOfOrg, planWorld, type PlanningWorld } from './territory-world';

/** What a night's plan comes to. */
export interface NightPlan {
  readonly rulesVersion: string;
  readonly threshold: PlanWorld['rules']['threshold'];
  readonly figures: RunFigures;
  readonly summary: RunSummary;
  readonly findings: readonly PlanFinding[];
  /** Where Salesforce, the tables and the router don't say the same. */
  readonly drift: readonly Drift[];
  /** In order of account ids. */
  readonly changes: readonly AccountChange[];
}

/** Reads every account of the org and plans it; changes nothing. */
export async function planNight(
  world: PlanningWorld,
  on: string,
  progress: (done: object) => void = () => undefined,
): Promise<NightPlan> {
  const { by, drift } = await planWorld(world, on);
  const { accounts, twice } = await readAll(world, progress);
  progress({ planned: accounts.length });
  const plan = planAccounts(accounts, by);
  const findings: readonly PlanFinding[] = [...twice, ...plan.findings];
  const tally = new RunTally();
  const changes: AccountChange[] = [];
  const placed = new Map(plan.placements.map((one) => [one.accountId, one]));
  for (const account of accounts) {
    const placement = placed.get(account.id);
    if (!placement) throw new Error('an account without a placement');
    const change = changeOf(account, placement, on);
    tally.take(account, placement, change);
    if (change) changes.push(change);
  }
  return {
    rulesVersion: by.rules.effectiveFrom,
    threshold: by.rules.threshold,
    figures: tally.figures(findings),
    summary: tally.summary(findings, drift.length),
    findings,
    drift,
    changes,
  };
}

/** All accounts by their ids; one that comes twice counts as it was read last. */
export async function readAll(
  world: PlanningWorld,
  progress: (done: object) => void = () => undefined,
): Promise<{ readonly accounts: readonly TerritoryAccount[]; readonly twice: readonly PlanFinding[] }> {
  const org = accountsOfOrg(world);
  const tables = await RowTables.open();
  try {
    const { files, rows } = await org.accounts.all(org.fields, tables.dir, null, {
      progress: () => progress({ reading: true }),
    });
    const taken = await tables.take('account', org.columns, files);
    // A page that was cut off, or an account that was made in between: nothing is planned by half of an org.
    if (rows !== null && taken !== rows)
      throw new SystemFault('salesforce', 'ROWS', true, 'a bulk query gave other rows than it counted');
    progress({ read: taken });
    const found = new Map<string, TerritoryAccount>();
    const twice: PlanFinding[] = [];
    for (const row of await tables.rows(
      `SELECT ${org.columns.map(name).join(', ')} FROM account ORDER BY id`,
    )) {
      const account = org.read(row);
      if (found.has(account.id)) twice.push({ kind: 'twice', accountId: account.id, what: account.id });
      found.set(account.id, account);
    }
    return { accounts: [...found.values()], twice };
  } finally {
    await tables.close();
  }
}
