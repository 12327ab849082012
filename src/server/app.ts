import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { codecRouter } from '../codec/codec-router';
import type { Store } from '../evidence';
import type { Log } from '../logging';
import type { ServerSettings } from '../settings';
import { gitlabHook } from './gitlab-hook';
import { hrisHook } from './hris-hook';
import { salesforceHook } from './salesforce-hook';
import type { Inbox } from './inbox';
import type { Hook, Metrics } from './metrics';
import { refuse } from './problem';
import type { Receiver } from './receiver';

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly store: Store;
  readonly temporal: Inbox;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Looks daytwo's own GitLab user up, where `GITLAB_BOT_USERNAME` doesn't say it. Asked until it once succeeds. */
  readonly lookUpBot?: () => Promise<string>;
  /** How long a sender waits for Temporal, in milliseconds; 8,000 where absent (GitLab gives up after ten seconds). */
  readonly patienceMs?: number;
}

const BODY_LIMIT = '256kb';
const RETRY_AFTER_SECONDS = 10;

/** The server's routes: webhooks in, the codec endpoint, health and metrics. */
export function createServer(parts: ServerParts): Express {
  const { settings, metrics } = parts;
  const receiver: Receiver = {
    ...parts,
    patienceMs: parts.patienceMs ?? 8_000,
    botUsername: rememberOnce(settings.gitlab.botUsername, parts.lookUpBot),
    count: (hook, result) => metrics.hooks.inc({ hook, result }),
  };
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(secured);
  app.use((req, res, next) => measured(metrics, req, res, next));
  app.get('/healthz', (_req, res) => void res.json({ ok: true }));
  app.get('/readyz', (_req, res) => ready(receiver, res));
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  const raw = express.raw({ type: () => true, limit: BODY_LIMIT });
  app.post('/hooks/hris', named('hris'), raw, hrisHook(receiver));
  app.post('/hooks/gitlab', named('gitlab'), raw, gitlabHook(receiver));
  app.post('/hooks/salesforce', named('salesforce'), raw, salesforceHook(receiver));
  // Opening payloads for everybody who can reach the port is for one's own machine only.
  if (!settings.production || settings.codec.token !== null)
    app.use('/codec', codecRouter({ keys: settings.keys, ...settings.codec }));
  app.use((_req, res) => refuse(res, 404, 'there is nothing here'));
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) =>
    failed(receiver, error, res, next),
  );
  return app;
}

function secured(_req: Request, res: Response, next: NextFunction): void {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
  });
  next();
}

/** Says which hook a request is for, so that a fault further down is counted as its. */
const named = (hook: Hook) => (_req: Request, res: Response, next: NextFunction) => {
  res.locals['hook'] = hook;
  next();
};

function measured(metrics: Metrics, req: Request, res: Response, next: NextFunction): void {
  const done = metrics.requests.startTimer({ method: req.method });
  res.on('finish', () => {
    const route: unknown = req.route;
    const path =
      typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : 'other';
    done({ route: `${req.baseUrl}${path}`, status: String(res.statusCode) });
  });
  next();
}

async function ready(receiver: Receiver, res: Response): Promise<void> {
  const [temporal, store] = await Promise.all([
    receiver.temporal.reachable().catch(() => false),
    receiver.store.reachable(),
  ]);
  const say = (reachable: boolean) => (reachable ? 'reachable' : 'away');
  res
    .status(temporal && store ? 200 : 503)
    .json({ ok: temporal && store, temporal: say(temporal), store: say(store) });
}

/** Faults: too large, unreadable, or something behind the server is away, which a sender mends by coming again. */
function failed(receiver: Receiver, error: unknown, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  const hook: unknown = res.locals['hook'];
  const known = hook === 'hris' || hook === 'gitlab' || hook === 'salesforce' ? hook : null;
  const status = statusOf(error);
  if (status === 413) {
    if (known) receiver.count(known, 'too_large');
    refuse(res, 413, `the body is larger than ${known ? '256 KiB' : '4 MiB'}`);
  } else if (status !== null) {
    if (known) receiver.count(known, 'malformed');
    refuse(res, status, 'the request is malformed');
  } else if (known) {
    receiver.count(known, 'unavailable');
    receiver.log.warn({ hook: known, error }, 'not acknowledged; the sender is told to come again');
    res.set('Retry-After', String(RETRY_AFTER_SECONDS));
    refuse(res, 503, 'daytwo cannot take this now; nothing is lost if it is sent again');
  } else {
    receiver.log.error({ error }, 'a request failed');
    refuse(res, 500, 'daytwo failed on this request');
  }
}

/** The status that Express's body readers give to what a client did wrong; null for everything else. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function rememberOnce(
  configured: string | null,
  lookUp?: () => Promise<string>,
): () => Promise<string | null> {
  let known = configured;
  return async () => {
    if (known !== null || !lookUp) return known;
    try {
      known = await lookUp();
    } catch {
      return null; // a hint too many harms nothing
    }
    return known;
  };
}
