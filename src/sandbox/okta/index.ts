import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Handbook } from '../../domain/handbook';
import { systemApp } from '../http';
import type { World } from '../world';
import { seedDirectory } from './directory';
import { bodyOfStatus, OktaError, sendError } from './errors';
import { groupRoutes } from './groups';
import { userRoutes } from './users';

export { importPeople } from './directory';

/** The API token (`Authorization: SSWS <token>`), made at first start and kept in the world. */
export function oktaToken(world: World): string {
  const settings = world.table<string>('okta-setting');
  return settings.get('token') ?? settings.put('token', `00${randomBytes(30).toString('base64url')}`);
}

function authenticate(world: World) {
  return (req: Request, res: Response, next: NextFunction) => {
    const given = Buffer.from(/^SSWS (.+)$/.exec(req.header('authorization') ?? '')?.[1] ?? '');
    const token = Buffer.from(oktaToken(world));
    if (given.length !== token.length || !timingSafeEqual(given, token)) {
      throw new OktaError(401, 'E0000011', 'Invalid token provided');
    }
    res.locals['who'] = 'okta-api-token';
    next();
  };
}

/** Requests of this minute, by bucket: a limit per minute, told in three headers, 429 beyond it. */
function rateLimit(world: World) {
  const windows = new Map<string, { minute: number; used: number }>();
  return (req: Request, res: Response, next: NextFunction) => {
    const limit = world.table<number>('okta-limit').get('per-minute') ?? 1200;
    const bucket = req.path.split('/')[3] ?? '';
    const minute = Math.floor(Date.now() / 60_000);
    const before = windows.get(bucket);
    const used = before?.minute === minute ? before.used + 1 : 1;
    windows.set(bucket, { minute, used });
    res.set('X-Rate-Limit-Limit', String(limit));
    res.set('X-Rate-Limit-Remaining', String(Math.max(0, limit - used)));
    res.set('X-Rate-Limit-Reset', String((minute + 1) * 60));
    if (used > limit)
      throw new OktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.');
    next();
  };
}

/**
 * Okta's users and groups APIs over the directory that the handbook's people and groups make.
 * `PATCH /__sandbox/rate-limit {perMinute}` sets the limit that the three `X-Rate-Limit-*` headers tell (1,200 at first).
 */
export function mountOkta(world: World, handbook: Handbook): Express {
  seedDirectory(world, handbook);
  oktaToken(world);
  const app = systemApp(world, 'okta', bodyOfStatus);
  app.use((_req, res, next) => {
    res.set('X-Okta-Request-Id', randomBytes(20).toString('base64url'));
    next();
  });
  app.use(express.json({ limit: '1mb' }));
  app.patch('/__sandbox/rate-limit', (req, res) => {
    const { perMinute } = req.body as { perMinute?: unknown };
    if (typeof perMinute !== 'number' || !Number.isInteger(perMinute) || perMinute < 1) {
      throw new OktaError(400, 'E0000001', 'Api validation failed: perMinute', [
        'perMinute: a whole number from 1',
      ]);
    }
    world.table<number>('okta-limit').put('per-minute', perMinute);
    res.json({ perMinute });
  });
  app.use('/api/v1', authenticate(world));
  app.use(rateLimit(world));
  app.use('/api/v1/users', userRoutes(world));
  app.use('/api/v1/groups', groupRoutes(world));
  app.use(() => {
    throw new OktaError(404, 'E0000022', 'The endpoint does not support the provided HTTP method');
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => sendError(res, error));
  world.commit();
  return app;
}
