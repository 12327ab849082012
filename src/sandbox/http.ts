import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from './world';

/** The systems that the sandbox stands in for, as `/log` and `/faults` name them. */
export type SandboxSystem = 'gitlab' | 'salesforce' | 'scim' | 'okta' | 'mailbox';

/** One request as received, at `GET /log?since=` of the control address. */
export interface LogEntry {
  readonly seq: number;
  readonly time: string;
  readonly system: SandboxSystem;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Who asked: a user name, a client id or `anonymous`. Never a token. */
  readonly who: string;
}

/** A fault that was asked for at `POST /faults`. `system` may be `webhook` for the two webhook kinds. */
export interface Fault {
  readonly id: number;
  readonly system: string;
  readonly method?: string | undefined;
  /** A part of the path, or a regular expression between slashes. */
  readonly path?: string | undefined;
  readonly kind: 'status' | 'delay' | 'lose-answer' | 'drop-webhook' | 'repeat-webhook' | 'fail-job';
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly ms?: number | undefined;
  /** How often it strikes, 0 to 1; 1 where absent. */
  readonly rate?: number | undefined;
  /** Of a bulk job that is to fail: once so many rows are written; where absent, half of them. */
  readonly after?: number | undefined;
  /** How many times it strikes before it is gone. */
  readonly count?: number | undefined;
}

/** Says who sent a request, once the system's own authentication has run: set `res.locals.who`. */
export const whoOf = (res: Response): string =>
  typeof res.locals['who'] === 'string' ? res.locals['who'] : 'anonymous';

/** Whether a fault strikes now; one with a `count` is used up. Deterministic where `rate` is absent. */
export function strike(
  world: World,
  system: string,
  kinds: readonly Fault['kind'][],
  method: string,
  path: string,
): Fault | undefined {
  const faults = world.table<Fault>('fault');
  for (const fault of faults.values()) {
    if (fault.system !== system || !kinds.includes(fault.kind)) continue;
    if (fault.method && fault.method.toUpperCase() !== method.toUpperCase()) continue;
    if (fault.path && !matches(fault.path, path)) continue;
    if (fault.rate !== undefined && Math.random() >= fault.rate) continue;
    if (fault.count !== undefined) {
      if (fault.count <= 1) faults.delete(fault.id);
      else faults.put(fault.id, { ...fault, count: fault.count - 1 });
    }
    return fault;
  }
  return undefined;
}

function matches(pattern: string, path: string): boolean {
  if (pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/')) {
    try {
      return new RegExp(pattern.slice(1, -1)).test(path);
    } catch {
      return false;
    }
  }
  return path.includes(pattern);
}

/**
 * An Express application for one system: logs every request, applies the faults that were asked for, and commits
 * the world's state to disk before the answer leaves. `statusBody` gives the system's own error body for a status fault.
 */
export function systemApp(
  world: World,
  system: SandboxSystem,
  statusBody: (status: number) => unknown = (status) => ({ message: `${status}` }),
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((req: Request, res: Response, next: NextFunction) => {
    // Some clients put their token into the address; the log is for everybody to read.
    const path = req.originalUrl.replace(/([?&](?:private_token|access_token)=)[^&]*/g, '$1hidden');
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    let ended = false;
    let lose = false;
    res.end = ((...args: unknown[]) => {
      if (ended) return res;
      ended = true;
      const seq = world.next('log');
      const entry: LogEntry = {
        seq,
        time: new Date().toISOString(),
        system,
        method: req.method,
        path,
        status: lose ? 0 : res.statusCode,
        who: whoOf(res),
      };
      world.table<LogEntry>('log').put(seq, entry);
      world.commit();
      if (lose) {
        req.socket.destroy();
        return res;
      }
      return end(...args);
    }) as typeof res.end;
    const delay = strike(world, system, ['delay'], req.method, path);
    const answer = () => {
      const refused = strike(world, system, ['status'], req.method, path);
      if (refused) {
        if (refused.retryAfter !== undefined) res.set('Retry-After', String(refused.retryAfter));
        res.status(refused.status ?? 503).json(statusBody(refused.status ?? 503));
        return;
      }
      lose = strike(world, system, ['lose-answer'], req.method, path) !== undefined;
      next();
    };
    if (delay) setTimeout(answer, delay.ms ?? 1000);
    else answer();
  });
  return app;
}

/** Listens on the loopback address only, at `port`, or at the next free one where that is taken or 0. */
export async function listen(
  app: RequestListener,
  port: number,
): Promise<{ server: Server; url: string; port: number }> {
  const tryPort = (wanted: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer(app);
      // Longer than any client keeps a connection: one that is closed as it is used again looks like an outage.
      server.keepAliveTimeout = 65_000;
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => resolve(server));
    });
  for (let wanted = port; ; wanted++) {
    try {
      const server = await tryPort(wanted);
      const at = (server.address() as AddressInfo).port;
      return { server, port: at, url: `http://127.0.0.1:${at}` };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === 0 || wanted > port + 200)
        throw error;
    }
  }
}
