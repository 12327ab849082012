'use strict';

const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');

const dayMs = 24 * 60 * 60 * 1000;

/** Where tools are kept for this user, outside of every clone. */
function cacheDir(env = process.env, platform = process.platform) {
  if (env.DAYTWO_CACHE_DIR) return env.DAYTWO_CACHE_DIR;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'daytwo');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'daytwo');
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'daytwo', 'Cache');
  return join(homedir(), '.cache', 'daytwo');
}

/**
 * Which ways of getting a tool failed within the last day, so that a start doesn't wait for the same refusal again.
 *
 * @param {string} dir the cache
 * @param {() => number} [now]
 */
function refusals(dir, now = Date.now) {
  const file = join(dir, 'refused.json');
  const read = () => {
    try {
      const known = JSON.parse(readFileSync(file, 'utf8'));
      return known && typeof known === 'object' ? known : {};
    } catch {
      return {};
    }
  };
  const write = (known) => {
    mkdirSync(dir, { recursive: true });
    const aside = `${file}.${process.pid}.tmp`;
    writeFileSync(aside, JSON.stringify(known, null, 2));
    renameSync(aside, file);
  };
  return {
    /** Why this way failed, where that is less than a day ago. */
    recent(way) {
      const known = read()[way];
      return known && now() - known.at < dayMs && now() >= known.at ? String(known.why) : undefined;
    },
    remember(way, why) {
      write({ ...read(), [way]: { at: now(), why } });
    },
    forgetAll() {
      if (existsSync(file)) write({});
    },
  };
}

module.exports = { cacheDir, refusals };
