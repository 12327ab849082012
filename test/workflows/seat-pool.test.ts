import type { PoolLook } from '../../src/activities/seats';
import type { RequestStatus } from '../../src/domain/request-status';
import { plan, ref } from '../domain/request';
import { GRANTED, NO_SEAT, RequestWorld } from './request-world';
import { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const POOL = 'salesforce/Inbox';
const later = async (ms: number) => stage.until((await stage.now()) + ms);

/** A pool for which so many wait, and when it was looked at. */
class PlayedPool {
  waiting = 0;
  readonly looks: number[] = [];
  async open() {
    await stage.play({
      offerSeats: async ({ pool }): Promise<PoolLook> => {
        this.looks.push(await stage.now());
        return { pool, total: 5, used: 5, waiting: this.waiting, offered: 0, everySeconds: 60 };
      },
    });
    return stage.start('seatPool', { pool: POOL });
  }
}

test('a pool is looked at from the first time that somebody waits, at the interval, and no more once nobody does', async () => {
  const pool = new PlayedPool();
  pool.waiting = 1;
  const handle = await pool.open();
  await later(DAY);
  expect(pool.looks).toHaveLength(0);
  await handle.signal('seatWanted');
  await later(10 * SECOND);
  expect(pool.looks).toHaveLength(1);
  await later(3 * 60 * SECOND);
  expect(pool.looks).toHaveLength(4);
  pool.waiting = 0;
  await later(DAY);
  expect(pool.looks).toHaveLength(5);
  await handle.terminate();
});

test('a seat that came free is offered at once, not at the next interval', async () => {
  const pool = new PlayedPool();
  pool.waiting = 1;
  const handle = await pool.open();
  await handle.signal('seatFreed');
  await later(10 * SECOND);
  await handle.signal('seatFreed');
  await later(SECOND);
  expect(pool.looks).toHaveLength(2);
  await handle.terminate();
});

test('who could not be served when the system was just read is no reason to read it at once again', async () => {
  const pool = new PlayedPool();
  pool.waiting = 1;
  const handle = await pool.open();
  await handle.signal('seatWanted');
  await later(SECOND);
  await handle.signal('seatWanted');
  await later(10 * SECOND);
  expect(pool.looks).toHaveLength(1);
  await handle.terminate();
});

test('after many looks its history is left behind, and who waits still does', async () => {
  const pool = new PlayedPool();
  pool.waiting = 1;
  const handle = await pool.open();
  await handle.signal('seatFreed');
  await later(300 * 60 * SECOND);
  expect(pool.looks.length).toBeGreaterThan(250);
  const { runId } = await stage.env.client.workflow.getHandle(handle.workflowId).describe();
  expect(runId).not.toBe(handle.firstExecutionRunId);
  await stage.env.client.workflow.getHandle(handle.workflowId).terminate();
});

describe('a request that waits for a seat', () => {
  async function begin(world: RequestWorld) {
    await stage.play(world.activities);
    const openedAt = new Date(await stage.now()).toISOString();
    return stage.start('accessRequest', { ref, plan: plan({ pooled: true }), openedAt });
  }
  const salesforce = (world: RequestWorld) =>
    world.batches.filter(({ connection }) => connection === 'salesforce');

  test('asks when its pool offers one, and never by a timer of its own; the rest goes on', async () => {
    const world = new RequestWorld(stage);
    world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : GRANTED);
    const handle = await begin(world);
    await later(30 * DAY);
    expect(salesforce(world)).toHaveLength(1);
    expect(world.granted()).toContain('linkedin-sales-insights');
    world.answer = () => GRANTED;
    await handle.signal('seatOffered', { tasks: ['salesforce'] });
    await later(SECOND);
    expect(salesforce(world)).toHaveLength(2);
    const { tasks } = await handle.query<RequestStatus>('status');
    expect(tasks.find(({ id }) => id === 'salesforce')?.state).toMatchObject({ status: 'done' });
    await handle.terminate();
  });

  test('an offer that overtakes the answer that it waits is not lost', async () => {
    const world = new RequestWorld(stage);
    const handles: Awaited<ReturnType<typeof begin>>[] = [];
    world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : GRANTED);
    const { grantAccess } = world.activities;
    world.activities.grantAccess = async (batch) => {
      const answer = await grantAccess!(batch);
      if (batch.connection === 'salesforce' && handles[0] && salesforce(world).length === 1) {
        world.answer = () => GRANTED;
        await handles[0].signal('seatOffered', { tasks: ['salesforce'] });
      }
      return answer;
    };
    await stage.play(world.activities);
    const openedAt = new Date(await stage.now()).toISOString();
    const id = 'access-request/overtaken';
    handles.push(stage.env.client.workflow.getHandle(id) as (typeof handles)[number]);
    const handle = await stage.start('accessRequest', { ref, plan: plan({ pooled: true }), openedAt }, id);
    await later(5 * SECOND);
    expect(salesforce(world)).toHaveLength(2);
    await handle.terminate();
  });

  test('an offer for what does not wait is let go', async () => {
    const world = new RequestWorld(stage);
    const handle = await begin(world);
    await later(SECOND);
    const visits = world.visits.length;
    await handle.signal('seatOffered', { tasks: ['salesforce', 'unknown'] });
    await later(DAY);
    expect(world.visits).toHaveLength(visits);
    expect(salesforce(world)).toHaveLength(1);
    await handle.terminate();
  });
});
