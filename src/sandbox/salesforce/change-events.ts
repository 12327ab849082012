import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { BOOKING_RECORDS, type BookingRecord } from '../../domain/close/booking-rows';
import { SANDBOX_FIELDS } from './objects-bookings';
import { STAGING } from './objects-territory';
import type { Org } from './org';
import type { Row } from './schema';

/** What one edit does to several records is told together. */
const GATHER_MS = 500;
const MOST_TOGETHER = 200;
const WAITS_FOR_ANSWER_MS = 10_000;

/** Where events go, and by which secret they are signed; null while nobody listens. */
export type Listener = () => { readonly url: string; readonly secret: string } | null;

/** What planning itself writes: nobody who listens waits for it. */
const UNHEARD: readonly string[] = STAGING.map(([name]) => name);

/**
 * Stands for whoever relays Salesforce's change events: tells by their ids which accounts changed, and which opportunities did, or have
 * something hanging on them that did. A hint: one that isn't taken is lost.
 */
export class ChangeEvents {
  readonly #ids = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly listener: Listener) {}

  /** @param fields those that changed; null: the record is new or gone */
  note(org: Org, object: string, row: Row, fields: readonly string[] | null): void {
    if (this.listener() === null) return;
    if (object === 'Account') {
      if (fields?.every((field) => UNHEARD.includes(field))) return;
      this.#ids.add(row.Id);
    }
    for (const id of opportunitiesOf(org, object, row)) this.#ids.add(id);
    if (this.#ids.size > 0) this.#timer ??= setTimeout(() => void this.#send(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#ids.clear();
  }

  async #send(): Promise<void> {
    const to = this.listener();
    const ids = [...this.#ids];
    this.stop();
    this.#timer = undefined;
    if (!to) return;
    for (let from = 0; from < ids.length; from += MOST_TOGETHER) {
      const body = JSON.stringify({ ids: ids.slice(from, from + MOST_TOGETHER) });
      const [id, at] = [`msg_${randomUUID()}`, new Date()];
      await fetch(to.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(to.secret).sign(id, at, body),
        },
        body,
        signal: AbortSignal.timeout(WAITS_FOR_ANSWER_MS),
      }).then(
        (answer) => answer.arrayBuffer(),
        () => undefined,
      );
    }
  }
}

/** How a record leads to opportunities: by its own field, or by theirs. */
const LEADS: Readonly<Record<string, { readonly own?: string; readonly theirs?: string }>> =
  Object.fromEntries(
    (Object.keys(BOOKING_RECORDS) as BookingRecord[]).map((record) => {
      const { object, fields } = SANDBOX_FIELDS[record];
      const own = fields['opportunityId'];
      const theirs = SANDBOX_FIELDS.opportunity.fields[`${record}Id`];
      return [object, record === 'opportunity' ? { own: 'Id' } : own ? { own } : theirs ? { theirs } : {}];
    }),
  );

function opportunitiesOf(org: Org, object: string, row: Row): readonly string[] {
  const { own, theirs } = LEADS[object] ?? {};
  if (theirs) return org.where('Opportunity', theirs, row.Id).map(({ Id }) => Id);
  const id = own ? row[own] : null;
  // An approval process may be of another object.
  return typeof id === 'string' && id.startsWith('006') ? [id] : [];
}
