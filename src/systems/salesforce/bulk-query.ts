import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { noAnswerFault, statusFault, SystemFault } from '../fault';
import { pauseBriefly, repeatReads } from '../repeat';
import { BulkSession, lookUntil, type BulkJob } from './bulk-session';
import type { SalesforceSettings } from './session';

/** Rows a page: some tens of megabytes at most. */
const PAGE_ROWS = 50_000;
/** An org that needs longer for one query is asked again later. */
const LONGEST_JOB_MS = 1_800_000;
const PAGE_TIMEOUT_MS = 120_000;
const WHAT = 'a bulk query';

export interface BulkOptions {
  readonly pageRows?: number;
  /** `queryAll`: deleted ones, too. */
  readonly operation?: 'query' | 'queryAll';
  /** Told after every look and page: an activity sends its heartbeat. */
  readonly progress?: () => void;
}

/** Queries by Bulk API 2.0: a job, and its rows as CSV, page by page. Made for reads of many thousand rows. */
export class BulkQueries {
  readonly #session: BulkSession;
  constructor(settings: SalesforceSettings) {
    this.#session = new BulkSession(settings);
  }

  /**
   * Writes the rows of a query into a folder, a CSV file with a header for each page, and gives their paths and how many rows
   * the job found: whoever reads them counts.
   *
   * @param name the files begin with it
   */
  async download(
    soql: string,
    dir: string,
    name: string,
    { pageRows = PAGE_ROWS, operation = 'query', progress }: BulkOptions = {},
  ): Promise<BulkFiles> {
    const job = await this.#finished(await this.#begin(operation, soql), progress);
    const files: string[] = [];
    let locator: string | null = null;
    do {
      const file = join(dir, `${name}-${files.length}.csv`);
      const page: Page = await this.#page(job.id, locator, pageRows, file);
      if (page.bytes > 0) files.push(file);
      locator = page.locator;
      progress?.();
    } while (locator !== null);
    await this.#session.send('DELETE', `/jobs/query/${job.id}`, WHAT).catch(() => undefined);
    return { files, rows: job.numberRecordsProcessed ?? null };
  }

  /** A query changes nothing: begun twice, the first job ends by itself. */
  #begin(operation: string, soql: string): Promise<BulkJob> {
    const wanted = { operation, query: soql };
    return repeatReads(
      'GET',
      () => this.#session.send<BulkJob>('POST', '/jobs/query', WHAT, wanted),
      pauseBriefly,
    );
  }

  async #finished(begun: BulkJob, progress: (() => void) | undefined): Promise<BulkJob> {
    const job = await lookUntil(async () => {
      const now = await repeatReads(
        'GET',
        () => this.#session.send<BulkJob>('GET', `/jobs/query/${begun.id}`, WHAT),
        pauseBriefly,
      );
      progress?.();
      return ['JobComplete', 'Failed', 'Aborted'].includes(now.state) ? now : undefined;
    }, LONGEST_JOB_MS);
    if (!job) throw new SystemFault('salesforce', 'timeout', true, 'a bulk query takes too long');
    if (job.state === 'JobComplete') return job;
    const again = job.state === 'Aborted';
    throw new SystemFault('salesforce', job.state, again, 'a bulk query ended without rows');
  }

  #page(id: string, locator: string | null, pageRows: number, file: string): Promise<Page> {
    const from = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
    return repeatReads(
      'GET',
      () => this.#csv(`/jobs/query/${id}/results?maxRecords=${pageRows}${from}`, file),
      pauseBriefly,
    );
  }

  /** jsforce gives no headers, and the next page is named in one. Begun anew, the file is written from its start. */
  async #csv(path: string, file: string): Promise<Page> {
    const connection = await this.#session.connected();
    await this.#session.pace();
    let response: Response;
    let bytes = 0;
    try {
      response = await fetch(`${connection.instanceUrl}/services/data/v${connection.version}${path}`, {
        headers: { Authorization: `Bearer ${connection.accessToken ?? ''}`, Accept: 'text/csv' },
        signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
      });
      if (response.ok && response.body) {
        const counted = new Transform({
          transform(chunk: Buffer, _, done) {
            bytes += chunk.length;
            done(null, chunk);
          },
        });
        const body = Readable.fromWeb(response.body);
        await pipeline(body, counted, createWriteStream(file));
      }
    } catch (error) {
      throw noAnswerFault('salesforce', 'a page of a bulk query', error);
    }
    if (response.status === 401) {
      // The session ended between two pages: the next try signs in anew.
      this.#session.forget();
      throw new SystemFault('salesforce', 'INVALID_SESSION_ID', true, 'the session ended', 0);
    }
    if (!response.ok)
      throw statusFault(
        'salesforce',
        response.status,
        response.headers.get('retry-after'),
        'a page of a bulk query',
      );
    const next = response.headers.get('sforce-locator');
    return { bytes, locator: next === null || next === 'null' ? null : next };
  }
}

/** Where the rows of a query lie. */
export interface BulkFiles {
  readonly files: readonly string[];
  /** As the job tells; null where it doesn't. */
  readonly rows: number | null;
}

interface Page {
  readonly bytes: number;
  readonly locator: string | null;
}
