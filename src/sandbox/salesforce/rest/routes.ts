import { methodNotAllowed, notFound, SalesforceError } from '../errors';
import type { Call, Caller, Reply, Route } from './call';
import { QUERY_ROUTES } from './query';
import { SOBJECT_ROUTES } from './sobjects';

const ROUTES: readonly Route[] = [...QUERY_ROUTES, ...SOBJECT_ROUTES];

/** Asks for a resource: `path` is what follows `/services/data/vXX.0`, with its query string. @throws SalesforceError */
export function dispatch(caller: Caller, method: string, path: string, body: unknown): Reply {
  const [bare = '', search = ''] = path.split('?', 2);
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
  const call: Call = { caller, method, params, query: new URLSearchParams(search), body };
  return route.run(call);
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    throw new SalesforceError('NOT_FOUND', 'The requested resource does not exist', [], 404);
  }
}
