import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../evidence';

export type Hook = 'hris' | 'gitlab' | 'salesforce';

/** What Prometheus reads at `/metrics`. */
export interface Metrics {
  readonly registry: Registry;
  /** Webhooks by what became of them: `accepted`, `repeated`, `ignored`, `malformed`, `unsigned`, `too_large`, `unavailable`. */
  readonly hooks: Counter<'hook' | 'result'>;
  /** Seconds from the request to its answer. */
  readonly requests: Histogram<'route' | 'method' | 'status'>;
}

/** A registry of its own for each server, so that several can run in one process. */
export function createMetrics(store: Store): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const hooks = new Counter({
    name: 'daytwo_hooks_total',
    help: 'Webhooks received, by hook and by what became of them',
    labelNames: ['hook', 'result'],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'daytwo_http_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const rows: Gauge = new Gauge({
    name: 'daytwo_evidence_rows',
    help: 'Rows in the chain of evidence; absent while the store cannot be reached',
    registers: [registry],
    async collect() {
      try {
        rows.set(await store.evidenceRows());
      } catch {
        rows.remove();
      }
    },
  });
  return { registry, hooks, requests };
}
