import { join } from 'node:path';
import { readHandbook } from '../src/handbook';
import type { LogEntry } from '../src/sandbox/http';
import { inWords, totalOf } from './actions';
import { personOf } from './crowd-sandbox';
import type { Figure } from './index';
import { leaveAlone, type LeaverAlone } from './leaver-alone';
import { leaveMany, type CrowdLeft } from './leaver-crowd';
import { leaveOne, type OneLeft } from './leaver-one';
import { scaled, type Book } from './leaver-people';
import { RATES_LIFTED, withProduct } from './product';
import { loadNow, requestsInWords } from './run-figures';

const BOOK: Book = { leads: 3000, accounts: 400, open: 150, closed: 600 };
const GOAL_ACTIONS = 30;
const GOAL_SALESFORCE = 60;
const GOAL_FROZEN_MS = 2000;

const PEOPLE = 200;
const SMALL_BOOK: Book = { leads: 15, accounts: 5, open: 3, closed: 6 };

/** One leaver with a full book in all systems; then two hundred who leave at one hour. */
export async function benchLeaver(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  const book = scaled(BOOK, scale);
  const person = personOf('l1');
  const left = await withProduct([RATES_LIFTED], (product) => leaveOne(product, person, book));
  const alone = await leaveAlone(readHandbook(join(__dirname, '..', 'config')), person, book);
  const people = Array.from({ length: Math.max(2, Math.round(PEOPLE * scale)) }, (_, at) =>
    personOf(`m${at}`),
  );
  const many = await withProduct([RATES_LIFTED], (product) => leaveMany(product, people, SMALL_BOOK));
  return {
    temporal: left.temporal,
    figures: [...figuresOfOne(left, alone, book), ...figuresOfMany(many), loadNow()],
  };
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
      note: requestsInWords(left.log),
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

function figuresOfMany(many: CrowdLeft): readonly Figure[] {
  const { people, log, frozenFirst } = many;
  const each = (count: number): number => Number((count / people).toFixed(2));
  return [
    {
      figure: 'many_frozen_first',
      value: frozenFirst,
      unit: 'people',
      goal: people,
      met: frozenFirst === people,
      note: 'frozen before anything else was done for any of them',
    },
    {
      figure: 'many_time_zero_to_last_frozen',
      value: many.lastFrozenMs,
      unit: 'ms',
      note: `${people} leave at one hour`,
    },
    { figure: 'many_time_zero_to_last_taken', value: many.lastTakenMs, unit: 'ms' },
    {
      figure: 'many_actions_a_leaver',
      value: each(totalOf(many.actions)),
      unit: 'server actions',
      note: `until daytwo has done its part: ${inWords(many.actions)}`,
    },
    {
      figure: 'many_requests_a_leaver',
      value: each(log.length),
      unit: 'requests',
      note: requestsInWords(log),
    },
    {
      figure: 'many_salesforce_requests_a_leaver',
      value: each(requestsTo(log, 'salesforce')),
      unit: 'requests',
      note: Object.entries(SMALL_BOOK)
        .map(([what, count]) => `${count} ${what}`)
        .join(', '),
    },
  ];
}
