import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AccountChange } from '../domain/territory/staging-change';

/** A run and which changes are its own. */
export interface ChangesRef {
  readonly id: string;
  /** What `keepChanges` gave. */
  readonly changes: string;
}

const prefixOf = (run: string): string => `tsp-${run.replaceAll('/', '-')}-changes-`;
const fileOf = (dir: string, { id, changes }: ChangesRef): string =>
  join(dir, `${prefixOf(id)}${changes}.jsonl`);

/**
 * Keeps what a run changes, a line an account in order of their ids: what is written, and what putting it back needs.
 *
 * @returns their digest: the file is named by it, so that of two tries at once neither changes what the other planned
 */
export async function keepChanges(
  dir: string,
  run: string,
  changes: Iterable<AccountChange> | AsyncIterable<AccountChange>,
): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const partial = join(dir, `${prefixOf(run)}${randomUUID()}.partial`);
  const digest = createHash('sha256');
  async function* lines(): AsyncGenerator<string> {
    for await (const change of changes) {
      const line = `${JSON.stringify(change)}\n`;
      digest.update(line);
      yield line;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(partial, { mode: 0o600 }));
  const named = digest.digest('hex').slice(0, 32);
  await rename(partial, fileOf(dir, { id: run, changes: named }));
  return named;
}

/** Whether what a run changed is still kept here. */
export const areChangesKept = (dir: string, run: ChangesRef): Promise<boolean> =>
  stat(fileOf(dir, run)).then(
    () => true,
    () => false,
  );

/** A night that isn't kept any more can't be put back. */
export async function forgetChanges(dir: string, run: string): Promise<void> {
  for (const name of await readdir(dir))
    if (name.startsWith(prefixOf(run))) await rm(join(dir, name), { force: true });
}

/** The changes of a run after an account, in order, so many at a time. */
export async function* changesOf(
  dir: string,
  run: ChangesRef,
  after: string,
  size: number,
): AsyncGenerator<readonly AccountChange[]> {
  const file = createReadStream(fileOf(dir, run));
  let page: AccountChange[] = [];
  try {
    for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
      if (line === '') continue;
      const change = JSON.parse(line) as AccountChange;
      if (change.accountId <= after) continue;
      page.push(change);
      if (page.length < size) continue;
      yield page;
      page = [];
    }
  } finally {
    file.destroy();
  }
  if (page.length > 0) yield page;
}
