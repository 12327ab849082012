import fc from 'fast-check';
import { releaseSeats } from '../../src/activities/seats';
import { PlayedSeats, POOL } from './played-seats';

let pool: PlayedSeats;
beforeEach(async () => {
  pool = await PlayedSeats.open();
});
afterEach(() => pool.close());

test('who finds a free seat takes it; the next one waits, and has it as soon as it is free', async () => {
  expect(await pool.ask('ada')).toEqual(['granted']);
  expect(await pool.ask('bo')).toEqual(['waiting_for_seat']);
  expect(pool.refused).toEqual([]);
  pool.holders.clear();
  await pool.settle();
  expect([...pool.holders]).toEqual(['bo']);
  expect(await pool.store.seats.wants(POOL)).toEqual([]);
});

test('who comes later does not overtake those who wait, though a seat is free at that moment', async () => {
  pool.total = 0;
  await pool.ask('first');
  pool.total = 1;
  expect(await pool.ask('later')).toEqual(['waiting_for_seat']);
  expect(pool.freed).toBeGreaterThan(0);
  await pool.settle();
  expect([...pool.holders]).toEqual(['first']);
});

test('a start date reached goes before a convenience that came first', async () => {
  pool.total = 0;
  await pool.ask('convenience');
  await pool.ask('starter', 'hire', '2026-01-01');
  pool.total = 1;
  await pool.settle();
  expect([...pool.holders]).toEqual(['starter']);
});

test('whoever holds the seat already is not kept waiting for one', async () => {
  pool.holders.add('ada');
  expect(await pool.ask('ada')).toEqual(['already']);
  expect(await pool.waiting()).toEqual([]);
});

test('a worker that dies with the last seat promised: nobody else has it meanwhile, and its next try does', async () => {
  await pool.dies('ada');
  expect(await pool.ask('bo')).toEqual(['waiting_for_seat']);
  expect(await pool.ask('ada')).toEqual(['granted']);
  await pool.settle();
  expect(await pool.waiting()).toEqual(['bo']);
});

test('an offer that is not used goes to the next at once, and the place is given up with it', async () => {
  pool.total = 0;
  await pool.ask('ada');
  await pool.ask('bo');
  pool.answer = (who) => (who === 'ada' ? { kind: 'needs_person', problem: 'x', mend: 'y' } : null);
  pool.total = 1;
  await pool.settle();
  expect([...pool.holders]).toEqual(['bo']);
  expect(await pool.store.seats.wants(POOL)).toEqual([]);
});

test('who is forestalled by hand waits again, at the old place', async () => {
  pool.total = 0;
  await pool.ask('ada');
  await pool.ask('bo');
  const [, bo] = await pool.store.seats.wants(POOL);
  pool.total = 1;
  await pool.look();
  pool.holders.add('by hand');
  expect(await pool.ask('ada')).toEqual(['waiting_for_seat']);
  pool.holders.clear();
  await pool.settle();
  expect([...pool.holders]).toEqual(['ada']);
  expect((await pool.store.seats.wants(POOL)).map(({ since }) => since)).toEqual([bo?.since]);
});

test('an offer that nobody takes lapses to the next, and its owner is served when they ask again', async () => {
  pool.total = 0;
  await pool.ask('silent');
  await pool.ask('bo');
  pool.total = 1;
  await pool.look();
  pool.offered.clear();
  await pool.store.seats.inTurn(POOL, async (queue) =>
    queue.offer(
      (await queue.wants()).filter(({ employeeId }) => employeeId === 'silent'),
      '2026-01-01T00:00:00.000Z',
      true,
    ),
  );
  await pool.settle();
  expect([...pool.holders]).toEqual(['bo']);
  pool.total = 2;
  expect(await pool.ask('silent')).toEqual(['granted']);
});

test('a request that has ended, or wants the seat no more, leaves the queue, and its seat goes to the next', async () => {
  pool.total = 0;
  for (const who of ['ended', 'cancelled', 'bo']) await pool.ask(who);
  pool.ended.add('ended');
  await releaseSeats(pool.world, 'request/cancelled', []);
  pool.total = 1;
  await pool.settle();
  expect([...pool.holders]).toEqual(['bo']);
  await releaseSeats(pool.world, 'request/bo', ['inbox']);
  expect(await pool.store.seats.wants(POOL)).toEqual([]);
});

test('a crowd of 1,000 takes what is free, and the rest of it waits, with few questions to the system', async () => {
  pool.total = 600;
  const crowd = Array.from({ length: 1_000 }, (_, at) => `${100_000 + at}`);
  const outcomes = await pool.ask(crowd);
  expect(outcomes.filter((kind) => kind === 'granted')).toHaveLength(600);
  expect(outcomes.filter((kind) => kind === 'waiting_for_seat')).toHaveLength(400);
  expect(pool.counts).toBeLessThanOrEqual(3);
  expect(pool.refused).toEqual([]);
});

test('while plenty is free, a burst of requests reads the system once', async () => {
  pool.total = 500;
  for (let at = 0; at < 10; at += 1) expect(await pool.ask(`who${at}`)).toEqual(['granted']);
  expect(pool.counts).toBe(1);
});

const WHO = ['a', 'b', 'c', 'd'] as const;
type Move =
  | { readonly do: 'ask'; readonly who: readonly string[] }
  | { readonly do: 'crash' | 'leave' | 'gives back'; readonly who: string }
  | { readonly do: 'total'; readonly total: number }
  | { readonly do: 'by hand' | 'look' };
const someone = fc.constantFrom(...WHO);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), who: fc.uniqueArray(someone, { minLength: 1 }) }),
  fc.record({ do: fc.constantFrom('crash' as const, 'leave' as const, 'gives back' as const), who: someone }),
  fc.record({ do: fc.constant('total' as const), total: fc.nat(3) }),
  fc.record({ do: fc.constantFrom('by hand' as const, 'look' as const) }),
);

test('whatever happens: no seat is promised twice, and none is idle while somebody waits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 14 }), async (moves) => {
      const one = await PlayedSeats.open();
      try {
        // Hands that take seats or let some go, while seats are promised, break promises that daytwo kept.
        let forestalled = false;
        for (const step of moves) {
          forestalled ||= await play(one, step);
          if (!forestalled) {
            expect(one.holders.size + (await one.promised())).toBeLessThanOrEqual(
              Math.max(one.total, one.holders.size),
            );
            expect(one.refused).toEqual([]);
          }
        }
        await one.settle();
        const idle = one.total - one.holders.size - (await one.promised());
        if ((await one.waiting()).length > 0) expect(idle).toBeLessThanOrEqual(0);
      } finally {
        await one.close();
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** Plays a move; true where a hand took what may be promised. */
async function play(one: PlayedSeats, step: Move): Promise<boolean> {
  switch (step.do) {
    case 'ask':
      await Promise.all(step.who.map((who) => one.ask(who)));
      return false;
    case 'crash':
      await one.dies(step.who);
      return false;
    case 'leave':
      await releaseSeats(one.world, `request/${step.who}`, []);
      return false;
    case 'gives back':
      one.holders.delete(step.who);
      return false;
    case 'total': {
      const fewer = step.total < one.total;
      one.total = step.total;
      return fewer;
    }
    case 'by hand':
      if (one.holders.size < one.total) one.holders.add('by hand');
      return true;
    case 'look':
      await one.settle();
      return false;
  }
}
