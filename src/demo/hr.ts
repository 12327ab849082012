import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { HrEvent } from '../domain/hr-event';
import type { Newcomer } from './hires';
import type { Stage } from './stories';

/** Lets HR say that somebody joined, and waits until that was taken. */
export async function announceHire(stage: Stage, { event }: Newcomer): Promise<void> {
  const { name, title, department, region, start_date: start, employee_id: id } = event;
  await announce(
    stage,
    event,
    name,
    `says that employee ${id} joined on ${start}: ${title}, ${department}, ${region}`,
  );
}

/** Lets HR say something of somebody, and waits until that was taken. */
export async function announce(
  { around, patience, telling }: Stage,
  event: HrEvent,
  name: string,
  what: string,
): Promise<void> {
  await patience.until(`${name}: the server to take the HR event`, async () =>
    (await sendHrEvent(around.server, around.hrisSecret, event)) ? true : undefined,
  );
  telling.step({ hire: name, who: 'HR', what });
}

/**
 * Sends an HR event as an HR system does: signed by Standard Webhooks. True once it is accepted; false where the server
 * asks for patience (503 while Temporal is away), so that it is sent again.
 *
 * @throws if the event is refused for good
 */
export async function sendHrEvent(server: string, secret: string, event: HrEvent): Promise<boolean> {
  const body = JSON.stringify(event);
  const id = `msg_${randomUUID()}`;
  const at = new Date();
  const answer = await fetch(`${server}/hooks/hris`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.status === 503 || answer.status === 429) return false;
  if (answer.status !== 202) throw new Error(`the server answered ${answer.status} to an HR event`);
  return true;
}
