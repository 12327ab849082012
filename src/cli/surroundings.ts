import type { Colors } from 'picocolors/types';

/** What the command knows of the place where it was called; tests give another one. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes a line to standard output. */
  out(line: string): void;
  /** Writes a line to standard error. */
  err(line: string): void;
  /** All of standard input. */
  stdin(): Promise<Buffer>;
  now(): Date;
  /** The reader's zone, an IANA name. */
  readonly zone: string;
  readonly colours: Colors;
  /** Whether standard output is a terminal: what is followed live is then drawn in place. */
  readonly terminal: boolean;
  /** Asks on the terminal; null where nobody is there to answer. */
  ask(question: string): Promise<string | null>;
  /** Aborts when the reader has had enough (Ctrl-C). */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or at once when `signal` aborts. */
  pause(ms: number): Promise<void>;
}

/** Options that every verb has. */
export interface Spoken {
  readonly json?: boolean;
}

/** The command was understood, and its wish isn't granted: exit code 1. The message is one readable paragraph. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
  constructor(
    message: string,
    /** What a program may want to know besides, for `--json`. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The command wasn't understood: exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** One JSON document on one line. */
export const jsonLine = (document: unknown): string => JSON.stringify(document);

export { bounded } from '../activities/bounded';
