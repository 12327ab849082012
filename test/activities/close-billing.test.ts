import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginClose } from '../../src/activities/close-begin';
import { reconcileClose } from '../../src/activities/close-billing';
import { planOf, visitClose } from '../../src/activities/close-visit';
import type { World } from '../../src/activities/world';
import { csvOf, reconcileFile } from '../../src/cli/close-reconcile';
import type { DeskMessage } from '../../src/domain/desk-acts';
import type { PlantedVariance } from '../../src/sandbox/salesforce/billing-export';
import { BillingExport } from '../../src/systems/billing';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const PERIOD = '2026-10';
const CUT_OFF = '2026-11-01T06:59:59.000Z';
const NOW = '2026-11-06T12:00:00.000Z';
const HEADER = 'Opportunity ID,Product,Entity,Currency,Period,Amount\n';

let ground: Ground;
let dir: string;
beforeAll(async () => {
  ground = await Ground.start();
  dir = mkdtempSync(join(tmpdir(), 'daytwo-billing-'));
});
beforeEach(() => ground.reset());
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await ground.stop();
});

const world = (from: string | null): World => ({
  ...ground.world,
  billing: new BillingExport({ from, token: null }),
});
/** The same without the booking checks, and what is told at a quarter's end. */
function quick(from: string | null = null): World {
  const { bookingFields: _, quarter: __, ...handbook } = ground.handbook;
  return { ...world(from), handbook: () => handbook };
}
const begin = () => beginClose(quick(), { period: PERIOD, by: 'amber', now: NOW });
const visit = (...messages: DeskMessage[]) =>
  visitClose(quick(), { period: PERIOD, messages, look: false, now: NOW });
