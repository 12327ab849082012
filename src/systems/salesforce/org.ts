import type { Connection } from 'jsforce';
import { codeOf, salesforceFault, type RecordError } from './errors';
import { connectSalesforce, type SalesforceSettings } from './session';

/** Salesforce takes this many records in one collection call. */
export const COLLECTION_LIMIT = 200;
/** As many literals as keep a query far below its limit of length. */
const QUERY_CHUNK = 150;

export interface Saved {
  readonly success: boolean;
  readonly id?: string;
  /** Salesforce's status code where it failed. */
  readonly code?: string;
  readonly fields?: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;

/** The few calls that daytwo makes of an org: queries, and collections of at most 200 records. */
export class Org {
  #connection: Promise<Connection> | undefined;
  constructor(private readonly settings: SalesforceSettings) {}

  /** All rows of a query whose values were escaped by `literal`. */
  async query(soql: string): Promise<readonly Row[]> {
    return this.#ask('a query', async (connection) => {
      const rows: Row[] = [];
      let page = await connection.query<Row>(soql);
      rows.push(...page.records);
      while (!page.done && page.nextRecordsUrl) {
        page = await connection.queryMore<Row>(page.nextRecordsUrl);
        rows.push(...page.records);
      }
      return rows;
    });
  }

  /** `select` with `IN (…)` over any number of values, in chunks. */
  async queryIn(select: string, field: string, values: readonly string[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const distinct = [...new Set(values)];
    for (let from = 0; from < distinct.length; from += QUERY_CHUNK) {
      const list = distinct
        .slice(from, from + QUERY_CHUNK)
        .map(literal)
        .join(', ');
      rows.push(...(await this.query(`${select} WHERE ${field} IN (${list})`)));
    }
    return rows;
  }

  create(object: string, records: readonly Record<string, unknown>[]): Promise<readonly Saved[]> {
    return this.#collection(records, `creating ${object}`, (connection, chunk) =>
      connection.sobject(object).create(chunk, { allOrNone: false }),
    );
  }

  update(
    object: string,
    records: readonly (Record<string, unknown> & { Id: string })[],
  ): Promise<readonly Saved[]> {
    return this.#collection(records, `changing ${object}`, (connection, chunk) =>
      connection.sobject(object).update(chunk, { allOrNone: false }),
    );
  }

  remove(object: string, ids: readonly string[]): Promise<readonly Saved[]> {
    return this.#collection(ids, `removing ${object}`, (connection, chunk) =>
      connection.sobject(object).destroy(chunk, { allOrNone: false }),
    );
  }

  async #collection<T>(
    records: readonly T[],
    what: string,
    call: (connection: Connection, chunk: T[]) => Promise<unknown>,
  ): Promise<readonly Saved[]> {
    const saved: Saved[] = [];
    for (let from = 0; from < records.length; from += COLLECTION_LIMIT) {
      const chunk = records.slice(from, from + COLLECTION_LIMIT);
      const answer = await this.#ask(what, (connection) => call(connection, chunk));
      saved.push(...(answer as { success: boolean; id?: string; errors?: RecordError[] }[]).map(savedOf));
    }
    return saved;
  }

  async #ask<T>(what: string, call: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.#connection ??= connectSalesforce(this.settings);
      return await call(await this.#connection);
    } catch (error) {
      const fault = salesforceFault(error, what);
      // A session that can't be renewed, or an org that moved: begin anew next time.
      if (fault.code === 'INVALID_SESSION_ID' || fault.retryable || fault.code === 'sign-in')
        this.#connection = undefined;
      throw fault;
    }
  }
}

function savedOf(answer: { success: boolean; id?: string; errors?: RecordError[] }): Saved {
  const fields = answer.errors?.[0]?.fields;
  return {
    success: answer.success,
    ...(answer.id ? { id: answer.id } : {}),
    ...(answer.success ? {} : { code: codeOf(answer.errors ?? []) }),
    ...(fields ? { fields } : {}),
  };
}

/** A SOQL string literal: what is inside can't end it. */
export const literal = (value: string): string =>
  `'${value
    .replace(/[\\'"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')}'`;

export const textOf = (row: Row | undefined, field: string): string => {
  const value = row?.[field];
  return typeof value === 'string' ? value : '';
};
