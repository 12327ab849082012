import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { live } from '../scripts/lib/progress.cjs';
import type { LeaverCase } from '../src/domain/leaving';
import type { PersonRecord } from '../src/evidence';
import { localTime } from '../src/handbook/business-time';
import type { LogEntry } from '../src/sandbox/http';
import { sideBySide } from '../src/systems/side-by-side';
import { offboardingId } from '../src/temporal/client';
import { countActions, type Actions } from './actions';
import { isDaytwos, isIdle } from './leaver-one';
import { leavingOf, settleIn, type Book } from './leaver-people';
import { looked, type Product } from './product';

/** Many who leave at one hour, on the whole product, until daytwo has done its part for all. */
export interface CrowdLeft {
  readonly people: number;
  readonly actions: Actions;
  readonly log: readonly LogEntry[];
  /** From time zero until the last of them is frozen. */
  readonly lastFrozenMs: number;
  /** How many were frozen before anything else was done for any of them. */
  readonly frozenFirst: number;
  readonly lastTakenMs: number;
}

/** How long before time zero HR speaks: for each of them, and for all. */
const NOTICE_MS = 30_000;
const NOTICE_EACH_MS = 300;
/** A worker takes a change of the handbook up within two seconds. */
const TAKEN_UP_MS = 4000;

export async function leaveMany(
  product: Product,
  people: readonly PersonRecord[],
  book: Book,
): Promise<CrowdLeft> {
  const { system, store, client, handbook } = product;
  const line = live('Leaving', () => `${people.length} people`);
  for (const person of people) await store.putPerson(person);
  await settleIn(system.sandbox, handbook, people, book);
  const zone = people[0]?.timeZone ?? 'UTC';
  const timeZero = nextMinute(Date.now() + NOTICE_MS + NOTICE_EACH_MS * people.length);
  const { date, time } = localTime(timeZero, zone);
  kickOffAt(product, time.slice(0, 5));
  await setTimeout(TAKEN_UP_MS);
  const seen = (await system.log()).at(-1)?.seq ?? 0;
  await sideBySide(people, (person) => system.hr(leavingOf(person, date)));
  const cases = (): Promise<readonly LeaverCase[]> => store.leavers.between(timeZero, timeZero);
  await looked(async () => ((await cases()).length === people.length ? true : undefined), {
    everyMs: 500,
    withinMs: Math.max(1, Date.parse(timeZero) - Date.now()),
  });
  const taken = await looked(
    async () => {
      const all = await cases();
      return all.every(({ issue, phase }) => issue !== null && phase === 'taken') ? all : undefined;
    },
    { everyMs: 500, withinMs: 600_000 },
  );
  const ids = people.map(({ employeeId }) => offboardingId(employeeId));
  for (const id of ids) await looked(async () => ((await isIdle(product, id)) ? true : undefined));
  line.clear();
  const log = (await system.log()).filter((entry) => entry.seq > seen && isDaytwos(entry));
  const last = (instants: readonly (string | null)[]): number =>
    Math.max(...instants.map((at) => Date.parse(at ?? ''))) - Date.parse(timeZero);
  return {
    people: people.length,
    actions: await countActions(client, ids),
    log,
    lastFrozenMs: last(taken.map(({ frozenAt }) => frozenAt)),
    frozenFirst: frozenFirst(taken, log),
    lastTakenMs: last(taken.map(({ takenAt }) => takenAt)),
  };
}

const nextMinute = (ms: number): string => new Date(Math.ceil(ms / 60_000) * 60_000).toISOString();

/** Access ends at this hour of every day, whatever day it is today. */
function kickOffAt({ system }: Product, hour: string): void {
  const file = join(system.configDir, 'policy.yml');
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  const text = readFileSync(file, 'utf8')
    .replace(/kick_off: \{.*\}/, `kick_off: { ${days.map((day) => `${day}: '${hour}'`).join(', ')} }`)
    .replace('day_off: before', 'day_off: same');
  writeFileSync(file, text);
}

/**
 * The first thing that is done for anybody once they are frozen is that Salesforce is asked by which fields its users name
 * others; who is frozen by then, and whose accounts elsewhere nobody changes after it, was frozen before.
 */
function frozenFirst(cases: readonly LeaverCase[], log: readonly LogEntry[]): number {
  const first = log.find(({ path }) => path.endsWith('/sobjects/User/describe'));
  if (!first) throw new Error('nothing was handed over');
  const late = log.filter(
    ({ seq, system, method }) => seq > first.seq && system === 'okta' && ['DELETE', 'PUT'].includes(method),
  );
  if (late.length > 0) return 0;
  return cases.filter(({ frozenAt }) => frozenAt !== null && Date.parse(frozenAt) <= Date.parse(first.time))
    .length;
}
