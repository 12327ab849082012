import colours from 'picocolors';
import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import { commandEnvironment } from './environment';
import type { Surroundings } from './surroundings';

/** The command as a person or a program calls it: their environment, their terminal, their zone. */
export function surroundingsOf(process: NodeJS.Process): Surroundings {
  const ended = new AbortController();
  let env: Surroundings['env'] | undefined;
  // A reader that has read enough (`| head`) closes the pipe: that is no fault.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(0));
  return {
    get env() {
      return (env ??= commandEnvironment(process.env));
    },
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    stdin: () => readAll(process.stdin),
    now: () => new Date(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // picocolors reads NO_COLOR and FORCE_COLOR; what goes into a file or a pipe has no colour otherwise.
    colours: colours.createColors(
      colours.isColorSupported && (process.stdout.isTTY === true || 'FORCE_COLOR' in process.env),
    ),
    terminal: process.stdout.isTTY === true,
    ask: (question) => askOn(process, question),
    get signal() {
      // Only a verb that asks for it is ended gently; a second Ctrl-C ends any.
      if (process.listenerCount('SIGINT') === 0) process.once('SIGINT', () => ended.abort());
      return ended.signal;
    },
    pause: (ms) => setTimeout(ms, undefined, { signal: ended.signal }).catch(() => undefined),
  };
}

async function askOn(process: NodeJS.Process, question: string): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  try {
    return await terminal.question(question, { signal: closed.signal });
  } catch {
    return null; // the end of input, or Ctrl-C
  } finally {
    terminal.close();
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  return Buffer.concat(chunks);
}
