'use strict';

const { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { live } = require('./progress.cjs');
const { run, tail } = require('./run.cjs');

const stalledAfter = 60_000;

/** The SDK's version is part of a file's name in the cache: a newer SDK brings its newer server. */
function sdkVersion() {
  return require('@temporalio/testing/package.json').version;
}

/**
 * The Temporal SDK's own download of one of its servers, kept as `target`. Throws where it is refused, or makes no
 * progress for a minute.
 *
 * @param {'cli' | 'test-server'} what
 * @param {string} target
 * @param {string} label
 */
async function sdkDownload(what, target, label) {
  const folder = `${target}.${process.pid}.download`;
  mkdirSync(folder, { recursive: true });
  const size = () => readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
  const line = live(`Downloading ${label}`, () => `${(size() / 1e6).toFixed(0)} MB`);
  let last = { size: -1, at: Date.now() };
  const stalled = () => {
    const now = size();
    if (now !== last.size) last = { size: now, at: Date.now() };
    return Date.now() - last.at > stalledAfter ? 'no progress for a minute' : undefined;
  };
  try {
    const result = await run(process.execPath, [join(__dirname, 'sdk-download.cjs'), what, folder], {
      stalled,
    });
    const files = readdirSync(folder).filter((name) => !name.endsWith('.downloading'));
    const [name] = files;
    if (result.code !== 0 || name === undefined)
      throw new Error(tail(result.output, 1) || 'nothing was downloaded');
    renameSync(join(folder, name), target);
    line.done(`Downloaded ${label}`);
    return target;
  } finally {
    line.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

module.exports = { sdkDownload, sdkVersion };
