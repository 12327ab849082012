import type { RunLate, RunStatus } from '../../src/domain/territory/run-status';
import type { Stage } from '../workflows/stage';
import { TerritoryWorld } from '../workflows/territory-world';
import type { Path } from './paths';

const LATE: RunLate = {
  step: 'show its issue, hear what people decide',
  since: '2026-11-26T10:00:00.000Z',
  fault: 'gitlab answered 503',
};

/** A run of territory planning of so many changed accounts; with `undoes`, one that puts back another. */
async function begun(stage: Stage, changed: number, undoes: string | null = null) {
  const world = new TerritoryWorld();
  world.changed = changed;
  await stage.play(world.activities);
  const run = undoes === null ? '2026-11-26' : `${undoes}/rollback`;
  const handle = await stage.start('territoryPlan', { run, undoes, by: 'sam-ops' }, `tsp/${run}`);
  return {
    handle,
    waits: async () => {
      while ((await handle.query<RunStatus>('status')).phase !== 'asked' || !world.acts.includes('visit'))
        await stage.now();
    },
    ended: async () => {
      await handle.result();
      return { workflowId: handle.workflowId };
    },
  };
}

/** Every path of territory planning that is recorded. */
export const territoryPaths: Readonly<Record<string, Path>> = {
  'territory-opening.begins-the-night': async (stage) => {
    await stage.play(new TerritoryWorld().activities);
    const handle = await stage.start('territoryOpening', undefined, 'tsp/opening');
    await handle.result();
    return { workflowId: handle.workflowId };
  },
  'territory-watch.told-of-accounts': async (stage) => {
    const staged: (readonly string[])[] = [];
    let turns = 0;
    let end: () => void = () => undefined;
    await stage.play({
      watchAccounts: ({ cursor }) => {
        turns += 1;
        // The first turn ends by itself, the second goes on until the watch is told of a worker that begins.
        return turns === 1
          ? Promise.resolve({ cursor, staged: 0 })
          : new Promise((resolve) => (end = () => resolve({ cursor, staged: 0 })));
      },
      stageAccounts: ({ ids }) => {
        staged.push(ids);
        return Promise.resolve({ families: ids.length, staged: ids.length, left: 0 });
      },
    });
    const cursor = '2026-11-26T00:00:00.000Z';
    const handle = await stage.start('territoryWatch', { cursor }, 'tsp/watch');
    while (turns < 2) await stage.now();
    await handle.signal('accountsChanged', { ids: ['001a', '001b'] });
    while (staged.length < 1) await stage.now();
    await handle.signal('lookAgain');
    while (turns < 3) await stage.now();
    end();
    return { workflowId: handle.workflowId };
  },
  'territory-plan.quiet-night': async (stage) => (await begun(stage, 10)).ended(),
  'territory-plan.approved-on-its-issue': async (stage) => {
    const { handle, waits, ended } = await begun(stage, 5_000);
    await waits();
    await handle.signal('issueChanged', { project: 'p', iid: 1 });
    await handle.signal('approve', { by: 'vera-vp' });
    return ended();
  },
  'territory-plan.told-that-it-is-late': async (stage) => {
    const { handle, waits, ended } = await begun(stage, 5_000);
    await waits();
    await handle.signal('runLate', LATE);
    await handle.signal('approve', { by: 'vera-vp' });
    return ended();
  },
  'territory-plan.rejected': async (stage) => {
    const { handle, waits, ended } = await begun(stage, 5_000);
    await waits();
    await handle.signal('reject', { by: 'vera-vp', reason: 'a table is wrong' });
    return ended();
  },
  'territory-plan.over-without-a-decision': async (stage) => (await begun(stage, 5_000)).ended(),
  'territory-plan.puts-back-a-run': async (stage) => {
    const { handle, waits, ended } = await begun(stage, 10, '2026-11-25');
    await waits();
    await handle.signal('approve', { by: 'vera-vp' });
    return ended();
  },
};
