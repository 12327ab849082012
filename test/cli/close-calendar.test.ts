import { join } from 'node:path';
import { closeCalendar } from '../../src/cli/close-calendar';
import { run } from '../../src/cli/program';
import { Reader } from './fakes';

const ICAL = require('ical.js') as { parse(text: string): unknown };
const env = { DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config') };

test('shows every date with its rule, and who signs what by when', () => {
  const reader = new Reader(env);
  expect(closeCalendar('2026-10', {}, reader)).toBe(0);
  expect(reader.text).toContain('Close of October 2026 (FY27 Q3, ends the quarter)');
  expect(reader.text).toMatch(/2026-11-05 +The period locks +day 5 of the next month/);
  expect(reader.text).toMatch(/reconcile +sam-ops +meri/);
});

test('as JSON it is one document with instants', () => {
  const reader = new Reader(env);
  closeCalendar('2026-10', { json: true }, reader);
  const { dates } = JSON.parse(reader.text) as { dates: { kind: string; at: string }[] };
  expect(dates.find(({ kind }) => kind === 'cut_off')?.at).toBe('2026-11-01T06:59:59.000Z');
});

test('as a calendar, a date that moves stays the same event', () => {
  const reader = new Reader(env);
  closeCalendar('2026-10', { ics: true }, reader);
  expect(() => ICAL.parse(reader.text)).not.toThrow();
  expect(reader.text).toContain('UID:close-2026-10-lock@daytwo');
  expect(reader.text).toMatch(/DTSTART;VALUE=DATE:20261105/);
});

test('without a period, the month of today where the close is counted', () => {
  const reader = new Reader(env);
  closeCalendar(undefined, { json: true }, reader);
  const { period } = JSON.parse(reader.text) as { period: { key: string } };
  expect(period.key).toBe(reader.now().toISOString().slice(0, 7));
});

test.each(['2026-13', '2026-1', 'October', '2026-10-01'])('%s is wrong usage', async (asked) => {
  const reader = new Reader(env);
  expect(await run(['close', 'calendar', asked], reader)).toBe(2);
  expect(reader.complaints).toContain('is no period');
});
