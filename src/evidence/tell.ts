import { Temporal } from 'temporal-polyfill';
import { terminal } from '../domain/escape';
import type { ChainedRow, EvidenceChannel, Json } from './row';

const OVER: Readonly<Record<EvidenceChannel, string>> = {
  gitlab: 'on the GitLab issue',
  console: 'in the console, signed in',
  cli: 'with the daytwo command',
  signal: 'by a Temporal signal, identity not proved',
  hris: 'by an event of the HR system',
  daytwo: 'by itself',
};

/** Fields that have their own place in the story. */
const TOLD = new Set([
  'what',
  'why',
  'system',
  'before',
  'after',
  'outcome',
  'proof',
  'policy',
  'templateDigest',
]);

/**
 * A story that an auditor can read, safe for a terminal: when (on the reader's clock, its zone named, and on the clock of the person concerned
 * where that differs), who, over which way, what, why, and whether it was read back or only said.
 * @throws RangeError if the reader's zone isn't known
 */
export function tell(rows: readonly ChainedRow[], zone: string): string {
  if (rows.length === 0) return 'Nothing is recorded.';
  const lines = [`Times are those of ${zone}.`];
  let day = '';
  for (const row of rows) {
    const here = Temporal.Instant.from(row.at).toZonedDateTimeISO(zone);
    const date = here.toPlainDate().toString();
    if (date !== day) lines.push('', date);
    day = date;
    lines.push(...event(row, here.toPlainTime().toString({ smallestUnit: 'second' }), zone));
  }
  return lines.join('\n');
}

function event(row: ChainedRow, time: string, zone: string): string[] {
  const { detail } = row;
  const about = [row.subject === null ? '' : `employee ${row.subject}`, row.request ?? ''].filter(
    (part) => part !== '',
  );
  const first = `${time}  ${row.actor} ${detail.what}${about.length > 0 ? ` (${about.join(', ')})` : ''}, ${OVER[row.channel]}`;
  const more = [
    row.zone === zone ? '' : `on the clock of ${row.zone}: ${row.localTime}`,
    detail.why === undefined ? '' : `why: ${detail.why}`,
    detail.system === undefined ? '' : `system: ${detail.system}`,
    change(detail.before, detail.after),
    detail.outcome === undefined ? '' : `outcome: ${detail.outcome}`,
    proof(row),
    detail.policy === undefined ? '' : `policy of ${detail.policy}`,
    detail.templateDigest === undefined
      ? ''
      : `template ${detail.templateDigest.slice(0, 'sha256:'.length + 12)}`,
    ...Object.entries(detail).map(([key, value]) =>
      TOLD.has(key) || value === undefined ? '' : `${key}: ${readable(value)}`,
    ),
    `record ${row.seq}, ${row.kind}`,
  ];
  return [first, ...more.filter((line) => line !== '').map((line) => `          ${line}`)].map(indented);
}

function proof(row: ChainedRow): string {
  if (row.detail.proof === 'verified') return 'verified: read back from the system';
  return row.detail.proof === 'attested' ? `attested by ${row.actor}` : '';
}

function change(before: Json | undefined, after: Json | undefined): string {
  if (before === undefined && after === undefined) return '';
  if (before === undefined) return `after: ${readable(after ?? null)}`;
  if (after === undefined) return `before: ${readable(before)}`;
  return `${readable(before)} -> ${readable(after)}`;
}

function readable(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'nothing';
  return JSON.stringify(value);
}

/** Inert in a terminal, with the white space it began with. */
function indented(line: string): string {
  const margin = /^ */.exec(line)?.[0] ?? '';
  return margin + terminal(line);
}
