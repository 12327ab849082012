import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Each snippet is linted as if it stood at `path`; `refused` says whether the import rule bites. */
const cases: { path: string; code: string; refused: boolean; why: string }[] = [
  {
    path: 'src/workflows/index.ts',
    code: "import '../systems/connector';",
    refused: true,
    why: 'a workflow imports no client of a system',
  },
  {
    path: 'src/workflows/index.ts',
    code: "import { readFileSync } from 'node:fs'; export const x = readFileSync;",
    refused: true,
    why: 'a workflow does no I/O',
  },
  {
    path: 'src/workflows/index.ts',
    code: "import { z } from 'zod'; export const x = z;",
    refused: true,
    why: 'a workflow imports only Temporal’s packages',
  },
  {
    path: 'src/workflows/index.ts',
    code: "import { sleep } from '@temporalio/workflow'; import type { Outcome } from '../domain/outcome'; export const x = (_: Outcome) => sleep(1);",
    refused: false,
    why: 'a workflow imports rules of the business and Temporal',
  },
  {
    path: 'src/workflows/index.ts',
    code: "import type { Hints } from '../activities/world'; export type X = Hints;",
    refused: false,
    why: 'a workflow knows the types of activities',
  },
  {
    path: 'src/workflows/index.ts',
    code: "import { Hints } from '../activities/world'; export const x = Hints;",
    refused: true,
    why: 'a workflow never loads the code of activities',
  },
  {
    path: 'src/activities/world.ts',
    code: "import { World } from '../sandbox/world'; export const x = World;",
    refused: true,
    why: 'an activity never imports the sandbox',
  },
  {
    path: 'src/domain/outcome.ts',
    code: "import { join } from 'node:path'; export const x = join;",
    refused: true,
    why: 'a rule of the business imports nothing of Node',
  },
  {
    path: 'src/domain/outcome.ts',
    code: "import type { World } from '../sandbox/world'; export type X = World;",
    refused: true,
    why: 'a rule of the business imports nothing else, not even a type',
  },
  {
    path: 'src/systems/connector.ts',
    code: "import type { Outcome } from '../domain/outcome'; export type X = Outcome;",
    refused: true,
    why: 'a client of a system imports none of the other parts',
  },
  {
    path: 'src/settings.ts',
    code: "import { World } from './sandbox/world'; export const x = World;",
    refused: true,
    why: 'production code never imports the sandbox',
  },
  {
    path: 'src/up/index.ts',
    code: "import { World } from '../sandbox/world'; export const x = World;",
    refused: false,
    why: 'what brings everything up may know the sandbox',
  },
];

/**
 * ESLint's configuration is an ES module, which Jest can't import: so a process of its own lints all snippets with the
 * import rule alone.
 */
function lintAll(): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'daytwo-lint-'));
  try {
    const input = join(folder, 'cases.json');
    const output = join(folder, 'results.json');
    writeFileSync(input, JSON.stringify(cases));
    execFileSync(process.execPath, [join(__dirname, 'lint-snippets.mjs'), input, output], {
      cwd: root,
      stdio: 'pipe',
    });
    return JSON.parse(readFileSync(output, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the rule of imports', () => {
  const refused = lintAll();
  test.each(cases.map((wanted, index) => [wanted.why, wanted, refused[index]] as const))(
    '%s',
    (_why, wanted, got) => {
      expect(got).toBe(wanted.refused);
    },
  );
});
