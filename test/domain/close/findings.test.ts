import {
  acceptFinding,
  afterLook,
  foundIn,
  type Finding,
  type Found,
} from '../../../src/domain/close/findings';
import type { Booking } from '../../../src/domain/close/booking';
import { deal } from './deal';
import { closeOf, NOW } from './scene';

const wrong = { ...deal(), currency: 'EUR' };
const look = (known: readonly Finding[], on: string, bookings: readonly Booking[], whole = true) =>
  afterLook(known, {
    on,
    whole,
    judged: new Map(bookings.map((booking) => [booking.id, foundIn(booking, closeOf(bookings))])),
  });
const accept = (finding: Finding, changes = {}) =>
  acceptFinding(finding, { by: 'amber', on: '2026-05-05', reason: 'Agreed with Billing', ...changes }, NOW);
const accepted = (finding: Finding): Finding => {
  const answer = accept(finding);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.finding;
};

it('a finding says which check, which record, what is wrong, how to mend it and who does', () => {
  expect(look([], '2026-05-04', [wrong])).toEqual([
    expect.objectContaining({
      id: `currency/${wrong.id}/1`,
      check: 'currency',
      record: wrong.id,
      since: '2026-05-04',
      kind: 'reject',
      what: 'opportunity or quote is not in USD',
      mend: 'Quote it in USD.',
      mender: 'owner',
      amountCents: wrong.amount,
      state: 'open',
    }),
  ]);
});

it('keeps its identity and its day from look to look', () => {
  const first = look([], '2026-05-04', [wrong]);
  const second = look(first, '2026-05-05', [{ ...wrong, amount: wrong.amount! }]);
  expect(second).toEqual(first);
});

it('closes itself when it is mended, and opens as another one when it comes again', () => {
  const mended = look(look([], '2026-05-04', [wrong]), '2026-05-05', [deal(), { ...wrong, currency: 'USD' }]);
  expect(mended).toMatchObject([{ state: 'closed', closedOn: '2026-05-05' }]);
  const again = look(mended, '2026-05-06', [wrong]);
  expect(again).toMatchObject([
    { id: `currency/${wrong.id}/1`, state: 'closed', since: '2026-05-04' },
    { id: `currency/${wrong.id}/2`, state: 'open', since: '2026-05-06' },
  ]);
});

it('stays where its record was not looked at, and closes where a whole look found it gone', () => {
  const known = look([], '2026-05-04', [wrong]);
  expect(look(known, '2026-05-05', [deal()], false)).toEqual(known);
  expect(look(known, '2026-05-05', [deal()], true)).toMatchObject([{ state: 'closed' }]);
});

describe('accepted with a reason', () => {
  const [finding] = look([], '2026-05-04', [wrong]) as [Finding];

  it('stays accepted while nothing of it changed, also when the deal goes on', () => {
    const later = look([accepted(finding)], '2026-05-06', [{ ...wrong, stage: '7-Closing', approvals: [] }]);
    expect(later.filter(({ check }) => check === 'currency')).toMatchObject([
      { state: 'accepted', accepted: { by: 'amber', reason: 'Agreed with Billing' } },
    ]);
  });

  it('is open again when the deal says something else', () => {
    const changed = { ...wrong, currency: 'GBP' };
    expect(look([accepted(finding)], '2026-05-06', [changed])).toMatchObject([
      { id: finding.id, state: 'open', accepted: null, since: '2026-05-04' },
    ]);
  });

  it('is open again when another thing is wrong, not when days have passed', () => {
    const found: Found = { ...finding, what: 'It starts 15 days back' };
    const judged = (what: string) => new Map([[wrong.id, [{ ...found, what }]]]);
    const known = [{ ...accepted(finding), what: 'It starts 15 days back' }];
    const state = (what: string) =>
      afterLook(known, { on: '2026-05-06', whole: true, judged: judged(what) })[0]?.state;
    expect(state('It starts 16 days back')).toBe('accepted');
    expect(state('It never starts')).toBe('open');
  });

  it.each([
    [{ by: 'stranger' }, 'policy does not name them for it'],
    [{ reason: '  ' }, 'a reason is needed'],
  ])('not by %j', (changes, refused) => {
    expect(accept(finding, changes)).toEqual({ refused });
  });

  it('not when it is mended', () => {
    expect(accept({ ...finding, state: 'closed' })).toEqual({ refused: 'it is mended already' });
  });
});
