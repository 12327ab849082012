import fc from 'fast-check';
import type { Store } from '../../src/evidence';
import type { CrowdPerson, GrantRow } from '../../src/evidence/crowd';
import { onBothDialects, type Ground } from './dialects';

const REQUEST = 'acme/access-requests#7';
const AT = '2026-11-25T10:00:00.000Z';
const person = (place: number, changes: Partial<CrowdPerson> = {}): CrowdPerson => ({
  place,
  employeeId: `e${place}`,
  email: `e${place}@daytwo.example`,
  problem: null,
  ...changes,
});
const row = (task: string, employeeId: string, changes: Partial<GrantRow> = {}): GrantRow => ({
  task,
  employeeId,
  outcome: { kind: 'granted', verified: true },
  access: 'a',
  run: '1/1',
  at: AT,
  ...changes,
});
const stuck = { kind: 'needs_person', problem: 'is taken', mend: 'Free it.' } as const;

onBothDialects((newGround) => {
  let ground: Ground;
  let store: Store;
  beforeEach(async () => {
    ground = await newGround();
    store = await ground.open();
  });
  afterEach(async () => {
    await store.close();
    await ground.end();
  });

  test('people are read in their order, page by page, and stay as they were read under that version', async () => {
    const people = Array.from({ length: 1203 }, (_, at) => person(at + 1));
    await store.crowd.putPeople(REQUEST, 'v1', people);
    await store.crowd.putPeople(REQUEST, 'v1', [person(1, { email: 'somebody.else@daytwo.example' })]);
    await store.crowd.putPeople(REQUEST, 'v2', [person(1, { employeeId: 'other' })]);
    const read: CrowdPerson[] = [];
    for (;;) {
      const page = await store.crowd.people(REQUEST, 'v1', { after: read.at(-1)?.place ?? 0, limit: 400 });
      if (page.length === 0) break;
      read.push(...page);
    }
    expect(read).toEqual(people);
    expect(await store.crowd.everybody(REQUEST, 'v1')).toEqual(people);
    expect(await store.crowd.takingPart(REQUEST, 'v1')).toBe(1203);
    expect(await store.crowd.people(REQUEST, 'v2')).toEqual([person(1, { employeeId: 'other' })]);
    expect(await store.crowd.people('acme/access-requests#8', 'v1')).toEqual([]);
  });

  test('who is left out takes no part, and is told with the reason', async () => {
    await store.crowd.putPeople(REQUEST, 'v1', [
      person(1),
      person(2, { employeeId: null, problem: 'HR knows nobody by this address' }),
      person(3, { employeeId: 'e1', problem: 'is named twice' }),
    ]);
    expect(await store.crowd.people(REQUEST, 'v1', { takingPart: true })).toEqual([person(1)]);
    expect(await store.crowd.takingPart(REQUEST, 'v1')).toBe(1);
    expect(await store.crowd.exceptions(REQUEST, 'v1', 10)).toMatchObject([
      { place: 2, task: null, employeeId: null, why: 'HR knows nobody by this address' },
      { place: 3, task: null, why: 'is named twice' },
    ]);
    expect(await store.crowd.exceptions(REQUEST, 'v1', 1)).toHaveLength(1);
  });

  test('what came of a task is kept for each person; the newest counts', async () => {
    await store.crowd.putPeople(REQUEST, 'v1', [person(1), person(2), person(3)]);
    const grants = [row('a', 'e1'), row('a', 'e2', { outcome: stuck }), row('b', 'e1')];
    await store.crowd.putGrants(REQUEST, grants);
    await store.crowd.putGrants('another', [row('a', 'e3')]);
    expect(await store.crowd.grants(REQUEST, ['a', 'b'], ['e1', 'e2', 'e3'])).toEqual(
      expect.arrayContaining(grants),
    );
    expect(await store.crowd.exceptions(REQUEST, 'v1', 10)).toEqual([
      { place: 2, email: 'e2@daytwo.example', employeeId: 'e2', task: 'a', why: 'is taken' },
    ]);
    await store.crowd.putGrants(REQUEST, [row('a', 'e2', { outcome: { kind: 'already', verified: true } })]);
    expect(await store.crowd.exceptions(REQUEST, 'v1', 10)).toEqual([]);
    expect(await store.crowd.settled(REQUEST, 'a')).toEqual(new Set(['e1', 'e2']));
    const counts = await store.crowd.counts(REQUEST, 'v1', ['a', 'b', 'c']);
    expect([...(counts.get('a') ?? [])].sort()).toEqual([
      ['already', 1],
      ['granted', 1],
    ]);
    expect(counts.get('c')?.size).toBe(0);
  });

  test('only those count who take part in that version', async () => {
    await store.crowd.putPeople(REQUEST, 'v1', [person(1), person(2)]);
    await store.crowd.putPeople(REQUEST, 'v2', [person(1), person(2, { problem: 'has left' })]);
    await store.crowd.putGrants(REQUEST, [row('a', 'e1'), row('a', 'e2')]);
    expect((await store.crowd.counts(REQUEST, 'v1', ['a'])).get('a')?.get('granted')).toBe(2);
    expect((await store.crowd.counts(REQUEST, 'v2', ['a'])).get('a')?.get('granted')).toBe(1);
  });

  test('everybody who was named has a line, with how each task stands for them', async () => {
    await store.crowd.putPeople(REQUEST, 'v1', [person(1), person(2, { problem: 'has left' }), person(3)]);
    await store.crowd.putGrants(REQUEST, [
      row('a', 'e1'),
      row('b', 'e1', { outcome: stuck }),
      row('a', 'e2'),
    ]);
    expect(await store.crowd.rowsForCsv(REQUEST, 'v1')).toEqual([
      { ...person(1), statuses: { a: 'granted', b: 'needs_person' } },
      { ...person(2, { problem: 'has left' }), statuses: {} },
      { ...person(3), statuses: {} },
    ]);
  });

  test('a row that somebody spoiled is as if nothing was tried', async () => {
    await store.crowd.putGrants(REQUEST, [row('a', 'e1')]);
    await ground.run(`UPDATE request_grant SET detail = 'x'`);
    expect(await store.crowd.grants(REQUEST, ['a'])).toEqual([]);
  });

  describe('a rate', () => {
    test('is one row of spans that never meet, whoever reserves', async () => {
      const others = [store, await ground.open(), await ground.open()];
      const now = 1_700_000_000_000;
      const waits = await Promise.all(
        Array.from({ length: 60 }, (_, at) => others[at % 3]!.rate.reserve('okta', 5, 50, now)),
      );
      expect(waits.sort((one, other) => one - other)).toEqual(
        Array.from({ length: 60 }, (_, at) => at * 100),
      );
      await Promise.all(others.slice(1).map((other) => other.close()));
    });

    test('gives no more than it says, in any order of clocks', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uuid(),
          fc.integer({ min: 1, max: 1000 }),
          fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3000 })), {
            minLength: 1,
            maxLength: 8,
          }),
          async (connection, perSecond, asks) => {
            let endsAt = -Infinity;
            for (const [n, at] of asks) {
              const now = 1_700_000_000_000 + at;
              const begins = now + (await store.rate.reserve(connection, n, perSecond, now));
              expect(begins).toBeGreaterThanOrEqual(endsAt - 0.01);
              endsAt = begins + (n * 1000) / perSecond;
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  });
});
