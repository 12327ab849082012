import fc from 'fast-check';
import { addDays, daysBetween, weekday } from '../../src/domain/dates';
import { dayTwoRun, policyOn } from '../../src/domain/day-two';
import { REGIONS } from '../../src/domain/handbook';
import { CAST_NUMBERS, castFor, startDateForNow } from '../../src/demo/hires';
import { readHrEvent } from '../../src/server/hr-event-schema';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const policy = policyOn(handbook, '2026-11-24');
const NOW = '2026-11-24T00:30:00.000Z';

describe('the start date of somebody whose day two is now', () => {
  const hours = Array.from({ length: 14 * 24 }, (_, hour) =>
    new Date(Date.parse('2026-02-20T00:00:00Z') + hour * 3_600_000).toISOString(),
  );

  test.each(REGIONS)('is a working day whose run has begun, at every hour of two weeks, in %s', (region) => {
    for (const now of hours) {
      const start = startDateForNow(policy, region, now);
      expect(weekday(start)).toBeLessThanOrEqual(5);
      expect(Date.parse(dayTwoRun(policy, region, start))).toBeLessThanOrEqual(Date.parse(now));
      expect(daysBetween(start, now.slice(0, 10))).toBeLessThanOrEqual(4);
    }
  });

  test.each(REGIONS)(
    'is the last such day: the next working day has its run still to come, in %s',
    (region) => {
      for (const now of hours) {
        let next = addDays(startDateForNow(policy, region, now), 1);
        while (weekday(next) > 5) next = addDays(next, 1);
        expect(Date.parse(dayTwoRun(policy, region, next))).toBeGreaterThan(Date.parse(now));
      }
    },
  );

  test('moves on at the very minute of the run', () => {
    expect(startDateForNow(policy, 'EMEA', '2026-11-25T03:59:59.999Z')).toBe('2026-11-23');
    expect(startDateForNow(policy, 'EMEA', '2026-11-25T04:00:00.000Z')).toBe('2026-11-24');
    expect(startDateForNow(policy, 'JAPAC', '2026-11-25T18:00:00.000Z')).toBe('2026-11-25');
  });
});

describe('who joins and who leaves', () => {
  test('are one granted at once, one to be approved, one without a template, one for a seat, one who began long ago', () => {
    const { granted, approval, waiting, seatless, leaver } = castFor(handbook, NOW, 7);
    expect(granted.role).toMatchObject({ kind: 'found', bornApproved: true });
    expect(granted.role.kind === 'found' && granted.role.otherTeams.length).toBeGreaterThan(0);
    expect(approval.role).toMatchObject({ kind: 'found', bornApproved: false });
    expect(waiting.role.kind).toBe('none');
    expect(seatless.role).toMatchObject({ kind: 'found', bornApproved: true });
    expect(leaver.event.start_date < '2026-01-01').toBe(true);
    expect([granted, approval, waiting].map(({ manager }) => manager)).toEqual([
      'dana-manager',
      'pete-manager',
      'eva-manager',
    ]);
  });

  test('another title is taken where somebody wrote the template that was missing', () => {
    const { waiting } = castFor(handbook, NOW, 7);
    const [model] = handbook.templates;
    if (!model) throw new Error('the sample has no template');
    const helped = {
      ...handbook,
      templates: [...handbook.templates, { ...model, path: waiting.role.paths[0] ?? '' }],
    };
    const next = castFor(helped, NOW, 7).waiting;
    expect(next.role.kind).toBe('none');
    expect(next.event.title).not.toBe(waiting.event.title);
  });

  test('are other people with other ids and addresses on another run, and what HR says of them is well formed', () => {
    const number = fc.nat({ max: CAST_NUMBERS - 1 });
    fc.assert(
      fc.property(number, number, (one, other) => {
        fc.pre(one !== other);
        const events = [one, other].flatMap((at) =>
          Object.values(castFor(handbook, NOW, at)).map(({ event }) => event),
        );
        expect(new Set(events.map((event) => event.employee_id)).size).toBe(10);
        expect(new Set(events.map((event) => event.email)).size).toBe(10);
        for (const event of events) expect(readHrEvent(event)).toEqual({ ok: true, event });
      }),
      { numRuns: 50 },
    );
  });
});
