import { terminal } from '../domain/escape';
import { jsonLine, Refused, WrongUsage, type Surroundings } from './surroundings';

/** Says a fault in one readable paragraph, never a stack trace; answers the exit code. */
export function explain(error: unknown, json: boolean, around: Pick<Surroundings, 'err' | 'env'>): number {
  const code = error instanceof WrongUsage ? 2 : 1;
  const message = error instanceof Error ? error.message : String(error);
  const more = error instanceof Refused ? error.more : {};
  if (json) around.err(jsonLine({ error: message, ...more }));
  // Each line on its own: a list of settings stays a list, and nothing in it draws on the terminal.
  else
    around.err(
      message
        .split('\n')
        .map((line) => indent(line) + terminal(line))
        .join('\n'),
    );
  return code;
}

const indent = (line: string): string => /^ */.exec(line)?.[0] ?? '';
