import { countActions } from '../../bench/actions';
import type { Asked } from '../../src/domain/approvals';
import type { Counts } from '../../src/domain/outcome';
import type { RequestStatus } from '../../src/domain/request-status';
import type { Decision, DecisionAnswer } from '../../src/workflows/messages';
import { asked, digestOfPart, REQUESTER, unfiled, type Written } from '../domain/filed';
import { handbook, ref } from '../domain/request';
import { FiledWorld } from './filed-world';
import { GRANTED, NO_SEAT } from './request-world';
import { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const later = async (ms = 5 * MINUTE) => stage.until((await stage.now()) + ms);
const inDays = async (days: number) => new Date((await stage.now()) + days * DAY).toISOString();

const RINGLEAD = asked('ringlead', { role: 'User' });
const CLARI = asked('clari', { role: 'Rep' });
const DATAFOX = asked('datafox', { role: 'Member' });
const SALESFORCE = asked('salesforce', { role: 'Enterprise AE - Americas', profile: 'Sales User' });

/** A filed request that is under way, and what people do about it. */
class Request {
  private constructor(
    readonly world: FiledWorld,
    readonly handle: Awaited<ReturnType<Stage['start']>>,
  ) {}

  /** Filed, and read once. */
  static async for(access: readonly Asked[], written: Written = {}, change?: (world: FiledWorld) => void) {
    const world = new FiledWorld(stage).writes(access, written);
    change?.(world);
    await stage.play(world.activities);
    const input = { ref, plan: unfiled(), openedAt: await inDays(0) };
    const request = new Request(world, await stage.start('accessRequest', input));
    await later();
    return request;
  }

  status = () => this.handle.query<RequestStatus>('status');
  phase = async () => (await this.status()).phase;
  task = async (id: string) => (await this.status()).tasks.find((task) => task.id === id)?.state;
  parts = async () => (await this.status()).filed?.parts.map(({ key, status }) => [key, status]);
  decide = (decision: Decision) =>
    this.handle.executeUpdate<DecisionAnswer, [Decision]>('decide', { args: [decision] });

  /** A change of the issue, and the time that reading it takes. */
  async does(act: Parameters<FiledWorld['does']>[0] = (desk) => desk): Promise<void> {
    this.world.does(act);
    await this.signal('issueChanged', { project: ref.project, iid: ref.iid });
  }
  approvedBy = (user: string) => this.does((desk) => desk.label(user, 'AR-Approval::Manager Approved'));

  async signal(name: string, input: object): Promise<void> {
    await this.handle.signal(name, input);
    await later();
  }

  taken = () => this.world.batches.filter(({ verb }) => verb === 'revoke');
  ended = async () => ((await this.handle.result()) as { readonly phase: string }).phase;
}

test('what people filed is read, approved, granted in its order, completed and closed', async () => {
  const request = await Request.for([RINGLEAD]);
  expect(await request.phase()).toBe('waiting_approval');
  expect((await request.status()).waits).toEqual([
    expect.objectContaining({ for: 'approval of RingLead (manager)', on: '@dana-manager' }),
  ]);
  await later(30 * DAY);
  expect(request.world.batches).toEqual([]);
  await request.approvedBy('dana-manager');
  expect(await request.ended()).toBe('closed');
  expect(request.world.batches.map(({ connection, tasks }) => [connection, tasks])).toEqual([
    ['okta', ['ringlead']],
    ['scim/RINGLEAD', ['ringlead/scim']],
  ]);
  expect(request.world.facts.map(({ kind }) => kind)).toEqual([
    'form_read',
    'part_approved',
    'read',
    'completed',
    'closed',
  ]);
});

test('a request for one person costs its start, a signal, and a few visits and grants; the wait costs nothing', async () => {
  const request = await Request.for([RINGLEAD]);
  await later(30 * DAY);
  await request.approvedBy('dana-manager');
  await request.ended();
  expect(await countActions(stage.env.client, [request.handle.workflowId])).toEqual({
    'start accessRequest': 1,
    "signal of people's own": 1,
    'activity workDesk': 3,
    'activity grantAccess': 2,
    'search attributes': 4,
  });
});

test('approvals of manager and business owner are asked for side by side, in any order, and who approved does not provision', async () => {
  const request = await Request.for([asked('xactly-incent', { role: 'Viewer' })]);
  expect((await request.status()).waits.map(({ on }) => on)).toEqual(['@dana-manager', '@felix-comp']);
  await request.approvedBy('felix-comp');
  expect(await request.parts()).toEqual([
    ['manager/xactly-incent', 'waiting'],
    ['business_owner/xactly-incent', 'approved'],
  ]);
  expect(await request.decide({ kind: 'complete', by: 'theo-comp', task: 'xactly-incent' })).toEqual({
    taken: false,
    why: expect.stringContaining('it waits for dana-manager'),
  });
  await request.approvedBy('dana-manager');
  expect(await request.phase()).toBe('action_needed');
  await request.signal('complete', { by: 'theo-comp', task: 'xactly-incent' });
  expect(await request.ended()).toBe('closed');
  expect(request.world.batches).toEqual([]);
});

test('one system is rejected with its reason, and the other is done', async () => {
  const request = await Request.for([CLARI, DATAFOX]);
  await request.does((desk) =>
    desk
      .comment('dana-manager', 'DataFox is being retired: what RingLead shows is enough')
      .label('dana-manager', 'AR-Approval::Rejected'),
  );
  expect(await request.task('datafox')).toMatchObject({ status: 'rejected', by: 'dana-manager' });
  expect(await request.phase()).toBe('waiting_approval');
  await request.approvedBy('dana-manager');
  expect(await request.decide({ kind: 'complete', by: 'sam-ops', task: 'datafox' })).toEqual({
    taken: false,
    why: expect.stringContaining('rejected'),
  });
  await request.signal('complete', { by: 'sam-ops', task: 'clari' });
  expect(await request.ended()).toBe('closed');
});

test('all of it rejected ends the request, and nothing was granted', async () => {
  const request = await Request.for([RINGLEAD]);
  await request.signal('reject', { by: 'dana-manager', reason: 'not this quarter' });
  expect(await request.ended()).toBe('rejected');
  expect(request.world.batches).toEqual([]);
});

test('lines that can not be read wait for who filed them, whoever approves; mended, it goes on', async () => {
  const since = await inDays(0);
  const request = await Request.for([RINGLEAD], { change: { unread: 2, unreadSince: since } });
  expect(await request.phase()).toBe('waiting_requester');
  expect((await request.status()).waits).toEqual([
    { for: '2 lines to be mended', on: `@${REQUESTER}`, since },
  ]);
  expect(await request.decide({ kind: 'approve', by: 'dana-manager' })).toEqual({
    taken: false,
    why: expect.stringContaining('can not be read'),
  });
  request.world.writes([RINGLEAD]);
  await request.does();
  expect(await request.phase()).toBe('waiting_approval');
  expect(request.world.batches).toEqual([]);
  await request.approvedBy('dana-manager');
  expect(await request.ended()).toBe('closed');
  expect(request.world.granted()).toEqual(['ringlead', 'ringlead/scim']);
});

test('access for a week is announced before its end and taken back at it: what this request gave, and nothing else', async () => {
  const [remindAt, endsAt] = [await inDays(4), await inDays(7)];
  const until = { date: endsAt.slice(0, 10), remindAt, endsAt };
  const request = await Request.for([RINGLEAD, DATAFOX], { change: { until } }, (world) => {
    world.answer = ({ id }) => (id === 'ringlead/scim' ? { kind: 'already', verified: true } : GRANTED);
  });
  await request.approvedBy('dana-manager');
  await request.signal('complete', { by: 'sam-ops', task: 'datafox' });
  expect(await request.status()).toMatchObject({
    phase: 'completed',
    waits: [{ for: `the end of the access, ${until.date}`, on: 'the calendar' }],
  });
  const visits = request.world.visits.length;
  await stage.until(Date.parse(remindAt) - MINUTE);
  expect(request.world.visits).toHaveLength(visits);
  await stage.until(Date.parse(remindAt) + MINUTE);
  expect(request.world.facts.at(-1)).toEqual({ kind: 'end_announced', at: remindAt });
  await stage.until(Date.parse(endsAt) - MINUTE);
  expect(request.taken()).toEqual([]);
  await stage.until(Date.parse(endsAt) + MINUTE);
  expect(request.taken()).toEqual([
    expect.objectContaining({ connection: 'okta', tasks: ['end/ringlead'], whateverBegun: [] }),
  ]);
  expect(request.taken()[0]?.at).toBeGreaterThanOrEqual(Date.parse(endsAt));
  expect(await request.status()).toMatchObject({
    phase: 'in_progress',
    waits: [{ for: 'DataFox, at the end', on: '@sam-ops' }],
  });
  expect(await request.task('end/ringlead')).toMatchObject({ status: 'removed', verified: true });
  await request.signal('complete', { by: 'sam-ops', task: 'end/datafox' });
  expect(await request.ended()).toBe('closed');
});

test('what comes 24 hours after Salesforce is granted 24 hours after Salesforce', async () => {
  const systems = handbook.systems.map((system) =>
    system.key === 'linkedin-sales-insights'
      ? { ...system, stages: [{ kind: 'delay' as const, after: 'salesforce', hours: 24 }] }
      : system,
  );
  const request = await Request.for([SALESFORCE, asked('linkedin-sales-insights', { role: 'Member' })], {
    systems,
  });
  await request.approvedBy('dana-manager');
  expect((await request.status()).waits).toEqual([
    expect.objectContaining({
      for: expect.stringMatching(/^LinkedIn Sales Insights, not before/),
      on: 'the clock',
    }),
  ]);
  await later(23 * HOUR);
  expect(request.world.granted()).toEqual(['salesforce']);
  expect(await request.ended()).toBe('closed');
  const [first, second] = request.world.batches;
  expect(second?.tasks).toEqual(['linkedin-sales-insights']);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(24 * HOUR);
});

test('without a seat it waits for its pool alone, and asks once a seat is offered', async () => {
  const request = await Request.for([SALESFORCE], {}, (world) => (world.answer = () => NO_SEAT));
  await request.approvedBy('dana-manager');
  await later(30 * DAY);
  expect(request.world.granted()).toEqual(['salesforce']);
  expect(await request.phase()).toBe('on_hold');
  request.world.answer = () => GRANTED;
  await request.signal('seatOffered', { tasks: ['salesforce'] });
  expect(await request.ended()).toBe('closed');
});

test('a removal needs no approval, and goes by revoking: what hangs on a user before the user, whoever gave it', async () => {
  const removed = [asked('salesforce', {}, 'remove'), asked('salesforce-inbox', {}, 'remove')];
  const request = await Request.for(removed, { change: { kind: 'change' } });
  expect(await request.ended()).toBe('closed');
  expect(request.world.granted()).toEqual([]);
  expect(request.taken()).toEqual([
    expect.objectContaining({
      connection: 'salesforce',
      tasks: ['salesforce-inbox', 'salesforce'],
      whateverBegun: ['salesforce-inbox', 'salesforce'],
    }),
  ]);
});

test('what a mover loses goes when the old manager agrees, or said nothing until the grace is over; then at once', async () => {
  const graceUntil = await inDays(14);
  const move = { oldManagerEmail: null, graceUntil, given: [] };
  const removed = [asked('salesforce-inbox', {}, 'remove'), asked('ringlead', {}, 'remove')];
  const request = await Request.for(removed, {
    change: { kind: 'change', order: 'move', move },
    part: { lapsesAt: graceUntil },
  });
  const hint = () => request.does();
  await request.signal('approve', { by: 'pete-manager', task: 'salesforce-inbox' });
  expect(request.taken().map(({ tasks }) => tasks)).toEqual([['salesforce-inbox']]);
  await stage.until(Date.parse(graceUntil) - HOUR);
  await hint();
  expect(request.taken()).toHaveLength(1);
  expect(await request.phase()).toBe('waiting_approval');
  await stage.until(Date.parse(graceUntil) + MINUTE);
  await hint();
  expect(await request.ended()).toBe('closed');
  expect(request.taken().map(({ tasks }) => tasks)).toEqual([
    ['salesforce-inbox'],
    ['ringlead/scim'],
    ['ringlead'],
  ]);
  expect(request.world.facts.find(({ kind }) => kind === 'part_lapsed')).toMatchObject({
    part: 'old_manager/ringlead',
    at: graceUntil,
  });
});

test('what is taken away does not wait for the approval of what is given', async () => {
  const request = await Request.for(
    [asked('leandata', { team: 'Enterprise' }), asked('salesforce-inbox', {}, 'remove')],
    { change: { kind: 'change' } },
  );
  expect(await request.phase()).toBe('waiting_approval');
  expect(request.taken().map(({ tasks }) => tasks)).toEqual([['salesforce-inbox']]);
  expect(request.world.granted()).toEqual([]);
  await request.approvedBy('dana-manager');
  expect(request.world.granted()).toEqual(['leandata']);
  await request.signal('complete', { by: 'sam-ops', task: 'leandata/person' });
  expect(await request.ended()).toBe('closed');
});

test('who filed it takes it back by closing the issue, as long as nothing was done', async () => {
  const request = await Request.for([RINGLEAD]);
  await request.does((desk) => desk.close(REQUESTER));
  expect(await request.ended()).toBe('cancelled');
  expect(request.world.batches).toEqual([]);
});

test('a plain signal approves, by whose approval it is, for what is asked now; of a SOX system it does not', async () => {
  const request = await Request.for([CLARI, asked('xactly-incent', { role: 'Viewer' })]);
  const clari = { task: 'clari', digest: digestOfPart('manager/clari') };
  await request.signal('approve', { by: REQUESTER, ...clari });
  await request.signal('approve', { by: 'mo-mktg', ...clari });
  await request.signal('approve', { by: 'dana-manager', ...clari, digest: 'ffffff' });
  await request.signal('approve', { by: 'dana-manager', task: 'xactly-incent' });
  expect((await request.parts())?.map(([, status]) => status)).toEqual(['waiting', 'waiting', 'waiting']);
  await request.signal('approve', { by: 'dana-manager', ...clari });
  expect(await request.parts()).toEqual([
    ['manager/clari', 'approved'],
    ['manager/xactly-incent', 'waiting'],
    ['business_owner/xactly-incent', 'waiting'],
  ]);
  expect(request.world.facts.find(({ kind }) => kind === 'part_approved')).toMatchObject({
    by: 'dana-manager',
    channel: 'signal',
  });
  await request.handle.terminate();
});

test('who approves less, by a plain signal or by the command, has only the less granted', async () => {
  const admin = asked('ringlead', { role: 'Admin' });
  const request = await Request.for([admin, SALESFORCE]);
  await request.signal('approve', { by: 'dana-manager', task: 'ringlead' });
  await request.signal('approve', { by: 'dana-manager', task: 'ringlead', as: 'Owner' });
  await request.signal('approve', { by: 'dana-manager', task: 'ringlead', as: 7 });
  expect(request.world.batches).toEqual([]);
  const visits = request.world.visits.length;
  await expect(
    request.decide({ kind: 'approve', by: 'dana-manager', task: 'ringlead', as: ' ' }),
  ).rejects.toThrow();
  expect(request.world.visits).toHaveLength(visits);
  expect(await request.decide({ kind: 'approve', by: 'dana-manager', task: 'ringlead', as: 'User' })).toEqual(
    { taken: true, why: null },
  );
  await later();
  expect(request.world.grantedAs).toEqual({ ringlead: 'User', 'ringlead/scim': 'User' });
  await request.signal('approve', { by: 'dana-manager', task: 'salesforce' });
  expect(await request.ended()).toBe('closed');
});

test('a crowd is answered in counts; the one exception is tried again on its own, and the others went on meanwhile', async () => {
  const counts = (change: Partial<Counts> = {}): Counts => ({
    of: 600,
    done: 600,
    already: 0,
    waiting: 0,
    exceptions: 0,
    ...change,
  });
  const one = { kind: 'needs_person', problem: '1 of 600 need a look', mend: 'look at them' } as const;
  const request = await Request.for([RINGLEAD], { change: { kind: 'bulk', people: 600 } }, (world) => {
    world.answer = () => one;
    world.counts = () => counts({ done: 599, exceptions: 1 });
  });
  await request.approvedBy('dana-manager');
  expect((await request.status()).filed).toMatchObject({
    people: 600,
    counts: { ringlead: { of: 600, done: 599, exceptions: 1 }, 'ringlead/scim': { done: 599 } },
  });
  expect(request.world.batches.map(({ tasks, waitsFor }) => [tasks, waitsFor])).toEqual([
    [['ringlead'], []],
    [['ringlead/scim'], ['ringlead']],
  ]);
  expect((await request.status()).employeeId).toBe('');
  await later(30 * DAY);
  expect(request.world.batches).toHaveLength(2);
  request.world.answer = () => GRANTED;
  request.world.counts = () => counts();
  await request.does((desk) => desk.tick('sam-ops', 'Try again: RingLead (sign-in group)'));
  expect(await request.task('ringlead')).toMatchObject({ status: 'done', how: 'verified' });
  await request.does((desk) => desk.tick('sam-ops', 'Try again: RingLead (account)'));
  expect(await request.ended()).toBe('closed');
  expect(request.world.batches.at(-1)).toMatchObject({ tasks: ['ringlead/scim'], waitsFor: [] });
});
