import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { World } from '../world';
import { sendScimError } from './conformance';

/** The ways in which SCIM servers differ from the RFCs, one set for each system. */
export interface ScimWays {
  /** Without it PATCH is answered 501, and the configuration says so. */
  readonly patch: boolean;
  /** Users can be listed without a filter. */
  readonly lists: boolean;
  /** Users can be found by `externalId`. */
  readonly findsByExternalId: boolean;
  /** `active` is the text `"True"` or `"False"`, and nothing else is taken. */
  readonly activeAsText: boolean;
}

const NAMES = ['patch', 'lists', 'findsByExternalId', 'activeAsText'] as const;

/** As it was set, else by the RFCs; LinkedIn's server can't list its users. */
export function waysOf(world: World, system: string): ScimWays {
  const set = world.table<Partial<ScimWays>>('scim-ways').get(system);
  const lists = !system.startsWith('linkedin');
  return { patch: true, lists, findsByExternalId: true, activeAsText: false, ...set };
}

/** `PATCH /__sandbox/<system>/ways` with some of the ways: the vendor's engineers change their server. */
export function waysRoute(world: World, isKnown: (system: string) => boolean): Router {
  const router = Router();
  router.patch('/__sandbox/:system/ways', express.json(), (req, res) => {
    const system = String(req.params['system']);
    const body: unknown = req.body;
    const given = Object.entries(typeof body === 'object' && body !== null ? body : {});
    const wrong = given.find(
      ([name, value]) => !NAMES.some((known) => known === name) || typeof value !== 'boolean',
    );
    if (!isKnown(system)) return sendScimError(res, 404, 'No such system');
    if (wrong) return sendScimError(res, 400, `${NAMES.join(', ')}: true or false`, 'invalidValue');
    const ways = { ...waysOf(world, system), ...Object.fromEntries(given) };
    world.table<Partial<ScimWays>>('scim-ways').put(system, ways);
    res.json(ways);
  });
  return router;
}

/** Answers as a server with these ways does, around one that keeps to the RFCs. */
export function withWays(of: (req: Request) => ScimWays) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const ways = of(req);
    if (req.method === 'PATCH' && !ways.patch)
      return sendScimError(res, 501, 'PATCH is not supported: replace the resource');
    const filter = req.query['filter'];
    if (!ways.findsByExternalId && typeof filter === 'string' && /\bexternalId\b/i.test(filter))
      return sendScimError(res, 400, 'Users can be found by userName only', 'invalidFilter');
    if (ways.activeAsText && !readText(req.body))
      return sendScimError(res, 400, 'active must be "True" or "False"', 'invalidValue');
    const json = res.json.bind(res);
    res.json = (body: unknown) => json(shown(body, ways));
    next();
  };
}

/** Turns the text of `active` into what the server within takes; false where it is something else. */
function readText(body: unknown): boolean {
  if (!isObject(body)) return true;
  const operations = Array.isArray(body['Operations']) ? body['Operations'].filter(isObject) : [];
  const holders: [Record<string, unknown>, string][] = [[body, 'active']];
  for (const operation of operations)
    if (String(operation['path']).toLowerCase() === 'active') holders.push([operation, 'value']);
    else if (isObject(operation['value'])) holders.push([operation['value'], 'active']);
  for (const [holder, name] of holders) {
    if (!(name in holder)) continue;
    if (holder[name] !== 'True' && holder[name] !== 'False') return false;
    holder[name] = holder[name] === 'True';
  }
  return true;
}

function shown(body: unknown, ways: ScimWays): unknown {
  if (!isObject(body)) return body;
  const own: Record<string, unknown> = { ...body };
  if (!ways.patch && isObject(own['patch'])) own['patch'] = { ...own['patch'], supported: false };
  if (ways.activeAsText && typeof own['active'] === 'boolean')
    own['active'] = own['active'] ? 'True' : 'False';
  if (Array.isArray(own['Resources'])) own['Resources'] = own['Resources'].map((one) => shown(one, ways));
  return own;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
