import { statSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, loadHandbook, type LoadResult } from './load';

/** Two looks apart by this are half a second old at most; a change counts once it has rested between two looks. */
const LOOK_EVERY_MS = 500;

/**
 * Watches `config/` and gives the handbook anew when its content has changed, within two seconds. A change that doesn't
 * pass the check is reported once, and the handbook in force stays. Looks at times and sizes, since file events are lost
 * on network file systems and in containers.
 *
 * @param dir the configuration folder
 * @param onChange called with the new handbook, or with the problems of a change that can't be taken
 * @param inForce digest of the handbook that the caller has read, so that a change since then isn't missed
 * @returns stops the watch; it doesn't keep the process alive by itself
 */
export function watchHandbook(
  dir: string,
  onChange: (result: LoadResult) => void,
  inForce?: string,
): () => void {
  let known = inForce;
  let seen: string | null = null;
  let read: string | null = null;
  if (known === undefined) {
    read = stateOf(dir);
    const first = loadHandbook(dir);
    known = first.ok ? first.handbook.digest : '';
  }
  const look = (): void => {
    const state = stateOf(dir);
    const rested = state === seen;
    seen = state;
    if (!rested || state === read) return;
    read = state;
    const result = loadHandbook(dir);
    if (result.ok && result.handbook.digest === known) return;
    if (result.ok) known = result.handbook.digest;
    onChange(result);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

function stateOf(dir: string): string {
  try {
    return filesBelow(dir)
      .map((file) => {
        const { mtimeMs, size, ino } = statSync(join(dir, file));
        return `${file} ${mtimeMs} ${size} ${ino}`;
      })
      .join('\n');
  } catch {
    return 'unreadable';
  }
}
