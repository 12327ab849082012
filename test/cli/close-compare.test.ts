import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFrom } from '../../src/cli/close-compare';
import { run } from '../../src/cli/program';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { newClose } from '../../src/domain/close/close';
import { openStore, type Store } from '../../src/evidence';
import { found } from '../domain/close/found';
import { sampleHandbook } from '../handbook/sample';
import { Reader } from './fakes';

const sample = sampleHandbook();
const [policy] = sample.policies;
const handbook = {
  ...sample,
  policies: [
    { ...policy!, effectiveFrom: '2026-01-01' },
    {
      ...policy!,
      effectiveFrom: '2026-10-10',
      close: { ...policy!.close, dates: { ...policy!.close.dates, lockDay: 3 } },
    },
  ],
};

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-compare-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
  await closed('2026-09', '2026-01-01', 100_050);
  await closed('2026-10', '2026-10-10', 90_025);
  const mended = { state: 'closed', since: '2026-10-20', closedOn: '2026-10-23' } as const;
  await store.closes.keepFindings('2026-09', [found('amount/1'), found('splits/2')]);
  await store.closes.keepFindings('2026-10', [
    found('amount/1', mended),
    found('amount/2'),
    found('terms/3'),
  ]);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function closed(period: string, policyVersion: string, totalCents: number): Promise<void> {
  const date = `${period}-28`;
  const { close, turn } = await store.closes.begin(
    newClose({
      period,
      policyVersion,
      dates: [{ kind: 'cut_off', name: 'Cut-off', date, rule: 'its last day', at: `${date}T07:00:00.000Z` }],
      due: [],
      openedAt: `${date}T07:00:00.000Z`,
      openedBy: 'amber',
    }),
  );
  const look = { at: `${date}T09:00:00.000Z`, records: 4, totalCents, digest: 'd', open: 0, checks: null };
  await store.closes.put({ close: { ...close, look }, turn });
}

const compare = async (periods: readonly [string, string], json = false) => {
  const reader = new Reader();
  expect(await compareFrom(store, handbook, periods, { json }, reader)).toBe(0);
  return reader;
};

test('two periods stand side by side with what is other: policy, amounts, findings by check, days to mend, dates', async () => {
  const { text } = await compare(['2026-09', '2026-10']);
  expect(text).toContain('From 2026-09 to 2026-10 the policy changed (2026-01-01 → 2026-10-10)');
  expect(text).toMatch(/^Day of the lock +\d+ +3 +-\d+/m);
  expect(text).toMatch(/^Amount +\$1,000\.50 +\$900\.25 +-\$100\.25$/m);
  expect(text).toMatch(/^Findings +2 +3 +\+1$/m);
  expect(text).toMatch(/^Days to mend, median +– +3$/m);
  expect(text).toMatch(/^amount +1 +2 +\+1$/m);
  expect(text).toMatch(/^splits +1 +0 +-1$/m);
  expect(text).toMatch(/^Cut-off +2026-09-28 +2026-10-28$/m);
});

test('the other way round it says the opposite', async () => {
  const { text } = await compare(['2026-10', '2026-09']);
  expect(text).toMatch(/^Amount +\$900\.25 +\$1,000\.50 +\+\$100\.25$/m);
});

test('a program reads the figures of each, one line a period', async () => {
  const { said } = await compare(['2026-09', '2026-10'], true);
  expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ period: '2026-09', cents: 100_050, found: 2, variances: null }),
    expect.objectContaining({
      period: '2026-10',
      byCheck: [
        { check: 'amount', count: 2 },
        { check: 'terms', count: 1 },
      ],
      policy: expect.objectContaining({ version: '2026-10-10', lockDay: 3 }) as unknown,
    }),
  ]);
});

test('a period that was not begun is refused, and one that is named twice is wrong usage', async () => {
  const reader = new Reader();
  const to = (other: string) => compareFrom(store, handbook, ['2026-09', other], {}, reader);
  await expect(to('2026-08')).rejects.toThrow(Refused);
  await expect(to('2026-09')).rejects.toThrow(WrongUsage);
  expect(await run(['close', 'compare', '2026-09', 'October'], reader)).toBe(2);
});
