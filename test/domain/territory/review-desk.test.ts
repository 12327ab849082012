import { askedAgain } from '../../../src/domain/territory/review-outcome';
import { isSameForm, type Review } from '../../../src/domain/territory/review';
import { REVIEW_LABELS, type ReviewReading } from '../../../src/domain/territory/review-acts';
import { judgeReview } from '../../../src/domain/territory/review-desk';
import type { ReviewScene } from '../../../src/domain/territory/review-outcome';
import { reviewBlock } from '../../../src/domain/territory/review-text';
import { HOLDING, OVERRIDE, OWNER_CHANGE, SCENE } from './review-scene';

/** `by: text` in comments of an issue, `by ~label` for labels, in order. */
function judged(review: Review, said: readonly string[], scene: Partial<ReviewScene> = {}) {
  const reading: ReviewReading = {
    bot: 'daytwo',
    notes: said.flatMap((line, at) => {
      const [, author, body] = /^([\w-]+): ([\s\S]*)$/.exec(line) ?? [];
      return author && body ? [{ id: at + 1, author, body, at: time(at), system: false }] : [];
    }),
    labelEvents: said.flatMap((line, at) => {
      const [, user, label] = /^([\w-]+) ~(\w+)$/.exec(line) ?? [];
      const name = REVIEW_LABELS[label as keyof typeof REVIEW_LABELS];
      return user ? [{ id: at + 1, user, at: time(at), label: name, action: 'add' as const }] : [];
    }),
  };
  return judgeReview(review, reading, [], { ...SCENE, ...scene });
}
const time = (at: number): string => `2026-11-26T09:00:${String(at).padStart(2, '0')}.000Z`;

