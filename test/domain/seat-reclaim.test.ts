import type { Channel } from '../../src/domain/handbook';
import {
  fiscalQuarter,
  isIdle,
  reclaimMonths,
  refusedReclaim,
  wordOfLabel,
  type ReclaimWord,
  type SignIns,
} from '../../src/domain/seat-reclaim';
import { sampleHandbook } from '../handbook/sample';

const policy = {
  idleDays: 90,
  noticeDays: 14,
  monthOfQuarter: 2 as const,
  fiscalYearStartMonth: 2,
  exceptProfiles: ['Integration'],
  decidedBy: ['dri' as const],
};
const NOW = '2026-12-01T09:00:00.000Z';
const user = (changes: Partial<SignIns> = {}): SignIns => ({
  id: '005000000000001AAA',
  profile: 'Sales User',
  createdAt: '2025-01-01T00:00:00.000+0000',
  lastSignInAt: '2026-08-01T09:00:00.000+0000',
  frozen: false,
  ...changes,
});

test.each<[string, Partial<SignIns>, boolean]>([
  ['no sign-in for 90 days', {}, true],
  ['a sign-in 89 days ago', { lastSignInAt: '2026-09-03T09:00:01.000+0000' }, false],
  ['a sign-in exactly 90 days ago', { lastSignInAt: '2026-09-02T09:00:00.000+0000' }, true],
  ['never a sign-in, made long ago', { lastSignInAt: null }, true],
  [
    'never a sign-in, made last week',
    { lastSignInAt: null, createdAt: '2026-11-24T00:00:00.000+0000' },
    false,
  ],
  ['an integration', { profile: 'integration user' }, false],
  ['frozen by an offboarding', { frozen: true }, false],
])('%s: reclaimed %j is %s', (_name, changes, expected) => {
  expect(isIdle(user(changes), policy, NOW)).toBe(expected);
});

test('a run begins in the second month of each fiscal quarter', () => {
  expect(reclaimMonths(policy)).toEqual([3, 6, 9, 12]);
  expect(reclaimMonths({ ...policy, fiscalYearStartMonth: 1, monthOfQuarter: 1 })).toEqual([1, 4, 7, 10]);
});

test.each([
  ['2026-02-01', '2026-Q1'],
  ['2026-12-01', '2026-Q4'],
  ['2027-01-31', '2026-Q4'],
  ['2026-05-01', '2026-Q2'],
])('%s is in the fiscal quarter %s', (date, quarter) => {
  expect(fiscalQuarter(date, policy)).toBe(quarter);
});

const { policies, people, labels } = sampleHandbook();
const [sample] = policies;
const asked = (
  by: string,
  channel: Channel,
  decided: ReclaimWord | null,
  ...decidedBy: ('dri' | 'sales_ops')[]
) =>
  refusedReclaim(
    { kind: 'approve', by, channel, decided },
    {
      decisions: { ...sample!.decisions, approve: { who: [], channels: ['gitlab', 'cli'] } },
      seats: { ...sample!.seats, reclaim: { ...policy, decidedBy } },
    },
    people,
  )?.why ?? null;

test.each<[string, Parameters<typeof asked>, string | null]>([
  ['a DRI, where policy names the DRIs', ['amber', 'gitlab', null, 'dri'], null],
  ['somebody of Sales Ops, where it names the DRIs', ['sam-ops', 'gitlab', null, 'dri'], 'policy lets others approve a reclaim'],
  ['somebody of Sales Ops, where it names them', ['sam-ops', 'cli', null, 'dri', 'sales_ops'], null],
  ['a manager', ['dana-manager', 'gitlab', null, 'dri', 'sales_ops'], 'policy lets others approve a reclaim'],
  ['a DRI over a channel that does not count', ['amber', 'signal', null, 'dri'], 'policy counts approve only over gitlab, cli'],
  ['a DRI after another has rejected it', ['amber', 'gitlab', 'reject', 'dri'], 'it was rejected already'],
])('approved by %s', (_who, given, expected) => {
  expect(asked(...given)).toBe(expected);
}); // prettier-ignore

test.each([
  ['AR-Approval::Manager Approved', 'approve'],
  ['ready for provisioning', 'approve'],
  ['AR-Approval::Rejected', 'reject'],
  ['SalesOpsAR::Completed', null],
  ['bug', null],
])('the label %s says %s', (label, word) => {
  expect(wordOfLabel(label, labels)).toBe(word);
});
