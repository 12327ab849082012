import type { CloseStatus } from '../../src/domain/close/status';
import { ChangeWorld } from '../workflows/change-world';
import { CloseWorld, signaturesOf } from '../workflows/close-world';
import type { Stage } from '../workflows/stage';
import type { Path } from './paths';
import { DAY, type Run } from './scene';

/** A close on the stage whose tasks are signed and whose parties gave their light, as far as a path goes. */
async function lit(stage: Stage): Promise<{
  readonly world: CloseWorld;
  readonly phaseIs: (phase: CloseStatus['phase']) => Promise<void>;
  readonly ended: () => Promise<Run>;
}> {
  const world = new CloseWorld(stage);
  await stage.play(world.activities);
  const period = await world.nextPeriod();
  const handle = await stage.start('monthlyClose', { period, by: 'daytwo' }, `close/${period}`);
  const status = () => handle.query<CloseStatus>('status');
  const phaseIs = async (phase: CloseStatus['phase']): Promise<void> => {
    while ((await status()).phase !== phase) await stage.now();
  };
  await phaseIs('open');
  await stage.until(world.at('cut_off') + 2000);
  await phaseIs('closing');
  for (const { task, by } of signaturesOf(period)) {
    await handle.signal('complete', { by, task });
    const [key, step] = task.split('/') as [string, 'prepared' | 'reviewed'];
    while (!world.close?.tasks.find((one) => one.key === key)?.[step]) await stage.now();
  }
  await world.light('deal_desk', 'dee-dealdesk');
  await world.light('finance', 'fiona-finance');
  await handle.signal('issueChanged', { project: 'p', iid: 1 });
  await phaseIs('lit');
  return {
    world,
    phaseIs,
    ended: async () => {
      await handle.result();
      return { workflowId: handle.workflowId };
    },
  };
}

/** A change of a locked period that somebody asked for. */
async function asked(stage: Stage) {
  const world = new ChangeWorld(stage);
  await world.ask();
  await stage.play(world.activities);
  const handle = await stage.start('periodChange', { period: '2026-10', n: 1 }, 'close/2026-10/change/1');
  return { world, handle };
}

/** Every path of a close that is recorded. */
export const closePaths: Readonly<Record<string, Path>> = {
  'monthly-close.locked': async (stage) => (await lit(stage)).ended(),
  'monthly-close.lock-proved-at-the-second-try': async (stage) => {
    const close = await lit(stage);
    close.world.unproved = 1;
    return close.ended();
  },
  'monthly-close.edits-told-of': async (stage) => {
    const world = new CloseWorld(stage);
    await stage.play(world.activities);
    const period = await world.nextPeriod();
    const handle = await stage.start('monthlyClose', { period, by: 'daytwo' }, `close/${period}`);
    while (world.close === undefined) await stage.now();
    for (const ids of [['006a'], ['006b', '006c']]) {
      const before = world.changed.length;
      await handle.signal('recordsChanged', { ids });
      while (world.changed.length === before) await stage.now();
    }
    return { workflowId: handle.workflowId };
  },
  'close-opening.begins-what-is-due': async (stage) => {
    await stage.play({ openDueCloses: () => Promise.resolve(['2026-12']) });
    const handle = await stage.start('closeOpening', undefined, 'close/opening');
    await handle.result();
    return { workflowId: handle.workflowId };
  },
  'period-change.made-and-commissions-done': async (stage) => {
    const { handle, world } = await asked(stage);
    await handle.signal('approve', { by: 'amber' });
    while (world.change?.phase !== 'applied') await stage.now();
    await handle.signal('complete', { by: 'carla-comp', task: 'commission' });
    await handle.result();
    return { workflowId: handle.workflowId };
  },
  'period-change.over-without-a-decision': async (stage) => {
    const { handle } = await asked(stage);
    await handle.result();
    return { workflowId: handle.workflowId };
  },
  'monthly-close.lights-out-and-given-again': async (stage) => {
    const close = await lit(stage);
    close.world.records = 'edited';
    await stage.until((await stage.now()) + DAY);
    await close.phaseIs('closing');
    close.world.relight();
    return close.ended();
  },
};
