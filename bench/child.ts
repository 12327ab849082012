import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** A process of a benchmark, so that its memory is its own. It runs a file of this folder, and tells once what it found. */
export const child = (file: string, args: readonly string[], options: readonly string[] = []): ChildProcess =>
  fork(join(__dirname, file), [...args], { execArgv: [...options] });

/** What it tells. */
export const told = <T>(from: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    from.once('message', (message) => resolve(message as T));
    from.once('exit', (code) =>
      reject(new Error(`a process of the benchmark ended with ${code ?? 'a signal'}`)),
    );
  });
