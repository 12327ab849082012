import { SalesforceError, notFound } from '../errors';
import { makeId } from '../ids';
import type { Org } from '../org';
import { noContent, objectIn, ok, type Call, type Caller, type Reply } from './call';

type State = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

/** A job as stored; its CSV texts stand beside it in a table of their own. */
export interface Job {
  readonly id: string;
  readonly kind: 'ingest' | 'query';
  readonly operation: string;
  readonly object: string;
  readonly externalIdFieldName: string | null;
  readonly query: string | null;
  readonly delimiter: string;
  readonly lineEnding: 'LF' | 'CRLF';
  readonly columnDelimiter: string;
  readonly state: State;
  readonly createdById: string;
  readonly createdDate: string;
  readonly systemModstamp: string;
  readonly numberRecordsProcessed: number;
  readonly numberRecordsFailed: number;
  readonly errorMessage: string | null;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ',',
  SEMICOLON: ';',
  PIPE: '|',
  TAB: '\t',
  CARET: '^',
  BACKQUOTE: '`',
};

export const jobTable = (org: Org) => org.world.table<Job>('sf-job');
export const textTable = (org: Org) => org.world.table<string>('sf-job-text');
const jobs = (caller: Caller) => jobTable(caller.org);
export const texts = (caller: Caller) => textTable(caller.org);
export const invalidJob = (message: string) => new SalesforceError('INVALIDJOB', message);

export const lineEndOf = ({ lineEnding }: Job): string => (lineEnding === 'CRLF' ? '\r\n' : '\n');

export function shownJob(caller: Caller, job: Job) {
  const { kind, delimiter: _delimiter, query, externalIdFieldName, errorMessage, ...shown } = job;
  return {
    ...shown,
    contentType: 'CSV',
    apiVersion: Number(caller.version),
    concurrencyMode: 'Parallel',
    jobType: kind === 'ingest' ? 'V2Ingest' : 'V2Query',
    createdDate: job.createdDate.replace('Z', '+0000'),
    systemModstamp: job.systemModstamp.replace('Z', '+0000'),
    retries: 0,
    totalProcessingTime: 0,
    apiActiveProcessingTime: 0,
    apexProcessingTime: 0,
    ...(kind === 'ingest'
      ? { contentUrl: `services/data/v${caller.version}/jobs/ingest/${job.id}/batches` }
      : { query }),
    ...(externalIdFieldName === null ? {} : { externalIdFieldName }),
    ...(errorMessage === null ? {} : { errorMessage }),
  };
}

export function jobOf(call: Call, kind: Job['kind']): Job {
  const job = jobs(call.caller).get(call.params[0] ?? '');
  if (!job || job.kind !== kind) throw notFound();
  return job;
}

export const keepJob = (org: Org, job: Job): Job =>
  jobTable(org).put(job.id, { ...job, systemModstamp: new Date().toISOString() });
export const keep = (caller: Caller, job: Job): Job => keepJob(caller.org, job);

export function newJob(
  call: Call,
  wanted: Pick<Job, 'kind' | 'operation' | 'object' | 'externalIdFieldName' | 'query' | 'state'>,
): Job {
  const body = objectIn(call.body);
  const columnDelimiter = String(body['columnDelimiter'] ?? 'COMMA');
  const delimiter = DELIMITERS[columnDelimiter];
  if (delimiter === undefined) throw invalidJob(`Unknown column delimiter: ${columnDelimiter}`);
  const now = new Date().toISOString();
  const job: Job = {
    ...wanted,
    columnDelimiter,
    delimiter,
    lineEnding: body['lineEnding'] === 'CRLF' ? 'CRLF' : 'LF',
    id: makeId('750', call.caller.org.world.next('sf-job')),
    createdById: call.caller.userId,
    createdDate: now,
    systemModstamp: now,
    numberRecordsProcessed: 0,
    numberRecordsFailed: 0,
    errorMessage: null,
  };
  return keep(call.caller, job);
}

/** Forgets a job and its texts. */
export function removeJob(call: Call, kind: Job['kind']): Reply {
  const job = jobOf(call, kind);
  for (const [id] of texts(call.caller).entries())
    if (id.startsWith(`${job.id}:`)) texts(call.caller).delete(id);
  jobs(call.caller).delete(job.id);
  return noContent;
}

/** The jobs of a kind, as `GET /jobs/ingest` lists them. */
export function list(call: Call, kind: Job['kind']): Reply {
  const records = jobs(call.caller)
    .filter((job) => job.kind === kind)
    .map((job) => shownJob(call.caller, job));
  return ok({ done: true, nextRecordsUrl: null, records });
}

/** The pattern of a jobs path. */
export const at = (path: string): RegExp => new RegExp(`^${path.replace(':id', '(\\w+)')}/?$`);