describe('an override', () => {
  test.each([
    ['for a customer comes with the next window', ['amber: Approved.'], {}, '2027-05-01'],
    [
      'keeps the day that is named',
      ['amber: Approved from 2026-12-01: the filing says so'],
      {},
      '2026-12-01',
    ],
    ['by a word in bold', ['amber: **Approved** effective from 2026-12-02'], {}, '2026-12-02'],
    ['by a label beside talk', ['amber: 2 filings say so', 'amber ~approved'], {}, '2027-05-01'],
    ['by the label alone', ['amber ~approved'], {}, '2027-05-01'],
    [
      'for a prospect comes today',
      ['sam-ops: approved'],
      { move: { ...SCENE.move, isCustomer: false } },
      '2026-11-26',
    ],
    [
      'of a case that is named comes today',
      ['amber: Approved immediate mis-enriched: web order'],
      {},
      '2026-11-26',
    ],
    ['by whom it is escalated to', ['meri: Approved'], {}, '2027-05-01'],
  ])('approved %s', (_name, said, scene, effectiveDate) => {
    const { review, putBacks } = judged(OVERRIDE, said, scene);
    expect(putBacks).toEqual([]);
    expect(review).toMatchObject({
      phase: 'approved',
      outcome: { effectiveDate, valuesUntil: '2027-11-26' },
    });
  });

  test.each([
    ['a reason in the comment', ['amber: Rejected: the source is of 2019'], 'the source is of 2019'],
    ['a comment beside the label', ['amber: too old', 'amber ~rejected'], 'too old'],
    ['both', ['amber: Rejected - too old', 'amber ~rejected'], 'too old'],
  ])('rejected with %s', (_name, said, rationale) => {
    const { review, putBacks } = judged(OVERRIDE, said);
    expect(putBacks).toEqual([]);
    expect(review).toMatchObject({ phase: 'rejected', outcome: { rationale, effectiveDate: null } });
  });

  test.each<[string, readonly string[], Partial<ReviewScene>, string]>([
    ['somebody else', ['omar: Approved'], {}, 'policy lets others decide on this'],
    [
      'who asked',
      ['ann: Approved'],
      { policy: { ...SCENE.policy, decidedBy: ['ann'] } },
      'nobody decides on what they asked for themselves',
    ],
    [
      'a rejection without reason',
      ['amber ~rejected'],
      {},
      'a rejection needs its reason: write it in a comment first',
    ],
    [
      'a day that is over',
      ['amber: Approved on 2026-11-25'],
      {},
      '2026-11-25 is over: name today or a later day',
    ],
    [
      'a channel that does not count',
      ['amber: Approved'],
      { policy: { ...SCENE.policy, channels: ['cli'] } },
      'it counts only over cli',
    ],
    [
      'what was shown before it changed',
      ['amber: Approved'],
      { isNews: true },
      'what is asked was changed since: it is shown now, so look at it once more',
    ],
    ['a holdover', ['amber: Hold over: please'], {}, 'only an account that changes hands is held over'],
    [
      'without any window',
      ['amber: Approved'],
      { rules: { windows: [], windowDays: 7 } },
      'no window comes in which it could move: see the rules',
    ],
    ['a withdrawal by another', ['amber: Withdrawn'], {}, 'only who asked withdraws it'],
    ['more information, unsaid', ['amber ~needs_info'], {}, 'it needs to say what is missing'],
    ...[
      'from 1 December 2026',
      'from 2026-13-01: soon',
      '12/01/2026',
      'effective Monday',
      'on 1.12.2026',
    ].map((day): [string, readonly string[], Partial<ReviewScene>, string] => [
      `a day that is none: ${day}`,
      [`amber: Approved ${day}`],
      {},
      'the day in it can not be read: write it as `Approved from 2027-05-01`, or no day at all',
    ]),
  ])('puts back %s', (_name, said, scene, why) => {
    const { review, putBacks } = judged(OVERRIDE, said, scene);
    expect(review.phase).toBe('asked');
    expect(putBacks.map((one) => one.why)).toEqual([why]);
  });

  test('is asked for more, asked again, and approved', () => {
    const more = judged(OVERRIDE, ['amber: Needs more info: which entity?']).review;
    expect(more).toMatchObject({
      phase: 'needs_info',
      outcome: { rationale: 'which entity?' },
      cursor: { note: 1 },
    });
    const again = askedAgain(more, { ...more.form, employees: '1300' }, more);
    expect(again).toMatchObject({ phase: 'asked', round: 2, outcome: null });
    expect(judged(again, ['amber: Needs more info: old', 'amber: Approved']).review.phase).toBe('approved');
  });

  test('talk is no decision, nor is what daytwo writes', () => {
    const { review, putBacks } = judged(OVERRIDE, [
      'amber: I would not say approved yet',
      'amber: > Approved',
      'amber: - Approved',
      'amber: "Approved"',
      'daytwo: Approved',
    ]);
    expect([review.phase, putBacks]).toEqual(['asked', []]);
  });

  test('asked again by another, neither who asks now nor who asked before decides', () => {
    const again = askedAgain(OVERRIDE, { ...OVERRIDE.form, by: '005000000000003AAA' }, OVERRIDE, 'amber');
    expect(isSameForm(OVERRIDE.form, again.form)).toBe(false);
    const policy = { ...SCENE.policy, decidedBy: ['ann', 'amber', 'sam-ops'] };
    const said = judged(again, ['ann: Approved', 'amber: Approved'], { policy });
    expect([said.review.phase, said.putBacks.map(({ why }) => why)]).toEqual([
      'asked',
      Array(2).fill('nobody decides on what they asked for themselves'),
    ]);
    expect(judged(again, ['sam-ops: Approved'], { policy }).review.phase).toBe('approved');
  });

  test('where nobody knows who asks, only whom it is escalated to decides, and the issue says so', () => {
    const unknown = { ...OVERRIDE, asker: null };
    expect(judged(unknown, ['amber: Approved']).putBacks.map(({ who }) => who)).toEqual([['meri']]);
    expect(judged(unknown, ['meri: Approved']).review.phase).toBe('approved');
    const account = { name: 'Acme', link: '', changes: null, whyNoChanges: null };
    expect(reviewBlock(unknown, SCENE, account)).toContain('who asks is nobody whom GitLab knows');
    expect(reviewBlock(OVERRIDE, SCENE, account)).not.toContain('who asks is nobody');
  });

  test('what was written before the issue showed what is asked now is put back', () => {
    const shown = { round: 1, note: 1, label: 0 };
    const { review, putBacks } = judged({ ...OVERRIDE, shown }, ['amber: Approved', 'sam-ops: Approved']);
    expect(putBacks.map(({ by }) => by)).toEqual(['amber']);
    expect(review.words.decision?.by).toBe('sam-ops');
  });

  test('once over, nothing turns it', () => {
    const over = judged(OVERRIDE, ['amber: Approved', 'sam-ops: Rejected: no']);
    expect(over.review.phase).toBe('approved');
    expect(over.putBacks.map(({ why }) => why)).toEqual(['it was approved already']);
  });
});

