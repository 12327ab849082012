import { OVERRIDE, OWNER_CHANGE } from '../domain/territory/review-scene';
import type { Review } from '../../src/domain/territory/review';
import { ReviewWorld } from '../workflows/review-world';
import type { Stage } from '../workflows/stage';
import type { Path } from './paths';

const { accountId } = OVERRIDE;

/** A review that somebody asked for, begun. */
async function asked(stage: Stage, of: Partial<Review> = {}) {
  const world = new ReviewWorld(stage);
  await world.ask(of);
  await stage.play(world.activities);
  const handle = await stage.start('accountReview', { accountId, n: 1 }, `account-review/${accountId}`);
  const ended = async () => {
    await handle.result();
    return { workflowId: handle.workflowId };
  };
  return { world, handle, ended };
}

/** Every path of a review that is recorded. */
export const reviewPaths: Readonly<Record<string, Path>> = {
  'account-review.approved': async (stage) => {
    const { handle, ended } = await asked(stage);
    await handle.executeUpdate('decide', { args: [{ kind: 'approve', by: 'amber', channel: 'cli' }] });
    return ended();
  },
  'account-review.rejected-after-its-reminder': async (stage) => {
    const { world, handle, ended } = await asked(stage);
    while (!world.acts.includes('escalateAt')) await stage.until((await stage.now()) + 3_600_000);
    await handle.signal('reject', { by: 'amber', reason: 'too old' });
    return ended();
  },
  'account-review.more-info-then-approved': async (stage) => {
    const { world, handle, ended } = await asked(stage);
    await handle.signal('hold', { by: 'amber', reason: 'which entity?' });
    const phase = () => world.review.phase;
    while (phase() !== 'needs_info') await stage.now();
    world.isAskedAgain = true;
    await handle.signal('accountChanged');
    while (phase() !== 'asked') await stage.now();
    await handle.signal('approve', { by: 'amber' });
    return ended();
  },
  'account-review.another-owner': async (stage) => {
    const { world, handle, ended } = await asked(stage, { kind: 'owner-change', form: OWNER_CHANGE.form });
    await handle.signal('approve', { by: 'dana', task: 'giving' });
    while (!world.review.words.giving) await stage.now();
    await handle.signal('approve', { by: 'pete' });
    while (!world.review.words.receiving) await stage.now();
    await handle.signal('issueChanged', { project: 'p', iid: 1 });
    await handle.signal('approve', { by: 'amber', reason: 'from 2027-05-01' });
    return ended();
  },
};
