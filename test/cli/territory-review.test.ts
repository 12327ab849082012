import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decideOn } from '../../src/cli/decide';
import { readObject } from '../../src/cli/objects';
import { listReviews, showLastReview } from '../../src/cli/territory-review';
import { viewOf, waitsOf } from '../../src/cli/views';
import type { Review } from '../../src/domain/territory/review';
import { openStore, type Store } from '../../src/evidence';
import { OVERRIDE, OWNER_CHANGE } from '../domain/territory/review-scene';
import { FakeEngine, Reader, running } from './fakes';

const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-reviews-'));
const word = {
  by: 'dana',
  at: '2026-11-26T09:00:00.000Z',
  channel: 'gitlab',
  reason: 'fine\u001b[31m',
  agrees: true,
} as const;
const OTHER: Review = { ...OWNER_CHANGE, accountId: '001000000000002AAA', words: { giving: word } };
const ID = `account-review/${OVERRIDE.accountId}`;

let store: Store;
beforeAll(async () => {
  store = await openStore({ stateDir, databaseUrl: null });
  for (const review of [OVERRIDE, OTHER])
    await store.reviews.begin(review.accountId, (n) => ({ ...review, n }));
});
afterAll(async () => {
  await store.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test('one review of an account stands at a time; a settled one makes room for the next', async () => {
  const accountId = '001000000000003AAA';
  const first = await store.reviews.begin(accountId, (n) => ({ ...OVERRIDE, accountId, n }));
  expect(await store.reviews.begin(accountId, (n) => ({ ...OVERRIDE, accountId, n }))).toEqual(first);
  const outcome = {
    at: '',
    rationale: 'no',
    effectiveDate: null,
    occasion: null,
    holdoverUntil: null,
    valuesUntil: null,
    isWritten: true,
  };
  const kept = (await store.reviews.get(accountId, 1))!;
  expect(await store.reviews.put({ ...kept, review: { ...first, phase: 'rejected', outcome } })).toBe(true);
  expect(await store.reviews.put(kept)).toBe(false);
  expect(
    (await store.reviews.begin(accountId, (n) => ({ ...OVERRIDE, accountId, n, phase: 'rejected', outcome })))
      .n,
  ).toBe(2);
});

test('lists what stands, and shows one: ids, what is asked, who said what; nothing that steers a terminal', async () => {
  const list = new Reader();
  await listReviews({ store }, {}, list);
  expect(list.text).toContain(`${OVERRIDE.accountId}/1`);
  expect(list.text).toContain('2 reviews.');
  const shown = new Reader();
  await showLastReview({ store }, `account-review/${OTHER.accountId}`, {}, shown);
  expect(shown.text).toContain('yes: the area manager of who has it, by dana');
  expect(shown.text).toContain('Owner Evidence: https://press.example/merger');
  expect(shown.text).not.toContain('\u001b');
  await expect(showLastReview({ store }, '001000000000009AAA', {}, new Reader())).rejects.toThrow(
    'Nothing was ever asked',
  );
  await expect(showLastReview({ store }, 'acme', {}, new Reader())).rejects.toThrow('is no account');
});

test('is decided on by the words that there are', async () => {
  expect(readObject(ID, null)).toEqual({ kind: 'workflow', workflowId: ID });
  const review = running(ID, { kind: 'account-review' });
  const [engine, reader] = [new FakeEngine([review]), new Reader()];
  expect(await decideOn(engine, review, 'hold', { by: 'amber', reason: 'which?' }, {}, reader)).toBe(0);
  await expect(decideOn(engine, review, 'claim', { by: 'amber' }, {}, reader)).rejects.toThrow(
    'approved or rejected',
  );
});

test('says on whom it waits', () => {
  const view = viewOf({
    kind: 'account-review', accountId: OVERRIDE.accountId, n: 1, since: '2026-11-26T08:00:00.000Z', of: 'owner-change',
    phase: 'asked', open: ['giving', 'decision'], nextAt: null, effectiveDate: null, url: null,
  }); // prettier-ignore
  expect(view && waitsOf(view).map(({ on }) => on)).toEqual([
    'the area manager of who has it',
    'Sales Operations',
  ]);
});
