'use strict';

const { readFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');

/**
 * When a process started, as an opaque text that no later process with the same pid has; undefined where there is
 * no such process. A zombie counts as gone.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function startOf(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  return ps(pid, 'lstart=');
}

/**
 * The command line of a process, its arguments joined by spaces; undefined where there is none.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function commandOf(pid) {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() || undefined;
    } catch {
      return undefined;
    }
  }
  return ps(pid, 'command=');
}

function ps(pid, column) {
  try {
    return (
      execFileSync('ps', ['-o', column, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

module.exports = { startOf, commandOf };
