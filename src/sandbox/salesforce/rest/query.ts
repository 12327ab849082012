import { randomBytes } from 'node:crypto';
import { SalesforceError } from '../errors';
import { parseSoql } from '../soql/parse';
import { runSosl } from '../sosl';
import { runSoql, showMore, type View } from '../soql/run';
import { base, ok, type Call, type Reply, type Route } from './call';

/** A query that has more than one page: the records that it found, to be shown as they are when asked for. */
interface Cursor {
  readonly text: string;
  readonly ids: readonly string[];
  readonly batchSize: number;
  readonly all: boolean;
}

const cursors = (call: Call) => call.caller.org.world.table<Cursor>('sf-cursor');
const viewOf = (call: Call, all: boolean): View => ({
  org: call.caller.org,
  version: call.caller.version,
  all,
});

const query =
  (all: boolean) =>
  (call: Call): Reply => {
    const text = call.query.get('q');
    if (text === null) throw new SalesforceError('MALFORMED_QUERY', 'q parameter is required');
    const found = runSoql(viewOf(call, all), text, parseSoql(text));
    const { batchSize } = call.caller;
    const records = found.page(0, batchSize);
    if (found.ids.length <= batchSize) return ok({ totalSize: found.totalSize, done: true, records });
    const id = `01gdt${randomBytes(10).toString('hex').slice(0, 13)}`;
    cursors(call).put(id, { text, ids: found.ids, batchSize, all });
    const nextRecordsUrl = `${base(call.caller)}/query/${id}-${batchSize}`;
    return ok({ totalSize: found.totalSize, done: false, nextRecordsUrl, records });
  };

function more(call: Call): Reply {
  const [id = '', from = ''] = call.params;
  const cursor = cursors(call).get(id);
  if (!cursor) throw new SalesforceError('INVALID_QUERY_LOCATOR', 'invalid query locator');
  const start = Number(from);
  const end = start + cursor.batchSize;
  const records = showMore(
    viewOf(call, cursor.all),
    cursor.text,
    parseSoql(cursor.text),
    cursor.ids.slice(start, end),
  );
  const totalSize = cursor.ids.length;
  if (end >= totalSize) return ok({ totalSize, done: true, records });
  return ok({ totalSize, done: false, nextRecordsUrl: `${base(call.caller)}/query/${id}-${end}`, records });
}

function search(call: Call): Reply {
  const text = call.query.get('q');
  if (text === null) throw new SalesforceError('MALFORMED_SEARCH', 'q parameter is required');
  const { org, version } = call.caller;
  return ok({ searchRecords: runSosl(org, version, text) });
}

/** SOQL and SOSL. `queryAll` finds what was deleted, too. */
export const QUERY_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^\/search\/?$/, run: search },
  { method: 'GET', pattern: /^\/query\/?$/, run: query(false) },
  { method: 'GET', pattern: /^\/queryAll\/?$/, run: query(true) },
  { method: 'GET', pattern: /^\/(?:query|queryAll)\/(\w+)-(\d+)$/, run: more },
];
