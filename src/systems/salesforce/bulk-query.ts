import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import type { Connection } from 'jsforce';
import { noAnswerFault, statusFault, SystemFault } from '../fault';
import { pauseBriefly, repeatReads } from '../repeat';
import { salesforceFault } from './errors';
import { connectSalesforce, type SalesforceSettings } from './session';

/** Rows a page: some tens of megabytes at most. */
const PAGE_ROWS = 50_000;
const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 5_000;
/** An org that needs longer for one query is asked again later. */
const LONGEST_JOB_MS = 1_800_000;
const PAGE_TIMEOUT_MS = 120_000;
const ONCE = { retry: { methods: [] } };

export interface BulkOptions {
  readonly pageRows?: number;
  /** Told after every look and page: an activity sends its heartbeat. */
  readonly progress?: () => void;
}

interface Job {
  readonly id: string;
  readonly state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';
  readonly numberRecordsProcessed?: number;
}

/** Queries by Bulk API 2.0: a job, and its rows as CSV, page by page. Made for reads of many thousand rows. */
export class BulkQueries {
  #connection: Promise<Connection> | undefined;
  constructor(private readonly settings: SalesforceSettings) {}

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
    { pageRows = PAGE_ROWS, progress }: BulkOptions = {},
  ): Promise<BulkFiles> {
    const job = await this.#finished(await this.#begin(soql), progress);
    const files: string[] = [];
    let locator: string | null = null;
    do {
      const file = join(dir, `${name}-${files.length}.csv`);
      const page: Page = await this.#page(job.id, locator, pageRows, file);
      if (page.bytes > 0) files.push(file);
      locator = page.locator;
      progress?.();
    } while (locator !== null);
    await this.#json('DELETE', `/jobs/query/${job.id}`).catch(() => undefined);
    return { files, rows: job.numberRecordsProcessed ?? null };
  }

  /** A query changes nothing: begun twice, the first job ends by itself. */
  #begin(soql: string): Promise<Job> {
    return repeatReads(
      'GET',
      () => this.#json<Job>('POST', '/jobs/query', { operation: 'query', query: soql }),
      pauseBriefly,
    );
  }

  async #finished(begun: Job, progress: (() => void) | undefined): Promise<Job> {
    const until = Date.now() + LONGEST_JOB_MS;
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LONGEST_LOOK_MS)) {
      const job = await repeatReads(
        'GET',
        () => this.#json<Job>('GET', `/jobs/query/${begun.id}`),
        pauseBriefly,
      );
      progress?.();
      if (job.state === 'JobComplete') return job;
      if (job.state === 'Failed' || job.state === 'Aborted')
        throw new SystemFault(
          'salesforce',
          job.state,
          job.state === 'Aborted',
          'a bulk query ended without rows',
        );
      if (Date.now() > until)
        throw new SystemFault('salesforce', 'timeout', true, 'a bulk query takes too long');
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
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
    const connection = await this.#connected();
    await this.settings.pace?.();
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
      this.#connection = undefined;
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

  async #json<T>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown): Promise<T> {
    try {
      const connection = await this.#connected();
      await this.settings.pace?.();
      const sent = { method, url, headers: { 'content-type': 'application/json' } };
      return await connection.request<T>(
        body === undefined ? sent : { ...sent, body: JSON.stringify(body) },
        ONCE,
      );
    } catch (error) {
      throw salesforceFault(error, 'a bulk query');
    }
  }

  #connected(): Promise<Connection> {
    this.#connection ??= connectSalesforce(this.settings).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
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
