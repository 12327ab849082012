import type { Task } from './access-request';
import type { Counts } from './outcome';
import { mergeBlock, ownedBlock } from './owned-block';
import { boxText, countsInWords } from './request-text';

/** As `countsInWords` begins. */
const COUNTED = /^ {2}- \d+ of \d+ done\b/;

/**
 * A description in which the boxes of these tasks say how far they are, for a batch that goes on: the smallest change, in
 * daytwo's block alone. A box stays as it is, ticked or not: nobody has judged yet what people did meanwhile.
 */
export function withCounts(
  description: string,
  tasks: readonly Task[],
  counts: Readonly<Record<string, Counts>>,
): string {
  const block = ownedBlock(description);
  if (block === null) return description;
  const lines = block.split('\n');
  for (const task of tasks) {
    const count = counts[task.id];
    if (!count || count.of <= 1) continue;
    const box = lines.findIndex(
      (line) => /^- \[[ xX]\] /.test(line) && line.slice(6).trimEnd() === boxText(task),
    );
    if (box < 0) continue;
    const shown = COUNTED.test(lines[box + 1] ?? '') ? 1 : 0;
    lines.splice(box + 1, shown, `  - ${countsInWords(count)}`);
  }
  const changed = lines.join('\n');
  return changed === block ? description : mergeBlock(description, changed);
}
