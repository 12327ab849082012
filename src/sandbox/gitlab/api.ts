import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Outbox } from './outbox';
import { boardRoutes } from './routes-boards';
import { discussionRoutes } from './routes-discussions';
import { eventRoutes } from './routes-events';
import { hookRoutes } from './routes-hooks';
import { issueRoutes } from './routes-issues';
import { markdownRoutes } from './routes-markdown';
import { noteRoutes } from './routes-notes';
import { projectRoutes } from './routes-projects';
import { reactionRoutes } from './routes-reactions';
import { repositoryRoutes } from './routes-repository';
import { searchRoutes } from './routes-search';
import { timeRoutes } from './routes-time';
import { todoRoutes } from './routes-todos';
import { uploadRoutes } from './routes-uploads';
import { userRoutes } from './routes-users';
import type { User } from './rows';
import { GitlabError, type Site } from './site';

export const GITLAB_VERSION = '18.9.0-ee';
const RATE_LIMIT = 36_000;

/** GitLab's REST API v4, to be mounted at `/api/v4`. */
export function gitlabApi(site: Site, outbox: Outbox): Router {
  const router = express.Router({ caseSensitive: true });
  router.use(
    express.json({ limit: '10mb', strict: false }),
    express.urlencoded({ extended: true, limit: '10mb' }),
  );
  router.use(authenticate(site), rateLimit());
  router.get('/version', (_req, res) => {
    res.json({ version: GITLAB_VERSION, revision: 'sandbox' });
  });
  router.get('/metadata', (_req, res) => {
    res.json({
      version: GITLAB_VERSION,
      revision: 'sandbox',
      enterprise: true,
      kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
    });
  });
  userRoutes(site, router);
  projectRoutes(site, router);
  boardRoutes(site, router);
  issueRoutes(site, router);
  timeRoutes(site, router);
  noteRoutes(site, router);
  discussionRoutes(site, router);
  reactionRoutes(site, router);
  todoRoutes(site, router);
  eventRoutes(site, router);
  searchRoutes(site, router);
  markdownRoutes(site, router);
  repositoryRoutes(site, router);
  uploadRoutes(site, router);
  hookRoutes(site, router, outbox);
  router.use((_req, res) => {
    res.status(404).json({ error: '404 Not Found' });
  });
  router.use(answerError);
  return router;
}

/** Errors as GitLab words them; nothing of the inside comes out. */
export function answerError(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) return next(error);
  if (error instanceof GitlabError) {
    res.status(error.status).json(error.body);
    return;
  }
  const status = isClientError(error) ? error.status : 500;
  const message =
    status === 413
      ? '413 Request Entity Too Large'
      : status < 500
        ? '400 Bad request'
        : '500 Internal Server Error';
  res.status(status).json(status < 500 ? { error: message } : { message });
}

const isClientError = (error: unknown): error is { status: number } =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;

/** `PRIVATE-TOKEN`, `Authorization: Bearer`, `private_token=` or `access_token=`. */
function authenticate(site: Site) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const user = tokenOwner(site, tokenOf(req));
    if (!user) throw new GitlabError(401, { message: '401 Unauthorized' });
    res.locals['who'] = user.username;
    res.locals['userId'] = user.id;
    next();
  };
}

function tokenOf(req: Request): string {
  const bearer = /^Bearer (.+)$/i.exec(req.header('authorization') ?? '')?.[1];
  const asked = [req.query['private_token'], req.query['access_token']].find(
    (value) => typeof value === 'string',
  );
  return req.header('private-token') ?? bearer ?? (typeof asked === 'string' ? asked : '');
}

function tokenOwner(site: Site, token: string): User | undefined {
  if (token === '') return undefined;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const given = digest(token);
  return site.rows.users.find((user) => timingSafeEqual(digest(user.token), given));
}

/** The headers of GitLab's rate limit, counted by person and minute. The sandbox never refuses by itself: ask for a fault. */
function rateLimit() {
  const counted = new Map<string, { minute: number; used: number }>();
  return (_req: Request, res: Response, next: NextFunction): void => {
    const who = String(res.locals['who']);
    const minute = Math.floor(Date.now() / 60_000);
    const before = counted.get(who);
    const used = before?.minute === minute ? before.used + 1 : 1;
    counted.set(who, { minute, used });
    res.set({
      'RateLimit-Name': 'throttle_authenticated_api',
      'RateLimit-Limit': String(RATE_LIMIT),
      'RateLimit-Observed': String(used),
      'RateLimit-Remaining': String(Math.max(0, RATE_LIMIT - used)),
      'RateLimit-Reset': String((minute + 1) * 60),
      'RateLimit-ResetTime': new Date((minute + 1) * 60_000).toUTCString(),
    });
    next();
  };
}
