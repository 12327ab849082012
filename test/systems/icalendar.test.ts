import fc from 'fast-check';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemFault } from '../../src/systems/fault';
import { eventsOf, fetchCalendar } from '../../src/systems/icalendar';

const SPAN = { from: '2026-10-01T00:00:00Z', until: '2026-12-31T00:00:00Z' };
const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => [
  'BEGIN:VEVENT',
  'UID:1@x',
  'DTSTAMP:20260101T000000Z',
  ...lines,
  'END:VEVENT',
];
const times = (text: string, zone = 'Europe/Berlin', span = SPAN): string[] =>
  eventsOf(text, zone, span).map(({ from, until }) => `${from.slice(0, 16)} ${until.slice(0, 16)}`);

describe('an event of a calendar', () => {
  test('of whole days is meant where the person is, also over the change of the clocks', () => {
    const text = calendar(
      ...event('DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261026', 'SUMMARY:Vacation'),
    );
    expect(times(text)).toEqual(['2026-10-23T22:00 2026-10-25T23:00']);
    expect(times(text, 'Asia/Kolkata')).toEqual(['2026-10-23T18:30 2026-10-25T18:30']);
    expect(eventsOf(text, 'UTC', SPAN)[0]).toMatchObject({ allDay: true, title: 'Vacation', free: false });
  });

  test('of one day needs no end', () => {
    expect(times(calendar(...event('DTSTART;VALUE=DATE:20261102')), 'UTC')).toEqual([
      '2026-11-02T00:00 2026-11-03T00:00',
    ]);
  });

  test.each([
    ['in UTC', 'DTSTART:20261102T090000Z', '2026-11-02T09:00'],
    ['without a zone, by the clock of the person', 'DTSTART:20261102T090000', '2026-11-02T08:00'],
    ['in a zone of its own', 'DTSTART;TZID=America/New_York:20261102T090000', '2026-11-02T14:00'],
    [
      'in a zone that nobody knows, by the clock of the person',
      'DTSTART;TZID=Mars:20261102T090000',
      '2026-11-02T08:00',
    ],
  ])('has its times %s', (_, start, expected) => {
    expect(times(calendar(...event(start, 'DURATION:PT1H')))[0]).toMatch(expected);
  });

  test('in a zone that only the file explains is read by its rules', () => {
    const text = calendar(
      'BEGIN:VTIMEZONE',
      'TZID:W. Europe Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
      ...event('DTSTART;TZID=W. Europe Standard Time:20261102T090000', 'DURATION:PT1H'),
    );
    expect(times(text, 'America/Denver')).toEqual(['2026-11-02T08:00 2026-11-02T09:00']);
  });

  test('that recurs keeps its time of day over the change of the clocks, without its exceptions', () => {
    const text = calendar(
      ...event(
        'DTSTART;TZID=Europe/Berlin:20261009T130000',
        'DURATION:PT4H',
        'RRULE:FREQ=WEEKLY;COUNT=5',
        'EXDATE;TZID=Europe/Berlin:20261016T130000',
        'SUMMARY:OOO',
      ),
    );
    expect(times(text)).toEqual([
      '2026-10-09T11:00 2026-10-09T15:00',
      '2026-10-23T11:00 2026-10-23T15:00',
      '2026-10-30T12:00 2026-10-30T16:00',
      '2026-11-06T12:00 2026-11-06T16:00',
    ]);
  });

  test('that recurs and was moved once is told where it was moved to', () => {
    const text = calendar(
      ...event('DTSTART:20261102T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'),
      ...event('RECURRENCE-ID:20261103T090000Z', 'DTSTART:20261105T100000Z', 'DURATION:PT2H'),
    );
    expect(times(text)).toEqual(['2026-11-02T09:00 2026-11-02T10:00', '2026-11-05T10:00 2026-11-05T12:00']);
  });

  test('that began long before and still lasts is told; what is over, and what comes later, is not', () => {
    const leave = event('DTSTART;VALUE=DATE:20260301', 'DTEND;VALUE=DATE:20270301');
    const over = event('DTSTART;VALUE=DATE:20260801');
    const later = event('DTSTART;VALUE=DATE:20270801');
    expect(times(calendar(...leave, ...over, ...later), 'UTC')).toEqual([
      '2026-03-01T00:00 2027-03-01T00:00',
    ]);
  });

  test.each([
    ['TRANSP:TRANSPARENT', true, false],
    ['TRANSP:OPAQUE', false, false],
    ['X-MICROSOFT-CDO-BUSYSTATUS:OOF', false, true],
    ['X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE', true, false],
    ['STATUS:TENTATIVE', true, false],
  ])('with %s is free: %s, out of office: %s', (line, free, outOfOffice) => {
    const [one] = eventsOf(calendar(...event('DTSTART:20261102T090000Z', line)), 'UTC', SPAN);
    expect(one ?? 'none').toMatchObject({ free, outOfOffice });
  });

  test('that was cancelled is none', () => {
    expect(
      times(calendar(...event('DTSTART:20261102T090000Z', 'DURATION:PT1H', 'STATUS:CANCELLED'))),
    ).toEqual([]);
  });
});

