import { approvedOwner, type DoneTransfer } from '../../../src/domain/territory/approved-owner';
import type { Review, ReviewOutcome } from '../../../src/domain/territory/review';
import type { AccountChange } from '../../../src/domain/territory/staging-change';
import { transferOf } from '../../../src/domain/territory/transfer';
import { ANN, BOB, accountOf } from './account-of';
import { OVERRIDE, OWNER_CHANGE } from './review-scene';

const ON = '2026-11-26';
const [CAT, DAN] = ['005000000000CatAAA', '005000000000DanAAA'];
const account = accountOf(OVERRIDE.accountId, { effectiveDate: ON });
/** The plan proposes Bob. */
const change: AccountChange = {
  accountId: account.id,
  changedAt: account.changedAt,
  from: account.staging,
  to: { ...account.staging, nextOwnerId: BOB },
  carrCents: 0,
  why: '',
  transfer: { actual: account.actual, held: [] },
};
const outcome = (day: string | null, occasion: ReviewOutcome['occasion'] = 'window'): ReviewOutcome => ({
  at: '2026-11-20T10:00:00.000Z',
  rationale: '',
  effectiveDate: day,
  occasion,
  holdoverUntil: null,
  valuesUntil: null,
  isWritten: true,
});
const forOwner = (n: number, phase: Review['phase'], ownerId: string, day: string | null = ON): Review => ({
  ...OWNER_CHANGE,
  n,
  phase,
  form: { ...OWNER_CHANGE.form, ownerId },
  outcome: outcome(phase === 'approved' ? day : null),
});
const cat = forOwner(1, 'approved', CAT);
const values: Review = { ...OVERRIDE, n: 2, phase: 'approved', outcome: outcome(ON, 'immediate') };
const done = (...runs: readonly string[]): readonly DoneTransfer[] =>
  runs.map((run) => ({ run, accountId: account.id }));

test.each<[string, readonly Review[], readonly DoneTransfer[], string | null, unknown]>([
  ['the approved owner, on the occasion that was approved', [cat], [], CAT, [CAT, 'window']],
  ['the approved owner, whose input field is empty by now', [cat], [], null, [CAT, 'window']],
  ['nobody, where the account asks for somebody else', [cat], [], DAN, 'owner-not-approved'],
  ['nobody, while another is asked for', [cat, forOwner(2, 'asked', DAN)], [], DAN, 'owner-not-approved'],
  [
    'the approved owner, where the other was refused',
    [cat, forOwner(2, 'refused', DAN)],
    [],
    DAN,
    [CAT, 'window'],
  ],
  [
    'the approved owner, where the other was rejected',
    [cat, forOwner(2, 'rejected', DAN)],
    [],
    DAN,
    [CAT, 'window'],
  ],
  ['the approved owner, where values were approved since', [cat, values], [], null, [CAT, 'window']],
  ['the last who was approved', [cat, forOwner(2, 'approved', DAN)], [], DAN, [DAN, 'window']],
  ['nobody before the day of the approval', [forOwner(1, 'approved', CAT, '2026-11-27')], [], CAT, null],
  ['whom the plan proposes, where only values were approved', [values], [], null, [BOB, 'immediate']],
  [
    'whom the plan proposes, where nobody was approved',
    [forOwner(1, 'rejected', CAT)],
    [],
    CAT,
    [BOB, 'immediate'],
  ],
  ['whom the plan proposes, once the approval was used up', [cat], done(ON), CAT, [BOB, 'immediate']],
  ['the approved owner, where an earlier night moved it', [cat], done('2026-11-25'), CAT, [CAT, 'window']],
  [
    'the approved owner, once that night was put back',
    [cat],
    done(ON, `${ON}/rollback`),
    CAT,
    [CAT, 'window'],
  ],
])('goes to %s', (_name, reviews, made, requestedOwnerId, expected) => {
  const approved = approvedOwner(reviews, made);
  const found = transferOf(change, account, { approved, requestedOwnerId, reassignment: null }, ON);
  const shown = found && ('left' in found ? found.left : [found.to.ownerId, found.occasion]);
  expect(shown).toEqual(expected);
  expect(account.actual.ownerId).toBe(ANN);
});
