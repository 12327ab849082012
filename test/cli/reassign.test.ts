import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoWorker } from '../../src/cli/engine';
import { askedOf, reassignAll } from '../../src/cli/reassign';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { openStore, type HeldItem, type Store } from '../../src/evidence';
import type { Decision, DecisionAnswer } from '../../src/workflows/messages';
import { sampleHandbook } from '../handbook/sample';
import { FakeEngine, Reader } from './fakes';

const { people } = sampleHandbook();
const options = { from: 'sam-ops', to: 'priya-ops', by: 'amber' };
const id = (iid: number): string => `access-request/sales-ops/access-requests/${iid}`;

/** Workflows that answer one by one. */
class Answers extends FakeEngine {
  underWay = 0;
  most = 0;
  constructor(private readonly answers: (workflowId: string) => DecisionAnswer | Error) {
    super([]);
  }
  override async decide(workflowId: string, decision: Decision): Promise<DecisionAnswer> {
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    await Promise.resolve();
    this.underWay -= 1;
    this.decided.push({ workflowId, decision });
    const answer = this.answers(workflowId);
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
const taken = (): DecisionAnswer => ({ taken: true, why: null });

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-reassign-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const SINCE = '2026-11-20T09:00:00.000Z';
async function held(iid: number, ...items: Pick<HeldItem, 'kind' | 'what'>[]): Promise<void> {
  const rows = items.map((item) => ({ ...item, username: 'sam-ops', since: SINCE }));
  await store.work.replaceWork(id(iid), { project: 'sales-ops/access-requests', iid }, rows);
}
const claim = { kind: 'claim', what: '' } as const;
const approval = { kind: 'approval', what: 'manager/chorus' } as const;

async function fifty(): Promise<void> {
  for (let iid = 1; iid <= 25; iid++) await held(iid, claim, approval);
}

const run = async (engine: FakeEngine, changes: { plan?: boolean; json?: boolean; to?: string } = {}) => {
  const reader = new Reader();
  const asked = askedOf({ ...options, ...changes }, people);
  return { reader, code: await reassignAll(engine, store.work, asked, changes, reader) };
};

test('fifty things that wait on somebody are moved, some at a time, each request by one decision', async () => {
  await fifty();
  const engine = new Answers(taken);
  const { reader, code } = await run(engine);
  expect(code).toBe(0);
  expect(engine.decided).toHaveLength(25);
  expect(engine.decided[0]!.decision).toEqual({
    kind: 'reassign',
    by: 'amber',
    from: 'sam-ops',
    to: 'priya-ops',
  });
  expect(engine.most).toBeGreaterThan(1);
  expect(engine.most).toBeLessThanOrEqual(4);
  expect(reader.said).toHaveLength(26);
  expect(reader.said.at(-1)).toBe('25 of 25 requests moved from sam-ops to priya-ops.');
  expect(reader.text).toContain(
    'sales-ops/access-requests#1  approval manager/chorus since 2026-11-20 10:00, held since',
  );
});

test('a plan shows the same, and asks no workflow for anything', async () => {
  await fifty();
  const engine = new Answers(taken);
  const { reader, code } = await run(engine, { plan: true });
  expect(code).toBe(0);
  expect(engine.decided).toEqual([]);
  expect(reader.said).toHaveLength(26);
  expect(reader.said.at(-1)).toBe(
    '50 in 25 requests wait on sam-ops, and would be moved to priya-ops. Nothing was changed.',
  );
});

test('one that is refused is named with the reason, and the others are moved', async () => {
  await fifty();
  const engine = new Answers((workflowId) => {
    if (workflowId === id(7)) return { taken: false, why: 'priya-ops filed it' };
    return workflowId === id(9) ? new Refused('Refused: it is moving.') : taken();
  });
  const { reader, code } = await run(engine);
  expect(code).toBe(1);
  expect(engine.decided).toHaveLength(25);
  expect(reader.complained).toHaveLength(2);
  expect(reader.complaints).toMatch(/#7 {2}.*: not moved: priya-ops filed it/);
  expect(reader.said.at(-1)).toBe('23 of 25 requests moved from sam-ops to priya-ops.');
});

test('where no worker answers, the rest is not waited for', async () => {
  await fifty();
  const engine = new Answers(() => new NoWorker(20));
  const { reader, code } = await run(engine);
  expect(code).toBe(1);
  expect(engine.decided.length).toBeLessThanOrEqual(4);
  expect(reader.complained).toHaveLength(25);
  expect(reader.complaints).toContain('not moved: not tried: No worker answered');
});

test('with --json each request is a line', async () => {
  await held(3, claim);
  const { reader } = await run(new Answers(taken), { json: true, to: people.salesOpsTeam });
  expect(reader.said.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      process: id(3),
      request: 'sales-ops/access-requests#3',
      from: 'sam-ops',
      to: `team:${people.salesOpsTeam}`,
      items: [{ kind: 'claim', what: '', since: SINCE }],
      taken: true,
      why: null,
    },
  ]);
});

test('where nothing waits, it says so', async () => {
  const { reader, code } = await run(new Answers(taken));
  expect([reader.text, code]).toEqual(['Nothing waits on sam-ops.', 0]);
});

test.each([
  [
    'nobody of people.yml',
    { to: 'priya-opps' },
    /--to names nobody of people.yml: priya-opps. Did you mean priya-ops\?/,
  ],
  ['the same person', { to: 'sam-ops' }, /--from and --to are the same person/],
  ['without who decides', { by: undefined }, /--by must say who decides/],
  ['somebody who is no user name', { from: 'Sam Okafor' }, /--from must be a GitLab user name/],
])('%s is wrong usage', (_, changes, message) => {
  const given = { ...options, ...changes } as typeof options;
  expect(() => askedOf(given, people)).toThrow(WrongUsage);
  expect(() => askedOf(given, people)).toThrow(message);
});

test('a plan needs nobody who decides, and --from may be somebody whom nobody knows any longer', () => {
  expect(askedOf({ from: '@gone', to: 'priya-ops', plan: true }, people)).toMatchObject({
    from: 'gone',
    by: '',
  });
});
