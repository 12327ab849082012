import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forecastFrom } from '../../src/cli/close-forecast';
import { Refused } from '../../src/cli/surroundings';
import { newClose } from '../../src/domain/close/close';
import { dayOfClose } from '../../src/domain/close/trend';
import { openStore, type Store } from '../../src/evidence';
import { found } from '../domain/close/found';
import { Reader } from './fakes';

const PERIOD = '2026-10';
const keep = (day: string, count: number) =>
  store.trend.keepDay(
    PERIOD,
    dayOfClose(
      Array.from({ length: count }, (_, at) =>
        found(`amount/${at}`, { region: at === 0 ? '=cmd()' : 'AMER' }),
      ),
      { day, at: `${day}T09:00:00.000Z`, submissions: null },
    ),
  );

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-forecast-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
  await store.closes.begin(
    newClose({
      period: PERIOD,
      policyVersion: '2026-01-01',
      dates: [],
      due: [],
      openedAt: '',
      openedBy: 'amber',
    }),
  );
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('says how many bookings would fail, by check, region and owner, with the difference to the day before', async () => {
  await keep('2026-10-20', 4);
  await keep('2026-10-21', 3);
  const reader = new Reader();
  expect(await forecastFrom(store, PERIOD, {}, reader)).toBe(0);
  expect(reader.said[0]).toBe('3 bookings of 2026-10 would fail today, $3.00');
  expect(reader.text).toContain('-1 bookings since 2026-10-20 (-$1.00)');
  expect(reader.text).toContain('█▆  2 days, at most 4 a day');
  expect(reader.text).toMatch(/^AMER +2 +-1 +\$2\.00/m);
  expect(reader.text).toMatch(/^005A +3 +-1 +\$3\.00/m);
});

test('owners are named by their addresses where they were asked for', async () => {
  await keep('2026-10-21', 2);
  const reader = new Reader();
  const owners = () => Promise.resolve(new Map([['005A', 'olga@acme.example']]));
  await forecastFrom(store, PERIOD, { names: true }, reader, owners);
  expect(reader.text).toMatch(/^olga@acme\.example +2 /m);
});

test('as CSV no cell is a formula, and as JSON it is one document', async () => {
  await keep('2026-10-21', 2);
  const csv = new Reader();
  await forecastFrom(store, PERIOD, { csv: true }, csv);
  expect(csv.said).toContain("region,'=cmd(),1,,1,1.00,0,0,0");
  const json = new Reader();
  await forecastFrom(store, PERIOD, { json: true }, json);
  expect(JSON.parse(json.text)).toMatchObject({ period: PERIOD, all: { bookings: 2 }, before: null });
});

test('a period that was not begun, or not looked at, is refused', async () => {
  await expect(forecastFrom(store, '2026-11', {}, new Reader())).rejects.toThrow(/No close of 2026-11/);
  await expect(forecastFrom(store, PERIOD, {}, new Reader())).rejects.toThrow(Refused);
});
