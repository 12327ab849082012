import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadHandbook } from '../../src/handbook';
import { SANDBOX_FIELDS } from '../../src/sandbox/salesforce/objects-bookings';
import { Copy, sampleHandbook } from './sample';

let copy: Copy;
beforeEach(() => {
  copy = new Copy();
});
afterEach(() => copy.remove());

const problems = () => {
  const loaded = loadHandbook(copy.dir);
  return loaded.ok ? [] : loaded.problems.map(({ problem }) => problem);
};

it('reads the booking rules in force, amounts as whole cents', () => {
  expect(sampleHandbook().policies.at(-1)?.close.booking).toMatchObject({
    windowDays: 30,
    lateRenewalDays: 15,
    publicSectorToleranceCents: 100,
    services: { fromNetArrCents: 20_000_00, attachedCents: 15_000_00 },
    po: { promiseDays: 10, quarterEndDays: 5, warnDays: 3 },
  });
});

it.each([
  ['window_days: 30', 'window_days: 30.5', 'is not a whole number'],
  ["public_sector_tolerance: '1.00'", "public_sector_tolerance: '1,00'", 'not an amount'],
  ["public_sector_tolerance: '1.00'", "public_sector_tolerance: '1.005'", 'not an amount'],
  ['embargoed: [CU, IR, KP, SY]', 'embargoed: [Cuba]', 'not a country'],
  ['late_renewal_by: [[Sales VP]]', 'late_renewal_by: []', 'is empty: nobody could approve'],
  ['late_renewal_by: [[Sales VP]]', 'late_renewal_by: [[]]', 'is empty: nobody could approve'],
  ['approved_by: [Order Management, Billing]', 'approved_by: [Billing, Billing]', 'one team twice'],
  ['late_renewal_days: 15', 'late_renewal_days: 180', 'a renewal is New Business before it is late'],
  ['warn_days: 3\n', 'warn_days: 11\n', 'the warning comes before the promise'],
  ['SMB: { warn_days: 7,', 'SMB: { warn_days: 15,', 'the warning is not earlier than the closing'],
  ['accepted_by: [amber, meri]', 'accepted_by: [amber, nobody]', 'nobody of that user name'],
  ['past_start_days: 14', 'past_starts: 14', 'unknown key'],
])('%s: %s is named', (from, to, problem) => {
  copy.replace('policy.yml', from, to);
  expect(problems()).toEqual([expect.stringContaining(problem)]);
});

describe('where Salesforce keeps it', () => {
  it('is said of every column, as the sandbox has it', () => {
    expect(sampleHandbook().bookingFields).toEqual(SANDBOX_FIELDS);
  });

  it.each([
    ['net_arr: Net_Arr__c', 'net_arr: Net ARR', 'not a name of Salesforce'],
    ['net_arr: Net_Arr__c', "net_arr: 'Id FROM User --'", 'not a name of Salesforce'],
    ['    finance_notes: Finance_Notes__c\n', '', 'finance_notes is missing'],
    ['finance_notes: Finance_Notes__c', 'finance_note: Finance_Notes__c', 'unknown key'],
  ])('%s: %s is named', (from, to, problem) => {
    const text = copy.text('booking-fields.yml');
    copy.write('booking-fields.yml', text.replace(from, to));
    expect(problems()).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it('may be left out: then no bookings are read', () => {
    rmSync(join(copy.dir, 'booking-fields.yml'));
    const loaded = loadHandbook(copy.dir);
    expect(loaded.ok && loaded.handbook.bookingFields).toBeUndefined();
  });
});
