import type { FieldValues } from './bulk-ingest';
import { mayPass } from './errors';
import { isSameValue, textIn } from './field-values';
import type { Org } from './org';
import { instant, textOf, type Row } from './soql';

const ACCOUNT = 'Account';
const STAMP = 'SystemModstamp';

/** The review section of an account: by field, what people asked and what they were answered. */
export interface ReviewSection {
  readonly accountId: string;
  readonly changedAt: string;
  readonly values: Readonly<Record<string, string | null>>;
}

export type ReviewWrite =
  | { readonly kind: 'written' | 'already' | 'changed' | 'gone' }
  | { readonly kind: 'refused'; readonly code: string; readonly again: boolean };

/** What is asked for in the review sections of accounts, and the answers. */
export class TerritoryReviews {
  constructor(private readonly org: Pick<Org, 'query' | 'retrieve' | 'update'>) {}

  /** Sections in which something was asked since an instant, the oldest first; `askedAt` is the field that says when. */
  async askedSince(
    fields: readonly string[],
    askedAt: string,
    since: string,
  ): Promise<readonly ReviewSection[]> {
    const names = [...new Set(['Id', STAMP, askedAt, ...fields])].join(', ');
    const rows = await this.org.query(
      `SELECT ${names} FROM ${ACCOUNT} WHERE ${askedAt} >= ${instant(since)} ORDER BY ${askedAt}`,
    );
    return rows.map((row) => sectionOf(row, fields));
  }

  /** Those of some accounts; whoever isn't there is left out. */
  async of(fields: readonly string[], accountIds: readonly string[]): Promise<readonly ReviewSection[]> {
    const rows = await this.org.retrieve(ACCOUNT, accountIds, [...new Set(['Id', STAMP, ...fields])]);
    return rows.map((row) => sectionOf(row, fields));
  }

  /**
   * Writes an answer, and reads it back. Made again, nothing is written.
   *
   * @param asked what the answer is to: where somebody has asked for another thing since, nothing is written
   */
  async answer(
    accountId: string,
    values: FieldValues,
    asked: Readonly<Record<string, string | null>>,
  ): Promise<ReviewWrite> {
    const fields = [...new Set(['Id', ...Object.keys(values), ...Object.keys(asked)])];
    const read = async (): Promise<Row | undefined> =>
      (await this.org.retrieve(ACCOUNT, [accountId], fields))[0];
    const isWritten = (row: Row | undefined): boolean =>
      Object.entries(values).every(([field, value]) => isSameValue(row?.[field], value));
    const before = await read();
    if (!before) return { kind: 'gone' };
    if (isWritten(before)) return { kind: 'already' };
    if (!Object.entries(asked).every(([field, value]) => isSameValue(before[field], value)))
      return { kind: 'changed' };
    const [saved] = await this.org.update(ACCOUNT, [{ ...values, Id: accountId }]);
    if (saved?.success && isWritten(await read())) return { kind: 'written' };
    const code = saved?.code ?? 'NOT_SHOWN';
    return { kind: 'refused', code, again: saved?.success === true || mayPass(code) };
  }
}

const sectionOf = (row: Row, fields: readonly string[]): ReviewSection => ({
  accountId: textOf(row, 'Id'),
  changedAt: textOf(row, STAMP),
  values: Object.fromEntries(fields.map((field) => [field, textIn(row[field])])),
});
