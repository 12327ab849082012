import { codeSpan, markdown } from '../escape';
import type { Day, Instant } from './columns';
import { dollars } from './cents';
import type { Count, DayOfClose, PartCount } from './trend';

/** A part of the forecast, and by how many bookings it is more (or, negative, fewer) than at the look of the day before. */
export interface ForecastLine extends PartCount {
  /** Null where there is no day before. */
  readonly more: number | null;
}

/** How many bookings would fail if the period were closed as it was looked at last. */
export interface Forecast {
  readonly day: Day;
  readonly at: Instant;
  readonly all: Count;
  /** The day looked at before it; null where this is the first. */
  readonly before: { readonly day: Day; readonly all: Count } | null;
  readonly byCheck: readonly ForecastLine[];
  readonly byRegion: readonly ForecastLine[];
  readonly byOwner: readonly ForecastLine[];
  /** Bookings that would have failed, day by day. */
  readonly trend: readonly { readonly day: Day; readonly bookings: number; readonly cents: number }[];
}

/** @param days in their order; null where the period was never looked at */
export function forecastOf(days: readonly DayOfClose[]): Forecast | null {
  const [before, last] = days.length > 1 ? days.slice(-2) : [undefined, days[0]];
  if (!last) return null;
  const lines = (by: 'byCheck' | 'byRegion' | 'byOwner'): readonly ForecastLine[] => {
    const known = before && new Map(before[by].map(({ part, bookings }) => [part, bookings]));
    return last[by].map((count) => ({
      ...count,
      more: known ? count.bookings - (known.get(count.part) ?? 0) : null,
    }));
  };
  return {
    day: last.day,
    at: last.at,
    all: last.all,
    before: before ? { day: before.day, all: before.all } : null,
    byCheck: lines('byCheck'),
    byRegion: lines('byRegion'),
    byOwner: lines('byOwner'),
    trend: days.map(({ day, all }) => ({ day, bookings: all.bookings, cents: all.cents })),
  };
}

const BARS = '▁▂▃▄▅▆▇█';
/** Days that a sparkline shows: a period from its opening to its lock. */
const DAYS_SHOWN = 31;

/** Numbers as a line of bars, from nothing to the largest of them. */
export function sparkline(numbers: readonly number[]): string {
  const shown = numbers.slice(-DAYS_SHOWN);
  const most = Math.max(1, ...shown);
  return shown.map((number) => BARS[Math.round((number / most) * (BARS.length - 1))] ?? '').join('');
}

/** `+3`, `-2`, `±0`; nothing where there is nothing to compare with. */
export const moreInWords = (more: number | null): string =>
  more === null ? '' : more === 0 ? '±0' : more > 0 ? `+${more}` : `${more}`;

/** Parts that the issue names of each kind; all of them: `daytwo close forecast`. */
const MOST_NAMED = 5;

/** The forecast as it stands on the period's issue, each morning. */
export function forecastLines(forecast: Forecast): readonly string[] {
  const { day, all, before, trend } = forecast;
  const named = (lines: readonly ForecastLine[], none: string): string => {
    const open = lines.filter(({ bookings }) => bookings > 0);
    const words = open.slice(0, MOST_NAMED).map(({ part, bookings, cents, more }) => {
      const name = part === null ? markdown(none) : codeSpan(part);
      return `${name} ${bookings}${more ? ` (${moreInWords(more)})` : ''}, ${markdown(dollars(cents))}`;
    });
    return [...words, ...(open.length > MOST_NAMED ? [`${open.length - MOST_NAMED} more`] : [])].join('; ');
  };
  const since = before ? ` ${moreInWords(all.bookings - before.all.bookings)} since ${before.day}.` : '';
  return [
    `- **${all.bookings === 0 ? 'No booking' : plural(all.bookings, 'booking')} would fail** as of ${day}${all.bookings > 0 ? `, ${markdown(dollars(all.cents))}, for ${plural(all.findings, 'finding')}` : ''}.${since}`,
    `- on that day ${all.fresh} new and ${all.mended} mended; ${all.accepted} accepted in all`,
    ...(trend.length > 1
      ? [
          `- day by day ${codeSpan(sparkline(trend.map(({ bookings }) => bookings)))} since ${trend.at(-DAYS_SHOWN)?.day ?? trend[0]?.day ?? ''}`,
        ]
      : []),
    ...(all.bookings > 0
      ? [
          `- by check: ${named(forecast.byCheck, 'none')}`,
          `- by region: ${named(forecast.byRegion, 'no region')}`,
          `- by owner: ${named(forecast.byOwner, 'nobody')}`,
        ]
      : []),
  ];
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
