import { parse } from 'csv-parse/sync';
import type { Connection } from 'jsforce';
import { z } from 'zod';
import { SystemFault } from '../fault';
import { salesforceFault } from './errors';
import { connectSalesforce, type SalesforceSettings } from './session';

export type BulkState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

/** A job of Bulk API 2.0, as it tells of itself. */
export interface BulkJob {
  readonly id: string;
  readonly state: BulkState;
  readonly numberRecordsProcessed?: number;
}

const ROWS = z.array(z.record(z.string(), z.string()));

const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 5_000;
/** jsforce's own repeats know neither our rate nor what was begun. */
const ONCE = { retry: { methods: [] } };

/** Requests of Bulk API 2.0, in a session that is signed in again where it ended. */
export class BulkSession {
  #connection: Promise<Connection> | undefined;
  constructor(private readonly settings: SalesforceSettings) {}

  /**
   * Rows of an answer in CSV, by the names of its columns. Read here: jsforce takes any of six signs for the delimiter, so that a text
   * with a semicolon breaks the row, and hands on the whole text where that fails. @throws SystemFault
   */
  async rows(url: string, what: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const text = await this.send<unknown>('GET', url, what, undefined, 'text/plain');
    if (typeof text !== 'string') throw new SystemFault('salesforce', 'no-csv', true, `${what} gave no CSV`);
    const rows: unknown = parse(text, { columns: true, bom: true });
    return ROWS.parse(rows);
  }

  /** Sends JSON, or CSV where the body is text. Sent once. @throws SystemFault */
  async send<T>(
    method: Method,
    url: string,
    what: string,
    body?: object | string,
    responseType?: string,
  ): Promise<T> {
    const csv = typeof body === 'string';
    try {
      const connection = await this.connected();
      await this.settings.pace?.();
      const sent = { method, url, headers: { 'content-type': csv ? 'text/csv' : 'application/json' } };
      return await connection.request<T>(
        body === undefined ? sent : { ...sent, body: csv ? body : JSON.stringify(body) },
        responseType === undefined ? ONCE : { ...ONCE, responseType },
      );
    } catch (error) {
      throw salesforceFault(error, what);
    }
  }

  connected(): Promise<Connection> {
    this.#connection ??= connectSalesforce(this.settings).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  /** The next request signs in anew. */
  forget(): void {
    this.#connection = undefined;
  }

  pace(): Promise<void> | undefined {
    return this.settings.pace?.();
  }
}
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Looks until something is there, first often, then every few seconds; undefined once the time is over. */
export async function lookUntil<T>(
  look: () => Promise<T | undefined>,
  longestMs: number,
): Promise<T | undefined> {
  const until = Date.now() + longestMs;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LONGEST_LOOK_MS)) {
    const found = await look();
    if (found !== undefined || Date.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
