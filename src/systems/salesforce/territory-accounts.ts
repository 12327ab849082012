import { SystemFault } from '../fault';
import type { BulkFiles, BulkOptions, BulkQueries } from './bulk-query';
import { textIn } from './field-values';
import type { Org } from './org';
import { instant, literal, textOf, type Row } from './soql';

/** Texts in the order of the fields that were asked for; null where there is nothing. */
export type TextCells = readonly (string | null)[];

/** More accounts than this under one ultimate parent are read by the night alone. */
export const LARGEST_FAMILY = 20_000;
const ACCOUNT = 'Account';
const LINKS = 'SELECT Id, ParentId FROM Account';
/** Six steps up in one query: SOQL passes five relationships. */
const STEPS_UP = Array.from({ length: 6 }, (_, steps) => `${'Parent.'.repeat(steps)}ParentId`);

/** Reads accounts for territory planning: all of them, or a family. The fields are whatever the caller asks for, in its order. */
export class TerritoryAccounts {
  constructor(
    private readonly bulk: Pick<BulkQueries, 'download'>,
    private readonly org: Pick<Org, 'query' | 'queryIn' | 'queries' | 'queriesIn' | 'retrieve'>,
  ) {}

  /** All accounts into CSV files: a header, then the fields in order. */
  all(fields: readonly string[], dir: string, options: BulkOptions = {}): Promise<BulkFiles> {
    return this.bulk.download(`SELECT ${fields.join(', ')} FROM ${ACCOUNT}`, dir, 'account', options);
  }

  /** In the same way those that changed since an instant, the deleted ones among them: the last field says which. */
  changed(
    fields: readonly string[],
    dir: string,
    since: string,
    options: BulkOptions = {},
  ): Promise<BulkFiles> {
    const soql = `SELECT ${fields.join(', ')}, IsDeleted FROM ${ACCOUNT} WHERE SystemModstamp >= ${instant(since)}`;
    return this.bulk.download(soql, dir, 'changed', { ...options, operation: 'queryAll' });
  }

  /** How many there are now. */
  async count(): Promise<number> {
    const [row] = await this.org.query(`SELECT COUNT(Id) accounts FROM ${ACCOUNT}`);
    return Number(row?.['accounts']);
  }

  /** Ids of accounts that changed since an instant, the deleted ones among them. */
  async changedSince(
    since: string,
    most: number,
  ): Promise<readonly { readonly id: string; readonly isDeleted: boolean }[]> {
    const soql = `SELECT Id, IsDeleted FROM ${ACCOUNT} WHERE SystemModstamp >= ${instant(since)} LIMIT ${most}`;
    const [answer = []] = await this.org.queries([soql], 'queryAll');
    if (answer instanceof Error) throw answer;
    return answer.map((row) => ({ id: textOf(row, 'Id'), isDeleted: row['IsDeleted'] === true }));
  }

  /**
   * All accounts that hang together with this one, from the ultimate parent down, by their parents alone: which relations make a
   * family is the caller's rule. Members of a cycle and what is below them are given, too. Empty where the account isn't there.
   */
  async family(fields: readonly string[], accountId: string): Promise<readonly TextCells[]> {
    const ids = await this.#below(await this.#topOf(accountId));
    return this.some(fields, ids);
  }

  /** These accounts; who isn't there is left out. */
  async some(fields: readonly string[], ids: readonly string[]): Promise<readonly TextCells[]> {
    const rows = await this.org.retrieve(ACCOUNT, ids, fields);
    return rows.map((row) => fields.map((field) => textIn(row[field])));
  }

  /** The last one above an account, also one that is named and isn't there; of a cycle whichever was met twice. */
  async #topOf(accountId: string): Promise<string> {
    const seen = new Set([accountId]);
    for (let at = accountId; ;) {
      const soql = `SELECT Id, ${STEPS_UP.join(', ')} FROM ${ACCOUNT} WHERE Id = ${literal(at)}`;
      const [row] = await this.org.query(soql);
      const above = STEPS_UP.map((_, steps) => parentOf(row, steps)).filter((id) => id !== '');
      for (const id of above) {
        if (seen.has(id)) return id;
        seen.add(id);
      }
      const last = above.at(-1);
      if (last === undefined) return at;
      at = last;
      if (above.length < STEPS_UP.length) return at;
    }
  }

  async #below(top: string): Promise<readonly string[]> {
    const seen = new Set([top]);
    for (let level: readonly string[] = [top]; level.length > 0;) {
      if (seen.size > LARGEST_FAMILY)
        throw new SystemFault('salesforce', 'family-too-large', false, 'a family has too many accounts');
      const [rows = []] = await this.org.queriesIn([{ select: LINKS, field: 'ParentId', values: level }]);
      level = rows.map((row) => textOf(row, 'Id')).filter((id) => !seen.has(id));
      for (const id of level) seen.add(id);
    }
    return [...seen];
  }
}

/** What a row names as parent, so many parents up. */
function parentOf(row: Row | undefined, steps: number): string {
  let at = row;
  for (let step = 0; step < steps; step++) at = at?.['Parent'] as Row | undefined;
  return textOf(at, 'ParentId');
}
