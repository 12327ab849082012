import { applyChange } from '../../src/activities/change-apply';
import { visitChange } from '../../src/activities/change-visit';
import { beginClose } from '../../src/activities/close-begin';
import { lockPeriod } from '../../src/activities/close-lock';
import { visitClose } from '../../src/activities/close-visit';
import type { World } from '../../src/activities/world';
import { newChange, type ChangeEdit, type PeriodChange } from '../../src/domain/close/change';
import { SystemFault } from '../../src/systems/fault';
import type { PeriodKeeper } from '../../src/systems/periods';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const PERIOD = '2026-10';
const NOW = '2026-11-10T12:00:00.000Z';
const NIGHT = '2026-11-11T09:00:00.000Z';
const REFUSED = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';

let ground: Ground;
let org: LeaverOrg;
let won = '';
/** Bookings of the locked period, one for each test. */
let bookings: readonly string[] = [];
beforeAll(async () => {
  ground = await Ground.start();
  org = new LeaverOrg(ground.systems);
  const booking = { Name: 'Won', StageName: 'Closed Won', CloseDate: '2026-10-20', Amount: 1000 };
  bookings = await org.make('Opportunity', Array<typeof booking>(20).fill(booking));
  await locked();
});
beforeEach(() => {
  [won = '', ...bookings] = bookings;
});
afterAll(() => ground.stop());

