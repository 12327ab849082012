import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginClose } from '../../src/activities/close-begin';
import { closeReport, gatherReport } from '../../src/activities/close-report';
import { visitClose } from '../../src/activities/close-visit';
import { reportFrom } from '../../src/cli/close-report';
import { Refused } from '../../src/cli/surroundings';
import type { Handbook } from '../../src/domain/handbook';
import { Reader } from '../cli/fakes';
import { Ground } from './ground';

let ground: Ground;
let sample: Handbook;
beforeAll(async () => {
  ground = await Ground.start();
  sample = ground.handbook;
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

/** From this day on another policy is in force; what was in force before stays in the handbook. */
function policyFrom(effectiveFrom: string, lockDay: number, windowDays: number): void {
  const { bookingFields: _, ...handbook } = ground.handbook;
  const [policy] = sample.policies;
  const { close } = policy!;
  const next = {
    ...policy!,
    effectiveFrom,
    close: {
      ...close,
      dates: { ...close.dates, lockDay },
      booking: { ...close.booking, windowDays },
    },
  };
  ground.handbook = { ...handbook, policies: [...handbook.policies, next] };
}
const begin = (period: string, now: string) => beginClose(ground.world, { period, by: 'amber', now });
const lockOf = async (period: string) =>
  (await ground.store.closes.get(period))?.close.dates.find(({ kind }) => kind === 'lock')?.date;

test('three periods with policies changed in between keep each its own, and a report compares them by it', async () => {
  ground.handbook = { ...ground.handbook, policies: [] };
  policyFrom('2026-01-01', 10, 30);
  await begin('2026-08', '2026-08-20T09:00:00.000Z');
  policyFrom('2026-09-10', 5, 15);
  await begin('2026-09', '2026-09-20T09:00:00.000Z');
  policyFrom('2026-10-10', 3, 20);
  await begin('2026-10', '2026-10-20T09:00:00.000Z');
  // What was begun before is visited under the new ones.
  await visitClose(ground.world, {
    period: '2026-08',
    messages: [],
    look: true,
    now: '2026-10-21T09:00:00.000Z',
  });
  expect([await lockOf('2026-08'), await lockOf('2026-09'), await lockOf('2026-10')]).toEqual([
    '2026-09-10',
    '2026-10-05',
    '2026-11-03',
  ]);
  const now = '2026-10-22T09:00:00.000Z';
  const { figures, earlier } = await gatherReport(ground.world, '2026-10', { now });
  expect(
    [...earlier, figures].map(({ period, policy }) => [
      period,
      policy.version,
      policy.lockDay,
      policy.bookingWindowDays,
    ]),
  ).toEqual([
    ['2026-08', '2026-01-01', 10, 30],
    ['2026-09', '2026-09-10', 5, 15],
    ['2026-10', '2026-10-10', 3, 20],
  ]);
  const page = await closeReport(ground.world, '2026-10', { now });
  expect(page).toContain(
    'From 2026-08 to 2026-09 the policy changed (2026-01-01 → 2026-09-10): day of the lock 10 → 5, booking window, days 30 → 15.',
  );
  expect(page).toContain('From 2026-09 to 2026-10 the policy changed (2026-09-10 → 2026-10-10)');
  expect(page).toContain('2026-10-22 02:00');
  expect((await gatherReport(ground.world, '2026-08', { now })).earlier).toEqual([]);
});

test('the command writes the page to a file or to standard output', async () => {
  policyFrom('2026-10-10', 3, 20);
  await begin('2026-10', '2026-10-20T09:00:00.000Z');
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-report-'));
  const write = (options: { out?: string; json?: boolean }, reader = new Reader()) =>
    reportFrom(ground.store, ground.handbook, '2026-10', options, reader).then(() => reader.text);
  try {
    const out = join(dir, 'close.html');
    expect(await write({ out })).toBe(`The report of 2026-10: ${out}`);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('opened the close of 2026-10');
    expect(await write({})).toBe(page.trimEnd());
    await expect(write({ out: join(dir, 'no', 'such.html') })).rejects.toThrow(Refused);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  await expect(reportFrom(ground.store, ground.handbook, '2026-09', {}, new Reader())).rejects.toThrow(
    /No close of 2026-09/,
  );
});
