'use strict';

const { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const { cacheDir, refusals } = require('./cache.cjs');
const { waitForLock } = require('./lock.cjs');
const { live } = require('./progress.cjs');
const { run, tail } = require('./run.cjs');
const { sdkDownload, sdkVersion } = require('./sdk-way.cjs');
const { firstThatWorks } = require('./ways.cjs');

const version = '1.5.1';
/** Packages that `go install` compiles for this version where nothing is cached, and how long that takes on two cores. */
const goPackages = 1298;
const goMinutes = 4;
const exe = process.platform === 'win32' ? '.exe' : '';

const fromSdk = (dir) => join(dir, `temporal-sdk-${sdkVersion()}${exe}`);
const fromGo = (dir) => join(dir, `temporal-cli-${version}${exe}`);

/** The ways to a Temporal CLI, in order of preference. */
function cliWays(dir, env) {
  const named = env.DAYTWO_TEMPORAL_CLI;
  return [
    { name: 'DAYTWO_TEMPORAL_CLI', only: true, get: () => (named ? namedCli(named) : undefined) },
    { name: '`temporal` on the PATH', get: () => onPath('temporal', env) },
    { name: 'the cache', get: () => [fromSdk(dir), fromGo(dir)].find(runnable) },
    {
      name: "the Temporal SDK's download",
      remembered: true,
      mend: 'allow https://temporal.download, or install the CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH.',
      get: () => sdkDownload('cli', fromSdk(dir), 'the Temporal CLI'),
    },
    {
      name: '`go install`',
      mend: 'install Go 1.21 or newer (https://go.dev/dl), or set DAYTWO_TEMPORAL_CLI to a Temporal CLI.',
      get: () => goInstall(dir),
    },
  ];
}

/**
 * A Temporal CLI that runs on this machine; brought here where there is none yet.
 *
 * @param {{env?: NodeJS.ProcessEnv, retryDownloads?: boolean}} [options]
 * @returns {Promise<string>} its path
 */
async function temporalCli({ env = process.env, retryDownloads = false } = {}) {
  const dir = cacheDir(env);
  const ways = cliWays(dir, env);
  const memory = refusals(dir);
  if (retryDownloads) memory.forgetAll();
  // What is at hand needs no lock: only bringing one does.
  const atHand = ways.slice(0, 3).concat({ name: 'bringing one', get: () => null });
  const path = await firstThatWorks('Temporal CLI', atHand, memory);
  if (path !== null) return path;
  mkdirSync(dir, { recursive: true });
  const lock = await waitForLock(join(dir, 'temporal-cli.lock'), (holder) =>
    console.error(`Another start (pid ${holder.pid}) is bringing the Temporal CLI; waiting for it.`),
  );
  try {
    return await firstThatWorks('Temporal CLI', ways.slice(2), memory, (text) => console.error(text));
  } finally {
    lock.release();
  }
}

/** The CLI that is at hand without bringing anything; undefined where there is none. */
function cachedTemporalCli(env = process.env) {
  const dir = cacheDir(env);
  return env.DAYTWO_TEMPORAL_CLI || onPath('temporal', env) || [fromSdk(dir), fromGo(dir)].find(runnable);
}

function namedCli(path) {
  if (!runnable(path)) throw new Error(`${path} is not an executable file`);
  return path;
}

async function goInstall(dir) {
  const bin = join(dir, `go-${process.pid}.tmp`);
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  let compiled = 0;
  let downloading = true;
  const line = live(`Compiling the Temporal CLI with Go (about ${goMinutes} minutes, once)`, () =>
    downloading && compiled === 0
      ? 'downloading its sources'
      : `${compiled} of at most ${goPackages} packages`,
  );
  const onOutput = (text) => {
    for (const row of text.split('\n')) {
      if (row.startsWith('go: ')) continue;
      if (row.trim() !== '') compiled += 1;
      downloading = false;
    }
  };
  try {
    const linker = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${version}`;
    const result = await run(
      'go',
      ['install', '-v', '-ldflags', linker, `github.com/temporalio/cli/cmd/temporal@v${version}`],
      { env: { GOBIN: bin, GOFLAGS: withoutModFlag(process.env.GOFLAGS) }, onOutput },
    );
    if (result.code === 127) throw new Error('Go is not installed');
    if (result.code !== 0) throw new Error(tail(result.output, 4));
    renameSync(join(bin, `temporal${exe}`), fromGo(dir));
    line.done('Compiled the Temporal CLI');
    return fromGo(dir);
  } finally {
    line.clear();
    rmSync(bin, { recursive: true, force: true });
  }
}

/** `-mod=vendor` and the like forbid `go install` of a version. */
function withoutModFlag(flags = '') {
  return flags
    .split(/\s+/)
    .filter((flag) => !/^-mod(file)?=/.test(flag))
    .join(' ');
}

function onPath(program, env) {
  return (env.PATH || '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program + exe))
    .find(runnable);
}

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}

module.exports = { temporalCli, cachedTemporalCli, cliWays, onPath };
