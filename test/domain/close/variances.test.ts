import { bookedAmounts, ofPeriod, WITHOUT_LINES } from '../../../src/domain/close/booked-amounts';
import { newClose } from '../../../src/domain/close/close';
import { lockConditions } from '../../../src/domain/close/lock-plan';
import { reconcile, VARIANCES, type Amount, type VarianceKind } from '../../../src/domain/close/reconcile';
import {
  afterReconciling,
  countedByEntity,
  explainVariance,
  ownVariance,
  reasonsOf,
  reconciledOf,
  whyHeld,
  type KeptVariance,
  type Reconciled,
  type VariancePolicy,
} from '../../../src/domain/close/variances';
import { makeBookings } from '../../../src/sandbox/salesforce/bookings';
import { SCENE } from './scene';

const POLICY: VariancePolicy = {
  thresholdCents: { USD: 100_00 },
  owners: Object.fromEntries(VARIANCES.map((kind) => [kind, 'finance'])) as Record<VarianceKind, string>,
  reasonCodes: ['TIMING', 'REBATE'],
  explainedBy: ['amber'],
};
const row = (changes: Partial<Amount> = {}): Amount => ({
  opportunity: '006A',
  product: 'Ultimate',
  entity: 'GitLab Inc',
  currency: 'USD',
  period: '2026-04',
  cents: 1_000_00,
  at: 'line 2',
  ...changes,
});
const look = (known: readonly KeptVariance[], billing: readonly Amount[]) =>
  afterReconciling(
    known,
    reconcile([row()], billing, POLICY, reasonsOf(known)).variances,
    POLICY,
    '2026-05-04',
  );
const ON = '2026-05-04';

test.each([
  ['whom policy names, with a code', 'amber', 'rebate: agreed', null],
  ['a stranger', 'mallory', 'REBATE: agreed', 'policy does not name them for it'],
  ['an unknown code', 'amber', 'BECAUSE: agreed', 'its reason begins with TIMING, REBATE and a colon'],
  ['a code without words', 'amber', 'TIMING:', 'its reason begins with TIMING, REBATE and a colon'],
])('explained by %s', (_name, by, reason, refused) => {
  const [variance] = look([], [row({ cents: 1 })]);
  const said = explainVariance(variance!, { by, on: ON, reason }, POLICY);
  expect('refused' in said ? said.refused : null).toBe(refused);
});

test('an explanation is of one amount in one currency, and ends with the difference', () => {
  const [open] = look([], [row({ cents: 800_00 })]);
  const said = explainVariance(open!, { by: 'amber', on: ON, reason: 'TIMING: in May' }, POLICY);
  const explained = 'variance' in said ? [said.variance] : [];
  const states = (billing: readonly Amount[]) =>
    look(explained, billing).map(({ kind, state }) => `${kind} ${state}`);
  expect(states([row({ cents: 800_00 })])).toEqual(['other_amount explained']);
  expect(states([row({ cents: 799_99 })])).toEqual(['other_amount open']);
  expect(states([row()])).toEqual(['other_amount closed']);
  expect(states([])).toEqual(['other_amount closed', 'missing_in_billing open']);
});

test('an owner is somebody who is there; who is named by policy gives it, or one takes it', () => {
  const [open] = look([], []);
  const own = (owner: string, by: string) => ownVariance(open!, owner, by, POLICY, ['omar', 'amber']);
  expect(own('omar', 'amber')).toMatchObject({ variance: { owner: 'omar' } });
  expect(own('omar', 'omar')).toMatchObject({ variance: { owner: 'omar' } });
  expect(own('amber', 'omar')).toEqual({ refused: 'policy does not name them for it' });
  expect(own('nobody', 'amber')).toEqual({ refused: 'nobody is nobody of people.yml' });
});

const none = { at: ON, exportedAt: ON, problems: [] };
test.each([
  ['nothing was asked', null, null],
  ['they agree', reconciledOf([], none), null],
  ['they differ by the threshold', reconciledOf(look([], [row({ cents: 1_100_00 })]), none), null],
  [
    'they differ by a cent more',
    reconciledOf(look([], [row({ cents: 1_100_01 })]), none),
    '1 variances with billing above the threshold are not explained',
  ],
  [
    'nothing could be compared',
    reconciledOf([], { ...none, problems: [{ place: 'line 3', problem: 'a decimal comma', mend: '' }] }),
    'billing can not be compared: line 3: a decimal comma',
  ],
])('where %s the light is held or not', (_name, reconciled, why) => {
  expect(whyHeld(reconciled)).toBe(why);
});

test("of another period is only what the other side has in this one; later years' invoices are left out", () => {
  const later = row({ period: '2026-05' });
  const kinds = (crm: readonly Amount[], billing: readonly Amount[]) => {
    const sides = ofPeriod('2026-04', crm, billing);
    return reconcile(sides.crm, sides.billing, POLICY).variances.map(({ kind }) => kind);
  };
  expect(kinds([row()], [row(), later])).toEqual([]);
  expect(kinds([row()], [later])).toEqual(['other_period']);
  expect(kinds([later], [row()])).toEqual(['other_period']);
  expect(kinds([later], [later])).toEqual([]);
});

test('what was booked adds up to the lines of what was won; what is not filled in agrees with nothing', () => {
  const { bookings } = makeBookings(SCENE, 200, 3, null);
  const won = bookings.filter(({ stage }) => stage === 'Closed Won');
  const amounts = bookedAmounts(bookings);
  const sum = (list: readonly number[]) => list.reduce((total, cents) => total + cents, 0);
  expect(sum(amounts.map(({ cents }) => cents))).toBe(
    sum(
      won.map(({ lines, amount }) =>
        lines.length > 0 ? sum(lines.map(({ total }) => total ?? 0)) : (amount ?? 0),
      ),
    ),
  );
  expect(amounts.some(({ product }) => product === WITHOUT_LINES)).toBe(true);
  const [first] = won;
  const blank = bookedAmounts([{ ...first!, currency: null, entity: null, closeDate: null }]);
  expect(blank[0]).toMatchObject({ currency: '', entity: '', period: '' });
});

test('counted for the report by entity, explained ones too, settled ones not', () => {
  const [open] = look([], [row({ cents: 1 })]);
  const of = (entity: string, state: KeptVariance['state']) => ({ ...open!, entity, state });
  expect(
    countedByEntity([of('B', 'open'), of('A', 'explained'), of('B', 'explained'), of('C', 'closed')]),
  ).toEqual([
    { kind: 'other_amount', currency: 'USD', entity: 'A', count: 1, cents: 999_99 },
    { kind: 'other_amount', currency: 'USD', entity: 'B', count: 2, cents: 1_999_98 },
  ]);
});

test('what could not be compared keeps a period from being locked', () => {
  const close = newClose({
    period: '2026-04',
    policyVersion: '2026-01-01',
    dates: [],
    due: [],
    openedAt: ON,
    openedBy: 'amber',
  });
  const problems = [{ place: 'line 3', problem: 'a decimal comma', mend: '' }];
  const billing = (reconciled: Reconciled | null) =>
    lockConditions({ ...close, reconciled }, { digest: '', now: ON }).find(({ what }) =>
      what.includes('billing'),
    );
  expect(billing(null)).toMatchObject({ isMet: true, why: 'billing is not asked' });
  expect(billing(reconciledOf([], none))).toMatchObject({ isMet: true });
  expect(billing(reconciledOf([], { ...none, problems }))).toMatchObject({
    isMet: false,
    why: 'billing can not be compared: line 3: a decimal comma',
  });
});
