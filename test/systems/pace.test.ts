import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedPace } from '../../src/evidence';
import { OktaGroups } from '../../src/systems/okta';
import { Salesforce } from '../../src/systems/salesforce';
import { Systems } from './fixture';

let systems: Systems;
let dir: string;
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(async () => {
  await systems.reset();
  dir = mkdtempSync(join(tmpdir(), 'daytwo-pace-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
afterAll(() => systems.stop());

const way = { kind: 'okta-group', group: 'okta-chorus-users' } as const;

/** The most requests that any span of this length saw. */
function mostWithin(times: readonly number[], spanMs: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at < from + spanMs).length));
}

const TYPESCRIPT = join(__dirname, '..', '..', 'scripts', 'lib', 'typescript.cjs');

/** A worker in a process of its own, that sends when it is told to. */
async function separateSender(sending: object): Promise<ChildProcess> {
  const load = `require(${JSON.stringify(TYPESCRIPT)}).registerTypeScript(); require(${JSON.stringify(join(__dirname, 'separate-sender.ts'))})`;
  const child = spawn(process.execPath, ['-e', load, '--', JSON.stringify(sending)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('a sender ended before it was ready'))),
  ]);
  return child;
}

test('three workers, each a process, together send no more than the rate says, and two blocks at the ends of a span', async () => {
  const PER_SECOND = 60;
  const BLOCK = 6;
  /** What was sent in time may arrive so much later on a busy machine, beside what was sent after it. */
  const LATE_MS = 200;
  const senders = await Promise.all(
    [0, 1, 2].map((at) =>
      separateSender({
        stateDir: dir,
        okta: systems.files.okta,
        perSecond: PER_SECOND,
        emails: Array.from({ length: 40 }, (_, n) => `nobody${at}-${n}@daytwo.example`),
      }),
    ),
  );
  const seen = await systems.watch();
  const ended = senders.map((sender) => once(sender, 'exit'));
  for (const sender of senders) sender.stdin?.write('go\n');
  expect(await Promise.all(ended)).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ]);
  const asked = (await seen()).filter(({ system }) => system === 'okta');
  const times = asked.map(({ time }) => Date.parse(time));
  expect(times.length).toBeGreaterThanOrEqual(120);
  for (const spanMs of [200, 500, 1000])
    expect(mostWithin(times, spanMs)).toBeLessThanOrEqual(
      (PER_SECOND * (spanMs + LATE_MS)) / 1000 + 2 * BLOCK,
    );
});

test('Salesforce is paced with all it is sent: the sign-in, and what is sent again after a session has ended', async () => {
  let paced = 0;
  const org = new Salesforce({
    ...systems.files.salesforce,
    pace: () => {
      paced += 1;
      return Promise.resolve();
    },
  });
  const seen = await systems.watch();
  await org.find({ kind: 'salesforce-user' }, ['nobody@daytwo.example']);
  await systems.salesforce('POST', '/expire-sessions');
  await org.find({ kind: 'salesforce-user' }, ['nobody@daytwo.example']);
  const sent = (await seen()).filter(({ path }) => !path.includes('__sandbox'));
  expect(sent).toHaveLength(5);
  expect(paced).toBe(5);
});

test('a read that is repeated is paced each time', async () => {
  let paced = 0;
  const pace = (): Promise<void> => {
    paced += 1;
    return Promise.resolve();
  };
  await systems.fault({ system: 'okta', kind: 'status', status: 503, method: 'GET', count: 2 });
  const seen = await systems.watch();
  await new OktaGroups({ ...systems.files.okta, pace }).find(way, []);
  expect(paced).toBe((await seen()).length);
  expect(paced).toBe(3);
});

test('without a rate nothing is waited for, and the store is not asked', async () => {
  const reserve = jest.fn();
  await sharedPace({ reserve }, 'okta', () => undefined)();
  expect(reserve).not.toHaveBeenCalled();
});

test('a store that can not be reached fails who asks, and nobody after that', async () => {
  const reserve = jest.fn().mockRejectedValueOnce(new Error('no database')).mockResolvedValue(0);
  const pace = sharedPace({ reserve }, 'okta', () => 10);
  await expect(pace()).rejects.toThrow('no database');
  await expect(pace()).resolves.toBeUndefined();
});
