import { localEnv } from '../support/servers';
import { Stage } from '../workflows/stage';
import { longPaths, paths, type Path } from './paths';
import { keepRecording } from './recording';

/** Records the paths that are named, or all, as they run now: `npm run record-histories -- [name…]`. */
async function record(names: readonly string[]): Promise<void> {
  const wanted = (all: Readonly<Record<string, Path>>) =>
    Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name));
  const [short, long] = [wanted(paths), wanted(longPaths)];
  if (short.length + long.length === 0)
    throw new Error(
      `no such path; there are:\n${[...Object.keys(paths), ...Object.keys(longPaths)].join('\n')}`,
    );
  if (short.length > 0) await recordOn(await Stage.open(), short);
  if (long.length > 0)
    await recordOn(Stage.on(await localEnv('limit.historyCount.suggestContinueAsNew=40')), long);
}

async function recordOn(stage: Stage, chosen: readonly (readonly [string, Path])[]): Promise<void> {
  try {
    for (const [name, play] of chosen) {
      const { workflowId, runId } = await play(stage);
      const history = await stage.env.client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const event of history.events ?? []) delete event.activityTaskScheduledEventAttributes?.input;
      keepRecording(name, history);
      console.log(`${name}: ${history.events?.length ?? 0} events`);
      await stage.clear();
    }
  } finally {
    await stage.clear();
    await stage.close();
  }
}

record(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