/** What a whole look does about billing. */
async function look(from: string | null): Promise<void> {
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  const of = world(from);
  const issue = await of.gitlab.issue(close.issue!.project, close.issue!.iid);
  const plan = planOf(of, close);
  await ground.store.closes.put({
    close: await reconcileClose(of, close, plan, ground.handbook.checklist, issue!, NOW),
    turn,
  });
}
const message = (kind: 'approve' | 'complete', task: string, by: string, reason?: string): DeskMessage => ({
  id: `${kind}/${task}/${by}/${reason ?? ''}`,
  kind,
  by,
  channel: 'cli',
  at: NOW,
  task,
  ...(reason === undefined ? {} : { reason }),
});
const kept = async () => (await ground.store.closes.get(PERIOD))!.close;
const variances = () => ground.store.closes.variances(PERIOD);
const post = async <T>(path: string, body: object): Promise<T> => {
  const answer = await fetch(`${ground.systems.files.salesforce.loginUrl}/__sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as T;
};
const sandboxBilling = (format = 'csv'): string =>
  `${ground.systems.files.salesforce.loginUrl}/__sandbox/billing?period={period}&format=${format}`;
/** An export at hand, made when a test says. */
function file(text: string | Buffer, madeAt = NOW): string {
  const path = join(dir, 'billing.csv');
  writeFileSync(path, text);
  utimesSync(path, new Date(madeAt), new Date(madeAt));
  return path;
}
const won = (amount: number): Promise<string> =>
  new LeaverOrg(ground.systems).one('Opportunity', {
    Name: 'Won',
    StageName: 'Closed Won',
    CloseDate: '2026-10-20',
    Amount: amount,
    Currency__c: 'USD',
    Entity__c: 'GitLab Inc',
  });
const row = (opportunity: string, amount: string, more = '') =>
  `${opportunity},Order without lines,GitLab Inc,USD,${PERIOD},${amount}${more}\n`;

test('every planted variance is found, as CSV and as JSON, and none is invented', async () => {
  await post('/bookings', {
    period: PERIOD,
    cutOff: CUT_OFF,
    today: '2026-11-06',
    count: 100,
    faults: false,
  });
  const { planted } = await post<{ planted: PlantedVariance[] }>('/billing', { period: PERIOD, oneIn: 4 });
  expect(new Set(planted.map(({ kind }) => kind)).size).toBe(8);
  await begin();
  await look(sandboxBilling());
  const said = ({ kind, opportunity, product, cents }: PlantedVariance) =>
    `${kind} ${opportunity} ${product} ${cents}`;
  expect((await variances()).map(said).sort()).toEqual(planted.map(said).sort());
  const { reconciled } = await kept();
  expect(reconciled).toMatchObject({ open: planted.length, problems: [] });
  await look(sandboxBilling('json'));
  expect((await kept()).reconciled).toEqual({ ...reconciled, exportedAt: expect.anything() as unknown });
});

test('a variance keeps its identity, is explained, opens again by another amount, and closes by itself', async () => {
  const id = await won(1000);
  const of = (amount: string) => file(HEADER + row(id, amount));
  const dry = await reconcileFile(world(null), PERIOD, file(HEADER + row(id, '1500.00')), NOW);
  expect(dry.variances).toMatchObject([{ kind: 'other_amount', cents: 500_00 }]);
  expect(await variances()).toEqual([]);
  await begin();
  await look(of('1500.00'));
  const [first] = await variances();
  expect(csvOf([{ ...first!, product: '=1+1' }])[1]).toContain(
    ",'=1+1,GitLab Inc,USD,1000.00,1500.00,500.00,open,",
  );
  expect(first).toMatchObject({ kind: 'other_amount', cents: 500_00, state: 'open', owner: 'finance' });
  const task = `variance/${first?.id ?? ''}`;
  const { answers } = await visit(
    message('approve', task, 'omar-orders', 'TIMING: later'),
    message('approve', task, 'amber', 'because'),
    message('complete', `${task}/owner/basil-billing`, 'meri'),
    message('approve', task, 'amber', 'timing: billed in November'),
  );
  expect(Object.values(answers)).toEqual([
    'policy does not name them for it',
    'its reason begins with TIMING, REBATE, ROUNDING, CREDIT, OTHER and a colon',
    null,
    null,
  ]);
  const explained = { code: 'TIMING', by: 'amber', reason: 'billed in November' };
  expect(await variances()).toMatchObject([
    { id: first?.id, state: 'explained', owner: 'basil-billing', explained },
  ]);
  expect((await kept()).reconciled).toMatchObject({ open: 0, explained: 1, holding: 0 });
  await look(of('1600.00'));
  expect(await variances()).toMatchObject([{ id: first?.id, state: 'open', cents: 600_00 }]);
  await look(of('1000.00'));
  expect(await variances()).toMatchObject([{ id: first?.id, state: 'closed' }]);
  await look(of('1600.00'));
  expect((await variances()).map(({ times, state }) => [times, state])).toEqual([
    [1, 'closed'],
    [2, 'open'],
  ]);
});

test('a large variance keeps the task from being signed and puts out the lights; a small one does neither', async () => {
  const id = await won(1000);
  const of = (amount: string) => file(HEADER + row(id, amount));
  await begin();
  await look(of('1000.00'));
  const signedAndLit = async () => {
    const { close, turn } = (await ground.store.closes.get(PERIOD))!;
    const by = (name: string) => ({ by: name, at: NOW, channel: 'gitlab' as const });
    const light = (name: string) => ({ ...by(name), digest: close.look?.digest ?? '' });
    await ground.store.closes.put({
      close: {
        ...close,
        phase: 'lit',
        lights: { deal_desk: light('dee-dealdesk'), finance: light('fiona-finance') },
        tasks: close.tasks.map((task) => ({ ...task, prepared: by('sam-ops'), reviewed: by('meri') })),
      },
      turn,
    });
  };
  await signedAndLit();
  await look(of('1100.00'));
  expect((await visit()).phase).toBe('lit');
  await look(of('1100.01'));
  expect(await visit()).toMatchObject({ phase: 'closing', lit: [], variances: { open: 1, holding: 1 } });
  const { tasks, issue } = await kept();
  const why = '1 variances with billing above the threshold are not explained';
  expect(tasks.find(({ key }) => key === 'reconcile')).toMatchObject({ prepared: null, reopened: why });
  const desk = ground.desk();
  expect((await desk.notes(issue?.iid ?? 0)).some(({ body }) => body.includes('went out'))).toBe(true);
  expect((await desk.issue(issue?.iid ?? 0)).description).toContain('`other_amount` 1 (USD 100.01)');
  const { answers } = await visit(message('complete', 'reconcile/prepared', 'sam-ops'));
  expect(Object.values(answers)).toEqual([why]);
});

test('a byte-order mark and a short id are no problems; a row that stands there twice is a variance with its lines', async () => {
  const id = await won(1000);
  await begin();
  await look(file(`\ufeff${HEADER}${row(id, '1000.00')}${row(id.slice(0, 15), '1000.00')}`));
  expect(await variances()).toMatchObject([
    { kind: 'twice_in_billing', cents: 1000_00, at: [id, 'line 2', 'line 3'] },
  ]);
});

test('an export that is not there holds the light and stops nothing, and is one task for ops', async () => {
  await won(1000);
  await begin();
  await look(join(dir, 'nothing.csv'));
  await visitClose(world(join(dir, 'nothing.csv')), { period: PERIOD, messages: [], look: true, now: NOW });
  const { reconciled, look: seen, phase } = await kept();
  expect(reconciled?.problems).toMatchObject([{ problem: "the file can't be read (ENOENT)" }]);
  expect([seen?.records, phase]).toEqual([1, 'closing']);
  expect(await ground.desk().issues('search=can+not+be+reconciled')).toHaveLength(1);
});

test('billing that answers 500 holds the light; mended, it is read again, and the task of ops stays one', async () => {
  await won(1000);
  await ground.systems.fault({
    system: 'salesforce',
    path: '__sandbox/billing',
    kind: 'status',
    status: 500,
  });
  await begin();
  await look(sandboxBilling());
  expect((await kept()).reconciled?.problems).toMatchObject([
    { place: 'the export', problem: 'the export was answered 500 (500)' },
  ]);
  await ground.systems.mend();
  await look(sandboxBilling());
  await visit();
  expect((await kept()).reconciled).toMatchObject({ problems: [], open: 0 });
  expect((await ground.desk().issue((await kept()).issue?.iid ?? 0)).description).toContain(
    '0 variances open',
  );
});

test('without a place to ask, nothing is reconciled and nothing is held', async () => {
  await begin();
  await look(null);
  expect((await kept()).reconciled).toBeUndefined();
});
