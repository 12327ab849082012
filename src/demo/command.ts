import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Surroundings } from './surroundings';

const ENTRY = join(__dirname, '..', '..', 'bin', 'daytwo.cjs');

/** Runs the `daytwo` command on this state, as somebody does beside the product. @returns what it printed @throws where it failed */
export function daytwo({ settings }: Surroundings, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, DAYTWO_STATE_DIR: settings.stateDir };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [ENTRY, ...args], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`daytwo ${args.join(' ')}: ${stderr.trim() || stdout.trim()}`));
      else resolve(stdout);
    });
  });
}
