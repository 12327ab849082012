'use strict';

const { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { startOf } = require('./identity.cjs');

/**
 * Takes a lock that is a file, for as long as this process lives. The file appears whole (written aside, then
 * linked), and names its holder; the lock of a process that is gone is taken over, also where its pid was given
 * to another process since.
 *
 * @param {string} file
 * @param {Record<string, unknown>} [note] what others may read about the holder
 * @returns {{held: import('./lock.cjs').Lock} | {holder: import('./lock.cjs').Holder}}
 */
function takeLock(file, note = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = { pid: process.pid, start: startOf(process.pid), since: new Date().toISOString(), note };
  for (;;) {
    if (place(file, mine)) return { held: lockAt(file, mine) };
    const text = read(file);
    const holder = text === undefined ? undefined : parse(text);
    if (holder && startOf(holder.pid) === holder.start) return { holder };
    if (text !== undefined) discard(file, text);
  }
}

function place(file, content) {
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Removes a stale lock; where another process took it over in between, that one's lock is put back. */
function discard(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== stale) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

function lockAt(file, mine) {
  let content = mine;
  const isMine = () => {
    const text = read(file);
    const holder = text === undefined ? undefined : parse(text);
    return holder !== undefined && holder.pid === mine.pid && holder.start === mine.start;
  };
  return {
    describe(note) {
      if (!isMine()) return;
      content = { ...content, note };
      const aside = `${file}.${process.pid}.tmp`;
      writeFileSync(aside, JSON.stringify(content), { mode: 0o600 });
      renameSync(aside, file);
    },
    release() {
      if (isMine()) rmSync(file, { force: true });
    },
  };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder.pid) && typeof holder.since === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the lock is free, then takes it. `waiting` is told who holds it, once for each holder.
 *
 * @param {string} file
 * @param {(holder: import('./lock.cjs').Holder) => void} waiting
 */
async function waitForLock(file, waiting) {
  let told;
  for (;;) {
    const taken = takeLock(file);
    if ('held' in taken) return taken.held;
    if (told !== taken.holder.pid) waiting(taken.holder);
    told = taken.holder.pid;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

module.exports = { takeLock, waitForLock };
