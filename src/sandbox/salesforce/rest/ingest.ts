import { BadCsv, parseCsv, writeCsv } from '../csv';
import { SalesforceError } from '../errors';
import { objectNamed } from '../schema';
import { objectOfType, Writer } from '../writes';
import { objectIn, ok, type Call, type Caller, type Reply, type Route } from './call';
import { failure, type SaveResult } from './collections';
import { at, invalidJob, jobOf, keep, list, newJob, removeJob, shownJob, texts, type Job } from './jobs';

const INGEST = '/jobs/ingest';
const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];

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
    Object.entries(values).map(([name, value]): [string, unknown] => {
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

function setState(call: Call): Reply {
  const job = jobOf(call, 'ingest');
  const state = objectIn(call.body)['state'];
  if (state === 'Aborted' && job.state !== 'JobComplete')
    return ok(shownJob(call.caller, keep(call.caller, { ...job, state })));
  if (state !== 'UploadComplete' || job.state !== 'Open') {
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

/** Bulk API 2.0 ingest jobs: CSV is uploaded, written record by record, and the results fetched. */
export const INGEST_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: at(INGEST), run: createIngest },
  { method: 'GET', pattern: at(INGEST), run: (call) => list(call, 'ingest') },
  {
    method: 'GET',
    pattern: at(`${INGEST}/:id`),
    run: (call) => ok(shownJob(call.caller, jobOf(call, 'ingest'))),
  },
  { method: 'PATCH', pattern: at(`${INGEST}/:id`), run: (call) => setState(call) },
  { method: 'DELETE', pattern: at(`${INGEST}/:id`), run: (call) => removeJob(call, 'ingest') },
  { method: 'PUT', pattern: at(`${INGEST}/:id/batches`), run: upload },
  {
    method: 'GET',
    pattern: /^\/jobs\/ingest\/(\w+)\/(successfulResults|failedResults|unprocessedrecords)\/?$/,
    run: results,
  },
];
