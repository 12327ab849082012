import { SalesforceError } from '../errors';
import { objectNamed } from '../schema';
import { objectIn, ok, type Call, type Reply, type Route } from './call';
import { runIngest } from './ingest-run';
import { at, invalidJob, jobOf, keep, list, newJob, removeJob, shownJob, texts } from './jobs';

const INGEST = '/jobs/ingest';
const ENDED = ['JobComplete', 'Failed', 'Aborted'];
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
  if (texts(call.caller).get(`${job.id}:data`) !== undefined)
    throw new SalesforceError(
      'INVALIDBATCH',
      `Found multiple contents for job: <${job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`,
    );
  texts(call.caller).put(`${job.id}:data`, call.body);
  return { status: 201 };
}

function setState(call: Call): Reply {
  const job = jobOf(call, 'ingest');
  const state = objectIn(call.body)['state'];
  if (state === 'Aborted' && !ENDED.includes(job.state))
    return ok(shownJob(call.caller, keep(call.caller, { ...job, state })));
  if (state !== 'UploadComplete' || job.state !== 'Open') {
    throw new SalesforceError(
      'INVALIDJOBSTATE',
      `Job in state ${job.state} cannot be set to ${String(state)}`,
    );
  }
  const uploaded = keep(call.caller, { ...job, state });
  runIngest(call.caller.org, job.id);
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
