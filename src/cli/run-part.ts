import { createLog } from '../logging';
import { runPart } from '../up/part';
import { PARTS } from './parts';

/** `daytwo worker|server|sandbox` */
export const runOnePart = (part: keyof typeof PARTS): Promise<number> =>
  runPart(() => {
    const start = PARTS[part]();
    return Promise.resolve(async () => {
      const running = await start();
      // The supervisor says it itself.
      if (!process.send) createLog({ level: 'info', part }).info(running.addresses ?? {}, 'ready');
      return running;
    });
  });

/** `daytwo up`, with the options of `npm start`. */
export function runUp(args: readonly string[]): Promise<number> | number {
  const { startOptions, usage } =
    require('../../scripts/lib/start-options.cjs') as typeof import('../../scripts/lib/start-options.cjs');
  const parsed = startOptions(args, process.env, process.cwd());
  if (parsed.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.problem}\n\n${usage}`);
    return 2;
  }
  return (require('../up') as typeof import('../up')).up(parsed.options);
}