describe('another owner', () => {
  test('needs both area managers before Sales Operations', () => {
    const early = judged(OWNER_CHANGE, ['dana: Agreed', 'amber: Approved']);
    expect(early.putBacks.map(({ why, who }) => [why, who])).toEqual([
      ['it waits for the area manager of who is to have it first', ['pete']],
    ]);
    const { review } = judged(OWNER_CHANGE, ['dana: Agreed', 'pete: agree', 'amber: Approved']);
    expect(review).toMatchObject({
      phase: 'approved',
      outcome: { effectiveDate: '2027-05-01', occasion: 'window' },
    });
  });

  test('one manager of both says it once, by comment and label alike', () => {
    const { review, putBacks } = judged(
      OWNER_CHANGE,
      ['dana: Agreed', 'dana ~approved', 'amber: Approved immediate not-sales: an SDR has it'],
      { receiving: ['dana'] },
    );
    expect(putBacks).toEqual([]);
    expect(review).toMatchObject({
      phase: 'approved',
      outcome: { effectiveDate: '2026-11-26', occasion: 'immediate' },
    });
  });

  test.each<[string, readonly string[], Partial<ReviewScene>]>([
    [
      'one says no',
      ['dana: Disagreed: ours since 2020', 'pete: Agreed', 'vera: Agreed', 'amber: Approved'],
      {},
    ],
    [
      'one does not answer in time',
      ['pete: Agreed', 'vera: Approved', 'amber: Approved'],
      { now: '2026-11-30T15:00:00.000Z' },
    ],
    ['neither is known', ['vera: Approved', 'amber: Approved'], { giving: [], receiving: [] }],
  ])('goes up the chain where %s', (_name, said, scene) => {
    const { review, putBacks } = judged(OWNER_CHANGE, said, scene);
    expect(putBacks).toEqual([]);
    expect(review.phase).toBe('approved');
  });

  test('the chain is not asked while the two may still agree', () => {
    const { putBacks } = judged(OWNER_CHANGE, ['vera: Approved']);
    expect(putBacks.map(({ why }) => why)).toEqual(['policy lets others decide on this']);
  });

  test('the chain ends it with a no, and an area manager does not', () => {
    const refused = judged(OWNER_CHANGE, ['dana: Rejected: ours']);
    expect(refused.review).toMatchObject({
      phase: 'asked',
      words: { giving: { agrees: false, reason: 'ours' } },
    });
    expect(judged(refused.review, ['x: -', 'vera: Rejected: it stays']).review.phase).toBe('rejected');
    expect(
      judged({ ...refused.review, cursor: { note: 0, label: 0 } }, ['dana: Agreed']).review.words.giving
        ?.agrees,
    ).toBe(true);
  });

  test('moves that come to much wait for Strategy', () => {
    const both = ['dana: Agreed', 'pete: Agreed'];
    const early = judged(OWNER_CHANGE, [...both, 'amber: Approved'], { isLarge: true });
    expect(early.putBacks.map(({ who }) => who)).toEqual([['stella']]);
    const then = judged(OWNER_CHANGE, [...both, 'stella: Approved', 'amber: Approved'], { isLarge: true });
    expect(then.review.phase).toBe('approved');
    expect(judged(OWNER_CHANGE, [...both, 'stella: Rejected: quota'], { isLarge: true }).review.phase).toBe(
      'rejected',
    );
  });

  test('held over, it moves when that ends, but never earlier than it would without, and the credit is said', () => {
    const said = ['dana: Hold over: the renewal is near', 'dana: Agreed', 'pete: Agreed', 'amber: Approved'];
    expect(judged(OWNER_CHANGE, said).review.outcome).toMatchObject({
      effectiveDate: '2027-05-01',
      holdoverUntil: '2027-02-24',
    });
    const { review } = judged(OWNER_CHANGE, said, { move: { ...SCENE.move, isCustomer: false } });
    expect(review.outcome).toMatchObject({
      effectiveDate: '2027-02-24',
      holdoverUntil: '2027-02-24',
      rationale:
        'Held over until 2027-02-24, without extension; credit by month 100/0, then 75/25, then 50/50.',
    });
    const second = judged(OWNER_CHANGE, said, { holdoversBefore: 1 });
    expect(second.putBacks.map(({ why }) => why)).toEqual([
      'it waits for Sales Ops leadership, for a second holdover first',
    ]);
    expect(
      judged(OWNER_CHANGE, [...said.slice(0, 3), 'meri: Approved', 'amber: Approved'], { holdoversBefore: 1 })
        .review.phase,
    ).toBe('approved');
  });
});

