'use strict';

const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { live } = require('./progress.cjs');
const { waitForLock } = require('./lock.cjs');
const { run, tail } = require('./run.cjs');
const { cacheDir } = require('./cache.cjs');

const stampName = '.daytwo-installed';

/**
 * Installs the packages of package-lock.json where they aren't: absent, of another lock file, or left half done.
 * Throws with npm's own last words where it fails.
 *
 * @param {string} root the checkout
 */
async function ensurePackages(root) {
  if (installed(root)) return;
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12);
  mkdirSync(cacheDir(), { recursive: true });
  const lock = await waitForLock(join(cacheDir(), `install-${key}.lock`), (holder) =>
    console.error(`Another start (pid ${holder.pid}) is installing packages here; waiting for it.`),
  );
  try {
    if (installed(root)) return;
    await install(root);
  } finally {
    lock.release();
  }
}

async function install(root) {
  const wanted = lockedPackages(root);
  const present = () => wanted.filter((path) => existsSync(join(root, path, 'package.json'))).length;
  const line = live('Installing packages', () => `${present()} of ${wanted.length}`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = await run(npm, ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: root });
  if (result.code !== 0) {
    line.clear();
    const why =
      result.code === 127
        ? 'npm was not found; it comes with Node (https://nodejs.org).'
        : tail(result.output);
    throw new Error(`Installing packages failed.\n${why}`);
  }
  writeFileSync(join(root, 'node_modules', stampName), lockHash(root));
  line.done(`Installed ${wanted.length} packages`);
}

function installed(root) {
  const modules = join(root, 'node_modules');
  const hash = lockHash(root);
  const stamp = join(modules, stampName);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (!matchesLock(root)) return false;
  writeFileSync(stamp, hash);
  return true;
}

/** Whether npm's own record of what it installed says the same as the lock file: then somebody ran npm by hand. */
function matchesLock(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const have = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(lockedEntries(root)).every(([path, entry]) => {
    const there = have[path];
    if (!there) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && (there.inBundle || existsSync(join(root, path)));
  });
}

function lockedPackages(root) {
  return Object.entries(lockedEntries(root))
    .filter(([, entry]) => !entry.optional)
    .map(([path]) => path);
}

function lockedEntries(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.fromEntries(Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.link));
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

module.exports = { ensurePackages };
