import { countsOf, onceEach, workTenHires } from './chaos';
import { System } from '../support/system';

jest.setTimeout(420_000);

describe('ten hires while systems fail', () => {
  let system: System;
  beforeAll(async () => {
    system = await new System(5).start();
  });
  afterAll(() => system.dispose());
  afterEach(() => system.clearFaults());

  const everySystem = ['gitlab', 'salesforce', 'scim', 'okta'];

  it('with 30 % of all answers lost after the effect, and one in five being 429 or 503, each thing is still there exactly once', async () => {
    for (const part of everySystem) {
      await system.fault({ system: part, kind: 'lose-answer', rate: 0.3 });
      await system.fault({ system: part, kind: 'status', status: 429, retryAfter: 1, rate: 0.1 });
      await system.fault({ system: part, kind: 'status', status: 503, rate: 0.1 });
    }
    const ids = await workTenHires(system, 'lost');
    await system.clearFaults();
    expect(await countsOf(system, ids)).toEqual(onceEach(ids));
    const log = await system.log();
    expect(log.filter((entry) => entry.status === 0).length).toBeGreaterThan(20);
    expect(log.some((entry) => entry.status === 429)).toBe(true);
    expect(log.some((entry) => entry.status === 503)).toBe(true);
  });

  it('with every webhook dropped, the desk watch finds what people did', async () => {
    await system.fault({ system: 'gitlab', kind: 'drop-webhook' });
    const ids = await workTenHires(system, 'mute');
    expect(await countsOf(system, ids)).toEqual(onceEach(ids));
  });
});
