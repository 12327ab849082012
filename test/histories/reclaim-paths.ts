import type { ReclaimVisit } from '../../src/activities/reclaim-desk';
import { ref } from '../workflows/hire-world';
import type { Stage } from '../workflows/stage';
import type { Path } from './paths';
import { DAY, type Run } from './scene';

/** Every path of a licence reclaim that is recorded. */
export const reclaimPaths: Readonly<Record<string, Path>> = {
  'licence-reclaim.approved-after-the-notice': async (stage) => {
    const handle = await listed(stage, 'history', null);
    await handle.signal('approve', { by: 'sam-ops' });
    await stage.until((await stage.now()) + 20 * DAY);
    await handle.executeUpdate('decide', { args: [{ kind: 'approve', by: 'amber' }] });
    return ended(handle);
  },
  'licence-reclaim.decided-on-its-issue': async (stage) => {
    const handle = await listed(stage, 'issue', 'approve');
    await stage.until((await stage.now()) + DAY);
    await handle.signal('issueChanged', ref(9));
    return ended(handle);
  },
  'licence-reclaim.rejected-within-the-notice': async (stage) => {
    const handle = await listed(stage, 'rejected', 'reject');
    await stage.until((await stage.now()) + DAY);
    await handle.signal('issueChanged', ref(9));
    return ended(handle);
  },
};

/** A reclaim of one user, whose issue says so when it is read. */
async function listed(stage: Stage, name: string, says: ReclaimVisit['decided']) {
  await stage.play({
    listIdleSeats: () => Promise.resolve({ ref: ref(9), users: ['005000000000001AAA'], noticeDays: 14 }),
    judgeReclaim: ({ by }) => Promise.resolve(by === 'amber' ? null : 'only the provisioning DRIs'),
    visitReclaim: () => Promise.resolve({ decided: says, cursor: 41 }),
    reclaimSeats: () => Promise.resolve({ inactive: 1, frozen: 0, unchanged: 0, spared: 0 }),
  });
  return stage.start('licenceReclaim', { quarter: '2026-Q4', fiscalYearStartMonth: 2 }, `reclaim/${name}`);
}

async function ended(handle: Awaited<ReturnType<typeof listed>>): Promise<Run> {
  await handle.result();
  return { workflowId: handle.workflowId };
}
