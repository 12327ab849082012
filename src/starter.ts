import { surroundingsOf } from './cli/process-surroundings';
import { run } from './cli/program';

/** The `daytwo` command; `bin/daytwo.cjs` loads it. */
run(process.argv.slice(2), surroundingsOf(process)).then(
  // Not `exit`: what was written into a pipe must get there first.
  (code) => end(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    end(1);
  },
);

/** Ends once everything written has left this process, whatever is still open in it. */
function end(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
