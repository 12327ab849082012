import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';

const RUNS = 12;
const WARM = 2;

/**
 * The median time of a workflow that has so many empty activities done one after another, in milliseconds: from its start until
 * the last one runs.
 */
export async function emptyMs(client: Client, address: string, activities = 1): Promise<number> {
  const taskQueue = 'bench-floor';
  let ran = (): void => undefined;
  const connection = await NativeConnection.connect({ address });
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('./floor'),
    logger: new DefaultLogger('ERROR'),
  });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { code },
    dataConverter: client.options.dataConverter,
    activities: { nothing: () => Promise.resolve(ran()) },
  });
  const times: number[] = [];
  await worker.runUntil(async () => {
    for (let at = 0; at < RUNS; at++) {
      let left = activities;
      const running = new Promise<void>((resolve) => {
        ran = () => void (--left === 0 && resolve());
      });
      const began = performance.now();
      const handle = await client.workflow.start('floor', {
        taskQueue,
        workflowId: `floor/${activities}/${at}`,
        args: [activities],
      });
      await running;
      if (at >= WARM) times.push(performance.now() - began);
      await handle.result();
    }
  });
  await connection.close();
  return median(times);
}

/** Of an even number the upper one; rounded to whole ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
