import { join } from 'node:path';
import { readColumns } from '../domain/territory/read-columns';
import {
  columnsRead,
  readFrom,
  type NightRead,
  type ReadPolicy,
  type RunRead,
  type WholeBecause,
} from '../domain/territory/read';
import type { KeptRead, TerritoryNights } from '../evidence/territory-nights';
import { mergeRead, type MergedRead, type NightRows } from '../evidence/territory-read';
import { SystemFault } from '../systems/fault';
import type { TerritoryAccounts } from '../systems/salesforce/territory-accounts';
import { accountsOfOrg, territoryHandbook, type PlanningWorld } from './territory-world';

export interface ReadWanted {
  readonly policy: ReadPolicy;
  readonly nights: TerritoryNights;
  /** The day that is planned. */
  readonly day: string;
  /** An instant before this. */
  readonly now: string;
  /** A folder for files that are gone afterwards. */
  readonly dir: string;
  readonly progress: (done: object) => void;
}

/** What a night is planned from. */
export interface ReadAccounts {
  readonly rows: NightRows;
  readonly run: RunRead;
  /** What the next night needs to go on from it; null: by the policy it doesn't. */
  readonly read: NightRead | null;
}

/** Reads the accounts of an org: all of them, or what changed since the read that is kept, put into that. Both come to the same. */
export async function readAccounts(world: PlanningWorld, wanted: ReadWanted): Promise<ReadAccounts> {
  const { policy, nights, day, now } = wanted;
  const columns = columnsRead(readColumns(territoryHandbook(world).fields));
  const kept = policy.way === 'whole' ? undefined : await nights.lastRead();
  const from = readFrom(policy, kept?.read, { day, columns });
  const asRead = (whole: string): NightRead | null =>
    policy.way === 'whole' ? null : { at: now, whole, columns };
  let why: WholeBecause | null = 'why' in from ? from.why : null;
  if (kept && 'since' in from) {
    const merged = await readChanged(world, kept, from.since, wanted);
    if (typeof merged !== 'string')
      return {
        rows: { merged: merged.file },
        run: { way: 'changed', night: kept.night, rows: merged.rows, gone: merged.gone },
        read: asRead(kept.read.whole),
      };
    why = merged;
  }
  const org = accountsOfOrg(world);
  const { files, rows } = await org.accounts.all(org.fields, wanted.dir, {
    progress: () => wanted.progress({ reading: 'all' }),
  });
  wanted.progress({ read: rows });
  return {
    rows: { csv: files },
    run: { way: 'whole', why: why ?? 'no-night', rows: rows ?? 0 },
    read: asRead(day),
  };
}

/** @returns what it came to; or why it can't be gone on from */
async function readChanged(
  world: PlanningWorld,
  kept: KeptRead,
  since: string,
  { dir, progress }: ReadWanted,
): Promise<(MergedRead & { readonly file: string }) | WholeBecause> {
  const org = accountsOfOrg(world);
  const before = await countOf(org.accounts);
  const { files, rows } = await org.accounts.changed(org.fields, dir, since, {
    progress: () => progress({ reading: 'changed' }),
  });
  progress({ read: rows });
  const file = join(dir, 'merged.parquet');
  let merged: MergedRead;
  try {
    merged = await mergeRead({ columns: org.columns, kept: kept.file, csv: files, to: file, dir });
  } catch {
    return 'unreadable';
  }
  // A page that was cut off: nothing is planned by half of what changed.
  if (rows !== null && merged.rows < rows)
    throw new SystemFault('salesforce', 'ROWS', true, 'a bulk query gave fewer rows than it counted');
  // What was deleted for good is in no answer: it shows by the number alone. Accounts are made and deleted meanwhile, too.
  const after = await countOf(org.accounts);
  return isBetween(merged.accounts, before, after) ? { ...merged, file } : 'count';
}

const isBetween = (number: number, one: number | null, other: number | null): boolean =>
  one !== null && other !== null && number >= Math.min(one, other) && number <= Math.max(one, other);

/** Null: the org has too many to count them in time. */
async function countOf(accounts: TerritoryAccounts): Promise<number | null> {
  try {
    return await accounts.count();
  } catch (error) {
    if (error instanceof SystemFault && (!error.retryable || error.code === 'QUERY_TIMEOUT')) return null;
    throw error;
  }
}
