import type { HrEvent } from '../domain/hr-event';
import type { Store } from '../evidence';
import { digestOf } from '../evidence/row';

/** What became of an HR event: handed on, known already, or refused since its id stands for other content. */
export type HrDelivery = 'sent' | 'repeated' | 'conflict';

export const hrEventDigestOf = (event: HrEvent): string => digestOf(event);

/**
 * Hands an HR event on, once: the webhook and the command share this memory of event ids. It is remembered only after
 * `send` resolved, so that an event whose delivery failed is handed on when it comes again.
 * @throws what `send` or the store throws
 */
export async function deliverHrEvent(
  store: Pick<Store, 'hrEventDigest' | 'rememberHrEvent'>,
  event: HrEvent,
  send: (event: HrEvent) => Promise<void>,
  now: Date,
): Promise<HrDelivery> {
  const digest = hrEventDigestOf(event);
  const known = await store.hrEventDigest(event.event_id);
  if (known !== null) return known === digest ? 'repeated' : 'conflict';
  await send(event);
  await store.rememberHrEvent(event.event_id, digest, now.toISOString());
  return 'sent';
}
