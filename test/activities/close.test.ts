import { lockPeriod } from '../../src/activities/close-lock';
import { beginClose, openDue } from '../../src/activities/close-begin';
import { visitClose } from '../../src/activities/close-visit';
import type { World } from '../../src/activities/world';
import { addDays } from '../../src/domain/dates';
import { SystemFault } from '../../src/systems/fault';
import type { PeriodKeeper } from '../../src/systems/periods';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const PERIOD = '2026-10';
const AFTER = '2026-11-06T12:00:00.000Z';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

/** Without the booking checks and what is told at a quarter's end, and with a period keeper of which a test may change some. */
function world(change: (keeper: PeriodKeeper) => Partial<PeriodKeeper> = () => ({})): World {
  const { bookingFields: _, quarter: __, ...handbook } = ground.handbook;
  return {
    ...ground.world,
    handbook: () => handbook,
    connector: (name) => {
      const connector = ground.world.connector(name);
      const { periods } = connector;
      return periods
        ? ({ leavers: connector.leavers, periods: { ...periods, ...change(periods) } } as never)
        : connector;
    },
  };
}
const begin = (of = world()) => beginClose(of, { period: PERIOD, by: 'amber', now: AFTER });
const visit = (of = world(), look = true) =>
  visitClose(of, { period: PERIOD, messages: [], look, now: AFTER });
const kept = async () => (await ground.store.closes.get(PERIOD))!.close;
const iidOf = async (key: string) => (await kept()).tasks.find((task) => task.key === key)?.iid ?? 0;
const desk = () => ground.desk();
const won = (amount: number): Promise<string> =>
  new LeaverOrg(ground.systems).one('Opportunity', {
    Name: 'Won',
    StageName: 'Closed Won',
    CloseDate: '2026-10-20',
    Amount: amount,
  });
/** Everything is signed and lit over the records as they are. */
async function lit(): Promise<void> {
  await visit();
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  const light = (by: string) => ({
    by,
    at: AFTER,
    channel: 'gitlab' as const,
    digest: close.look?.digest ?? '',
  });
  await ground.store.closes.put({
    close: {
      ...close,
      phase: 'lit',
      lights: { deal_desk: light('dee-dealdesk'), finance: light('fiona-finance') },
    },
    turn,
  });
}

test('begun twice, there is one issue of the period and one of each task, all confidential', async () => {
  await begin();
  const first = await kept();
  expect(first.tasks.every(({ iid }) => iid !== null)).toBe(true);
  expect(await ground.changes(() => begin())).toEqual([]);
  expect(await kept()).toEqual({ ...first, look: expect.anything() as unknown });
  const issues = await desk().issues('state=opened');
  expect(issues).toHaveLength(1 + first.tasks.length);
});

test('a period is rolled forward from the one before: with what people wrote, inert, and what is other in the checklist', async () => {
  await beginClose(world(), { period: '2026-09', by: 'amber', now: AFTER });
  const { close } = (await ground.store.closes.get('2026-09'))!;
  const of = close.tasks.find(({ key }) => key === 'queue')?.iid ?? 0;
  const { description } = await desk().issue(of);
  await desk().write('amber', of, `${description}\n\n- [x] ask the **bank**`);
  await begin();
  const carried = (await desk().issue(await iidOf('queue'))).description;
  expect(carried).toContain('Rolled forward from the close of 2026-09:\n\n- [ ] ask the \\*\\*bank\\*\\*');
  expect((await desk().issue((await kept()).issue!.iid)).description).toContain(
    'Rolled forward from the close of 2026-09, with what people wrote on its issues: the same tasks.',
  );
});

test("a stranger's tick is put back with the reason, and the preparer's is signed", async () => {
  await begin();
  const iid = await iidOf('queue');
  await desk().tick('sam-ops', iid, 'Prepared');
  await visit(world(), false);
  expect((await desk().issue(iid)).description).toContain('- [ ] Prepared');
  expect((await desk().notes(iid)).some(({ body }) => body.includes('was put back'))).toBe(true);
  await desk().tick('omar-orders', iid, 'Prepared');
  await visit(world(), false);
  expect((await kept()).tasks.find(({ key }) => key === 'queue')?.prepared).toMatchObject({
    by: 'omar-orders',
    channel: 'gitlab',
  });
});