describe('a holdover that does not meet its conditions', () => {
  const lacking = { holding: { deals: [{ ...HOLDING, lastActivity: null }], heldElsewhere: 0 } };

  test('is refused with what is lacking, and the move goes its way without', () => {
    const said = ['dana: Hold over: the renewal is near', 'dana: Agreed', 'pete: Agreed', 'amber: Approved'];
    const { review, putBacks } = judged(OWNER_CHANGE, said, lacking);
    expect(putBacks.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      expect.stringMatching(/^the holdover: no open opportunity .* lacks activity in the last 30 days$/),
    ]);
    expect(review).toMatchObject({ phase: 'approved', holdover: null, outcome: { holdoverUntil: null } });
  });

  test('by the time of the approval moves as without it, and the answer says why', () => {
    const held = judged(OWNER_CHANGE, [
      'dana: Hold over: the renewal is near',
      'dana: Agreed',
      'pete: Agreed',
    ]);
    expect(held.review.holdover).not.toBeNull();
    const { review } = judgeReview(
      held.review,
      null,
      [{ id: '9', kind: 'approve', by: 'amber', channel: 'cli', at: '2026-11-26T10:00:00.000Z' }],
      { ...SCENE, ...lacking },
    );
    expect(review.outcome).toMatchObject({
      effectiveDate: '2027-05-01',
      holdoverUntil: null,
      rationale: expect.stringMatching(/^Not held over: no open opportunity/),
    });
  });
});

test('words by command are judged alike, and each is answered', () => {
  const message = { channel: 'cli', at: '2026-11-26T09:00:00.000Z' } as const;
  const { review, answers } = judgeReview(
    OWNER_CHANGE,
    null,
    [
      { ...message, id: '1', kind: 'approve', by: 'dana', task: 'giving' },
      { ...message, id: '2', kind: 'approve', by: 'dana', task: 'receiving' },
      { ...message, id: '3', kind: 'complete', by: 'dana', task: 'giving' },
      { ...message, id: '4', kind: 'cancel', by: 'ann', reason: 'solved' },
    ],
    SCENE,
  );
  expect(review).toMatchObject({
    phase: 'withdrawn',
    words: { giving: { by: 'dana' } },
    outcome: { rationale: 'solved' },
  });
  expect(answers).toEqual({
    '1': null,
    '2': 'of this review, the area manager of who is to have it is not theirs to say, or is not asked',
    '3': expect.stringContaining('a review is approved, rejected'),
    '4': null,
  });
});
