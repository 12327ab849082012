'use strict';
/**
 * Loaded before `daytwo up` (`--require`): of all parts the worker alone gets a JavaScript heap of BENCH_WORKER_HEAP_MIB. The
 * sandbox holds what whole companies have, and is not what is measured.
 */
const processes = require('node:child_process');

const { spawn } = processes;
processes.spawn = (program, args = [], ...rest) => {
  const heap = process.env.BENCH_WORKER_HEAP_MIB;
  const limited = heap && args.at(-1) === 'worker' ? [`--max-old-space-size=${heap}`, ...args] : args;
  return spawn(program, limited, ...rest);
};
