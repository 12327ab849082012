import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Handbook } from '../../domain/handbook';
import { systemApp } from '../http';
import type { World } from '../world';
import { accountRoutes } from './account-routes';
import type { ChangeEvents } from './change-events';
import { bodyOfStatus, notFound, SalesforceError } from './errors';
import { countRequest, limitInfo } from './limits';
import { oauthRoutes } from './oauth';
import { Org } from './org';
import type { Caller } from './rest/call';
import { resumeIngests } from './rest/ingest-run';
import { dispatch } from './rest/routes';
import { VERSIONS } from './rest/versions';
import { sandboxRoutes } from './sandbox-routes';
import { seedOrg } from './seed';
import { credentials, sessionOf, type Credentials } from './sessions';
import { soapRoutes } from './soap';

/** What a client signs in with: `clientId`, `clientSecret` and `username` (also `password` and `securityToken` for the older ways). */
export const salesforceCredentials = (world: World): Credentials => credentials(world);

function callerOf(org: Org, req: Request, res: Response, version: string): Caller {
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(req.header('authorization') ?? '')?.[1];
  const session = token === undefined ? undefined : sessionOf(org.world, token);
  const user = org.get('User', session?.userId);
  if (!session || user?.['IsActive'] !== true)
    throw new SalesforceError('INVALID_SESSION_ID', 'Session expired or invalid', [], 401);
  res.locals['who'] = String(user['Username']);
  const asked = Number(/batchSize=(\d+)/i.exec(req.header('sforce-query-options') ?? '')?.[1] ?? 2000);
  const origin = `${req.protocol}://${req.headers.host ?? 'localhost'}`;
  // The real one takes 200 to 2,000; fewer are allowed here so that pages can be tried with few records.
  return { org, userId: user.Id, version, origin, batchSize: Math.min(Math.max(asked, 1), 2000) };
}

function answerRest(org: Org) {
  return (req: Request, res: Response): void => {
    const [, version = '', path = ''] = /^\/services\/data\/v(\d+\.0)(\/.*)?$/s.exec(req.originalUrl) ?? [];
    if (!VERSIONS.some((known) => known.version === version)) throw notFound();
    const caller = callerOf(org, req, res, version);
    countRequest(org);
    res.set('Sforce-Limit-Info', limitInfo(org));
    const reply = dispatch(caller, req.method, path || '/', req.body);
    for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
    res.status(reply.status);
    if (reply.body === undefined) res.end();
    else if (typeof reply.body === 'string') res.send(reply.body);
    else res.json(reply.body);
  };
}

function answerError(org: Org) {
  return (error: unknown, _req: Request, res: Response, _next: NextFunction): void => {
    if (!res.get('Sforce-Limit-Info')) res.set('Sforce-Limit-Info', limitInfo(org));
    if (error instanceof SalesforceError) {
      res.status(error.status).json(error.body);
      return;
    }
    const status =
      typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    if (status >= 400 && status < 500) {
      const message = error instanceof Error ? error.message : 'The body could not be read';
      res.status(status).json([{ message, errorCode: 'JSON_PARSER_ERROR' }]);
      return;
    }
    console.error(error);
    res.status(500).json(bodyOfStatus(500));
  };
}

/**
 * Salesforce's REST API over an org of its own: OAuth, records, SOQL, collections and composite requests, licences that run out.
 * What is for tests and demos only is below `/__sandbox/` (see `sandbox-routes.ts`).
 */
export function mountSalesforce(world: World, handbook: Handbook, events?: ChangeEvents): Express {
  const org = new Org(world);
  seedOrg(org, handbook);
  org.onChange = (object, row, fields) => events?.note(org, object, row, fields);
  resumeIngests(org);
  const app = systemApp(world, 'salesforce', bodyOfStatus);
  app.use(oauthRoutes(org));
  app.use(soapRoutes(org));
  app.use('/__sandbox', sandboxRoutes(org, handbook));
  app.use(accountRoutes(org));
  app.get('/services/data', (_req, res) => void res.json(VERSIONS));
  app.use(express.json({ limit: '50mb', strict: false, type: ['application/json', 'application/*+json'] }));
  app.use(express.text({ limit: '150mb', type: ['text/csv', 'text/plain'] }));
  app.use('/services/data', answerRest(org));
  app.use(() => {
    throw notFound();
  });
  app.use(answerError(org));
  world.commit();
  return app;
}
