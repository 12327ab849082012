import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { strike } from '../http';
import type { Delivery, Hook } from './rows';
import type { Site } from './site';

/** Milliseconds to wait before the second try; doubled for each further one. */
const RETRY_MS = 500;
const TRIES = 4;
const TIMEOUT_MS = 10_000;
/** GitLab switches a hook off for a while after four failures in a row, and for good after forty. */
const FAILURES_FOR_A_WHILE = 4;
const FAILURES_FOR_GOOD = 40;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** How a hook stands, as `alert_status` names it. */
export function alertStatus(hook: Hook): 'executable' | 'temporarily_disabled' | 'disabled' {
  if (hook.recentFailures >= FAILURES_FOR_GOOD) return 'disabled';
  if (hook.disabledUntil !== null && Date.parse(hook.disabledUntil) > Date.now())
    return 'temporarily_disabled';
  return 'executable';
}

/** A hook as it is once somebody changed it or a delivery went well: on again. */
export const enabled = (hook: Hook): Hook => ({
  ...hook,
  recentFailures: 0,
  backoffCount: 0,
  disabledUntil: null,
});

function afterFailure(hook: Hook): Hook {
  const recentFailures = hook.recentFailures + 1;
  if (recentFailures < FAILURES_FOR_A_WHILE) return { ...hook, recentFailures };
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** hook.backoffCount, LONGEST_PAUSE_MS);
  return {
    ...hook,
    recentFailures,
    backoffCount: hook.backoffCount + 1,
    disabledUntil: new Date(Date.now() + pause).toISOString(),
  };
}

/**
 * Delivers what the outbox holds: after the change is on disk, in order for each hook, repeated on failure.
 * What wasn't delivered when the sandbox died is delivered when it is back.
 */
export class Outbox {
  readonly #busy = new Set<number>();
  readonly #stopping = new AbortController();
  #woken = false;

  constructor(
    readonly site: Site,
    readonly instanceUrl: () => string,
  ) {
    site.onDelivery = () => this.wake();
  }

  /** Looks for work once the current change is committed. */
  wake(): void {
    if (this.#woken || this.#stopping.signal.aborted) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      if (this.#stopping.signal.aborted) return;
      this.site.world.commit();
      for (const hookId of new Set(this.site.rows.deliveries.values().map((row) => row.hookId)))
        if (!this.#busy.has(hookId)) void this.#drain(hookId);
    });
  }

  /** Ends at once; undelivered events stay on disk. */
  stop(): void {
    this.#stopping.abort();
  }

  async #drain(hookId: number): Promise<void> {
    this.#busy.add(hookId);
    const { rows, world } = this.site;
    try {
      for (;;) {
        const next = rows.deliveries.find((row) => row.hookId === hookId);
        if (!next || this.#stopping.signal.aborted) return;
        const hook = rows.hooks.get(hookId);
        if (!hook || alertStatus(hook) !== 'executable') rows.deliveries.delete(next.id);
        else await this.#tryOnce(hook, next);
        if (!this.#stopping.signal.aborted) world.commit();
      }
    } finally {
      this.#busy.delete(hookId);
    }
  }

  async #tryOnce(hook: Hook, delivery: Delivery): Promise<void> {
    const { rows } = this.site;
    const ok = await this.#send(hook, delivery);
    if (this.#stopping.signal.aborted) return;
    const current = rows.hooks.get(hook.id);
    if (current) rows.hooks.put(hook.id, ok ? enabled(current) : afterFailure(current));
    if (ok || delivery.attempts + 1 >= TRIES) {
      rows.deliveries.delete(delivery.id);
      return;
    }
    rows.deliveries.put(delivery.id, { ...delivery, attempts: delivery.attempts + 1 });
    this.site.world.commit();
    await this.#pause(RETRY_MS * 2 ** delivery.attempts);
  }

  /** One request (or none, or two, where a fault says so); true for an answer of 2xx. */
  async #send(hook: Hook, delivery: Delivery): Promise<boolean> {
    const faulty = (kind: 'drop-webhook' | 'repeat-webhook'): boolean =>
      ['gitlab', 'webhook'].some(
        (system) => strike(this.site.world, system, [kind], 'POST', hook.url) !== undefined,
      );
    if (faulty('drop-webhook')) return true;
    const { ok } = await this.post(hook, delivery);
    if (ok && faulty('repeat-webhook')) await this.post(hook, delivery);
    return ok;
  }

  /** Sends one webhook and tells what was answered; never throws. */
  async post(hook: Hook, delivery: Delivery): Promise<{ ok: boolean; status: number }> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': 'GitLab/18.9.0-ee',
      'x-gitlab-event': delivery.event,
      'x-gitlab-event-uuid': delivery.eventUuid,
      'x-gitlab-webhook-uuid': hook.uuid,
      'x-gitlab-instance': this.instanceUrl(),
      'idempotency-key': delivery.idempotencyKey,
      ...(hook.token ? { 'x-gitlab-token': hook.token } : {}),
      ...signature(hook, delivery),
    };
    try {
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await fetch(hook.url, {
        method: 'POST',
        headers,
        body: delivery.body,
        signal,
        redirect: 'manual',
      });
      await answer.body?.cancel();
      return { ok: answer.ok, status: answer.status };
    } catch {
      return { ok: false, status: 0 };
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#stopping.signal.addEventListener('abort', done);
    });
  }
}

function signature(hook: Hook, delivery: Delivery): Record<string, string> {
  if (!hook.signingToken) return {};
  const at = new Date();
  return {
    'webhook-id': delivery.idempotencyKey,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(hook.signingToken).sign(delivery.idempotencyKey, at, delivery.body),
  };
}

/** A delivery that isn't stored: for `POST /projects/:id/hooks/:hook_id/test/:trigger`. */
export const testDelivery = (hook: Hook, event: string, body: unknown): Delivery => ({
  id: 0,
  hookId: hook.id,
  event,
  body: JSON.stringify(body),
  eventUuid: randomUUID(),
  idempotencyKey: randomUUID(),
  attempts: 0,
});
