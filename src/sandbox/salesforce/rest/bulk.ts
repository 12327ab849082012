import { BadCsv, parseCsv, writeCsv } from '../csv';
import { SalesforceError, notFound } from '../errors';
import { makeId } from '../ids';
import { objectNamed } from '../schema';
import { parseSoql } from '../soql/parse';
import { runSoql } from '../soql/run';
import { objectOfType, Writer } from '../writes';
import { noContent, objectIn, ok, type Call, type Caller, type Reply, type Route } from './call';
import { failure, type SaveResult } from './collections';

type State = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

/** A job as stored; its CSV texts stand beside it in a table of their own. */
interface Job {
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
const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];

const jobs = (caller: Caller) => caller.org.world.table<Job>('sf-job');
const texts = (caller: Caller) => caller.org.world.table<string>('sf-job-text');
const invalidJob = (message: string) => new SalesforceError('INVALIDJOB', message);

function shownJob(caller: Caller, job: Job) {
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

function jobOf(call: Call, kind: Job['kind']): Job {
  const job = jobs(call.caller).get(call.params[0] ?? '');
  if (!job || job.kind !== kind) throw notFound();
  return job;
}

function keep(caller: Caller, job: Job): Job {
  return jobs(caller).put(job.id, { ...job, systemModstamp: new Date().toISOString() });
}

function newJob(
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

function createIngest(call: Call): Reply {
  const body = objectIn(call.body);
  const operation = String(body['operation']);
  if (!OPERATIONS.includes(operation)) throw invalidJob(`Unknown operation: ${operation}`);
  const object = objectNamed(String(body['object']));
  if (!object) throw invalidJob(`Unable to find object: ${String(body['object'])}`);
  const external = typeof body['externalIdFieldName'] === 'string' ? body['externalIdFieldName'] : null;
  if (operation === 'upsert' && external === null) throw invalidJob('External ID is required for upsert');
  const job = newJob(call, {
    kind: 'ingest',
    operation,
    object: object.name,
    externalIdFieldName: external,
    query: null,
    state: 'Open',
  });
  return ok(shownJob(call.caller, job));
}

function upload(call: Call): Reply {
  const job = jobOf(call, 'ingest');
  if (job.state !== 'Open')
    throw new SalesforceError('INVALIDJOBSTATE', `Job ${job.id} is not open for data`);
  if (typeof call.body !== 'string')
    throw new SalesforceError('INVALIDBATCH', 'The content type must be text/csv');
  texts(call.caller).put(`${job.id}:data`, call.body);
  return { status: 201 };
}

/** Writes one row as the job's operation says. */
function writeRow(caller: Caller, job: Job, row: Readonly<Record<string, string>>): SaveResult {
  const writer = new Writer(caller.org, caller.userId);
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
    Object.entries(values).map(([name, value]) => {
      const [relationship = '', field] = name.split('.');
      return field === undefined ? [name, value] : [relationship, { [field]: value }];
    }),
  );
}

function processJob(caller: Caller, job: Job): Job {
  const text = texts(caller).get(`${job.id}:data`) ?? '';
  let rows: string[][];
  try {
    rows = parseCsv(text, job.delimiter);
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    return keep(caller, {
      ...job,
      state: 'Failed',
      errorMessage: `InvalidBatch : Failed to parse CSV: ${error.message}`,
    });
  }
  const [names = [], ...values] = rows;
  const good: (string | boolean)[][] = [['sf__Id', 'sf__Created', ...names]];
  const bad: string[][] = [['sf__Id', 'sf__Error', ...names]];
  for (const cells of values) {
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
    const result = writeRow(caller, job, row);
    if (result.success) good.push([result.id ?? '', result.created === true, ...cells]);
    else bad.push([row['Id'] ?? '', errorText(result.errors[0]), ...cells]);
  }
  const lineEnd = job.lineEnding === 'CRLF' ? '\r\n' : '\n';
  texts(caller).put(`${job.id}:successfulResults`, writeCsv(good, job.delimiter, lineEnd));
  texts(caller).put(`${job.id}:failedResults`, writeCsv(bad, job.delimiter, lineEnd));
  texts(caller).put(`${job.id}:unprocessedrecords`, writeCsv([names], job.delimiter, lineEnd));
  return keep(caller, {
    ...job,
    state: 'JobComplete',
    numberRecordsProcessed: values.length,
    numberRecordsFailed: bad.length - 1,
  });
}

function errorText(error: object | undefined): string {
  const of = new Map(Object.entries(error ?? {}));
  const fields: unknown = of.get('fields');
  return `${String(of.get('statusCode'))}:${String(of.get('message'))}:${Array.isArray(fields) ? fields.join(', ') : ''} --`;
}

function setState(call: Call, kind: Job['kind']): Reply {
  const job = jobOf(call, kind);
  const state = objectIn(call.body)['state'];
  if (state === 'Aborted' && job.state !== 'JobComplete')
    return ok(shownJob(call.caller, keep(call.caller, { ...job, state })));
  if (state !== 'UploadComplete' || job.state !== 'Open' || kind !== 'ingest') {
    throw new SalesforceError(
      'INVALIDJOBSTATE',
      `Job in state ${job.state} cannot be set to ${String(state)}`,
    );
  }
  const uploaded: Job = { ...job, state };
  processJob(call.caller, uploaded);
  // The answer is of the moment before the work: the client polls for the rest.
  return ok(shownJob(call.caller, uploaded));
}

function results(call: Call): Reply {
  const job = jobOf(call, 'ingest');
  const text = texts(call.caller).get(`${job.id}:${call.params[1] ?? ''}`);
  if (text === undefined) throw new SalesforceError('INVALIDJOBSTATE', `Job ${job.id} has no results yet`);
  return { status: 200, body: text, headers: { 'Content-Type': 'text/csv; charset=UTF-8' } };
}

function removeJob(call: Call, kind: Job['kind']): Reply {
  const job = jobOf(call, kind);
  for (const [id] of texts(call.caller).entries())
    if (id.startsWith(`${job.id}:`)) texts(call.caller).delete(id);
  jobs(call.caller).delete(job.id);
  return noContent;
}

function createQuery(call: Call): Reply {
  const body = objectIn(call.body);
  const query = String(body['query'] ?? '');
  const parsed = parseSoql(query);
  const { org, version } = call.caller;
  const found = runSoql({ org, version }, query, parsed);
  const operation = body['operation'] === 'queryAll' ? 'queryAll' : 'query';
  const job = newJob(call, {
    kind: 'query',
    operation,
    object: found.object.name,
    externalIdFieldName: null,
    query,
    state: 'UploadComplete',
  });
  const names = parsed.select.map((item) => {
    if (item.kind === 'field') return item.alias ?? item.path.names.join('.');
    if (item.kind === 'aggregate' && item.alias !== null) return item.alias;
    throw new SalesforceError(
      'FUNCTIONALITY_NOT_ENABLED',
      'the query has an item that a bulk query cannot return',
    );
  });
  const rows = found
    .page(0, Number.MAX_SAFE_INTEGER)
    .map((record) => names.map((name) => cellOf(record, name)));
  texts(call.caller).put(`${job.id}:rows`, JSON.stringify([names, ...rows]));
  keep(call.caller, { ...job, state: 'JobComplete', numberRecordsProcessed: rows.length });
  return ok(shownJob(call.caller, job));
}

function cellOf(record: Record<string, unknown>, path: string): string | number | boolean | null {
  const value = path.split('.').reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null) return null;
    return Object.entries(at).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }, record);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function queryResults(call: Call): Reply {
  const job = jobOf(call, 'query');
  const [names = [], ...rows] = JSON.parse(texts(call.caller).get(`${job.id}:rows`) ?? '[[]]') as (
    string | number | boolean | null
  )[][];
  const from = Number(Buffer.from(call.query.get('locator') ?? '', 'base64').toString('utf8') || 0);
  const most = Number(call.query.get('maxRecords') ?? 50_000);
  if (!Number.isInteger(from) || from < 0 || !Number.isInteger(most) || most < 1)
    throw invalidJob('invalid locator or maxRecords');
  const page = rows.slice(from, from + most);
  const locator = from + most < rows.length ? Buffer.from(String(from + most)).toString('base64') : 'null';
  return {
    status: 200,
    body: writeCsv([names, ...page], job.delimiter, job.lineEnding === 'CRLF' ? '\r\n' : '\n'),
    headers: {
      'Content-Type': 'text/csv; charset=UTF-8',
      'Sforce-Locator': locator,
      'Sforce-NumberOfRecords': String(page.length),
    },
  };
}