/** Without the booking checks, and with a period keeper of which a test may change some. */
function world(change: (keeper: PeriodKeeper) => Partial<PeriodKeeper> = () => ({})): World {
  const { bookingFields: _, ...handbook } = ground.handbook;
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

/** The period is closed and locked, as both parties gave their light. */
async function locked(): Promise<void> {
  await beginClose(world(), { period: PERIOD, by: 'amber', now: NOW });
  const { close, turn } = (await ground.store.closes.get(PERIOD))!;
  const light = (by: string) => ({
    by,
    at: NOW,
    channel: 'gitlab' as const,
    digest: close.look?.digest ?? '',
  });
  const lights = { deal_desk: light('dee-dealdesk'), finance: light('fiona-finance') };
  await ground.store.closes.put({ close: { ...close, phase: 'lit', lights }, turn });
  expect(await lockPeriod(world(), { period: PERIOD, now: NOW })).toEqual({ kind: 'locked' });
}

const toAmount = (to: number): ChangeEdit => ({ record: won, field: 'amountCents', from: 1000_00, to });
const ask = (edits: readonly ChangeEdit[], of: Partial<PeriodChange> = {}): Promise<PeriodChange> =>
  ground.store.changes.add(PERIOD, (n) => ({
    ...newChange({
      period: PERIOD,
      n,
      asked: { by: 'sam-ops', at: NOW, channel: 'cli', reason: 'typed <b>wrong</b> @all' },
      edits,
      policyVersion: '2026-01-01',
      openDays: 14,
    }),
    ...of,
  }));
const approved = (edits: readonly ChangeEdit[], of: Partial<PeriodChange> = {}): Promise<PeriodChange> =>
  ask(edits, {
    phase: 'approved',
    decided: { by: 'amber', at: NOW, channel: 'gitlab', reason: null },
    ...of,
  });
const visit = ({ n }: PeriodChange, now = NOW) =>
  visitChange(world(), { period: PERIOD, n, messages: [], now });
const apply = ({ n }: PeriodChange, of = world()) => applyChange(of, { period: PERIOD, n, now: NOW });
const look = (now = NIGHT) => visitClose(world(), { period: PERIOD, messages: [], look: true, now });
const kept = async ({ n }: PeriodChange) => (await ground.store.changes.get(PERIOD, n))!.change;
const close = async () => (await ground.store.closes.get(PERIOD))!.close;
const recordNow = async () => (await org.salesforce.periods.named([won]))[0];
const exceptions = () => org.salesforce.periods.exceptions();
const notesOf = async (iid: number): Promise<string> =>
  (await ground.desk().notes(iid)).map(({ body }) => body).join('\n');
const notesOfPeriod = async (): Promise<string> => notesOf((await close()).issue?.iid ?? 0);
/** What an administrator does who is exempt; the next look takes it away. */
const openByHand = () => org.salesforce.periods.openUntil(new Date(Date.now() + 900_000).toISOString());
const kinds = async (): Promise<readonly string[]> => (await ground.evidence()).map(({ kind }) => kind);

test('is approved on its issue, made, read back, told to the period, and is no drift', async () => {
  const change = await ask([toAmount(900_50)]);
  await visit(change);
  const iid = (await kept(change)).issue?.iid ?? 0;
  const issue = await ground.desk().issue(iid);
  expect(issue).toMatchObject({ confidential: true });
  expect(issue.description).toContain('| `1000.00` | `900.50` |');
  expect(issue.description).not.toContain('<b>');
  await ground.desk().tick('sam-ops', iid, 'Approve');
  expect((await visit(change)).phase).toBe('asked');
  expect(await notesOf(iid)).toContain('was put back');
  await ground.desk().tick('dee-dealdesk', iid, 'Approve');
  expect((await visit(change)).phase).toBe('approved');
  expect(await apply(change)).toBe('applied');
  expect(await visit(change)).toMatchObject({ commissionDue: true, over: false });
  expect(await recordNow()).toMatchObject({ amountCents: 900_50 });
  expect(await exceptions()).toEqual([]);
  expect(await close()).toMatchObject({ changes: [{ n: change.n, records: 1, commission: 'due' }] });
  expect(await notesOfPeriod()).toContain('commissions must be calculated anew');
  expect((await ground.desk().issue(iid)).description).toContain('**commissions must be calculated anew**');
  await look();
  expect(await kinds()).toEqual(
    expect.arrayContaining(['change.asked', 'decision.refused', 'change.approve', 'change.applied']),
  );
  expect(await kinds()).not.toContain('close.drift');
  expect((await ground.desk().issue((await close()).issue?.iid ?? 0)).description).toContain('change 1');
  await ground.desk().tick('carla-comp', iid, 'Commissions were calculated anew');
  expect(await visit(change)).toMatchObject({ commissionDue: false, over: true });
  expect((await ground.desk().issue(iid)).state).toBe('closed');
  expect(await close()).toMatchObject({ changes: [{ commission: 'done' }] });
  expect(await notesOfPeriod()).toContain('were calculated anew, says `carla-comp`');
  // Done again after a lost answer, nothing happens.
  expect(await ground.changes(() => apply(change))).toEqual([]);
});

test('is not made where the record says something else by now', async () => {
  const change = await approved([{ ...toAmount(900_00), from: 999_00 }]);
  expect(await apply(change)).toBe('stale');
  expect(await recordNow()).toMatchObject({ amountCents: 1000_00 });
  expect((await kept(change)).outcome?.why).toContain(`Amount of ${won}`);
  expect(await visit(change)).toMatchObject({ over: true });
});

test('what Salesforce refuses is told with its code, and no exception is left', async () => {
  const change = await approved([{ record: won, field: 'accountId', from: null, to: '001000000000000AAA' }]);
  expect(await apply(change)).toBe('refused');
  expect((await kept(change)).outcome?.why).toMatch(/Salesforce answered [A-Z_]+/);
  expect(await exceptions()).toEqual([]);
});

test('an answer that gets lost after the edit: it is made once, and the exception goes', async () => {
  const change = await approved([toAmount(900_00)]);
  await ground.systems.fault({
    system: 'salesforce',
    method: 'PATCH',
    path: '/composite/sobjects',
    kind: 'lose-answer',
    count: 1,
  });
  await expect(apply(change)).rejects.toThrow();
  expect(await apply(change)).toBe('applied');
  await ground.systems.mend();
  expect(await exceptions()).toEqual([]);
  expect(await recordNow()).toMatchObject({ amountCents: 900_00 });
});

test('a try that died under its exception: the next one takes it away first, then makes the change', async () => {
  const change = await approved([toAmount(900_00)], { begunAt: NOW });
  await openByHand();
  const order: string[] = [];
  const told = world((keeper) => ({
    endOpening: async () => {
      const stood = await keeper.endOpening();
      order.push(`end ${stood}`);
      return stood;
    },
    edit: (edits) => {
      order.push('edit');
      return keeper.edit(edits);
    },
  }));
  expect(await apply(change, told)).toBe('applied');
  expect(order).toEqual(['end true', 'edit', 'end true']);
  expect(await exceptions()).toEqual([]);
});

test('what an exception left behind is taken away at night, where no change is being made', async () => {
  await openByHand();
  const change = await approved([toAmount(900_00)]);
  await look();
  expect(await exceptions()).toHaveLength(1);
  await apply(change);
  await openByHand();
  await look();
  expect(await exceptions()).toEqual([]);
  expect(await kinds()).toContain('close.exception_ended');
});

test('an org that can not show who is exempt is a task for ops, and the night goes on', async () => {
  const blind = world(() => ({
    exceptions: () => Promise.reject(new SystemFault('salesforce', 'INVALID_FIELD', false, 'no such field')),
  }));
  const visit = { period: PERIOD, messages: [], look: true, now: NIGHT };
  expect((await visitClose(blind, visit)).records).not.toBeNull();
  expect(await ground.desk().issues('search=can+not+read+who+is+exempt')).toHaveLength(1);
});

test('two changes at once: one whose exception the other took away is tried again, not refused', async () => {
  const change = await approved([toAmount(900_00)]);
  const racing = world((keeper) => ({
    edit: async (edits) => {
      await keeper.endOpening();
      return keeper.edit(edits);
    },
  }));
  await expect(apply(change, racing)).rejects.toThrow('EXCEPTION_GONE');
  expect((await kept(change)).phase).toBe('approved');
  expect(await apply(change)).toBe('applied');
});

test('an exception that Salesforce does not let go is a task for ops, and tried again', async () => {
  const change = await approved([toAmount(900_00)]);
  let ends = 0;
  const stuck = world((keeper) => ({
    endOpening: () => {
      ends += 1;
      return ends === 1
        ? keeper.endOpening()
        : Promise.reject(new SystemFault('salesforce', 'INSUFFICIENT_ACCESS', false, 'no'));
    },
  }));
  await expect(apply(change, stuck)).rejects.toThrow('INSUFFICIENT_ACCESS');
  expect(await ground.desk().issues('search=can+not+be+taken+away')).toHaveLength(1);
  expect(await apply(change)).toBe('applied');
  expect(await exceptions()).toEqual([]);
});

test('what moves out of a locked period, is deleted from it or made in it is found at night, and who is exempt', async () => {
  const add = (name: string) =>
    org.one('Opportunity', { Name: name, StageName: 'Closed Won', CloseDate: '2026-10-21', Amount: 5 });
  const userId = await org.user('Mallory');
  await org.one('Close_Lock__c', { SetupOwnerId: userId, Locked_Through__c: '2026-09-30' });
  await look();
  expect(await notesOfPeriod()).toContain(`${userId}: locked through 2026-09-30`);
  await openByHand();
  await org.change('Opportunity', won, { CloseDate: '2026-11-02' });
  const added = await add('Added');
  await look();
  expect(await notesOfPeriod()).toMatch(new RegExp(`\`${won}\` left the period, last by`));
  expect(await notesOfPeriod()).toContain(`\`${added}\` added`);
  await openByHand();
  await org.change('Opportunity', won, { CloseDate: '2026-10-20' });
  await look('2026-11-12T09:00:00.000Z');
  await org.org.remove('Opportunity', [won]);
  await look('2026-11-13T09:00:00.000Z');
  expect(await notesOfPeriod()).toContain(`\`${won}\` deleted`);
  expect((await kinds()).filter((kind) => kind === 'close.drift')).toHaveLength(3);
});

test('others are refused all the time that a change is being made', async () => {
  const trudy = await org.signIn(await org.user('Trudy'));
  const change = await approved([toAmount(900_00)]);
  let status = 0;
  const racing = world((keeper) => ({
    edit: async (edits) => {
      status = (await trudy?.send('PATCH', `/sobjects/Opportunity/${won}`, { Amount: 1 })) ?? 0;
      return keeper.edit(edits);
    },
  }));
  expect(await apply(change, racing)).toBe('applied');
  expect(status).toBe(400);
  expect(await org.salesforce.periods.edit([{ record: won, field: 'amountCents', to: 1 }])).toBe(REFUSED);
});

test('an issue that moved wakes its change; one whose process is gone is begun again', async () => {
  const change = await ask([toAmount(900_00)]);
  await visit(change);
  const iid = (await kept(change)).issue?.iid ?? 0;
  const { accessRequests: project } = ground.projects;
  const round = () =>
    ground.run('watchDesk', {
      project,
      cursor: '2020-01-01T00:00:00.000Z',
      configDigest: ground.handbook.digest,
    });
  const id = `close/${PERIOD}/change/${change.n}`;
  await ground.desk().tick('amber', iid, 'Reject');
  await round();
  expect([...ground.workflows.running]).toContain(id);
  await round();
  expect(ground.workflows.told).toContain(`${id} ${project}#${iid}`);
  ground.workflows.running.clear();
  expect(await visit(change)).toMatchObject({ phase: 'rejected', over: true });
  await ground.desk().comment('amber', iid, 'Sorry.');
  await round();
  expect([...ground.workflows.running]).not.toContain(id);
});
