import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handbook } from '../../src/domain/handbook';
import { formatProblems, loadHandbook } from '../../src/handbook';

/** The sample handbook that the project ships. */
export const CONFIG = join(__dirname, '../../config');

export function sampleHandbook(): Handbook {
  const loaded = loadHandbook(CONFIG);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.handbook;
}

/** A copy of the sample that a test may spoil. */
export class Copy {
  readonly dir = mkdtempSync(join(tmpdir(), 'daytwo-handbook-'));

  constructor() {
    cpSync(CONFIG, this.dir, { recursive: true });
  }

  text(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
  }

  /** Replaces a text that stands there exactly once, or fails: an edit that changes nothing would test nothing. */
  replace(file: string, from: string, to: string): void {
    const text = this.text(file);
    if (text.split(from).length !== 2) throw new Error(`"${from}" doesn't stand once in ${file}`);
    this.write(
      file,
      text.replace(from, () => to),
    );
  }

  /** Line of a text, from 1. */
  line(file: string, text: string): number {
    const at = this.text(file)
      .split('\n')
      .findIndex((line) => line.includes(text));
    if (at < 0) throw new Error(`"${text}" doesn't stand in ${file}`);
    return at + 1;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
