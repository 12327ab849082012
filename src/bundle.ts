import { bundleWorkflowCode } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { cacheDir } from '../scripts/lib/cache.cjs';

const root = join(__dirname, '..');
/** All that workflow code may consist of, besides packages (the import rule keeps it so). */
const sources = ['src/workflows', 'src/domain', 'src/codec/failure-converter.ts', 'package-lock.json'];

/**
 * The workflow code as one file, for `Worker.create({workflowBundle: {codePath}})`: the one that
 * `DAYTWO_WORKFLOW_BUNDLE` names (an image brings its own), or else one built from the sources as they are now, and
 * kept in the cache until they change.
 */
export async function workflowBundle(env: NodeJS.ProcessEnv = process.env): Promise<{ codePath: string }> {
  const named = env['DAYTWO_WORKFLOW_BUNDLE'];
  if (named) {
    if (!existsSync(named)) throw new Error(`DAYTWO_WORKFLOW_BUNDLE: ${named} does not exist.`);
    return { codePath: named };
  }
  const codePath = join(cacheDir(env), 'bundles', `workflows-${digestOf(sources)}.js`);
  if (!existsSync(codePath)) await buildWorkflowBundle(codePath);
  return { codePath };
}

/** Builds the workflow code into one file, which appears whole. */
export async function buildWorkflowBundle(codePath: string): Promise<void> {
  const interceptors = join(root, 'src/workflows/interceptors.ts');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src/workflows/index.ts'),
    failureConverterPath: join(root, 'src/codec/failure-converter.ts'),
    workflowInterceptorModules: existsSync(interceptors) ? [interceptors] : [],
    logger: quiet,
  });
  mkdirSync(join(codePath, '..'), { recursive: true });
  const aside = `${codePath}.${process.pid}.tmp`;
  writeFileSync(aside, code);
  renameSync(aside, codePath);
}

/** The bundler tells its size and timing at level info; only what is wrong matters here. */
const quiet = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: (message: string) => console.error(message),
  error: (message: string) => console.error(message),
};

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256').update(root);
  for (const file of paths.flatMap((path) => filesBelow(join(root, path)))) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every file at or below a path, in the same order on every machine. */
function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
