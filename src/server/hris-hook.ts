import type { Request, Response } from 'express';
import type { HrEvent } from '../domain/hr-event';
import { digestOf } from '../evidence/row';
import { acknowledged, type Receiver } from './receiver';
import { readHrEvent } from './hr-event-schema';
import { refuse, type Problem } from './problem';
import { signedBy } from './signature';

const REUSED: Problem = {
  path: 'event_id',
  problem: 'was used before for an event with other content',
  mend: 'give every event an id of its own; repeat an event only as it was',
};

/** `POST /hooks/hris`: one event of the HR system, answered 202 only once Temporal has it. */
export function hrisHook(receiver: Receiver): (req: Request, res: Response) => Promise<void> {
  /** Events on their way to Temporal: a second delivery of the same waits for the first. */
  const underway = new Map<string, { digest: string; done: Promise<boolean | 'conflict'> }>();

  /** @returns whether it is a repeat, or `conflict` where the id stands for other content */
  async function deliver(event: HrEvent, digest: string): Promise<boolean | 'conflict'> {
    const running = underway.get(event.event_id);
    if (running) return running.digest === digest && (await running.done) !== 'conflict' ? true : 'conflict';
    const done = accept(event, digest);
    underway.set(event.event_id, { digest, done });
    try {
      return await done;
    } finally {
      underway.delete(event.event_id);
    }
  }

  async function accept(event: HrEvent, digest: string): Promise<boolean | 'conflict'> {
    const known = await receiver.store.hrEventDigest(event.event_id);
    if (known !== null) return known === digest ? true : 'conflict';
    await acknowledged(receiver, receiver.temporal.hrEvent(event));
    await receiver.store.rememberHrEvent(event.event_id, digest, new Date().toISOString());
    return false;
  }

  return async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (!signedBy(receiver.settings.hrisSecrets, req.headers, body)) {
      receiver.count('hris', 'unsigned');
      refuse(res, 401, 'the signature is missing, wrong, or older than five minutes');
      return;
    }
    const reading = readHrEvent(parsed(body));
    if (!reading.ok) {
      receiver.count('hris', 'malformed');
      refuse(res, 400, 'the event is malformed', reading.problems);
      return;
    }
    const { event } = reading;
    const repeated = await deliver(event, digestOf(event));
    if (repeated === 'conflict') {
      receiver.count('hris', 'malformed');
      refuse(res, 400, 'the event is malformed', [REUSED]);
      return;
    }
    receiver.count('hris', repeated ? 'repeated' : 'accepted');
    receiver.log.info({ event_id: event.event_id, type: event.type, repeated }, 'HR event accepted');
    res.status(202).json({ accepted: event.event_id, repeated });
  };
}

/** The JSON of a body; undefined where it is none, which the check then names. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
