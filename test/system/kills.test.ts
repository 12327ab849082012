import { countsOf, onceEach, workTenHires } from './chaos';
import { kill, System } from '../support/system';

jest.setTimeout(420_000);

describe('ten hires while parts are killed with -9', () => {
  let system: System;
  beforeAll(async () => {
    system = await new System(5).start();
  });
  afterAll(() => system.dispose());

  it.each(['worker', 'server', 'sandbox', 'temporal'])(
    'every request completes, and nothing is there twice, when the %s dies twice',
    async (part) => {
      const prefix = `k${part}`;
      const work = workTenHires(system, prefix);
      const dying = (async () => {
        await pauseAtRandom(300, 2500);
        await system.killPart(part);
        await pauseAtRandom(300, 2500);
        await system.killPart(part);
      })();
      const [ids] = await Promise.all([work, dying]);
      expect(await countsOf(system, ids)).toEqual(onceEach(ids));
    },
  );

  it('every request completes when everything dies at once and is started again', async () => {
    const work = workTenHires(system, 'kall');
    await pauseAtRandom(500, 3000);
    await system.killAll();
    await system.start();
    const ids = await work;
    expect(await countsOf(system, ids)).toEqual(onceEach(ids));
  });

  it('a stop leaves no process behind', async () => {
    const pids = system.pids();
    expect(pids.length).toBeGreaterThanOrEqual(4);
    expect(await system.stop()).not.toBeNull();
    expect(pids.filter((pid) => kill(pid, 0))).toEqual([]);
  });
});

/** At random, so that other moments are hit on every run; the time is part of what is tried, not of what is waited for. */
const pauseAtRandom = (from: number, to: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, from + Math.random() * (to - from)));
