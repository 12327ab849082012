import { temporal } from '@temporalio/proto';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './keys';
import { SealedPayloadError, SealingCodec } from './sealing-codec';

export interface CodecEndpointOptions {
  readonly keys: KeyRing;
  /** Origins of Temporal UIs whose pages may ask. */
  readonly origins: readonly string[];
  /** The bearer token to ask for; null asks for none, which is for one's own machine only. */
  readonly token: string | null;
}

const BODY_LIMIT = '4mb';

/** Temporal's remote codec protocol, `POST /encode` and `POST /decode`, for the Temporal UI and the `temporal` command. */
export function codecRouter(options: CodecEndpointOptions): Router {
  const codec = new SealingCodec(options.keys);
  const router = Router();
  router.use((req, res, next) => allowOrigin(options.origins, req, res, next));
  router.use((req, res, next) => {
    if (options.token === null || hasBearer(req, options.token)) next();
    else
      res
        .status(401)
        .set('WWW-Authenticate', 'Bearer')
        .json({ error: 'the bearer token is missing or wrong', problems: [] });
  });
  router.use(express.json({ limit: BODY_LIMIT, type: () => true }));
  const route = (path: string, convert: (payloads: Payloads) => Promise<Payloads>) =>
    router.post(path, async (req: Request, res: Response) => {
      const payloads = readPayloads(req.body);
      if (!payloads) {
        const problem = {
          path: 'payloads',
          problem: "isn't a list of Temporal payloads",
          mend: 'send {"payloads": [...]}',
        };
        res.status(400).json({ error: 'the request is malformed', problems: [problem] });
        return;
      }
      try {
        res.json(temporal.api.common.v1.Payloads.create({ payloads: await convert(payloads) }).toJSON());
      } catch (error) {
        if (!(error instanceof SealedPayloadError)) throw error;
        res.status(400).json({ error: error.message, problems: [] });
      }
    });
  route('/encode', (payloads) => codec.encode(payloads));
  route('/decode', (payloads) => codec.decode(payloads));
  return router;
}

type Payloads = temporal.api.common.v1.IPayload[];

function readPayloads(body: unknown): Payloads | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  // Protobuf's JSON leaves an empty list out: so the `temporal` command asks for a query without arguments.
  if (Object.keys(body).length === 0) return [];
  if (!('payloads' in body) || !Array.isArray(body.payloads)) return null;
  try {
    return temporal.api.common.v1.Payloads.fromObject(body).payloads;
  } catch {
    return null;
  }
}

function allowOrigin(origins: readonly string[], req: Request, res: Response, next: NextFunction): void {
  const origin = req.get('origin');
  res.vary('Origin');
  if (origin !== undefined && origins.includes(origin)) {
    res.set('Access-Control-Allow-Origin', origin);
    res.set('Access-Control-Allow-Methods', 'POST');
    res.set('Access-Control-Allow-Headers', 'authorization, content-type, x-namespace');
  } else if (origin !== undefined) {
    res.status(403).json({ error: 'this origin may not ask', problems: [] });
    return;
  }
  if (req.method === 'OPTIONS') res.status(204).end();
  else next();
}

function hasBearer(req: Request, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(req.get('authorization') ?? ''), digest(`Bearer ${token}`));
}