describe('what is no calendar', () => {
  test.each(['', '<html>sign in</html>', 'BEGIN:VCALENDAR', 'BEGIN:VCARD\r\nEND:VCARD\r\n'])(
    '%j is a fault that quotes nothing',
    (text) => {
      expect(() => eventsOf(text, 'UTC', SPAN)).toThrow(
        new SystemFault('calendar', 'unreadable', false, 'a calendar is not in iCalendar form'),
      );
    },
  );

  test('an event that makes no sense is passed over, the others are told', () => {
    const text = calendar(
      ...event('DTSTART:yesterday'),
      ...event('SUMMARY:never'),
      ...event('DTSTART;VALUE=DATE:20261102'),
    );
    expect(times(text, 'UTC')).toEqual(['2026-11-02T00:00 2026-11-03T00:00']);
  });

  test.each(['FREQ=SECONDLY', 'FREQ=MINUTELY;COUNT=999999999'])(
    'a rule by %s is passed over, for it would hold everybody up',
    (rule) => {
      expect(times(calendar(...event('DTSTART:19700101T000000Z', `RRULE:${rule}`)))).toEqual([]);
    },
  );

  test('a rule that began long ago is still told', () => {
    const text = calendar(...event('DTSTART:20160101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'));
    expect(times(text, 'UTC', { from: '2026-11-02T00:00:00Z', until: '2026-11-03T00:00:00Z' })).toEqual([
      '2026-11-02T00:00 2026-11-02T01:00',
    ]);
  });

  test('any lines give events or a fault of the calendar, and nothing else', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'BEGIN:VEVENT',
        'END:VEVENT',
        'DTSTART:20261102T090000Z',
        'RRULE:FREQ=WEEKLY;COUNT=3',
        'EXDATE:',
        'DTEND:x',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        try {
          for (const { from, until } of eventsOf(calendar(...lines), 'UTC', SPAN))
            expect(from <= until).toBe(true);
        } catch (error) {
          if (!(error instanceof SystemFault)) throw error;
        }
      }),
    );
  });
});

describe('a calendar is fetched', () => {
  let server: Server;
  let answer: RequestListener;
  let address: string;
  beforeAll(async () => {
    server = createServer((req, res) => answer(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/private-5ecret/cal.ics`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('as it stands', async () => {
    answer = (_req, res) => res.end(calendar());
    expect(await fetchCalendar(address)).toBe(calendar());
  });

  test.each<[string, RequestListener, string]>([
    ['not there', (_req, res) => res.writeHead(404).end(), '404'],
    ['too large', (_req, res) => res.end('x'.repeat(3 * 1024 * 1024)), 'too-large'],
    ['broken off', (req) => req.socket.destroy(), 'no-answer'],
  ])('but one that is %s is a fault that does not tell its address', async (_, listener, code) => {
    answer = listener;
    const fault = await fetchCalendar(address).then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(SystemFault);
    expect(fault).toMatchObject({ system: 'calendar', code });
    expect(JSON.stringify(fault, ['message', 'stack', 'cause', 'name'])).not.toContain('5ecret');
    expect((fault as Error).message).not.toContain('5ecret');
  });
});
