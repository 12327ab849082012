import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SalesforceSettings } from '../src/systems/salesforce/session';
import { child, told } from './child';
import type { Judged } from './close-judge';
import type { Figure } from './index';
import { loadNow } from './run-figures';

const IN_PERIOD = 200_000;
const IN_ORG = 1_000_000;
const CHANGED = 2_000;
/** Far ahead: a sandbox's clock goes forward only. */
const PERIOD = ['2043-04', '2043-05-01T06:59:59.000Z', '2043-04-10'] as const;
/** The org's clock goes on from an hour before: a look over changes looks back so far, and sees what the benchmark changes. */
const NOW = '2043-04-11T09:00:00.000Z';
const GOAL_JUDGE_S = 60;
const GOAL_MIB = 1024;
const GOAL_NIGHT_S = 5;
const GOAL_ACTIONS = 150;
const ORG_HEAP_MIB = 16_000;
/** As a worker is given it that closes periods of this size: without a limit it takes what the machine offers. */
const WORKER_HEAP_MIB = 400;

/**
 * The booking checks over a whole period, and over what changed in it: an org in one process, whoever judges it in another. The
 * actions are counted in the recorded history of a close from its start to its end.
 */
export async function benchClose(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const sizes = `${Math.round(IN_PERIOD * scale)}/${Math.round((IN_ORG - IN_PERIOD) * scale)}`;
  const org = inProcess(['org', ...PERIOD, sizes], ORG_HEAP_MIB);
  try {
    const settings = await told<SalesforceSettings>(org);
    const changed = String(Math.max(1, Math.round(CHANGED * Math.min(1, scale))));
    const judge = inProcess(['judge', PERIOD[0], NOW, changed], WORKER_HEAP_MIB);
    judge.send(settings);
    return { temporal: 'not used', figures: figuresOf(await told<Judged>(judge)) };
  } finally {
    org.kill('SIGTERM');
  }
}

const inProcess = (args: readonly string[], heapMib: number): ChildProcess =>
  child('close-child.cjs', args, [`--max-old-space-size=${heapMib}`]);

const seconds = (ms: number): number => Number((ms / 1000).toFixed(2));

function figuresOf(judged: Judged): readonly Figure[] {
  const { bookings, findings, plainReadMs, readMs, passMs, judgeMs, judgeCpuS } = judged;
  const { peakMib, changed, nightMs, nightCpuS } = judged;
  const atMost = (value: number, goal: number) => ({ value, goal, met: value <= goal });
  return [
    {
      figure: 'all checks, once read',
      ...atMost(seconds(judgeMs), GOAL_JUDGE_S),
      unit: 's',
      floor: seconds(passMs),
      note: `${bookings} bookings, ${findings} findings, ${judgeCpuS.toFixed(1)} s of the processor; from tables in no order. Beside it, going through the same rows without a verdict, once they are in order`,
    },
    {
      figure: 'peak memory',
      ...atMost(Math.round(peakMib), GOAL_MIB),
      unit: 'MiB',
      note: `of the process that read and judged; JavaScript's heap limited to ${WORKER_HEAP_MIB} MiB`,
    },
    {
      figure: 'read',
      value: seconds(readMs),
      unit: 's',
      floor: seconds(plainReadMs),
      note: 'beside it, the same Bulk queries, with nothing done with their rows; both with the time that the sandbox takes',
    },
    {
      figure: 'night over changes',
      ...atMost(seconds(nightMs), GOAL_NIGHT_S),
      unit: 's',
      note: `${changed} opportunities changed, as in the night before, in which the sandbox made its indexes; with the time that the sandbox takes, all but ${nightCpuS.toFixed(1)} s of the processor`,
    },
    {
      figure: 'server actions of a close',
      ...atMost(recordedActions(), GOAL_ACTIONS),
      unit: 'actions',
      note: "from start to end, as recorded for replay; people's own signals aside",
    },
    loadNow(),
  ];
}

/** Starts, activities, timers, and what is set for searches: people's signals aside. */
function recordedActions(): number {
  const file = join(__dirname, '..', 'test', 'histories', 'monthly-close.locked.json');
  const { events } = JSON.parse(readFileSync(file, 'utf8')) as { events: readonly Record<string, unknown>[] };
  const paid = [
    'workflowExecutionStartedEventAttributes',
    'activityTaskScheduledEventAttributes',
    'timerStartedEventAttributes',
    'upsertWorkflowSearchAttributesEventAttributes',
    'markerRecordedEventAttributes',
  ];
  return events.filter((event) => paid.some((name) => name in event)).length;
}
