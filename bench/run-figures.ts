import { loadavg } from 'node:os';
import type { LogEntry } from '../src/sandbox/http';
import type { Figure } from './index';

/** How busy the machine was: beside each run's figures, so that a reader knows what they are worth. */
export const loadNow = (): Figure => ({
  figure: 'load',
  value: Number((loadavg()[0] ?? 0).toFixed(1)),
  unit: 'processes',
  note: "the machine's load over the last minute: the bench's own and everybody else's",
});

/** `126 to gitlab, 59 to salesforce` */
export function requestsInWords(log: readonly LogEntry[]): string {
  const counts = new Map<string, number>();
  for (const { system } of log) counts.set(system, (counts.get(system) ?? 0) + 1);
  return [...counts].map(([system, times]) => `${times} to ${system}`).join(', ');
}
