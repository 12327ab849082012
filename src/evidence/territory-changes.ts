import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AccountChange } from '../domain/territory/staging-change';

const fileOf = (dir: string, run: string): string =>
  join(dir, `tsp-${run.replaceAll('/', '-')}-changes.jsonl`);

/** Keeps what a run changes, a line an account in order of their ids: what is written, and what putting it back needs. */
export async function keepChanges(
  dir: string,
  run: string,
  changes: Iterable<AccountChange> | AsyncIterable<AccountChange>,
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [partial, whole] = [`${fileOf(dir, run)}.partial`, fileOf(dir, run)];
  async function* lines(): AsyncGenerator<string> {
    for await (const change of changes) yield `${JSON.stringify(change)}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(partial, { mode: 0o600 }));
  await rename(partial, whole);
}

/** Whether what a run changed is still kept here. */
export const areChangesKept = (dir: string, run: string): Promise<boolean> =>
  stat(fileOf(dir, run)).then(
    () => true,
    () => false,
  );

/** A night that isn't kept any more can't be put back. */
export const forgetChanges = (dir: string, run: string): Promise<void> =>
  rm(fileOf(dir, run), { force: true });

/** The changes of a run after an account, in order, so many at a time. */
export async function* changesOf(
  dir: string,
  run: string,
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
