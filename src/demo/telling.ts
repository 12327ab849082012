import { createColors } from 'picocolors';
import { terminal } from '../domain/escape';
import type { Voice } from '../up/say';

/** One thing that happened. */
export interface Step {
  /** Whose onboarding it belongs to: the newcomer's name; null for what concerns all. */
  readonly hire: string | null;
  readonly who: string;
  readonly what: string;
  readonly link?: string | undefined;
}

/** What was verified at one place, and what isn't there as it must be. */
export interface Check {
  readonly where: string;
  /** What is there, in words. */
  readonly seen: string;
  readonly missing: readonly string[];
}

/** A newcomer's checks. */
export interface Verified {
  readonly hire: string;
  readonly title: string;
  readonly checks: readonly Check[];
}

/** How the demo speaks: each step as it happens, the table of what was verified, and where to look next. */
export interface Telling {
  /** What follows is about to happen; for people only. */
  headline(text: string): void;
  step(step: Step): void;
  verified(all: readonly Verified[]): void;
  next(rows: readonly (readonly [what: string, how: string])[]): void;
}

/** One JSON document for each step, each newcomer's verification, and the hints. */
export function tellPrograms(out: NodeJS.WritableStream = process.stdout): Telling {
  const write = (document: object): void => void out.write(`${JSON.stringify(document)}\n`);
  return {
    headline: () => undefined,
    step: (step) => write({ kind: 'step', at: new Date().toISOString(), ...step }),
    verified: (all) => all.forEach((one) => write({ kind: 'verified', ...one })),
    next: (rows) => write({ kind: 'next', next: Object.fromEntries(rows) }),
  };
}

/** Columns of time, newcomer and who; the rest of the line is what happened, and its address where there is room. */
const HIRE_WIDTH = 14;
const WHO_WIDTH = 13;

/** Lines for people. Colours only on a terminal, and not where NO_COLOR is set. */
export function tellPeople(
  voice: Voice,
  { columns, colour }: { columns: number; colour: boolean } = {
    columns: process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
    colour: process.stdout.isTTY && !process.env['NO_COLOR'],
  },
): Telling {
  const colours = createColors(colour);
  const knownLinks = new Set<string>();
  const indent = ' '.repeat('00:00:00'.length + HIRE_WIDTH + WHO_WIDTH + 6);
  return {
    headline: (text) => voice.line(colours.bold(text)),
    step: ({ hire, who, what, link }) => {
      const cells = [
        localTime(new Date()),
        terminal(hire ?? '').padEnd(HIRE_WIDTH),
        terminal(who).padEnd(WHO_WIDTH),
      ];
      const [time = '', whose = '', by = ''] = cells;
      const text = terminal(what);
      const fits = cells.join('  ').length + 2 + text.length + 2 + (link?.length ?? 0) <= columns;
      // On a narrow screen an address takes a line of its own, which is worth it once.
      const told = !link || (!fits && knownLinks.has(link));
      const address = told ? '' : `${fits ? '  ' : `\n${indent}`}${colours.cyan(link)}`;
      if (link) knownLinks.add(link);
      voice.line(`${colours.dim(time)}  ${whose}  ${colours.bold(by)}  ${text}${address}`);
    },
    verified: (all) => {
      for (const { hire, title, checks } of all) {
        voice.line(`\n  ${colours.bold(terminal(hire))}, ${terminal(title)}`);
        for (const check of checks) voice.line(`    ${checkLine(check, colours)}`);
      }
      voice.line('');
    },
    next: (rows) => {
      const width = Math.max(...rows.map(([what]) => what.length));
      for (const [what, how] of rows) voice.line(`  ${what.padEnd(width)}  ${colours.cyan(how)}`);
      voice.line('');
    },
  };
}

function checkLine({ where, seen, missing }: Check, colours: ReturnType<typeof createColors>): string {
  const there = missing.length === 0;
  const sign = there ? colours.green('ok ') : colours.red('NOT');
  return `${sign}  ${where.padEnd(WHERE_WIDTH)}  ${terminal(there ? seen : missing.join('; '))}`;
}
const WHERE_WIDTH = 24;

/** `14:03:27` on this machine's clock. */
const localTime = (at: Date): string => at.toTimeString().slice(0, 8);

/** The zone of this machine's clock as people name it: `Europe/Berlin (UTC+01:00)`. */
export function localZone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const two = (value: number): string => String(Math.abs(Math.trunc(value))).padStart(2, '0');
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return minutes === 0 && name === 'UTC'
    ? 'UTC'
    : `${name} (UTC${sign}${two(minutes / 60)}:${two(minutes % 60)})`;
}
