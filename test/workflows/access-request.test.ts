import { WorkflowUpdateFailedError } from '@temporalio/client';
import { newRequest } from '../../src/domain/access-request';
import type { Outcome } from '../../src/domain/outcome';
import type { RequestStatus } from '../../src/domain/request-status';
import type { AccessRequestResult } from '../../src/workflows/access-request';
import type { Decision, DecisionAnswer } from '../../src/workflows/messages';
import { Desk, plan, ref } from '../domain/request';
import { AWAY, GRANTED, NO_SEAT, RequestWorld, STUCK } from './request-world';
import { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const MINUTE = 60_000;
async function begin(world: RequestWorld, changes: Parameters<typeof plan>[0] = {}) {
  await stage.play(world.activities);
  const openedAt = new Date(await stage.now()).toISOString();
  return stage.start('accessRequest', { ref, plan: plan(changes), openedAt });
}
type Handle = Awaited<ReturnType<typeof begin>>;
const status = (handle: Handle) => handle.query<RequestStatus>('status');
const decide = (handle: Handle, decision: Decision) =>
  handle.executeUpdate<DecisionAnswer, [Decision]>('decide', { args: [decision] });
const later = async (ms: number) => stage.until((await stage.now()) + ms);
/** Says for each people's task that it is done, as sam-ops. */
async function workThrough(handle: Handle): Promise<void> {
  for (const task of ['chorus/person', 'clari']) await handle.signal('complete', { by: 'sam-ops', task });
}

test('granted by API at once, worked by people, closed when the other teams are done too', async () => {
  const world = new RequestWorld(stage);
  const handle = await begin(world);
  await later(MINUTE);
  expect(world.batches.map(({ connection, tasks }) => [connection, tasks]).sort()).toEqual([
    ['okta', ['chorus']],
    ['salesforce', ['salesforce', 'salesforce-inbox']],
    ['scim/LINKEDIN_SALES_INSIGHTS', ['linkedin-sales-insights']],
  ]);
  expect(await status(handle)).toMatchObject({
    phase: 'action_needed',
    claimedBy: null,
    waits: [{ for: 'somebody to pick it up' }],
  });
  await handle.signal('claim', { by: 'sam-ops' });
  await later(MINUTE);
  expect(await status(handle)).toMatchObject({ phase: 'in_progress', claimedBy: 'sam-ops' });
  await workThrough(handle);
  await later(30 * 24 * 60 * MINUTE);
  expect(await status(handle)).toMatchObject({ phase: 'completed', waits: [{ on: 'the other teams' }] });
  const [text] = plan().otherTeams.flatMap(({ tasks }) => tasks);
  world.shown = ({ state }) => new Desk(state).tick('mo-mktg', text ?? '').reading();
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  expect(await handle.result()).toEqual({
    request: `${ref.project}#${ref.iid}`,
    phase: 'closed',
  } satisfies AccessRequestResult);
});

test('outside the Americas a hire listens at once, and records once the course is done', async () => {
  const world = new RequestWorld(stage);
  const handle = await begin(world, { tasks: plan({}, 'EMEA').tasks, otherTeams: [] });
  await handle.signal('claim', { by: 'sam-ops' });
  await workThrough(handle);
  await later(40 * 24 * 60 * MINUTE);
  expect(await status(handle)).toMatchObject({
    phase: 'on_hold',
    waits: [{ for: 'Chorus: Data-protection course done', on: 'who takes the course' }],
  });
  expect(await decide(handle, { kind: 'complete', by: 'sam-ops', task: 'chorus/upgrade' })).toEqual({
    taken: false,
    why: expect.stringContaining('comes after Chorus: Data-protection course done'),
  });
  expect(await decide(handle, { kind: 'complete', by: 'amber', task: 'chorus/course' })).toEqual({
    taken: true,
    why: null,
  });
  await handle.signal('complete', { by: 'sam-ops', task: 'chorus/upgrade' });
  expect(await handle.result()).toMatchObject({ phase: 'closed' });
});

test('a request that waits asks nothing of anybody: one visit for the birth and one for the grants, whatever the time', async () => {
  const world = new RequestWorld(stage);
  const handle = await begin(world);
  await later(365 * 24 * 60 * MINUTE);
  expect(world.visits.length).toBeLessThanOrEqual(2);
  expect(world.batches).toHaveLength(3);
  await handle.terminate();
});

test('at rest it goes on in a new history without a visit, and hears what happens then', async () => {
  const world = new RequestWorld(stage);
  await stage.play(world.activities);
  const openedAt = new Date(await stage.now()).toISOString();
  const notBorn = plan({ bornApproved: false });
  const carried = newRequest(ref, notBorn, openedAt);
  const handle = await stage.start('accessRequest', { ref, plan: notBorn, openedAt, carried, atRest: true });
  await later(24 * 60 * MINUTE);
  expect(world.visits).toEqual([]);
  expect(await status(handle)).toMatchObject({ phase: 'waiting_approval' });
  await handle.signal('reject', { by: 'amber', reason: 'not needed' });
  expect(await handle.result()).toMatchObject({ phase: 'rejected' });
});

test('what is not born approved grants nothing until somebody who may approves it', async () => {
  const world = new RequestWorld(stage);
  const handle = await begin(world, { bornApproved: false });
  await later(10 * MINUTE);
  expect(world.batches).toEqual([]);
  await handle.signal('approve', { by: 'sam-ops' });
  await later(10 * MINUTE);
  expect(world.batches).toEqual([]);
  await handle.signal('approve', { by: 'dana-manager' });
  await later(10 * MINUTE);
  expect(world.granted()).toContain('salesforce');
  expect(await status(handle)).toMatchObject({ approval: 'approved', phase: 'action_needed' });
  await handle.terminate();
});

test('a rejection with its reason ends the request, and nothing was granted', async () => {
  const world = new RequestWorld(stage);
  const handle = await begin(world, { bornApproved: false });
  expect(await decide(handle, { kind: 'reject', by: 'amber' })).toEqual({
    taken: false,
    why: expect.stringContaining('needs its reason'),
  });
  expect(await decide(handle, { kind: 'reject', by: 'amber', reason: 'another role' })).toEqual({
    taken: true,
    why: null,
  });
  expect(await handle.result()).toMatchObject({ phase: 'rejected' });
  expect(world.batches).toEqual([]);
});

describe('messages', () => {
  test('a plain signal says who, and counts as a signal', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await handle.signal('claim', { by: 'sam-ops', channel: 'gitlab' });
    await later(MINUTE);
    const claim = world.visits.flatMap(({ messages }) => messages).find(({ kind }) => kind === 'claim');
    expect(claim).toMatchObject({ by: 'sam-ops', channel: 'signal' });
    await handle.terminate();
  });

  test('a malformed signal is nothing; a malformed update is refused before it is kept', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await later(MINUTE);
    const visits = world.visits.length;
    for (const input of [
      undefined,
      null,
      'sam-ops',
      {},
      { by: '' },
      { by: 'sam ops' },
      { by: '<b>' },
      { by: 'sam-ops', reason: 1 },
      { by: 'sam-ops', task: ['x'] },
    ])
      await handle.signal('claim', input);
    expect(await status(handle)).toMatchObject({ claimedBy: null });
    await later(MINUTE);
    expect(world.visits).toHaveLength(visits);
    const wrong: unknown[] = [
      { kind: 'claim', by: '' },
      { kind: 'claim' },
      { kind: 'destroy', by: 'sam-ops' },
      { kind: 'claim', by: 'sam-ops', channel: 'gitlab' },
      { kind: 'claim', by: 'sam-ops', channel: 'console' },
      { kind: 'claim', by: 'sam-ops', reason: 'x'.repeat(2001) },
      null,
    ];
    for (const decision of wrong)
      await expect(handle.executeUpdate('decide', { args: [decision] })).rejects.toThrow(
        WorkflowUpdateFailedError,
      );
    expect(await status(handle)).toMatchObject({ claimedBy: null });
    await handle.terminate();
  });

  test('an update is answered once it was judged: taken, or why not', async () => {
    const handle = await begin(new RequestWorld(stage));
    expect(await decide(handle, { kind: 'claim', by: 'mo-mktg' })).toEqual({
      taken: false,
      why: expect.stringContaining('policy lets others claim this'),
    });
    expect(await decide(handle, { kind: 'claim', by: 'sam-ops' })).toEqual({ taken: true, why: null });
    expect(await decide(handle, { kind: 'complete', by: 'sam-ops', task: 'salesforce' })).toMatchObject({
      taken: expect.any(Boolean),
    });
    expect(await decide(handle, { kind: 'complete', by: 'sam-ops', task: 'slack' })).toMatchObject({
      taken: false,
      why: expect.stringContaining('no task'),
    });
    await handle.terminate();
  });

  test('hold grants nothing and waits; resume goes on', async () => {
    const world = new RequestWorld(stage);
    world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : GRANTED);
    const handle = await begin(world);
    await later(MINUTE);
    expect(await decide(handle, { kind: 'hold', by: 'sam-ops', reason: 'new territory plan' })).toMatchObject(
      { taken: true },
    );
    const asked = world.batches.length;
    await later(24 * 60 * MINUTE);
    expect(world.batches).toHaveLength(asked);
    expect(await status(handle)).toMatchObject({ phase: 'on_hold' });
    await decide(handle, { kind: 'resume', by: 'sam-ops' });
    await later(61 * MINUTE);
    expect(world.batches.length).toBeGreaterThan(asked);
    await handle.terminate();
  });
});

