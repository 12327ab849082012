import { Temporal } from 'temporal-polyfill';
import type Ical from 'ical.js' with { 'resolution-mode': 'import' };
import { noAnswerFault, statusFault, SystemFault } from './fault';
import { repeatReads } from './repeat';

// Its package declares types for `import` only; `require` brings the same code.
const ICAL = require('ical.js') as typeof Ical;
type Component = InstanceType<typeof Ical.Component>;
type Event = InstanceType<typeof Ical.Event>;
type Time = InstanceType<typeof Ical.Time>;

/** One time that somebody's calendar shows, with what tells whether it is an absence. */
export interface CalendarEvent {
  /** Instants, ISO 8601 in UTC; `until` isn't part of it. */
  readonly from: string;
  readonly until: string;
  readonly allDay: boolean;
  readonly title: string;
  /** It is shown as free (`TRANSP:TRANSPARENT`), or as working elsewhere or tentative. */
  readonly free: boolean;
  /** Outlook's and Exchange's mark for out of office. */
  readonly outOfOffice: boolean;
}

const TIMEOUT_MS = 10_000;
/** A year of a busy calendar has a tenth of this. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Occurrences that are stepped through, of one event (27 years of a daily one) and of all of a calendar. */
const MOST_STEPS_OF_ONE = 10_000;
const MOST_STEPS = 50_000;
/** Nobody is away by the hour for years: such a rule is passed over, for it would be stepped through for ever. */
const TOO_FINE: ReadonlySet<string> = new Set(['SECONDLY', 'MINUTELY', 'HOURLY']);
const DAY_MS = 86_400_000;

/**
 * The text at a calendar's address. The address is a secret (whoever knows it can read the calendar), so no fault names it.
 * @throws SystemFault for no answer, an answer that isn't a success, and one that is too large
 */
