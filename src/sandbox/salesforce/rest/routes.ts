import { methodNotAllowed, notFound, SalesforceError } from '../errors';
import type { Ask, Call, Route } from './call';
import { BULK_QUERY_ROUTES } from './bulk-query';
import { COLLECTION_ROUTES } from './collections';
import { COMPOSITE_ROUTES } from './composite';
import { DESCRIBE_ROUTES } from './describe';
import { INGEST_ROUTES } from './ingest';
import { PASSWORD_ROUTES } from './passwords';
import { QUERY_ROUTES } from './query';
import { REPLICATION_ROUTES } from './replication';
import { SOBJECT_ROUTES } from './sobjects';

const ROUTES: readonly Route[] = [
  ...DESCRIBE_ROUTES,
  ...QUERY_ROUTES,
  ...COLLECTION_ROUTES,
  ...COMPOSITE_ROUTES,
  ...INGEST_ROUTES,
  ...BULK_QUERY_ROUTES,
  ...REPLICATION_ROUTES,
  ...PASSWORD_ROUTES,
  ...SOBJECT_ROUTES,
];

/** Finds the route of a resource and asks it. @throws SalesforceError 404 where there is none, 405 for another method */
export const dispatch: Ask = (caller, method, path, body) => {
  const [, bare = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(path) ?? [];
  const fitting = ROUTES.filter((route) => route.pattern.test(bare));
  const wanted = method === 'HEAD' ? 'GET' : method;
  const route = fitting.find((candidate) => candidate.method === wanted);
  if (!route) {
    if (fitting.length === 0) throw notFound();
    throw methodNotAllowed(
      method,
      ['HEAD', ...new Set(fitting.map((candidate) => candidate.method))].join(','),
    );
  }
  const params = (route.pattern.exec(bare) ?? []).slice(1).map(decoded);
  const call: Call = { caller, method, params, query: new URLSearchParams(search), body, ask: dispatch };
  return route.run(call);
};

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    throw new SalesforceError('NOT_FOUND', 'The requested resource does not exist', [], 404);
  }
}
