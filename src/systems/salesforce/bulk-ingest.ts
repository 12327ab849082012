import { SystemFault } from '../fault';
import { pauseBriefly, repeatReads } from '../repeat';
import { BulkSession, lookUntil, type BulkJob } from './bulk-session';
import { mayPass } from './errors';
import type { SalesforceSettings } from './session';

/** Salesforce takes 150 MB a job as it encodes it: a hundred of them as they are. */
const MOST_BYTES = 100_000_000;
/** An org that needs longer is left to itself; whoever comes next waits for the job, or ends it. */
const LONGEST_JOB_MS = 1_800_000;
const WHAT = 'a bulk write';
const EMPTY = '#N/A';

/** A change by field: a text, a number, or null for nothing. */
export type FieldValues = Readonly<Record<string, string | number | null>>;
export interface IngestRow {
  readonly id: string;
  /** Fields that aren't named stay as they are. */
  readonly values: FieldValues;
}

export type IngestOutcome =
  | { readonly kind: 'written' }
  /** `again`: the same row can be written later. */
  | { readonly kind: 'refused'; readonly code: string; readonly again: boolean }
  /** The job ended before it came to this row. */
  | { readonly kind: 'unprocessed' };

export interface IngestOptions {
  /** The job of an earlier try that may still run: it is waited for, or ended where it hasn't begun. */
  readonly earlier?: string | null;
  /** Told of a job before it writes anything, so that it can be found again. */
  readonly begun?: (job: string) => Promise<void>;
  /** Told after every look: an activity sends its heartbeat. */
  readonly progress?: () => void;
}

/** Writes of many rows by Bulk API 2.0. The same rows can be written again; two jobs never write at the same time. */
export class BulkIngest {
  readonly #session: BulkSession;
  constructor(settings: SalesforceSettings) {
    this.#session = new BulkSession(settings);
  }

  /** Changes records by their ids, some ten thousand at most. @returns what became of each, by its id */
  async update(
    object: string,
    rows: readonly IngestRow[],
    { begun, progress }: IngestOptions = {},
  ): Promise<ReadonlyMap<string, IngestOutcome>> {
    if (rows.length === 0) return new Map();
    const csv = csvOf(rows);
    if (Buffer.byteLength(csv) > MOST_BYTES)
      throw new SystemFault('salesforce', 'too-large', false, 'a bulk write is too large for one job');
    const wanted = { object, operation: 'update', contentType: 'CSV', lineEnding: 'LF' };
    const { id } = await this.#session.send<BulkJob>('POST', '/jobs/ingest', WHAT, wanted);
    await begun?.(id);
    await this.#session.send('PUT', `/jobs/ingest/${id}/batches`, WHAT, csv);
    await this.#close(id);
    const job = await this.#ended(id, progress);
    return this.#outcomes(job, rows);
  }

  /** Comes back once this job writes nothing more: it is waited for, or ended where nobody sent it off. */
  async settle(id: string, progress?: () => void): Promise<void> {
    const job = await this.#look(id);
    if (job?.state === 'Open')
      await this.#session.send('PATCH', `/jobs/ingest/${id}`, WHAT, { state: 'Aborted' });
    else if (job) await this.#ended(id, progress);
  }

  /** Sends a job off. Without an answer, the job itself tells whether it goes. */
  async #close(id: string): Promise<void> {
    try {
      await this.#session.send('PATCH', `/jobs/ingest/${id}`, WHAT, { state: 'UploadComplete' });
    } catch (error) {
      if (!(error instanceof SystemFault) || !error.retryable) throw error;
      if ((await this.#look(id))?.state === 'Open') throw error;
    }
  }

  /** A job; undefined where the org knows it no more. */
  async #look(id: string): Promise<BulkJob | undefined> {
    try {
      return await this.#read<BulkJob>(`/jobs/ingest/${id}`);
    } catch (error) {
      if (error instanceof SystemFault && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #ended(id: string, progress: (() => void) | undefined): Promise<BulkJob> {
    const job = await lookUntil(async () => {
      const now = await this.#read<BulkJob>(`/jobs/ingest/${id}`);
      progress?.();
      return ['JobComplete', 'Failed', 'Aborted'].includes(now.state) ? now : undefined;
    }, LONGEST_JOB_MS);
    if (!job) throw new SystemFault('salesforce', 'timeout', true, 'a bulk write takes too long');
    return job;
  }

  async #outcomes({ id }: BulkJob, rows: readonly IngestRow[]): Promise<ReadonlyMap<string, IngestOutcome>> {
    const read = (part: string) =>
      repeatReads('GET', () => this.#session.rows(`/jobs/ingest/${id}/${part}`, WHAT), pauseBriefly);
    const outcomes = new Map<string, IngestOutcome>(rows.map((row) => [row.id, { kind: 'unprocessed' }]));
    for (const { sf__Id } of await read('successfulResults'))
      if (sf__Id !== undefined) outcomes.set(sf__Id, { kind: 'written' });
    for (const row of await read('failedResults')) {
      // `CODE:what the org says of it:fields --`; what it says may quote the record.
      const [code = 'UNKNOWN'] = (row['sf__Error'] ?? '').split(':');
      const refused = { kind: 'refused', code, again: mayPass(code) } as const;
      const refusedId = row['Id'] || row['sf__Id'];
      if (refusedId) outcomes.set(refusedId, refused);
    }
    return outcomes;
  }

  #read<T>(url: string): Promise<T> {
    return repeatReads('GET', () => this.#session.send<T>('GET', url, WHAT), pauseBriefly);
  }
}

/** An empty cell leaves a field as it is; a sign of its own empties it. */
function csvOf(rows: readonly IngestRow[]): string {
  const fields = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const line = ({ id, values }: IngestRow): string =>
    [id, ...fields.map((field) => cell(values[field]))].join(',');
  return [['Id', ...fields].join(','), ...rows.map(line)].join('\n') + '\n';
}

function cell(value: string | number | null | undefined): string {
  if (value === undefined) return '';
  const text = value === null || value === '' ? EMPTY : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
