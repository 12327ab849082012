import { join } from 'node:path';
import { text } from '../domain/territory/sql/words';
import type { TerritorySession } from './territory-session';

/**
 * Files of a night: accounts as they were read, what is planned of each, and what a reader of either needs. Accounts and plan lie in many
 * files in the order of accounts, what differs in pages.
 */
export const NIGHT_FILES = {
  account: 'account/*.parquet',
  plan: 'plan/*.parquet',
  place: 'place.parquet',
  change: 'change*.parquet',
  finding: 'finding.parquet',
} as const;

/**
 * Rows of a group, and groups of a file. Whoever looks for one account reads the list of groups of a file, then unpacks one group: both
 * are few, however many accounts there are.
 */
const GROUP_ROWS = 8_192;
const GROUPS_A_FILE = 6;

const FORMAT = `FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${GROUP_ROWS}`;

/** Keeps a small table, or a page of a large one, as one file. */
export const keepFile = (query: string, file: string): string =>
  `COPY (${query}) TO ${text(file)} (${FORMAT})`;

/** Keeps what has a row for each account, as many files of a folder of the night. */
export const keepFiles = (query: string, dir: string, of: 'account' | 'plan'): string =>
  `COPY (${query}) TO ${text(join(dir, of))} (${FORMAT}, ROW_GROUPS_PER_FILE ${GROUPS_A_FILE}, OVERWRITE)`;

/** Where accounts lie: those of a group, by their number in the order of ids. */
export interface NightGroup {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** Of accounts, the first and the last id of a group, too. */
export interface AccountGroup extends NightGroup {
  readonly fromId: string;
  readonly toId: string;
}

export interface NightGroups {
  readonly account: readonly AccountGroup[];
  readonly plan: readonly NightGroup[];
}

/** Where the accounts of a night lie, so that a question to one of them opens one file. */
export async function groupsOf(session: TerritorySession, dir: string): Promise<NightGroups> {
  const groups = async (of: 'account' | 'plan'): Promise<readonly AccountGroup[]> => {
    const end = (column: string, which: 'min' | 'max'): string =>
      `max(stats_${which}_value) FILTER (path_in_schema = '${column}')`;
    const rows = await session.rows(
      `SELECT parse_filename(file_name) AS file, ${end('n', 'min')}::INTEGER AS "from", ${end('n', 'max')}::INTEGER AS "to", ${end('id', 'min')} AS from_id, ${end('id', 'max')} AS to_id
FROM parquet_metadata(${text(join(dir, NIGHT_FILES[of]))}) WHERE path_in_schema IN ('n', 'id') GROUP BY file_name, row_group_id ORDER BY 2`,
    );
    return rows.map((row) => ({
      file: String(row['file']),
      from: Number(row['from']),
      to: Number(row['to']),
      fromId: String(row['from_id'] ?? ''),
      toId: String(row['to_id'] ?? ''),
    }));
  };
  const plan = (await groups('plan')).map(({ file, from, to }) => ({ file, from, to }));
  return { account: await groups('account'), plan };
}

/** What to ask for some accounts: the files that they may lie in; null: none does. */
export function filesWith<G extends NightGroup>(
  dir: string,
  of: 'account' | 'plan',
  groups: readonly G[],
  isIn: (group: G) => boolean,
): string | null {
  const files = [...new Set(groups.filter(isIn).map(({ file }) => text(join(dir, of, file))))];
  return files.length === 0 ? null : `read_parquet([${files.join(', ')}])`;
}
