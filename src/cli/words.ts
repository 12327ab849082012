import { terminal } from '../domain/escape';

/** An instant on the reader's clock, to the minute: `2026-11-24 05:00`. The zone is named once, beside. */
export function onClock(instant: string | Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/** The day on the reader's calendar, `2026-11-24`. */
export const onCalendar = (instant: string | Date, zone: string): string =>
  onClock(instant, zone).slice(0, 10);

export const zoneNote = (zone: string): string => `Times are those of ${zone}.`;

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** How long ago, in the largest unit: `3 days`, `5 h`, `12 min`, `now`. */
export function age(since: string | Date, now: Date): string {
  const ms = now.getTime() - new Date(since).getTime();
  for (const [unit, length] of UNITS) {
    const count = Math.floor(ms / length);
    if (count >= 1) return `${count} ${unit}${unit === 'day' && count > 1 ? 's' : ''}`;
  }
  return 'now';
}

/** Whether the tz database knows the zone. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

/** `waiting_approval` as people read it. */
export const spaced = (word: string): string => word.replaceAll('_', ' ');

/** Enough of a digest to tell it from others: `sha256:f293d41c77aa`; of united templates, each one's. */
export const shortDigest = (digest: string): string =>
  digest
    .split('+')
    .map((one) => one.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]+$/, '$1$2'))
    .join('+');

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Columns of equal width, the last one as it is; every cell inert for a terminal. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paintHead: (line: string) => string,
): string[] {
  const cells = [head, ...rows].map((row) => row.map(terminal));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? paintHead(line) : line));
}