test('a green light is given by a label, one of a stranger or of both parties is put back, and taken off it is out', async () => {
  await won(1000);
  await begin();
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  const signed = (by: string) => ({ by, at: AFTER, channel: 'gitlab' as const });
  const basis = close.look?.digest ?? null;
  const tasks = close.tasks.map((task) => ({
    ...task,
    basis,
    prepared: signed('sam-ops'),
    reviewed: signed('amber'),
  }));
  await ground.store.closes.put({ close: { ...close, tasks }, turn });
  const iid = close.issue?.iid ?? 0;
  const labels = async () => (await desk().issue(iid)).labels;
  const putBack = async () =>
    (await desk().notes(iid)).filter(({ body }) => body.includes('put back')).map(({ body }) => body);

  await desk().label('dee-dealdesk', iid, 'Deal Desk::Green Light');
  await desk().label('dee-dealdesk', iid, 'Finance::Green Light');
  await visit(world(), false);
  expect((await kept()).lights).toMatchObject({
    deal_desk: { by: 'dee-dealdesk', channel: 'gitlab', digest: basis },
    finance: null,
  });
  expect(await labels()).toEqual(['Deal Desk::Green Light']);
  expect((await desk().issue(iid)).description).toContain('- [x] Green light: Deal Desk');
  const [refused] = await putBack();
  expect(refused).toContain('@dee-dealdesk: "Green light: Finance" was put back');

  await desk().label('sam-ops', iid, 'Finance::Green Light');
  await visit(world(), false);
  expect(await labels()).toEqual(['Deal Desk::Green Light']);
  expect((await putBack()).at(-1)).toContain('the green light of Finance is given by fiona-finance');

  await desk().tick('fiona-finance', iid, 'Green light: Finance');
  await visit(world(), false);
  expect((await kept()).phase).toBe('lit');
  expect(await labels()).toEqual(['Deal Desk::Green Light', 'Finance::Green Light']);
  expect(await ground.changes(() => visit(world(), false))).toEqual([]);

  await desk().unlabel('dee-dealdesk', iid, 'Deal Desk::Green Light');
  await visit(world(), false);
  expect((await kept()).lights.deal_desk).toBeNull();
  expect((await desk().issue(iid)).description).toContain('- [ ] Green light: Deal Desk');
  expect(await putBack()).toHaveLength(2);
});

test('a preparer who left is replaced in the checklist while the close runs; what they signed stands, their tick counts no more', async () => {
  await begin();
  await desk().tick('omar-orders', await iidOf('large-deals'), 'Prepared');
  await visit(world(), false);
  const of = world();
  const handbook = of.handbook();
  const checklist = handbook.checklist.map((task) =>
    task.preparer === 'omar-orders' ? { ...task, preparer: 'jonas-ops' } : task,
  );
  const members = handbook.people.members.filter(({ username }) => username !== 'omar-orders');
  const without: World = {
    ...of,
    handbook: () => ({ ...handbook, checklist, people: { ...handbook.people, members } }),
  };
  const iid = await iidOf('queue');
  const prepared = async (task: string) =>
    (await kept()).tasks.find(({ key }) => key === task)?.prepared?.by ?? null;
  await desk().tick('omar-orders', iid, 'Prepared');
  await visit(without, false);
  expect(await prepared('queue')).toBeNull();
  await desk().tick('jonas-ops', iid, 'Prepared');
  await visit(without, false);
  expect(await prepared('queue')).toBe('jonas-ops');
  expect(await prepared('large-deals')).toBe('omar-orders');
});

test('the issue of a task lists the deals that it asks to be reviewed, and follows them from look to look', async () => {
  const org = new LeaverOrg(ground.systems);
  const open = { Name: 'Open', StageName: '5-Negotiating', CloseDate: '2026-10-30', Route__c: 'direct' };
  const [large = '', larger = '', small = ''] = await org.make('Opportunity', [
    { ...open, Net_Arr__c: 100_000 },
    { ...open, Net_Arr__c: 250_000.5, CloseDate: '2026-08-01' },
    { ...open, Net_Arr__c: 99_999.99 },
  ]);
  const [waiting = ''] = await org.make('Opportunity', [{ ...open, StageName: '7-Closing', Net_Arr__c: 5 }]);
  const of = ground.world;
  await begin(of);
  const shown = async (task: string) => (await desk().issue(await iidOf(task))).description;
  const deals = await shown('large-deals');
  expect(deals).toContain('2 at the last look, $350,000.50 net ARR.');
  expect(deals.indexOf(larger)).toBeLessThan(deals.indexOf(large));
  expect(deals).not.toContain(small);
  expect(await shown('queue')).toContain(`| \`${waiting}\` | \\$5.00 | 7-Closing |`);
  await org.change('Opportunity', large, { StageName: '3-Technical Evaluation' });
  await visit(of, false);
  expect(await shown('large-deals')).toContain(large);
  await visit(of);
  expect(await shown('large-deals')).toContain('1 at the last look, $250,000.50 net ARR.');
});

test('what Salesforce refuses to show is a task for ops, and nothing counts as looked at', async () => {
  await begin();
  const refused = world(() => ({
    closedIn: () =>
      Promise.reject(new SystemFault('salesforce', 'INVALID_FIELD', false, 'a query was refused')),
  }));
  const seen = await visit(refused);
  expect(seen.records).toBeNull();
  const raised = async () => (await desk().issues('search=can+not+read+the+period')).length;
  expect(await raised()).toBe(1);
  await visit(refused);
  expect(await raised()).toBe(1);
});

