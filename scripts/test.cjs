'use strict';

require('./lib/node-version.cjs').requireNode();

const { spawn } = require('node:child_process');
const { chmodSync, mkdtempSync, readFileSync, rmSync, existsSync, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { ensurePackages } = require('./lib/packages.cjs');
const { live } = require('./lib/progress.cjs');
const { run } = require('./lib/run.cjs');

const root = join(__dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

/**
 * Installs, brings the servers that the tests need, checks types and rules, and runs the tests; further arguments go
 * to Jest. The last line is `N passed, N failed`, where a failed check counts as one.
 */
async function main() {
  const args = process.argv.slice(2);
  const retryDownloads = args.includes('--retry-downloads');
  const jestArgs = args.filter((arg) => arg !== '--retry-downloads');
  await ensurePackages(root);
  const servers = await bringServers(retryDownloads);
  const checks = await checkAll([
    ['types', join(root, 'node_modules/typescript-7/bin/tsc'), ['-p', '.']],
    ['rules', bin('eslint'), ['--max-warnings', '0', '.']],
  ]);
  const tests = await jest(jestArgs, servers);
  const passed = tests.passed + checks.filter((ok) => ok).length;
  const failed = tests.failed + checks.filter((ok) => !ok).length;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && tests.code === 0 ? 0 : 1;
}

async function bringServers(retryDownloads) {
  const { temporalCli } = require('./lib/temporal-cli.cjs');
  const { testServer } = require('./lib/test-server.cjs');
  return {
    DAYTWO_TEMPORAL_CLI: await temporalCli({ retryDownloads }),
    DAYTWO_TEST_SERVER: await testServer({ retryDownloads }),
  };
}

/** All checks side by side; whether each passed. */
async function checkAll(checks) {
  const line = live(`Checking ${checks.map(([what]) => what).join(' and ')}`);
  const results = await Promise.all(checks.map(([, program, args]) => run(program, args, { cwd: root })));
  line.clear();
  return results.map(({ code, output }, at) => {
    if (code !== 0) console.log(output.trimEnd());
    console.log(`${checks[at][0]}: ${code === 0 ? 'ok' : 'FAILED'}`);
    return code === 0;
  });
}

/**
 * Where the tests keep their databases: in memory where there is room. They kill processes, not machines, and would wait for
 * the disk after each write of thousands.
 */
function fastFolder() {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 4 * 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A run that ends without a result (a syntax error in its configuration, say) counts as one failure. */
async function jest(args, env) {
  const folder = mkdtempSync(join(fastFolder(), 'daytwo-test-'));
  // PostgreSQL refuses to run as root: as somebody else it must get to the folder that a test makes for it.
  chmodSync(folder, 0o711);
  const resultFile = join(folder, 'result.json');
  try {
    const code = await attended(
      process.execPath,
      [
        join(root, 'node_modules/jest/bin/jest.js'),
        '-w',
        '2',
        '--json',
        `--outputFile=${resultFile}`,
        `--cacheDirectory=${join(tmpdir(), 'daytwo-jest')}`,
        ...args,
      ],
      { ...env, TMPDIR: folder },
    );
    if (!existsSync(resultFile)) return { code, passed: 0, failed: 1 };
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { code, passed: result.numPassedTests, failed: failed || (code === 0 ? 0 : 1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jest speaks for itself on standard error; with --json its standard output is the result again. */
function attended(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', 'ignore', 'inherit'],
    });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(code ?? 1);
    });
  });
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : String(error));
    console.log('0 passed, 1 failed');
    process.exit(1);
  },
);
