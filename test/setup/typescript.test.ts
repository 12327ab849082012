import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const loader = join(__dirname, '../../scripts/lib/typescript.cjs');
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'daytwo-typescript-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a TypeScript file in a process of its own, as `npm start` and the `daytwo` command do. */
function runs(file: string, env: Record<string, string> = {}): string {
  const script = `require(${JSON.stringify(loader)}).registerTypeScript(); require(${JSON.stringify(join(folder, file))});`;
  const cache = { DAYTWO_CACHE_DIR: join(folder, 'cache'), ...env };
  return execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...cache },
  });
}

test('a TypeScript file runs, with what it imports, and is compiled once', () => {
  writeFileSync(
    join(folder, 'part.ts'),
    'export const shout = (text: string): string => text.toUpperCase();\n',
  );
  writeFileSync(join(folder, 'main.ts'), "import { shout } from './part';\nconsole.log(shout('ok'));\n");
  expect(runs('main.ts')).toBe('OK\n');
  const compiled = readdirSync(join(folder, 'cache/compiled'));
  expect(runs('main.ts')).toBe('OK\n');
  expect(readdirSync(join(folder, 'cache/compiled'))).toEqual(compiled);
});

test('a changed file is compiled anew', () => {
  writeFileSync(join(folder, 'main.ts'), 'console.log(1 as number);');
  expect(runs('main.ts')).toBe('1\n');
  writeFileSync(join(folder, 'main.ts'), 'console.log(2 as number);');
  expect(runs('main.ts')).toBe('2\n');
});

test('a stack trace names the line of the source', () => {
  const source = [
    'interface Gone {',
    '  readonly a: string;',
    '}',
    '',
    'export function fails(_: Gone): void {',
    "  throw new Error('on line 6');",
    '}',
    'try {',
    "  fails({ a: '' });",
    '} catch (error) {',
    '  console.log((error as Error).stack);',
    '}',
  ];
  writeFileSync(join(folder, 'main.ts'), source.join('\n'));
  const stack = runs('main.ts');
  expect(stack).toContain('Error: on line 6');
  expect(stack).toContain(`${join(folder, 'main.ts')}:6:9`);
  expect(stack).toContain(`${join(folder, 'main.ts')}:9:3`);
});

test('where the cache can’t be written, files run all the same', () => {
  mkdirSync(join(folder, 'cache'));
  writeFileSync(join(folder, 'cache/compiled'), 'a file where a folder should be');
  writeFileSync(join(folder, 'main.ts'), 'console.log(3 as number);');
  expect(runs('main.ts')).toBe('3\n');
});
