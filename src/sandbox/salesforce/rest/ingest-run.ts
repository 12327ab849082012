import { strike } from '../../http';
import { BadCsv, parseCsv, writeCsv } from '../csv';
import type { Org } from '../org';
import { fieldNamed, known, relationshipNamed } from '../schema';
import { objectOfType, Writer } from '../writes';
import { failure, type SaveResult } from './collections';
import { jobTable, keepJob, lineEndOf, textTable, type Job } from './jobs';

/** Rows that are written together; other requests are answered in between. */
const ROWS_A_SLICE = 200;

/** Begins to write what a job brought, after the answer to whoever sent it off. What is half written goes on after a restart. */
export function runIngest(org: Org, id: string): void {
  setImmediate(() => {
    const job = jobTable(org).get(id);
    if (!org.world.isOpen || !job || !isRunning(job)) return;
    const batch = readBatch(org, job);
    if (typeof batch === 'string')
      return finish(org, { ...job, state: 'Failed', errorMessage: batch }, [], []);
    const path = `/jobs/ingest/${id}`;
    const fault = strike(org.world, 'salesforce', ['fail-job'], 'PATCH', path);
    const failsAt = fault ? (fault.after ?? Math.floor(batch.rows.length / 2)) : null;
    keepJob(org, { ...job, state: 'InProgress' });
    nextSlice(org, { ...batch, id, createdDate: job.createdDate, failsAt });
  });
}

/** Goes on with the jobs that a stop interrupted. */
export function resumeIngests(org: Org): void {
  for (const job of jobTable(org).values())
    if (job.kind === 'ingest' && isRunning(job)) runIngest(org, job.id);
}

const isRunning = ({ state }: Job): boolean => state === 'UploadComplete' || state === 'InProgress';

interface Batch {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
interface Run extends Batch {
  readonly id: string;
  /** After a reset, another job may have the same id. */
  readonly createdDate: string;
  readonly failsAt: number | null;
}

/** What was uploaded, or why it can't be taken at all. */
function readBatch(org: Org, job: Job): Batch | string {
  let read: string[][];
  try {
    read = parseCsv(textTable(org).get(`${job.id}:data`) ?? '', job.delimiter);
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    return `InvalidBatch : Failed to parse CSV: ${error.message}`;
  }
  const [names = [], ...rows] = read;
  const object = known(job.object);
  const unknown = names.find((name) => {
    const [first = '', field] = name.split('.');
    return field === undefined ? !fieldNamed(object, first) : !relationshipNamed(object, first);
  });
  return unknown === undefined ? { names, rows } : `InvalidBatch : Field name not found : ${unknown}`;
}

function nextSlice(org: Org, run: Run): void {
  const job = org.world.isOpen ? jobTable(org).get(run.id) : undefined;
  if (job?.createdDate !== run.createdDate) return;
  const from = job.numberRecordsProcessed;
  // Somebody aborted it.
  if (job.state !== 'InProgress') return finish(org, job, run.names, run.rows.slice(from));
  const to = Math.min(from + ROWS_A_SLICE, run.failsAt ?? Infinity, run.rows.length);
  let failed = 0;
  for (const cells of run.rows.slice(from, to)) {
    const row = Object.fromEntries(run.names.map((name, i) => [name, cells[i] ?? '']));
    const result = writeRow(org, job, row);
    if (!result.success) failed += 1;
    const line = result.success
      ? [result.id ?? '', result.created === true, ...cells]
      : [row['Id'] ?? '', errorText(result.errors[0]), ...cells];
    add(org, job, result.success ? 'successfulResults' : 'failedResults', run.names, line);
  }
  const now = keepJob(org, {
    ...job,
    numberRecordsProcessed: to,
    numberRecordsFailed: job.numberRecordsFailed + failed,
  });
  if (to === run.failsAt) {
    const errorMessage = 'InternalServerError : Too many errors while the job was processed';
    finish(org, { ...now, state: 'Failed', errorMessage }, run.names, run.rows.slice(to));
  } else if (to === run.rows.length) finish(org, { ...now, state: 'JobComplete' }, run.names, []);
  else setImmediate(() => nextSlice(org, run));
}

function finish(org: Org, job: Job, names: readonly string[], left: readonly (readonly string[])[]): void {
  add(org, job, 'successfulResults', names);
  add(org, job, 'failedResults', names);
  const text = writeCsv([names, ...left], job.delimiter, lineEndOf(job));
  textTable(org).put(`${job.id}:unprocessedrecords`, text);
  keepJob(org, job);
  org.world.commit();
}

type Results = 'successfulResults' | 'failedResults';

/** Adds a line to the results of a job; the names come first, also where there is no other line. */
function add(
  org: Org,
  job: Job,
  results: Results,
  names: readonly string[],
  line?: readonly (string | boolean)[],
): void {
  const key = `${job.id}:${results}`;
  const head = ['sf__Id', results === 'successfulResults' ? 'sf__Created' : 'sf__Error', ...names];
  const before = textTable(org).get(key) ?? writeCsv([head], job.delimiter, lineEndOf(job));
  textTable(org).put(key, before + writeCsv(line ? [line] : [], job.delimiter, lineEndOf(job)));
}

/** Writes one row as the job's operation says. */
function writeRow(org: Org, job: Job, row: Readonly<Record<string, string>>): SaveResult {
  const writer = new Writer(org, job.createdById);
  const object = objectOfType(job.object);
  // An empty cell leaves a field as it is; #N/A empties it.
  const values = Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, value === '#N/A' ? null : value]),
  );
  const { Id, ...rest } = values;
  try {
    switch (job.operation) {
      case 'insert':
        return { id: writer.create(object, nested(values)), success: true, errors: [], created: true };
      case 'update':
        writer.update(object, Id ?? '', nested(rest));
        return { id: Id ?? '', success: true, errors: [], created: false };
      case 'upsert': {
        const field = job.externalIdFieldName ?? '';
        const { [field]: key, ...others } = values;
        return { ...writer.upsert(object, field, key ?? null, nested(others)), success: true, errors: [] };
      }
      default:
        writer.remove(object, Id ?? '');
        return { id: Id ?? '', success: true, errors: [], created: false };
    }
  } catch (error) {
    return failure(error);
  }
}

/** A column `Owner.Username` is a reference by external id. */
function nested(values: Readonly<Record<string, string | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, unknown] => {
      const [relationship = '', field] = name.split('.');
      return field === undefined ? [name, value] : [relationship, { [field]: value }];
    }),
  );
}

function errorText(error: object | undefined): string {
  const of = new Map(Object.entries(error ?? {}));
  const fields: unknown = of.get('fields');
  return `${String(of.get('statusCode'))}:${String(of.get('message'))}:${Array.isArray(fields) ? fields.join(', ') : ''} --`;
}
