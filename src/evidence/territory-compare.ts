import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flow, Stand } from '../domain/territory/compare/flows';
import type { PlacedAccounts } from '../domain/territory/gaps';
import { nextOwner } from '../domain/territory/held';
import { territoryTable } from '../domain/territory/place';
import { ownerText, type TerritoryRow } from '../domain/territory/table';
import { flowsQuery, placedQuery, stagedFlowsQuery, type NightSide } from '../domain/territory/sql/compare';
import { name, text } from '../domain/territory/sql/words';
import { NIGHT_FILES } from './territory-files';
import type { NightRecord } from './territory-plan';
import { TerritorySession, type NightRow } from './territory-session';

/** A kept night's folder, as it is compared. */
interface OpenNight extends NightSide, Pick<NightRecord, 'people'> {
  /** In the order by which the plan names them. */
  readonly rows: readonly TerritoryRow[];
}

async function openIn(session: TerritorySession, schema: string, dir: string): Promise<OpenNight> {
  const { rules, on, rows, people } = JSON.parse(
    await readFile(join(dir, 'night.json'), 'utf8'),
  ) as NightRecord;
  await session.run(`CREATE SCHEMA ${name(schema)}`);
  for (const view of ['account', 'plan'] as const)
    await session.run(
      `CREATE VIEW ${name(schema)}.${view} AS SELECT * FROM ${text(join(dir, NIGHT_FILES[view]))}`,
    );
  return { schema, rules, on, rows: territoryTable(rows).rows, people };
}

/** Accounts of a kept night by the place of their families, and the rows by which it was planned. */
export async function placedOf(
  dir: string,
  named: readonly string[],
): Promise<{ readonly placed: readonly PlacedAccounts[]; readonly rows: readonly TerritoryRow[] }> {
  return inSession(async (session) => {
    const { rules, on, rows } = await openIn(session, 'night', dir);
    await session.run('USE night');
    const found = await session.rows(placedQuery(rules, on, named));
    return {
      rows,
      placed: found.map((row) => ({
        ultimateParentId: textIn(row, 'top_id') ?? '',
        segment: textIn(row, 'segment') ?? '',
        address: {
          country: textIn(row, 'country'),
          state: textIn(row, 'state'),
          postCode: textIn(row, 'post_code'),
        },
        industry: textIn(row, 'industry'),
        ...amountsIn(row),
      })),
    };
  });
}

/** What became of accounts from one kept night to another: each night by its own rules and tables. */
export async function flowsOfNights(before: string, after: string): Promise<readonly Flow[]> {
  return inSession(async (session) => {
    const [from, to] = [await openIn(session, 'before', before), await openIn(session, 'after', after)];
    const rows = await session.rows(flowsQuery(from, to));
    return rows.map((row) => ({
      country: textIn(row, 'country'),
      ...amountsIn(row),
      before: standOf(from, row['before_row']),
      after: standOf(to, row['after_row']),
    }));
  });
}

/** What the plan of a night makes of what stands in staging. Owners are ids of users. */
export async function flowsOfPlan(dir: string): Promise<readonly Flow[]> {
  return inSession(async (session) => {
    const { rules, on, rows, people } = await openIn(session, 'night', dir);
    await session.run('USE night');
    const next = new Map(people.map((one) => [one.territory, nextOwner(one)]));
    const found = await session.rows(stagedFlowsQuery({ rules, on }));
    return found.map((row) => {
      const territory = row['row'] == null ? null : (rows[Number(row['row'])]?.territory ?? null);
      return {
        country: textIn(row, 'country'),
        ...amountsIn(row),
        before: {
          territory: textIn(row, 'staging_territory'),
          owner: textIn(row, 'staging_next_owner_id'),
        },
        after: { territory, owner: territory === null ? null : (next.get(territory) ?? null) },
      };
    });
  });
}

const standOf = ({ rows }: OpenNight, at: NightRow[string] | undefined): Stand => {
  const row = at == null ? undefined : rows[Number(at)];
  return { territory: row?.territory ?? null, owner: row ? ownerText(row.owner) : null };
};

const textIn = (row: NightRow, column: string): string | null => {
  const value = row[column];
  return typeof value === 'string' ? value : null;
};

const amountsIn = (row: NightRow) => ({
  accounts: Number(row['accounts']),
  carrCents: Number(row['carr_cents']),
  pipelineCents: Number(row['pipeline_cents']),
});

async function inSession<T>(work: (session: TerritorySession) => Promise<T>): Promise<T> {
  const session = await TerritorySession.open(null);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
