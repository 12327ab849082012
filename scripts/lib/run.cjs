'use strict';

const { spawn } = require('node:child_process');

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const running = new Set();

/** Ends with what it started: a program that is downloading or compiling isn't left behind. */
function endAll(signal) {
  for (const child of running) child.kill('SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

function started(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, endAll);
  running.add(child);
}

function ended(child) {
  if (!running.delete(child) || running.size > 0) return;
  for (const signal of signals) process.off(signal, endAll);
}

/**
 * Runs a program to its end and gives what it wrote. Never throws for a non-zero exit; a program that isn't there
 * gives code 127. `stalled` is asked every second, and ends the program with the text that it returns.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, onOutput?: (text: string) => void, stalled?: () => string | undefined}} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started(child);
    let output = '';
    const take = (chunk) => {
      const text = chunk.toString();
      output = (output + text).slice(-200_000);
      if (options.onOutput) options.onOutput(text);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const watch = setInterval(() => {
      const reason = options.stalled && options.stalled();
      if (!reason) return;
      output += `\n${reason}`;
      child.kill('SIGKILL');
    }, 1000);
    const end = (code) => {
      clearInterval(watch);
      ended(child);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(error.code === 'ENOENT' ? 127 : 126);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** The last lines of a program's output, for an error message. */
function tail(output, lines = 12) {
  return output.trim().split('\n').slice(-lines).join('\n');
}

module.exports = { run, tail };
