import { PARTS } from './cli/parts';
import { runPart } from './up/part';

async function main(args: readonly string[]): Promise<number> {
  const [verb] = args;
  if (verb === 'worker' || verb === 'server' || verb === 'sandbox') return runPart(() => Promise.resolve(PARTS[verb]()));
  if (verb === 'up') {
    const { up } = require('./up') as typeof import('./up');
    const { startOptions } = require('../scripts/lib/start-options.cjs') as typeof import('../scripts/lib/start-options.cjs');
    const parsed = startOptions(args.slice(1), process.env, process.cwd());
    if (parsed.kind === 'options') return up(parsed.options);
    return 2;
  }
  throw new Error('not yet');
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
