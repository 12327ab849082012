import type { BulkFiles, BulkOptions, BulkQueries } from './bulk-query';

/** An object of which rows belong to opportunities. */
export interface Hanging {
  readonly object: string;
  /** Names the opportunity that the rows belong to; of what opportunities name themselves (an account), their field for it. */
  readonly by: { readonly own: string } | { readonly opportunity: string };
}

/** The fields that are wanted of it, in order; the id comes first. */
export interface WantedObject extends Hanging {
  readonly fields: readonly string[];
}

/** Which opportunities are meant. */
export interface Meant {
  readonly object: string;
  readonly condition: string;
}

/** Reads the rows of what belongs to the opportunities of a condition, into CSV files. */
export class BookingReader {
  constructor(
    private readonly bulk: Pick<BulkQueries, 'download'>,
    private readonly options: BulkOptions = {},
  ) {}

  /** The opportunities themselves. */
  opportunities(
    fields: readonly string[],
    { object, condition }: Meant,
    dir: string,
    name: string,
  ): Promise<BulkFiles> {
    const soql = `SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE ${condition}`;
    return this.bulk.download(soql, dir, name, this.options);
  }

  /** What hangs on them, and nothing else. */
  belonging(wanted: WantedObject, meant: Meant, dir: string, name: string): Promise<BulkFiles> {
    const { object, fields, by } = wanted;
    const [own, theirs] = 'own' in by ? [by.own, 'Id'] : ['Id', by.opportunity];
    const soql = `SELECT ${['Id', ...fields].join(', ')} FROM ${object} WHERE ${own} IN (SELECT ${theirs} FROM ${meant.object} WHERE ${meant.condition})`;
    return this.bulk.download(soql, dir, name, this.options);
  }
}
