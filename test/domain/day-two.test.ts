import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { dayTwoRun, policyOn } from '../../src/domain/day-two';
import { addDays } from '../../src/domain/dates';
import { REGIONS } from '../../src/domain/handbook';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const policy = policyOn(handbook, '2026-11-23');

describe('the access request is made on day two', () => {
  it.each([
    [
      'EMEA at 04:00 UTC, for those who started the day before',
      'EMEA',
      '2026-11-23',
      '2026-11-24T04:00:00.000Z',
    ],
    [
      'Americas at 10:00 UTC, for those who started the day before',
      'Americas',
      '2026-11-23',
      '2026-11-24T10:00:00.000Z',
    ],
    ['JAPAC at 18:00 UTC on the start date', 'JAPAC', '2026-11-23', '2026-11-23T18:00:00.000Z'],
    ['on a Saturday for those who start on Friday', 'EMEA', '2026-11-27', '2026-11-28T04:00:00.000Z'],
    ['over the end of a month', 'Americas', '2027-02-28', '2027-03-01T10:00:00.000Z'],
    ['over a leap day', 'Americas', '2028-02-28', '2028-02-29T10:00:00.000Z'],
    ['over the end of a year', 'EMEA', '2026-12-31', '2027-01-01T04:00:00.000Z'],
  ] as const)('%s', (_, region, startDate, run) => {
    expect(dayTwoRun(policy, region, startDate)).toBe(run);
  });

  it.each(['2026-02-29', '2026-13-01', '23.11.2026', '', '2026-11-23T00:00'])(
    'refuses %p as a start date',
    (date) => {
      expect(() => dayTwoRun(policy, 'EMEA', date)).toThrow(RangeError);
    },
  );

  const startDates = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays('2024-01-01', days));
  /** Zones of the regions, with both sides of the date line and clock changes on different days. */
  const zones = {
    EMEA: ['Europe/London', 'Europe/Berlin', 'Africa/Johannesburg', 'Asia/Dubai', 'Africa/Cairo'],
    Americas: [
      'America/New_York',
      'America/Los_Angeles',
      'America/Sao_Paulo',
      'Pacific/Honolulu',
      'America/St_Johns',
    ],
    JAPAC: ['Asia/Tokyo', 'Australia/Sydney', 'Pacific/Auckland', 'Asia/Singapore', 'Pacific/Kiritimati'],
  } as const;

  it("is the second day on the person's own calendar, in every zone of the region, over every clock change", () => {
    for (const region of REGIONS) {
      fc.assert(
        fc.property(startDates, fc.constantFrom(...zones[region]), (startDate, zone) => {
          const local = Temporal.Instant.from(dayTwoRun(policy, region, startDate)).toZonedDateTimeISO(zone);
          expect(local.toPlainDate().toString()).toBe(addDays(startDate, 1));
        }),
      );
    }
  });

  it('is a day later for a start a day later', () => {
    fc.assert(
      fc.property(startDates, fc.constantFrom(...REGIONS), (startDate, region) => {
        const [run, next] = [
          dayTwoRun(policy, region, startDate),
          dayTwoRun(policy, region, addDays(startDate, 1)),
        ];
        expect(Date.parse(next) - Date.parse(run)).toBe(86_400_000);
      }),
    );
  });
});

describe('the policy of a day', () => {
  const version = (effectiveFrom: string) => ({ ...policy, effectiveFrom });
  const policies = ['2026-01-01', '2026-07-01', '2027-01-01'].map(version);

  it.each([
    ['2026-06-30', '2026-01-01'],
    ['2026-07-01', '2026-07-01'],
    ['2030-01-01', '2027-01-01'],
    ['2020-01-01', '2026-01-01'],
  ])('on %s is the version of %s', (date, effectiveFrom) => {
    expect(policyOn({ policies }, date).effectiveFrom).toBe(effectiveFrom);
  });
});
