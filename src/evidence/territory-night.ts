import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { territoryTable } from '../domain/territory/place';
import { parentColumns, saidColumns } from '../domain/territory/read-columns';
import type { PlanFinding } from '../domain/territory/placement';
import type { PlanWorld } from '../domain/territory/plan-family';
import type { RunFigures, RunSummary } from '../domain/territory/run';
import { figuresQuery, summaryQueries } from '../domain/territory/sql/summary';
import { readable } from '../domain/territory/sql/told';
import { name, text } from '../domain/territory/sql/words';
import { filesWith, NIGHT_FILES, type NightGroups } from './territory-files';
import type { NightRecord } from './territory-plan';
import {
  parentIn,
  planned,
  plannedAccount,
  PLANNED_COLUMNS,
  saidIn,
  toldInRow,
  type PlannedAccount,
} from './territory-row';
import { TerritorySession, type NightRow } from './territory-session';

/** A night that is kept: what was read, what was planned, and by which rules and tables. Closed after use. */
export class TerritoryNight {
  private constructor(
    readonly night: string,
    private readonly dir: string,
    private readonly groups: NightGroups,
    private readonly session: TerritorySession,
    /** Rules, tables and people of that night; countries were read already. */
    readonly world: PlanWorld,
  ) {}

  static async open(dir: string, night: string): Promise<TerritoryNight> {
    const record = JSON.parse(await readFile(join(dir, 'night.json'), 'utf8')) as NightRecord;
    const session = await TerritorySession.open(null);
    await session.run('SET parquet_metadata_cache = true');
    for (const [name, file] of Object.entries(NIGHT_FILES))
      await session.run(`CREATE VIEW ${name} AS SELECT * FROM ${text(join(dir, file))}`);
    const world: PlanWorld = {
      on: record.on,
      rules: record.rules,
      table: territoryTable(record.rows),
      people: new Map(record.people.map((one) => [one.territory, one])),
      countries: new Map(),
    };
    return new TerritoryNight(night, dir, record.groups, session, world);
  }

  /** An account as it was planned that night, whether or not something changed; undefined: it wasn't there. */
  async planned(accountId: string): Promise<PlannedAccount | undefined> {
    const { rules } = this.world;
    const { account: accounts, plan: plans } = this.groups;
    const [account] = await this.#found(
      saidColumns(rules).map(name).join(', '),
      filesWith(
        this.dir,
        'account',
        accounts,
        ({ fromId, toId }) => fromId <= accountId && accountId <= toId,
      ),
      `id = ${text(accountId)}`,
    );
    if (!account) return undefined;
    const n = Number(account['n']);
    const holds =
      (...all: readonly number[]) =>
      ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
        all.some((one) => from <= one && one <= to);
    const [plan = {}] = await this.#found(
      PLANNED_COLUMNS,
      filesWith(this.dir, 'plan', plans, holds(n)),
      `n = ${n}`,
    );
    const others = [plan['top'], plan['most_n']].filter((one) => one != null && one !== n).map(Number);
    const above = await this.#found(
      parentColumns(rules).map(name).join(', '),
      filesWith(this.dir, 'account', accounts, holds(...others)),
      `n IN (${others.join(', ')})`,
    );
    const all = [account, ...above];
    const numbered = (which: string): NightRow | undefined => all.find((row) => row['n'] === plan[which]);
    const [place] = await this.session.rows(
      `SELECT to_json(rows)::VARCHAR AS rows, industry FROM place WHERE place = ${Number(plan['place'] ?? -1)}`,
    );
    return plannedAccount(
      {
        ...planned(plan, numbered('most_n')?.['id']),
        own: saidIn(account, this.world),
        top: parentIn(numbered('top') ?? account, this.world),
        rows: place?.['rows'] == null ? [] : (JSON.parse(String(place['rows'])) as readonly number[]),
        industry: place?.['industry'] == null ? null : String(place['industry']),
      },
      this.world,
    );
  }

  /** What differs from staging, in order of ids, after an id: page by page. */
  async changes(after: string, most: number): Promise<readonly PlannedAccount[]> {
    const rows = await this.session.rows(
      readable(`(SELECT * FROM change WHERE id > ? ORDER BY id LIMIT ${most})`),
      [after],
    );
    return this.#told(rows);
  }

  /** These accounts, changed or not, in order of ids; who wasn't there is left out. */
  async some(ids: readonly string[]): Promise<readonly PlannedAccount[]> {
    const found: PlannedAccount[] = [];
    for (const id of [...new Set(ids)].sort()) {
      const one = await this.planned(id);
      if (one) found.push(one);
    }
    return found;
  }

  async figures(): Promise<RunFigures> {
    const [row = {}] = await this.session.rows(figuresQuery);
    const of = (column: string): number => Number(row[column] ?? 0);
    return {
      accounts: of('accounts'),
      added: of('added'),
      changed: of('changed'),
      unchanged: of('accounts') - of('added') - of('changed'),
      touched: of('touched'),
      carrCents: of('carr_cents'),
      moves: of('moves'),
      held: of('held'),
      due: of('due'),
      findings: await this.session.number('SELECT count(*) FROM finding'),
    };
  }

  async summary(): Promise<RunSummary> {
    const names = this.world.table.rows.map(({ territory }) => territory);
    const { address, employees } = this.world.rules.precedence;
    const queries = summaryQueries(names, { address, employees });
    const counted = async (sql: string): Promise<RunSummary['fields']> =>
      (await this.session.rows(sql)).map((row) => ({
        name: String(row['name']),
        accounts: Number(row['accounts']),
        carrCents: Number(row['carr_cents'] ?? 0),
      }));
    return {
      fields: await counted(queries.fields),
      reasons: await counted(queries.reasons),
      territories: await counted(queries.territories),
      held: await counted(queries.held),
      findings: await counted(queries.findings),
    };
  }

  /** What was found wrong, in order of kind and account. */
  async findings(most: number): Promise<readonly PlanFinding[]> {
    const rows = await this.session.rows(
      `SELECT kind, account_id, what FROM finding ORDER BY kind, account_id, what LIMIT ${most}`,
    );
    return rows.map((row) => ({
      kind: String(row['kind']) as PlanFinding['kind'],
      accountId: row['account_id'] == null ? null : String(row['account_id']),
      what: String(row['what']),
    }));
  }

  /** Ids of all accounts whose day has come, whatever holds them, in order. */
  async dueIds(): Promise<readonly string[]> {
    const due = await this.session.rows(
      'SELECT a.id FROM plan p JOIN account a ON a.n = p.n WHERE p.is_due ORDER BY a.id',
    );
    return due.map(({ id }) => String(id));
  }

  close(): Promise<void> {
    return this.session.close();
  }

  async #found(columns: string, from: string | null, where: string): Promise<readonly NightRow[]> {
    return from === null ? [] : this.session.rows(`SELECT ${columns} FROM ${from} WHERE ${where}`);
  }

  #told(rows: readonly NightRow[]): readonly PlannedAccount[] {
    return rows.map((row) => plannedAccount(toldInRow(row), this.world));
  }
}
