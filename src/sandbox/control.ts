import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { aheadIn, putForward, timeIn } from './clock';
import type { Fault, LogEntry } from './http';
import type { World } from './world';

const faultShape = z
  .strictObject({
    system: z.enum(['gitlab', 'salesforce', 'scim', 'okta', 'mailbox', 'webhook']),
    method: z
      .string()
      .regex(/^[A-Za-z]+$/, 'must be an HTTP method')
      .optional(),
    path: z.string().min(1).max(1000).optional(),
    kind: z.enum(['status', 'delay', 'lose-answer', 'drop-webhook', 'repeat-webhook', 'fail-job']),
    status: z.int().min(400).max(599).optional(),
    retryAfter: z.number().min(0).max(86_400).optional(),
    ms: z.number().min(0).max(600_000).optional(),
    rate: z.number().gt(0).max(1).optional(),
    count: z.int().min(1).optional(),
    after: z.int().min(0).optional(),
  })
  .refine((fault) => fault.kind !== 'status' || fault.status !== undefined, {
    path: ['status'],
    message: 'is needed for a fault of kind "status"',
  })
  .refine((fault) => !fault.path || !isPattern(fault.path) || compiles(fault.path), {
    path: ['path'],
    message: 'is no regular expression',
  });

const isPattern = (path: string): boolean => path.length > 2 && path.startsWith('/') && path.endsWith('/');

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}

/** The control address: what was received, which faults strike, and back to the seed. */
export function controlApp(world: World, reset: () => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(express.json({ limit: '1mb' }));
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.get('/log', (req, res) => sendLog(world, req, res));
  app.get('/faults', (_req, res) => {
    res.json(world.table<Fault>('fault').values());
  });
  app.post('/faults', (req, res) => addFaults(world, req, res));
  app.delete('/faults', (_req, res) => {
    const faults = world.table<Fault>('fault');
    for (const fault of faults.values()) faults.delete(fault.id);
    world.commit();
    res.status(204).end();
  });
  app.get('/clock', (_req, res) => {
    res.json(clockOf(world));
  });
  app.put('/clock', (req, res) => putClock(world, req, res));
  app.use('/calendars', calendars(world));
  app.post('/reset', (_req, res) => {
    reset();
    res.status(204).end();
  });
  app.use((_req, res) => {
    res.status(404).json({ error: 'Not Found' });
  });
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    const malformed = error instanceof SyntaxError;
    res
      .status(malformed ? 400 : 500)
      .json({ errors: [malformed ? 'The body is no JSON' : 'The request failed'] });
  });
  return app;
}

const clockOf = (world: World) => ({ now: timeIn(world).toISOString(), aheadMs: aheadIn(world) });

const clockShape = z.strictObject({ now: z.iso.datetime() });

function putClock(world: World, req: Request, res: Response): void {
  const read = clockShape.safeParse(req.body ?? {});
  if (!read.success) {
    res.status(400).json({ errors: ['The body must be {"now": "2026-11-30T12:00:00Z"}'] });
    return;
  }
  if (!putForward(world, new Date(read.data.now))) {
    res.status(409).json({ errors: ['The clock goes forward only'], ...clockOf(world) });
    return;
  }
  world.commit();
  res.json(clockOf(world));
}

interface Calendar {
  readonly username: string;
  readonly text: string;
}

/** A calendar for everybody, in iCalendar form: `people.yml` may name its address. Empty until somebody puts another one there. */
function calendars(world: World): Router {
  const router = express.Router();
  const table = () => world.table<Calendar>('calendar');
  router.get('/:file', (req, res, next) => {
    const username = ownerOf(req);
    if (username === undefined) return next();
    res.type('text/calendar; charset=utf-8').send(table().get(username)?.text ?? NO_EVENTS);
  });
  router.put('/:file', express.text({ type: () => true, limit: '1mb' }), (req, res, next) => {
    const username = ownerOf(req);
    if (username === undefined) return next();
    const text: unknown = req.body;
    if (typeof text !== 'string' || !text.includes('BEGIN:VCALENDAR')) {
      res.status(400).json({ errors: ['The body must be a calendar: BEGIN:VCALENDAR … END:VCALENDAR'] });
      return;
    }
    table().put(username, { username, text });
    world.commit();
    res.status(204).end();
  });
  return router;
}

const ownerOf = (req: Request): string | undefined =>
  /^([\w.-]{1,255})\.ics$/.exec(String(req.params['file']))?.[1];

const NO_EVENTS = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//daytwo sandbox//EN',
  'END:VCALENDAR',
  '',
].join('\r\n');

function sendLog(world: World, req: Request, res: Response): void {
  const { since } = req.query;
  const entries = world.table<LogEntry>('log').values();
  if (typeof since !== 'string' || since === '') {
    res.json(entries);
  } else if (/^\d{1,15}$/.test(since)) {
    res.json(entries.filter((entry) => entry.seq > Number(since)));
  } else if (Number.isNaN(Date.parse(since))) {
    res.status(400).json({ errors: ['since: must be a sequence number or an ISO 8601 time'] });
  } else {
    res.json(entries.filter((entry) => Date.parse(entry.time) >= Date.parse(since)));
  }
}

function addFaults(world: World, req: Request, res: Response): void {
  const several = Array.isArray(req.body);
  const read = z.array(faultShape).safeParse(several ? req.body : [req.body ?? {}]);
  if (!read.success) {
    const where = (path: readonly PropertyKey[]): string =>
      path
        .slice(several ? 0 : 1)
        .map(String)
        .join('.') || 'fault';
    res
      .status(400)
      .json({ errors: read.error.issues.map((issue) => `${where(issue.path)}: ${issue.message}`) });
    return;
  }
  const made = read.data.map((fault) => {
    const id = world.next('fault');
    return world.table<Fault>('fault').put(id, { ...fault, id });
  });
  world.commit();
  res.status(201).json(several ? made : made[0]);
}
