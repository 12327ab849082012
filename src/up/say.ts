import { createColors } from 'picocolors';

/** How the supervisor speaks: lines for people, or one JSON document a line. */
export interface Voice {
  /** Something happened. */
  line(text: string): void;
  /** Something is wrong, or goes on after a fault. */
  warn(text: string): void;
  /** The addresses to open, in the order given. */
  addresses(rows: readonly (readonly [name: string, address: string])[]): void;
}

/** On a terminal a live line may stand where the next one is to be written. */
const overLive = process.stdout.isTTY === true ? '\r\x1b[K' : '';
const colours = createColors(process.stdout.isTTY === true && !process.env['NO_COLOR']);

/** Speaks to people on standard output. Colours only on a terminal, and not where NO_COLOR is set. */
export function forPeople(out: NodeJS.WritableStream = process.stdout): Voice {
  return {
    line: (text) => void out.write(`${overLive}${text}\n`),
    warn: (text) => void out.write(`${overLive}${colours.yellow(text)}\n`),
    addresses: (rows) => {
      const width = Math.max(...rows.map(([name]) => name.length));
      const lines = rows.map(
        ([name, address]) => `  ${colours.bold(name.padEnd(width))}  ${colours.cyan(address)}`,
      );
      out.write(`${overLive}\n${lines.join('\n')}\n\n`);
    },
  };
}

/** Speaks to programs: one JSON document a line on standard output. */
export function forPrograms(out: NodeJS.WritableStream = process.stdout): Voice {
  const write = (document: Record<string, unknown>) => void out.write(`${JSON.stringify(document)}\n`);
  return {
    line: (text) => write({ kind: 'line', text }),
    warn: (text) => write({ kind: 'warning', text }),
    addresses: (rows) => write({ kind: 'addresses', addresses: Object.fromEntries(rows) }),
  };
}
