import { CHECKS } from '../../../src/domain/close/checks';
import { askCheck, judge } from '../../../src/domain/close/judge';
import { makeBookings } from '../../../src/sandbox/salesforce/bookings';
import { closeOf, SCENE } from './scene';

describe('20,000 bookings of a period, some of them spoilt', () => {
  const { bookings, planted } = makeBookings(SCENE, 20_000, 7);
  const close = closeOf(bookings);
  const found = bookings.flatMap((booking) =>
    judge(booking, close).map(({ check, verdict }) => `${booking.id} ${check} ${verdict.kind}`),
  );
  const written = planted.map(({ record, check, kind }) => `${record} ${check} ${kind}`);

  it('plants faults for every check, and on every route of each', () => {
    const on = new Set(planted.map(({ check, route }) => `${check} ${route}`));
    const missing = CHECKS.flatMap(({ id, routes }) =>
      (routes ?? ['direct']).map((route) => `${id} ${route}`).filter((one) => !on.has(one)),
    );
    expect(missing).toEqual([]);
    expect(planted.length).toBeGreaterThan(4_000);
  });

  it('finds every one of them, as what it is', () => {
    const seen = new Set(found);
    expect(written.filter((one) => !seen.has(one))).toEqual([]);
  });

  it('invents none', () => {
    const known = new Set(written);
    expect(found.filter((one) => !known.has(one))).toEqual([]);
  });

  it('lets nothing pass by default: a check that waits has another with a finding', () => {
    const idle = bookings.flatMap((booking) => {
      const verdicts = new Map(CHECKS.map((check) => [check.id, askCheck(check, booking, close)] as const));
      const isSettled = (id: string): boolean => {
        const verdict = verdicts.get(id);
        if (verdict?.kind === 'waits') return isSettled(verdict.for);
        return verdict !== undefined && verdict.kind !== 'pass' && verdict.kind !== 'not_applicable';
      };
      return [...verdicts].flatMap(([id, verdict]) =>
        verdict.kind === 'waits' && !isSettled(verdict.for)
          ? [`${booking.id} ${id} waits for ${verdict.for}`]
          : [],
      );
    });
    expect(idle).toEqual([]);
  });

  it('makes the same bookings of the same seed', () => {
    expect(makeBookings(SCENE, 500, 3)).toEqual(makeBookings(SCENE, 500, 3));
    expect(makeBookings(SCENE, 500, 3)).not.toEqual(makeBookings(SCENE, 500, 4));
  });
});