export function fetchCalendar(url: string): Promise<string> {
  return repeatReads('GET', async () => {
    let response: Response;
    try {
      response = await fetch(url, {
        headers: { Accept: 'text/calendar' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw noAnswerFault('calendar', 'a calendar', withoutAddress(error));
    }
    if (!response.ok)
      throw statusFault('calendar', response.status, response.headers.get('retry-after'), 'a calendar');
    return textOf(response);
  });
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    const body: AsyncIterable<Uint8Array> | null = response.body;
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw noAnswerFault('calendar', 'a calendar', withoutAddress(error));
  }
  if (bytes > MOST_BYTES)
    throw new SystemFault('calendar', 'too-large', false, `a calendar has more than ${MOST_BYTES} bytes`);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** What the platform says of a failed request may quote the address; its kind is enough. */
const withoutAddress = (error: unknown): { readonly name: string } => ({
  name: error instanceof Error ? error.name : 'unknown',
});

/**
 * The events of a calendar (RFC 5545) that touch a span of time, each occurrence of a recurring one by itself, with its
 * exceptions. Whole days and times without a zone are meant where the person is.
 *
 * @param zone the person's IANA zone
 * @param span two instants
 * @throws SystemFault `unreadable` where it is no calendar at all; a single event that makes no sense is passed over
 */
export function eventsOf(
  text: string,
  zone: string,
  span: { readonly from: string; readonly until: string },
): readonly CalendarEvent[] {
  const limits = { steps: MOST_STEPS, from: Date.parse(span.from), until: Date.parse(span.until) };
  return calendarsIn(text).flatMap((calendar) =>
    calendar
      .getAllSubcomponents('vevent')
      .filter((component) => !component.hasProperty('recurrence-id'))
      .flatMap((component) => {
        try {
          return occurrences(new ICAL.Event(component), zone, limits);
        } catch {
          return [];
        }
      }),
  );
}

function calendarsIn(text: string): readonly Component[] {
  try {
    const parsed: unknown = ICAL.parse(text.replace(/^\ufeff/, ''));
    const several = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed : [parsed];
    const calendars = several.map(
      (one) => new ICAL.Component(one as ConstructorParameters<typeof Ical.Component>[0]),
    );
    if (calendars.every(({ name }) => name === 'vcalendar')) return calendars;
  } catch {
    // What it says quotes the text, which is somebody's private calendar.
  }
  throw new SystemFault('calendar', 'unreadable', false, 'a calendar is not in iCalendar form');
}

interface Occurrence {
  readonly item: Event;
  readonly startDate: Time;
  readonly endDate: Time;
}

interface Limits {
  steps: number;
  readonly from: number;
  readonly until: number;
}

function occurrences(event: Event, zone: string, limits: Limits): readonly CalendarEvent[] {
  if (!event.isRecurring()) return within(shown(event, event.startDate, event.endDate, zone), limits);
  if (Object.keys(event.getRecurrenceTypes() as object).some((type) => TOO_FINE.has(type))) return [];
  const found: CalendarEvent[] = [];
  const longest = (event.duration.toSeconds() || 0) * 1000 + 2 * DAY_MS;
  const iterator = event.iterator();
  for (let steps = 0; steps < MOST_STEPS_OF_ONE && limits.steps > 0; steps++, limits.steps--) {
    const next = iterator.next() as Time | null;
    if (!next) break;
    // To the day is enough here, whatever the zone; the rest is reckoned only for those that may matter.
    const about = Date.UTC(next.year, next.month - 1, next.day);
    if (about > limits.until + 2 * DAY_MS) break;
    if (about + longest < limits.from && !hasExceptions(event)) continue;
    const { item, startDate, endDate } = event.getOccurrenceDetails(next) as Occurrence;
    found.push(...within(shown(item, startDate, endDate, zone), limits));
  }
  return found;
}

/** An occurrence may have been moved or made longer. */
const hasExceptions = (event: Event): boolean => Object.keys(event.exceptions).length > 0;

const within = (event: CalendarEvent | null, { from, until }: Limits): readonly CalendarEvent[] =>
  event && Date.parse(event.until) > from && Date.parse(event.from) < until ? [event] : [];

function shown({ component, summary }: Event, start: Time, end: Time, zone: string): CalendarEvent | null {
  const word = (name: string): string => String(component.getFirstPropertyValue(name) ?? '').toUpperCase();
  if (word('status') === 'CANCELLED') return null;
  const busyStatus = word('x-microsoft-cdo-busystatus');
  return {
    from: instantOf(start, zoneNamed(component, 'dtstart'), zone),
    until: instantOf(end, zoneNamed(component, 'dtend') ?? zoneNamed(component, 'dtstart'), zone),
    allDay: start.isDate,
    title: summary ?? '',
    free:
      word('transp') === 'TRANSPARENT' ||
      word('status') === 'TENTATIVE' ||
      ['FREE', 'TENTATIVE', 'WORKINGELSEWHERE'].includes(busyStatus),
    outOfOffice: busyStatus === 'OOF',
  };
}

/** The zone that a property names, be it explained in the file or not. */
function zoneNamed(component: Component, property: string): string | null {
  const named: unknown = component.getFirstProperty(property)?.getParameter('tzid');
  return typeof named === 'string' ? named : null;
}

/**
 * By the clock of a zone's name where it is a known one, since files carry old rules of zones; else by the file's own rules;
 * without either, by the person's clock.
 */
function instantOf(time: Time, named: string | null, zone: string): string {
  const { year, month, day, hour, minute, second, isDate } = time;
  const tzid = time.zone?.tzid ?? 'floating';
  const known = [named, tzid].find((name) => name !== null && name !== 'floating' && isZone(name));
  if (!isDate && known === undefined && tzid !== 'floating')
    return new Date(time.toUnixTime() * 1000).toISOString();
  return Temporal.PlainDateTime.from({ year, month, day, hour, minute, second: Math.min(second, 59) })
    .toZonedDateTime(isDate ? zone : (known ?? zone))
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
