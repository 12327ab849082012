import type { Request, Response } from 'express';
import type { HrEvent } from '../domain/hr-event';
import { acknowledged, parsed, type Receiver } from './receiver';
import { deliverHrEvent, hrEventDigestOf, type HrDelivery } from './hr-delivery';
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
  const underway = new Map<string, { digest: string; done: Promise<HrDelivery> }>();

  async function deliver(event: HrEvent): Promise<HrDelivery> {
    const digest = hrEventDigestOf(event);
    const running = underway.get(event.event_id);
    if (running)
      return running.digest === digest && (await running.done) !== 'conflict' ? 'repeated' : 'conflict';
    const done = deliverHrEvent(
      receiver.store,
      event,
      (one) => acknowledged(receiver, receiver.temporal.hrEvent(one)),
      new Date(),
    );
    underway.set(event.event_id, { digest, done });
    try {
      return await done;
    } finally {
      underway.delete(event.event_id);
    }
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
    const delivery = await deliver(event);
    if (delivery === 'conflict') {
      receiver.count('hris', 'malformed');
      refuse(res, 400, 'the event is malformed', [REUSED]);
      return;
    }
    const repeated = delivery === 'repeated';
    receiver.count('hris', repeated ? 'repeated' : 'accepted');
    receiver.log.info({ event_id: event.event_id, type: event.type, repeated }, 'HR event accepted');
    res.status(202).json({ accepted: event.event_id, repeated });
  };
}
