import type { ReviewStatus } from '../../src/domain/territory/review-status';
import type { AccountReviewResult } from '../../src/workflows/account-review';
import { OVERRIDE, OWNER_CHANGE } from '../domain/territory/review-scene';
import { ReviewWorld } from './review-world';
import { Stage } from './stage';

const DAY = 86_400_000;
const { accountId } = OVERRIDE;
const ID = `account-review/${accountId}`;

let stage: Stage;
let world: ReviewWorld;
beforeAll(async () => {
  stage = await Stage.open();
});
beforeEach(async () => {
  world = new ReviewWorld(stage);
  await world.ask();
  await stage.play(world.activities);
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const begin = () => stage.start('accountReview', { accountId, n: 1 }, ID);
const handle = () => stage.env.client.workflow.getHandle<() => Promise<AccountReviewResult>>(ID);
const status = () => handle().query<ReviewStatus>('status');
const say = (kind: string, by: string, more: object = {}) =>
  handle().executeUpdate<{ taken: boolean; why: string | null }, [object]>('decide', {
    args: [{ kind, by, channel: 'cli', ...more }],
  });

test('is approved by whom policy names, with the day; another is told why not', async () => {
  await begin();
  expect(await say('approve', 'omar')).toEqual({ taken: false, why: 'policy lets others decide on this' });
  expect(await say('approve', 'amber', { reason: 'from 2026-12-01: the filing' })).toEqual({
    taken: true,
    why: null,
  });
  expect(await handle().result()).toEqual({ accountId, n: 1, phase: 'approved' });
  expect(await status()).toMatchObject({
    kind: 'account-review',
    of: 'override',
    effectiveDate: '2026-12-01',
  });
});

test('reminds once and goes further once, and then waits without looking', async () => {
  await begin();
  await stage.until((await stage.now()) + 10 * DAY);
  expect(world.acts).toEqual(['visit', 'visit', 'remindAt', 'visit', 'escalateAt']);
  await handle().signal('reject', { by: 'amber', reason: 'too old' });
  expect(await handle().result()).toMatchObject({ phase: 'rejected' });
});

test('waits for more without a timer, and is taken up again when the account changes', async () => {
  await begin();
  await say('hold', 'amber', { reason: 'which entity?' });
  await stage.until((await stage.now()) + 10 * DAY);
  expect(await status()).toMatchObject({ phase: 'needs_info', nextAt: null });
  expect(world.acts).not.toContain('remindAt');
  world.isAskedAgain = true;
  await handle().signal('accountChanged');
  while ((await status()).phase !== 'asked') await stage.now();
  await handle().signal('cancel', { by: 'ann', reason: 'solved' });
  expect(await handle().result()).toMatchObject({ phase: 'withdrawn' });
});

test('another owner goes part by part', async () => {
  await world.ask({ kind: 'owner-change', form: OWNER_CHANGE.form });
  await begin();
  await say('approve', 'dana', { task: 'giving' });
  expect((await status()).open).toEqual(['receiving', 'decision']);
  expect((await say('approve', 'amber')).why).toContain('it waits for');
  await say('approve', 'pete');
  await say('approve', 'amber');
  expect(await handle().result()).toMatchObject({ phase: 'approved' });
});
