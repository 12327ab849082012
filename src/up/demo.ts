import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Voice } from './say';

export interface DemoOptions {
  /** What is played; the hires where nobody says. */
  readonly play?: 'hires' | 'close' | 'territory';
  readonly stateDir: string;
  readonly json?: boolean;
  /** Everything ends right after it, so that nobody needs to be told where to look next. */
  readonly exit?: boolean;
  /** Where each step is said as it happens. */
  readonly voice: Voice;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
}

/** Whether the main job was verified from outside, and what is missing where it wasn't. */
export interface DemoOutcome {
  readonly ok: boolean;
  readonly missing: readonly string[];
}

/** Plays the main job of `src/demo/`; its code is loaded only where it is asked for. */
export async function playDemo(options: DemoOptions): Promise<DemoOutcome> {
  const path = join(__dirname, '..', 'demo', 'index.ts');
  if (!existsSync(path)) return { ok: false, missing: ['this checkout has no src/demo'] };
  // Not `import()`, which would ask Node's own loader, and that reads no TypeScript.
  const demo: unknown = require(path);
  if (!isDemo(demo)) throw new Error(`${path} exports no playDemo`);
  return demo.playDemo(options);
}

function isDemo(module: unknown): module is { playDemo(options: DemoOptions): Promise<DemoOutcome> } {
  return (
    typeof module === 'object' && module !== null && typeof Reflect.get(module, 'playDemo') === 'function'
  );
}
