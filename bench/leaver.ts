import { loadavg } from 'node:os';
import { join } from 'node:path';
import { readHandbook } from '../src/handbook';
import type { LogEntry } from '../src/sandbox/http';
import { inWords, totalOf } from './actions';
import { personOf } from './crowd-sandbox';
import type { Figure } from './index';
import { leaveAlone, type LeaverAlone } from './leaver-alone';
import { leaveOne, type OneLeft } from './leaver-one';
import { scaled, type Book } from './leaver-people';
import { RATES_LIFTED, withProduct } from './product';

const BOOK: Book = { leads: 3000, accounts: 400, open: 150, closed: 600 };
const GOAL_ACTIONS = 30;
const GOAL_SALESFORCE = 60;
const GOAL_FROZEN_MS = 2000;

/** One leaver with a full book in all systems. */
export async function benchLeaver(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const book = scaled(BOOK, scale);
  const person = personOf('l1');
  const left = await withProduct([RATES_LIFTED], (product) => leaveOne(product, person, book));
  const alone = await leaveAlone(readHandbook(join(__dirname, '..', 'config')), person, book);
  return { temporal: left.temporal, figures: [...figuresOfOne(left, alone, book), load()] };
}

const requestsTo = (log: readonly LogEntry[], system: string): number =>
  log.filter((entry) => entry.system === system).length;

function figuresOfOne(left: OneLeft, alone: LeaverAlone, book: Book): readonly Figure[] {
  const actions = totalOf(left.actions);
  const salesforce = requestsTo(left.log, 'salesforce');
  const floorMs = alone.straightMs + left.emptyMs;
  return [
    {
      figure: 'actions',
      value: actions,
      unit: 'server actions',
      goal: GOAL_ACTIONS,
      met: actions <= GOAL_ACTIONS,
      note: `from HR's word until every system is settled; what three people ticked counts with the visits that it caused: ${inWords(left.actions)}`,
    },
    {
      figure: 'salesforce_requests',
      value: salesforce,
      unit: 'requests',
      goal: GOAL_SALESFORCE,
      met: salesforce <= GOAL_SALESFORCE,
      note: Object.entries(book)
        .map(([what, count]) => `${count} ${what}`)
        .join(', '),
    },
    {
      figure: 'requests',
      value: left.log.length,
      unit: 'requests',
      note: inSystems(left.log),
    },
    {
      figure: 'time_zero_to_frozen',
      value: left.frozenMs,
      unit: 'ms',
      goal: GOAL_FROZEN_MS,
      met: left.frozenMs <= GOAL_FROZEN_MS,
      note: 'everywhere, and read back; time zero is when somebody says that it is now',
    },
    {
      figure: 'time_zero_to_deactivated',
      value: left.deactivatedMs,
      unit: 'ms',
      floor: Math.round(floorMs),
      note: `frozen, asked, handed over and deactivated; the floor: the same ${alone.requests} requests sent straight (${Math.round(alone.straightMs)} ms), and three empty activities (${left.emptyMs} ms)`,
    },
    { figure: 'ratio', value: Number((left.deactivatedMs / floorMs).toFixed(2)), unit: '× floor' },
    {
      figure: 'activities_alone',
      value: Math.round(alone.aloneMs),
      unit: 'ms',
      floor: Math.round(alone.straightMs),
      note: 'the activities until the user is deactivated, without Temporal',
    },
  ];
}

const load = (): Figure => ({
  figure: 'load',
  value: Number((loadavg()[0] ?? 0).toFixed(1)),
  unit: 'processes',
  note: "the machine's load over the last minute: the bench's own and everybody else's",
});

function inSystems(log: readonly LogEntry[]): string {
  const counts = new Map<string, number>();
  for (const { system } of log) counts.set(system, (counts.get(system) ?? 0) + 1);
  return [...counts].map(([system, times]) => `${times} to ${system}`).join(', ');
}
