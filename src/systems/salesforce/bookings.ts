import type { BulkOptions, BulkQueries } from './bulk-query';

/** One object of the org and the fields that are wanted of it, in order; the id comes first. */
export interface WantedObject {
  readonly object: string;
  readonly fields: readonly string[];
  /** Names the opportunity that the rows belong to; of what opportunities name themselves (an account), their field for it. */
  readonly by: { readonly own: string } | { readonly opportunity: string };
}

/** Reads the rows of what belongs to the opportunities of a condition. */
export class BookingReader {
  constructor(
    private readonly bulk: Pick<BulkQueries, 'rows'>,
    private readonly options: BulkOptions = {},
  ) {}

  /** The opportunities themselves. */
  opportunities(object: string, fields: readonly string[], condition: string): Promise<string[][]> {
    return this.#all(`SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE ${condition}`);
  }

  /** What hangs on them, and nothing else. */
  belonging(wanted: WantedObject, opportunities: { object: string; condition: string }): Promise<string[][]> {
    const { object, fields, by } = wanted;
    const [own, theirs] = 'own' in by ? [by.own, 'Id'] : ['Id', by.opportunity];
    return this.#all(
      `SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE ${own} IN (SELECT ${theirs} FROM ${opportunities.object} WHERE ${opportunities.condition})`,
    );
  }

  async #all(soql: string): Promise<string[][]> {
    const rows: string[][] = [];
    for await (const page of this.bulk.rows(soql, this.options)) for (const row of page) rows.push(row);
    return rows;
  }
}
