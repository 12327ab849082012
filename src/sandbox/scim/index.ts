import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import SCIMMYRouters from 'scimmy-routers';
import type { Handbook } from '../../domain/handbook';
import { systemApp } from '../http';
import type { World } from '../world';
import {
  checkedFilter,
  checkedSchemas,
  ERROR_SCHEMA,
  meNotImplemented,
  readOnlyDiscovery,
  sendScimError,
  withoutExtension,
  withoutInnerSchemas,
  withSchemas,
} from './conformance';
import { waysOf, waysRoute, withWays } from './ways';
import { declareResources, schemaOf, type Tenant } from './resources';

/** One SCIM server of the sandbox: where it is on the listener, and the token that it takes. */
export interface ScimServer {
  readonly system: string;
  /** The prefix of the variables, as in the handbook's `{kind: 'scim', connection}`. */
  readonly connection: string;
  /** Without the listener's address: `/ringlead/scim/v2`. */
  readonly path: string;
  readonly token: string;
}

/** The servers that the handbook asks for, each with a token that is made once and kept in the world. */
function serversOf(world: World, handbook: Handbook): ScimServer[] {
  const tokens = world.table<string>('scim-token');
  return handbook.systems.flatMap((system) =>
    system.ways.flatMap((way) => {
      if (way.kind !== 'scim') return [];
      const token = tokens.get(system.key) ?? tokens.put(system.key, randomBytes(24).toString('base64url'));
      return [{ system: system.key, connection: way.connection, path: `/${system.key}/scim/v2`, token }];
    }),
  );
}

const BODY_TYPES = ['application/scim+json', 'application/json'];

function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * SCIM 2.0 servers (RFC 7643, 7644), one for each system that the handbook provisions by SCIM, all of the published library SCIMMY.
 * Each has its own users, groups and bearer token, and its ways (`PATCH /__sandbox/<system>/ways`): one may lack PATCH, want
 * `active` as text, or refuse (400 `invalidFilter`) to list users, as LinkedIn's does.
 */
export function mountScim(world: World, handbook: Handbook): { app: Express; systems: ScimServer[] } {
  declareResources();
  const systems = serversOf(world, handbook);
  const serverOf = (req: Request) => systems.find((server) => server.system === req.params['system']);
  const tenantOf = (req: Request): Tenant => {
    const system = serverOf(req)?.system ?? '';
    return { world, system, listNeedsFilter: !waysOf(world, system).lists };
  };
  const app = systemApp(world, 'scim', (status) => ({
    schemas: [ERROR_SCHEMA],
    status: String(status),
    detail: `${status}`,
  }));

  app.use(waysRoute(world, (system) => systems.some((server) => server.system === system)));
  app.use('/:system/scim/v2', (req, res, next) => {
    const server = serverOf(req);
    res.type('application/scim+json');
    if (!server) return sendScimError(res, 404, 'Endpoint Not Found');
    const given = /^Bearer (.+)$/i.exec(req.header('authorization') ?? '')?.[1];
    if (given === undefined || !sameToken(given, server.token)) {
      res.set('WWW-Authenticate', 'Bearer realm="scim"');
      return sendScimError(res, 401, 'Invalid or missing bearer token');
    }
    res.locals['who'] = `${server.system}-scim-client`;
    // Express 5 parses the query anew at each look, and SCIMMY's router turns its numbers into numbers in place.
    Object.defineProperty(req, 'query', { value: req.query, configurable: true });
    return withSchemas((id) => schemaOf(tenantOf(req), id))(req, res, next);
  });
  app.use(
    '/:system/scim/v2',
    readOnlyDiscovery,
    meNotImplemented,
    express.json({ type: BODY_TYPES, limit: '1mb' }),
    withWays((req) => waysOf(world, serverOf(req)?.system ?? '')),
    withoutInnerSchemas,
    withoutExtension,
    checkedFilter,
    checkedSchemas,
  );
  app.use(
    '/:system/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      // The token was checked above.
      handler: (req) => serverOf(req)?.system ?? '',
      baseUri: (req) => `${req.protocol}://${req.headers.host ?? 'localhost'}`,
      context: tenantOf,
    }),
  );
  app.use((_req, res) => sendScimError(res, 404, 'Endpoint Not Found'));
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    if (status >= 500) return sendScimError(res, 500, 'Internal Server Error');
    return sendScimError(res, status, 'The body could not be read', 'invalidSyntax');
  });
  world.commit();
  return { app, systems };
}
