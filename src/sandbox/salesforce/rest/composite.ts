import { SalesforceError } from '../errors';
import {
  type Ask,
  base,
  objectIn,
  objectsIn,
  ok,
  type Call,
  type Caller,
  type Reply,
  type Route,
} from './call';
import type { SObject } from '../schema';
import { objectOfType, objectOr404, Writer } from '../writes';
import { failure } from './collections';

const MOST_SUBREQUESTS = 25;

/** An answer, or the error that a request would have been answered with. */
function answered(ask: Ask, caller: Caller, method: string, path: string, body: unknown): Reply {
  try {
    return caller.org.transaction(() => ask(caller, method, path, body));
  } catch (error) {
    if (error instanceof SalesforceError) return { status: error.status, body: error.body };
    throw error;
  }
}

const REFERENCE = /@\{([\w.[\]]+)\}/g;

/** What `ref.id` or `ref.records[0].Id` means in the answers so far. @throws SalesforceError */
function resolved(answers: ReadonlyMap<string, unknown>, path: string): unknown {
  const [name = '', ...steps] = path.split(/[.[\]]+/).filter(Boolean);
  const invalid = () =>
    new SalesforceError(
      'PROCESSING_HALTED',
      `Invalid reference specified. No value for ${path} found in ${name}`,
    );
  if (!answers.has(name)) throw invalid();
  const value = steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([key]) => key === step)?.[1]
        : undefined,
    answers.get(name),
  );
  if (value === undefined || value === null) throw invalid();
  return value;
}

function withReferences(answers: ReadonlyMap<string, unknown>, value: unknown): unknown {
  if (typeof value === 'string') {
    const whole = /^@\{([\w.[\]]+)\}$/.exec(value)?.[1];
    if (whole !== undefined) return resolved(answers, whole);
    return value.replace(REFERENCE, (_all, path: string) => String(resolved(answers, path)));
  }
  if (Array.isArray(value)) return value.map((inner) => withReferences(answers, inner));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withReferences(answers, inner)]),
  );
}

/** The path below the version of a subrequest's url; other versions than the caller's are as good. */
function pathIn(url: unknown): string {
  const path = /^(?:\/services\/data)?\/v\d+\.0(\/.*)$/s.exec(String(url))?.[1];
  if (path === undefined)
    throw new SalesforceError('NOT_FOUND', 'The requested resource does not exist', [], 404);
  return path;
}

interface SubAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

const HALTED = (message: string) => [{ errorCode: 'PROCESSING_HALTED', message }];

function subrequest(
  ask: Ask,
  caller: Caller,
  answers: Map<string, unknown>,
  failed: Set<string>,
  request: Record<string, unknown>,
): SubAnswer {
  const referenceId = String(request['referenceId']);
  const reply = ((): Reply => {
    try {
      const path = pathIn(withReferences(answers, request['url']));
      return answered(
        ask,
        caller,
        String(request['method']).toUpperCase(),
        path,
        withReferences(answers, request['body']),
      );
    } catch (error) {
      if (error instanceof SalesforceError) return { status: error.status, body: error.body };
      throw error;
    }
  })();
  if (reply.status < 400) answers.set(referenceId, reply.body ?? null);
  else failed.add(referenceId);
  return {
    body: reply.body ?? null,
    httpHeaders: reply.headers ?? {},
    httpStatusCode: reply.status,
    referenceId,
  };
}

function refuseBadReferences(requests: readonly Record<string, unknown>[]): void {
  const seen = new Set<string>();
  for (const { referenceId } of requests) {
    if (typeof referenceId !== 'string' || !/^\w+$/.test(referenceId)) {
      throw new SalesforceError('JSON_PARSER_ERROR', `Invalid reference ID: ${String(referenceId)}`);
    }
    if (seen.has(referenceId))
      throw new SalesforceError(
        'JSON_PARSER_ERROR',
        `Duplicate ReferenceId provided in request: ${referenceId}`,
      );
    seen.add(referenceId);
  }
}