function list(call: Call, kind: Job['kind']): Reply {
  const records = jobs(call.caller)
    .filter((job) => job.kind === kind)
    .map((job) => shownJob(call.caller, job));
  return ok({ done: true, nextRecordsUrl: null, records });
}

const INGEST = '/jobs/ingest';
const QUERY = '/jobs/query';
const at = (path: string) => new RegExp(`^${path.replace(':id', '(\\w+)')}/?$`);

/** Bulk API 2.0: CSV in jobs, polled until done. */
export const BULK_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: at(INGEST), run: createIngest },
  { method: 'GET', pattern: at(INGEST), run: (call) => list(call, 'ingest') },
  {
    method: 'GET',
    pattern: at(`${INGEST}/:id`),
    run: (call) => ok(shownJob(call.caller, jobOf(call, 'ingest'))),
  },
  { method: 'PATCH', pattern: at(`${INGEST}/:id`), run: (call) => setState(call, 'ingest') },
  { method: 'DELETE', pattern: at(`${INGEST}/:id`), run: (call) => removeJob(call, 'ingest') },
  { method: 'PUT', pattern: at(`${INGEST}/:id/batches`), run: upload },
  {
    method: 'GET',
    pattern: /^\/jobs\/ingest\/(\w+)\/(successfulResults|failedResults|unprocessedrecords)\/?$/,
    run: results,
  },
  { method: 'POST', pattern: at(QUERY), run: createQuery },
  { method: 'GET', pattern: at(QUERY), run: (call) => list(call, 'query') },
  {
    method: 'GET',
    pattern: at(`${QUERY}/:id`),
    run: (call) => ok(shownJob(call.caller, jobOf(call, 'query'))),
  },
  { method: 'PATCH', pattern: at(`${QUERY}/:id`), run: (call) => setState(call, 'query') },
  { method: 'DELETE', pattern: at(`${QUERY}/:id`), run: (call) => removeJob(call, 'query') },
  { method: 'GET', pattern: at(`${QUERY}/:id/results`), run: queryResults },
];
