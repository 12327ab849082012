import { writeCsv } from '../csv';
import { SalesforceError } from '../errors';
import { parseSoql } from '../soql/parse';
import { runSoql } from '../soql/run';
import { objectIn, ok, type Call, type Reply, type Route } from './call';
import { at, invalidJob, jobOf, keep, lineEndOf, list, newJob, removeJob, shownJob, texts } from './jobs';

const QUERY = '/jobs/query';
/** Rows of a result lie in texts of so many. */
const TOGETHER = 5_000;
type Cells = readonly (string | number | boolean | null)[];

function createQuery(call: Call): Reply {
  const body = objectIn(call.body);
  const query = String(body['query'] ?? '');
  const parsed = parseSoql(query);
  const { org, version } = call.caller;
  const operation = body['operation'] === 'queryAll' ? 'queryAll' : 'query';
  const found = runSoql({ org, version, all: operation === 'queryAll' }, query, parsed);
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
  const paths = names.map((name) => name.split('.'));
  const csvOf = (row: Cells): string => writeCsv([row], job.delimiter, lineEndOf(job));
  for (let from = 0; from < found.totalSize; from += TOGETHER) {
    const rows = found.page(from, TOGETHER).map((record) => csvOf(paths.map((path) => cellOf(record, path))));
    texts(call.caller).put(`${job.id}:rows:${from}`, JSON.stringify(rows));
  }
  texts(call.caller).put(`${job.id}:names`, csvOf(names));
  keep(call.caller, { ...job, state: 'JobComplete', numberRecordsProcessed: found.totalSize });
  return ok(shownJob(call.caller, job));
}

function cellOf(record: Record<string, unknown>, path: readonly string[]): Cells[number] {
  const value = path.reduce<unknown>((at, name) => {
    if (typeof at !== 'object' || at === null) return null;
    const plain = (at as Record<string, unknown>)[name];
    if (plain !== undefined) return plain;
    return Object.entries(at).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }, record);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function queryResults(call: Call): Reply {
  const job = jobOf(call, 'query');
  const from = Number(Buffer.from(call.query.get('locator') ?? '', 'base64').toString('utf8') || 0);
  const most = Number(call.query.get('maxRecords') ?? 50_000);
  if (!Number.isInteger(from) || from < 0 || !Number.isInteger(most) || most < 1)
    throw invalidJob('invalid locator or maxRecords');
  const page: string[] = [];
  const to = Math.min(from + most, job.numberRecordsProcessed);
  for (let first = from - (from % TOGETHER); first < to; first += TOGETHER) {
    const rows = JSON.parse(texts(call.caller).get(`${job.id}:rows:${first}`) ?? '[]') as string[];
    page.push(...rows.slice(Math.max(0, from - first), to - first));
  }
  const locator = to < job.numberRecordsProcessed ? Buffer.from(String(to)).toString('base64') : 'null';
  return {
    status: 200,
    body: (texts(call.caller).get(`${job.id}:names`) ?? '') + page.join(''),
    headers: {
      'Content-Type': 'text/csv; charset=UTF-8',
      'Sforce-Locator': locator,
      'Sforce-NumberOfRecords': String(page.length),
    },
  };
}

/** Bulk API 2.0 query jobs: the rows as CSV, in pages by locator. */
export const BULK_QUERY_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: at(QUERY), run: createQuery },
  { method: 'GET', pattern: at(QUERY), run: (call) => list(call, 'query') },
  {
    method: 'GET',
    pattern: at(`${QUERY}/:id`),
    run: (call) => ok(shownJob(call.caller, jobOf(call, 'query'))),
  },
  { method: 'DELETE', pattern: at(`${QUERY}/:id`), run: (call) => removeJob(call, 'query') },
  { method: 'GET', pattern: at(`${QUERY}/:id/results`), run: queryResults },
];