function composite(call: Call): Reply {
  const body = objectIn(call.body);
  const requests = objectsIn(body['compositeRequest']);
  const allOrNone = body['allOrNone'] === true;
  if (requests.length > MOST_SUBREQUESTS) {
    throw new SalesforceError(
      'LIMIT_EXCEEDED',
      `Limit exceeded: the maximum number of subrequests in a composite request is ${MOST_SUBREQUESTS}`,
    );
  }
  refuseBadReferences(requests);
  const { org, userId } = call.caller;
  const caller: Caller = allOrNone ? { ...call.caller, writer: new Writer(org, userId) } : call.caller;
  const failed = new Set<string>();
  const answers = new Map<string, unknown>();
  const run = () => requests.map((request) => subrequest(call.ask, caller, answers, failed, request));
  if (!allOrNone) return ok({ compositeResponse: run() });
  const results = org.transaction(run, () => failed.size > 0);
  if (failed.size === 0) return ok({ compositeResponse: results });
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  const compositeResponse = results.map((result) =>
    result.httpStatusCode >= 400
      ? result
      : { ...result, body: HALTED(message), httpHeaders: {}, httpStatusCode: 400 },
  );
  return ok({ compositeResponse });
}

function batch(call: Call): Reply {
  const body = objectIn(call.body);
  const requests = objectsIn(body['batchRequests']);
  if (requests.length > MOST_SUBREQUESTS) {
    throw new SalesforceError(
      'LIMIT_EXCEEDED',
      `Limit exceeded: the maximum number of subrequests in a batch request is ${MOST_SUBREQUESTS}`,
    );
  }
  let halted = false;
  const results = requests.map((request) => {
    if (halted) return { statusCode: 412, result: HALTED('Batch processing halted per request') };
    // A batch's urls begin with the version: `v62.0/sobjects/Account`.
    const url = String(request['url']).replace(/^\/?(?:services\/data\/)?(?=v\d)/, '/');
    const reply = answered(
      call.ask,
      call.caller,
      String(request['method']).toUpperCase(),
      pathIn(url),
      request['richInput'],
    );
    halted = reply.status >= 400 && body['haltOnError'] === true;
    return { statusCode: reply.status, result: reply.body ?? null };
  });
  return ok({ hasErrors: results.some((result) => result.statusCode >= 400), results });
}

interface TreeError {
  readonly referenceId: string;
  readonly errors: readonly object[];
}

/** Makes a record and those below it. @throws SalesforceError, with the record's `referenceId` noted in `errors` */
function plant(
  writer: Writer,
  object: SObject,
  record: Record<string, unknown>,
  made: object[],
  errors: TreeError[],
): void {
  const referenceId = String(objectIn(record['attributes'])['referenceId']);
  const own = Object.fromEntries(
    Object.entries(record).filter(([name]) => !object.children.has(name.toLowerCase())),
  );
  try {
    const id = writer.create(object, own);
    made.push({ referenceId, id });
    for (const [name, below] of Object.entries(record)) {
      const relation = object.children.get(name.toLowerCase());
      if (!relation) continue;
      for (const child of objectsIn(objectIn(below)['records'])) {
        plant(writer, objectOfType(relation.object), { ...child, [relation.field]: id }, made, errors);
      }
    }
  } catch (error) {
    errors.push({ referenceId, errors: failure(error).errors });
  }
}

function tree(call: Call): Reply {
  const object = objectOr404(call.params[0] ?? '');
  const records = objectsIn(objectIn(call.body)['records']);
  const { org, userId } = call.caller;
  const made: object[] = [];
  const errors: TreeError[] = [];
  const writer = new Writer(org, userId);
  org.transaction(
    () => records.forEach((record) => plant(writer, object, record, made, errors)),
    () => errors.length > 0,
  );
  if (errors.length > 0) return { status: 400, body: { hasErrors: true, results: errors } };
  return { status: 201, body: { hasErrors: false, results: made } };
}

/** Several requests in one: with references between them, one after another, or as a tree of records. */
export const COMPOSITE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/composite\/?$/,
    run: (call) =>
      ok(
        Object.fromEntries(
          ['tree', 'batch', 'sobjects'].map((name) => [name, `${base(call.caller)}/composite/${name}`]),
        ),
      ),
  },
  { method: 'POST', pattern: /^\/composite\/?$/, run: composite },
  { method: 'POST', pattern: /^\/composite\/batch\/?$/, run: batch },
  { method: 'POST', pattern: /^\/composite\/tree\/(\w+)\/?$/, run: tree },
];