test('without a seat it asks again at the interval, and goes on when one is free', async () => {
  const world = new RequestWorld(stage);
  world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : GRANTED);
  const handle = await begin(world, { seatRetryMinutes: 60 });
  await later(MINUTE);
  const asked = () => world.batches.filter(({ connection }) => connection === 'salesforce');
  expect(asked()).toHaveLength(1);
  await later(57 * MINUTE);
  expect(asked()).toHaveLength(1);
  await later(4 * MINUTE);
  expect(asked()).toHaveLength(2);
  await later(10 * 60 * MINUTE);
  expect(asked().length).toBeGreaterThanOrEqual(11);
  expect(asked().length).toBeLessThanOrEqual(13);
  world.answer = () => GRANTED;
  await later(61 * MINUTE);
  expect((await status(handle)).tasks.find(({ id }) => id === 'salesforce')?.state).toMatchObject({
    status: 'done',
    how: 'verified',
  });
  await handle.terminate();
});

describe('a system that is away', () => {
  const away = (world: RequestWorld) =>
    (world.answer = ({ way }) => (way.kind === 'okta-group' ? AWAY : GRANTED));
  const chorus = async (handle: Handle) =>
    (await status(handle)).tasks.find(({ id }) => id === 'chorus')?.state;

  test('holds up nobody: what others granted is shown, people decide, the phase stays, and it is asked again', async () => {
    const world = new RequestWorld(stage);
    away(world);
    const handle = await begin(world);
    await later(5_000);
    expect(await status(handle)).toMatchObject({
      phase: 'action_needed',
      waits: [{ for: 'Okta to answer, for Chorus (sign-in group)', on: 'Okta' }, {}],
      tasks: expect.arrayContaining([
        expect.objectContaining({ id: 'salesforce', state: expect.objectContaining({ status: 'done' }) }),
      ]),
    });
    expect(await decide(handle, { kind: 'claim', by: 'sam-ops' })).toEqual({ taken: true, why: null });
    await later(MINUTE);
    const asked = world.batches.filter(({ connection }) => connection === 'okta').map(({ at }) => at);
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(15_000);
    expect((asked[2] ?? 0) - (asked[1] ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(await status(handle)).toMatchObject({ phase: 'in_progress' });
    world.answer = () => GRANTED;
    await later(2 * MINUTE);
    expect(await chorus(handle)).toMatchObject({ status: 'done', how: 'verified' });
    await handle.terminate();
  });

  test('for two hours becomes a task with "try again", and is asked no more until then', async () => {
    const world = new RequestWorld(stage);
    away(world);
    const handle = await begin(world);
    await later(3 * 60 * MINUTE);
    expect(await chorus(handle)).toMatchObject({
      status: 'needs_person',
      problem: 'Okta has not answered for a long time (503)',
    });
    const asked = world.batches.filter(({ connection }) => connection === 'okta');
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(world.batches.filter(({ connection }) => connection === 'salesforce')).toHaveLength(1);
    await handle.terminate();
  });

  test('when all is taken back: it is asked again, and only then the request ends', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await later(MINUTE);
    const revoked: Outcome = { kind: 'revoked', verified: true };
    world.takenBack = ({ way }) => (way.kind === 'okta-group' ? AWAY : revoked);
    await handle.signal('cancel', { by: 'amber', reason: 'wrong person', remove: true });
    await later(5_000);
    expect(await status(handle)).toMatchObject({ phase: 'cancelled', waits: [{ on: 'Okta' }] });
    world.takenBack = () => revoked;
    expect(await handle.result()).toMatchObject({ phase: 'cancelled' });
    expect(
      world.batches.filter(({ verb, connection }) => verb === 'revoke' && connection === 'okta'),
    ).toHaveLength(2);
  });

  test('is cancelled at once all the same', async () => {
    const world = new RequestWorld(stage);
    away(world);
    const handle = await begin(world);
    expect(await decide(handle, { kind: 'cancel', by: 'amber', reason: 'wrong person' })).toMatchObject({
      taken: true,
    });
    expect(await handle.result()).toMatchObject({ phase: 'cancelled' });
  });
});

test('what needs a person is tried again only when they say so', async () => {
  const world = new RequestWorld(stage);
  world.answer = ({ id }) => (id === 'salesforce' ? STUCK : GRANTED);
  const handle = await begin(world);
  await later(24 * 60 * MINUTE);
  expect(world.granted().filter((id) => id === 'salesforce')).toHaveLength(1);
  world.answer = () => GRANTED;
  world.shown = ({ state }) => new Desk(state).tick('amber', 'Try again: Salesforce').reading();
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  await later(MINUTE);
  expect(world.granted().filter((id) => id === 'salesforce')).toHaveLength(2);
  expect((await status(handle)).tasks.find(({ id }) => id === 'salesforce')?.state).toMatchObject({
    status: 'done',
  });
  await handle.terminate();
});

describe('cancel', () => {
  test('without more leaves what was granted', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await later(MINUTE);
    expect(await decide(handle, { kind: 'cancel', by: 'amber', reason: 'wrong person' })).toMatchObject({
      taken: true,
    });
    expect(await handle.result()).toMatchObject({ phase: 'cancelled' });
    expect(world.batches.filter(({ verb }) => verb === 'revoke')).toEqual([]);
  });

  test('with remove takes back what was granted, and only then ends', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await later(MINUTE);
    await handle.signal('cancel', { by: 'amber', reason: 'wrong person', remove: true });
    expect(await handle.result()).toMatchObject({ phase: 'cancelled' });
    const revoked = world.batches.filter(({ verb }) => verb === 'revoke').flatMap(({ tasks }) => tasks);
    expect(revoked.sort()).toEqual(['chorus', 'linkedin-sales-insights', 'salesforce', 'salesforce-inbox']);
  });

  test('by HR goes the same way', async () => {
    const world = new RequestWorld(stage);
    world.answer = () => ({ kind: 'already', verified: true });
    const handle = await begin(world);
    await later(MINUTE);
    await handle.signal('hireRescinded', { reason: 'HR took the hire back' });
    expect(await handle.result()).toMatchObject({ phase: 'cancelled' });
    expect(world.batches.filter(({ verb }) => verb === 'revoke').flatMap(({ tasks }) => tasks)).toContain(
      'salesforce',
    );
  });

  test('a message after the end is told so', async () => {
    const handle = await begin(new RequestWorld(stage));
    await decide(handle, { kind: 'cancel', by: 'amber', reason: 'x' });
    await handle.result();
    await expect(decide(handle, { kind: 'claim', by: 'sam-ops' })).rejects.toThrow();
  });
});

test('an operator finds it by kind and state in the search attributes, never by name', async () => {
  const handle = await begin(new RequestWorld(stage));
  await handle.signal('claim', { by: 'sam-ops' });
  await later(MINUTE);
  const { typedSearchAttributes } = await handle.describe();
  const found = JSON.stringify(typedSearchAttributes.getAll());
  expect(found).toContain('in_progress');
  expect(found).not.toContain('Ada');
  await handle.terminate();
});
