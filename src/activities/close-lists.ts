import { STAGE, type Booking } from '../domain/close/booking';
import { bookingsFrom, BOOKING_RECORDS, type BookingRecord } from '../domain/close/booking-rows';
import { isLocked } from '../domain/close/close';
import { quarterStart } from '../domain/close/period';
import {
  largeDeals,
  listed,
  reviewQueue,
  taskListOf,
  type ListedDeal,
  type TaskListKind,
} from '../domain/close/task-lists';
import { decimal } from '../domain/close/cents';
import type { ClosePlan } from '../handbook/close-time';
import { literal } from '../systems/salesforce/soql';
import { orTask } from './close-fault';
import { extrasOf, type ExtrasDone, type ExtrasVisit } from './close-telling';
import type { ReadWorld } from './world';

/** With each look the lists that tasks show are read anew, in one request; a locked period keeps what it showed last. */
export async function watchLists(visit: ExtrasVisit): Promise<ExtrasDone['extras']> {
  const { world, close, plan, rules, look, now } = visit;
  const before = extrasOf(visit);
  const kinds = [...new Set(rules.tasks.flatMap(({ shows }) => shows ?? []))];
  if (!look || isLocked(close) || kinds.length === 0) return before;
  const deals = await orTask(world, close, 'look', now, () => listedDeals(world, plan, kinds));
  if (!deals) return before;
  const lists = Object.fromEntries(kinds.map((kind) => [kind, taskListOf(deals.get(kind) ?? [])]));
  return { ...before, lists };
}

/** The deals of each list as they are now; null where `config/` doesn't say where Salesforce keeps them. @throws SystemFault */
export async function listedDeals(
  world: Pick<ReadWorld, 'handbook' | 'connector'>,
  plan: ClosePlan,
  kinds: readonly TaskListKind[],
): Promise<ReadonlyMap<TaskListKind, readonly ListedDeal[]> | null> {
  const bookings = await readDeals(world, plan, kinds);
  if (!bookings) return null;
  const { period, policy } = plan;
  const of: Readonly<Record<TaskListKind, () => readonly Booking[]>> = {
    large_deals: () => largeDeals(bookings, period, policy.close.largeDeals),
    review_queue: () => reviewQueue(bookings, period),
  };
  return new Map(kinds.map((kind) => [kind, of[kind]().map(listed)]));
}

/** What of a deal a list shows; a list is short, so that plain queries are enough. */
const READ = ['opportunity', 'quote', 'account', 'submission'] as const satisfies readonly BookingRecord[];

async function readDeals(
  { handbook, connector }: Pick<ReadWorld, 'handbook' | 'connector'>,
  { period, policy }: ClosePlan,
  kinds: readonly TaskListKind[],
): Promise<readonly Booking[] | null> {
  const { bookingSearch: search } = connector('salesforce');
  const { bookingFields: fields } = handbook();
  if (!search || !fields) return null;
  const field = (column: string): string => fields.opportunity.fields[column] ?? column;
  const { fromNetArrCents, stages } = policy.close.largeDeals;
  const conditions: Readonly<Record<TaskListKind, string>> = {
    large_deals: [
      'IsClosed = false',
      `${field('stage')} IN (${stages.map(literal).join(',')})`,
      `${field('netArr')} >= ${decimal(fromNetArrCents)}`,
      `${field('closeDate')} >= ${quarterStart(period)}`,
      `${field('closeDate')} <= ${period.quarterEnd}`,
    ].join(' AND '),
    review_queue: `${field('stage')} = ${literal(STAGE.closing)}`,
  };
  const meant = kinds.map((kind) => `(${conditions[kind]})`).join(' OR ');
  const theirs = (column: string): string =>
    `SELECT ${column} FROM ${fields.opportunity.object} WHERE ${meant}`;
  const whose: Readonly<Record<(typeof READ)[number], string>> = {
    opportunity: meant,
    quote: `Id IN (${theirs(field('quoteId'))})`,
    account: `Id IN (${theirs(field('accountId'))})`,
    submission: `${fields.submission.fields['opportunityId'] ?? ''} IN (${theirs('Id')})`,
  };
  const rows = await search.rows(
    READ.map((record) => ({
      object: fields[record].object,
      fields: Object.keys(BOOKING_RECORDS[record]).map((column) => fields[record].fields[column] ?? column),
      condition: whose[record],
    })),
  );
  const none = { subscription: [], line: [], document: [], approval: [], split: [] };
  const [opportunity = [], quote = [], account = [], submission = []] = rows;
  return bookingsFrom({ ...none, opportunity, quote, account, submission });
}
