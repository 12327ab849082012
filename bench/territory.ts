import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { live } from '../scripts/lib/progress.cjs';
import { child, told } from './child';
import type { Figure } from './index';
import { loadNow } from './run-figures';
import type { Explained, Planned } from './territory-plan';
import { benchWriting } from './territory-write';

/** Accounts, and how many seconds their plan may take. */
const SIZES = [
  [1_000_000, 5],
  [10_000_000, 40],
] as const;
const GOAL_MIB = 1024;
const GOAL_EXPLAIN_MS = 50;

/** From the accounts of an org as Parquet to the plan of each, with difference and reasons; one of them explained; staging written. */
export async function benchTerritory(
  scale: number,
): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const figures: Figure[] = [];
  for (const [accounts, goal] of SIZES) {
    const count = Math.max(1000, Math.round((accounts * scale) / 1000) * 1000);
    const dir = mkdtempSync(join(tmpdir(), 'daytwo-territory-'));
    const line = live(`Planning ${count} accounts`, () => '');
    try {
      await inChild('make', dir, count);
      const planned = await inChild<Planned>('plan', dir, count);
      const explained = await inChild<Explained>('explain', dir, count);
      line.done(`Planned ${count} accounts`);
      figures.push(...figuresOf(planned, explained, goal));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  figures.push(...(await benchWriting(scale)));
  return { temporal: 'not used', figures: [...figures, loadNow()] };
}

const inChild = <T>(what: string, dir: string, count: number): Promise<T> =>
  told(child('territory-child.cjs', [what, dir, String(count)]));

function figuresOf(planned: Planned, explained: Explained, goal: number): readonly Figure[] {
  const { accounts, changed, moves } = planned;
  const atMost = (value: number, most: number) => ({ value, goal: most, met: value <= most });
  const seconds = (ms: number): number => Number((ms / 1000).toFixed(2));
  return [
    {
      figure: `plan_${accounts}`,
      ...atMost(seconds(planned.ms), goal),
      unit: 's',
      note: `from Parquet to plan, difference (${changed} accounts, ${moves} of them move) and reasons; ${seconds(planned.cpuMs)} s of processor time; kept in ${Math.round(planned.planMib)} MiB`,
    },
    {
      figure: `changes_${accounts}`,
      value: seconds(planned.changesMs),
      unit: 's',
      note: 'beside it: what differs, put together with all that its reasons are told from, ready to be written page by page',
    },
    {
      figure: `peak_${accounts}`,
      ...atMost(Math.round(Math.max(planned.peakMib, planned.changesMib)), GOAL_MIB),
      unit: 'MiB',
    },
    {
      figure: `explain_${accounts}`,
      ...atMost(Number(explained.firstMs.toFixed(1)), GOAL_EXPLAIN_MS),
      unit: 'ms',
      note: `one account of a kept night, the first after it was opened; the median of those after it is ${explained.nextMs.toFixed(1)} ms`,
    },
  ];
}