test('what changed while nothing could be read opens again what was signed over it, once it can be read', async () => {
  const id = await won(1000);
  await begin();
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  const by = { by: 'sam-ops', at: AFTER, channel: 'gitlab' as const };
  await ground.store.closes.put({
    close: {
      ...close,
      tasks: close.tasks.map((task) =>
        task.key === 'reconcile'
          ? { ...task, prepared: by, reviewed: { ...by, by: 'meri' }, basis: close.look?.digest ?? null }
          : task,
      ),
    },
    turn,
  });
  await new LeaverOrg(ground.systems).change('Opportunity', id, { Amount: 2 });
  await visit(
    world(() => ({
      closedIn: () =>
        Promise.reject(new SystemFault('salesforce', 'INVALID_FIELD', false, 'a query was refused')),
    })),
  );
  await visit();
  expect((await kept()).tasks.find(({ key }) => key === 'reconcile')).toMatchObject({
    prepared: null,
    reopened: expect.stringContaining(id) as string,
  });
});

test('a fault that passes is left to be tried again', async () => {
  await begin();
  const away = world(() => ({
    closedIn: () => Promise.reject(new SystemFault('salesforce', '503', true, 'away')),
  }));
  await expect(visit(away)).rejects.toThrow('away');
});

test('the lock is set, read back and proved, and nothing of the record changes by that', async () => {
  const id = await won(1000.5);
  await begin();
  await lit();
  expect(await lockPeriod(world(), { period: PERIOD, now: AFTER })).toEqual({ kind: 'locked' });
  const org = new LeaverOrg(ground.systems);
  expect(await org.salesforce.periods.lockedThrough()).toBe('2026-10-31');
  expect((await org.salesforce.periods.closedIn('2026-10-01', '2026-10-31'))[0]).toMatchObject({
    id,
    amountCents: 1000_50,
  });
  expect((await kept()).lock?.proof).toEqual({ record: id, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' });
  // Done again after a lost answer, it is locked already.
  expect(await ground.changes(() => lockPeriod(world(), { period: PERIOD, now: AFTER }))).toEqual([]);
});

test('an edit that slips in before the lock keeps it open, and unlocks what was set', async () => {
  const id = await won(1000);
  await begin();
  await lit();
  const org = new LeaverOrg(ground.systems);
  let reads = 0;
  const racing = world((keeper) => ({
    closedIn: async (from, to) => {
      const records = await keeper.closedIn(from, to);
      reads += 1;
      return reads === 1 ? records : records.map((one) => ({ ...one, amountCents: 1 }));
    },
  }));
  expect(await lockPeriod(racing, { period: PERIOD, now: AFTER })).toEqual({ kind: 'changed', records: 1 });
  expect(await org.salesforce.periods.lockedThrough()).toBeNull();
  await org.change('Opportunity', id, { Amount: 2 });
  expect(await lockPeriod(world(), { period: PERIOD, now: AFTER })).toMatchObject({ kind: 'changed' });
  expect((await kept()).phase).toBe('lit');
});

test('a lock that refuses nothing is taken back', async () => {
  await won(1000);
  await begin();
  await lit();
  const toothless = world(() => ({
    provenBy: () => Promise.resolve({ refused: false, code: 'ALL_OR_NONE' }),
  }));
  expect(await lockPeriod(toothless, { period: PERIOD, now: AFTER })).toEqual({
    kind: 'not_proved',
    code: 'ALL_OR_NONE',
  });
  expect(await new LeaverOrg(ground.systems).salesforce.periods.lockedThrough()).toBeNull();
});

test('a lock that the org does not know is a task for ops', async () => {
  await won(1000);
  await begin();
  await lit();
  const without = world(() => ({
    lockThrough: () => Promise.reject(new SystemFault('salesforce', 'INVALID_TYPE', false, 'no such object')),
  }));
  expect(await lockPeriod(without, { period: PERIOD, now: AFTER })).toEqual({ kind: 'refused' });
  expect(await desk().issues('search=can+not+lock+the+period')).toHaveLength(1);
});

test('what changes in a locked period, by whoever, is told once with the record', async () => {
  const id = await won(1000);
  await begin();
  await lit();
  await lockPeriod(world(), { period: PERIOD, now: AFTER });
  await visit();
  const org = new LeaverOrg(ground.systems);
  await org.salesforce.periods.lockThrough(null);
  await org.change('Opportunity', id, { Amount: 1 });
  await visit();
  await visit();
  const told = (await desk().notes((await kept()).issue?.iid ?? 0)).filter(({ body }) =>
    body.includes('This period is locked'),
  );
  expect(told).toHaveLength(1);
  expect(told[0]?.body).toContain(id);
  expect((await ground.evidence()).filter(({ kind }) => kind === 'close.drift')).toHaveLength(1);
});

test('closes that are due are begun, once, until their lock day', async () => {
  const opens = '2026-11-13T08:01:00.000Z';
  expect(await openDue(world(), '2026-11-12T12:00:00.000Z')).toEqual([]);
  expect(await openDue(world(), opens)).toEqual(['2026-11']);
  expect([...ground.workflows.running]).toEqual(['close/2026-11']);
  expect(await openDue(world(), `${addDays('2026-12-05', 1)}T12:00:00.000Z`)).toEqual([]);
});
