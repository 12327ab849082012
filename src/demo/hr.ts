import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { HrEvent } from '../domain/hr-event';

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
