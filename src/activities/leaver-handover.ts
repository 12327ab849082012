import { isHeldOver, type HandoverStep } from '../domain/handover';
import {
  isOwned,
  isUnsettled,
  keyOf,
  opportunityMoves,
  OWNED,
  recordsOf,
  settledRecord,
  type HandoverRecord,
} from '../domain/handover-record';
import type { BookMove } from '../domain/book';
import type { LeaverCase } from '../domain/leaving';
import { SystemFault } from '../systems/fault';
import type { BookKeeper } from '../systems/leavers';
import { planEstates, type Estate } from './leaver-estates';
import { noteOfLeaver } from './leaver-record';
import { stepsNow, stepsOfRefused, unreadStep } from './leaver-steps';
import { pinnedPolicy, type World } from './world';

/** An estate, and what stands in the store of it. */
interface Ledger extends Estate {
  readonly records: readonly HandoverRecord[];
}

/**
 * Hands over what these people own, all together: written down first, then moved in hundreds, then read back. Done again after a death
 * in the middle, what is done is seen, and the rest is done once. A refusal that no retry mends is theirs whom it strikes.
 */
export async function handOverAll(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const { books } = world.connector('salesforce');
  if (!books) return;
  try {
    await handOver(world, books, cases);
  } catch (error) {
    if (!(error instanceof SystemFault) || error.retryable) throw error;
    const [one, another] = cases;
    if (another) for (const each of cases) await handOverAll(world, [each]);
    else if (one) await putSteps(world, one, [unreadStep(error.code)], false);
  }
}

/**
 * Reads once more what they own, just before their users end: a lead that was routed to them meanwhile, or a membership that is
 * shown still, is handed over, too.
 */
export async function handOverLatecomers(
  world: World,
  cases: readonly LeaverCase[],
  what: 'all' | 'routed',
): Promise<void> {
  const late = new Set<string>();
  try {
    for (const { one, userId, plan } of await planEstates(world, cases, undefined, what)) {
      const known = new Map(
        (await world.store.leavers.records(one.leaving))
          .filter(({ fromOwner }) => fromOwner === userId)
          .map((record) => [keyOf(record), record]),
      );
      const isNew = (record: HandoverRecord): boolean => {
        const before = known.get(keyOf(record));
        return before === undefined || (before.what !== 'stay' && !isUnsettled(before));
      };
      if (recordsOf({ moves: plan.moves, stays: [] }, userId, []).some(isNew)) late.add(one.leaving);
    }
  } catch (error) {
    // What is refused for good was a step when it was handed over.
    if (!(error instanceof SystemFault) || error.retryable) throw error;
  }
  const again = cases.filter(({ leaving }) => late.has(leaving));
  if (again.length > 0) await handOverAll(world, again);
}

async function handOver(world: World, books: BookKeeper, cases: readonly LeaverCase[]): Promise<void> {
  const estates = await planEstates(world, cases);
  const ledgers: Ledger[] = [];
  for (const estate of estates) ledgers.push(await writeDown(world, estate));
  const writes = new Writes(books);
  const moves = ledgers.flatMap(({ plan }) => plan.moves);
  // What goes elsewhere goes first: an account that moves takes its owner's opportunities along, closed ones too.
  await writes.make(moves.filter(isHeldOver));
  await writes.make(moves.filter(({ object }) => object === 'Account'));
  const owners = await opportunityOwners(books, ledgers);
  const right = ledgers.flatMap(({ records }) => opportunityMoves(records, owners));
  const others = moves.filter(({ object }) => object !== 'Account' && object !== 'Opportunity');
  await writes.make([...right, ...others]);
  await readBack(books, ledgers, owners, right);
  const settled = ledgers.map((ledger): Ledger => ({
    ...ledger,
    records: ledger.records.map((record) =>
      settledRecord(record, { ...writes.of(record), owner: owners.get(record.recordId) }),
    ),
  }));
  for (const one of cases) {
    const theirs = settled.filter((ledger) => ledger.one.leaving === one.leaving);
    if (theirs.length > 0) await finish(world, one, theirs);
  }
}

/** What was written in this try, and what the org refused. */
class Writes {
  readonly #made = new Set<string>();
  readonly #codes = new Map<string, string>();
  constructor(private readonly books: BookKeeper) {}

  async make(moves: readonly BookMove[]): Promise<void> {
    if (moves.length === 0) return;
    for (const [id, code] of await this.books.move(moves)) this.#codes.set(id, code);
    for (const { id } of moves) this.#made.add(id);
  }

  of({ recordId }: HandoverRecord): { readonly written: boolean; readonly code: string | null } {
    return { written: this.#made.has(recordId), code: this.#codes.get(recordId) ?? null };
  }
}

async function writeDown(world: World, estate: Estate): Promise<Ledger> {
  const { one, userId, plan } = estate;
  if (plan.nobody) return { ...estate, records: [] };
  const known = (await world.store.leavers.records(one.leaving)).filter(
    ({ object, fromOwner }) => fromOwner === userId && !object.includes('/'),
  );
  const records = recordsOf(plan, userId, known);
  const stand = new Set(known);
  await world.store.leavers.putRecords(
    one.leaving,
    records.filter((record) => !stand.has(record)),
  );
  return { ...estate, records };
}

/** Who owns the opportunities, where one is unsettled or an account has just moved. */
async function opportunityOwners(
  books: BookKeeper,
  ledgers: readonly Ledger[],
): Promise<Map<string, string>> {
  const ids = ledgers.flatMap(({ records }) => {
    const moved = records.some((record) => record.object === 'Account' && isUnsettled(record));
    return records
      .filter((record) => record.object === 'Opportunity' && (moved || isUnsettled(record)))
      .map(({ recordId }) => recordId);
  });
  return new Map(ids.length > 0 ? await books.ownersOf('Opportunity', ids) : []);
}

/** Reads who owns what was to change hands; opportunities that needed no further change were read just now. */
async function readBack(
  books: BookKeeper,
  ledgers: readonly Ledger[],
  owners: Map<string, string>,
  opportunities: readonly BookMove[],
): Promise<void> {
  const unsettled = ledgers
    .flatMap(({ records }) => records)
    .filter(isUnsettled)
    .filter(isOwned);
  for (const object of OWNED) {
    const ids =
      object === 'Opportunity'
        ? opportunities.map(({ id }) => id)
        : unsettled.filter((record) => record.object === object).map(({ recordId }) => recordId);
    if (ids.length === 0) continue;
    for (const id of ids) owners.delete(id);
    for (const [id, owner] of await books.ownersOf(object, ids)) owners.set(id, owner);
  }
}

/** Keeps what became of each record, and what a person must do. */
async function finish(world: World, one: LeaverCase, ledgers: readonly Ledger[]): Promise<void> {
  const { leavers } = world.store;
  const records = ledgers.flatMap((ledger) => ledger.records);
  const before = new Map((await leavers.records(one.leaving)).map((record) => [keyOf(record), record]));
  await leavers.putRecords(
    one.leaving,
    records.filter((record) => {
      const stood = before.get(keyOf(record));
      return stood?.state !== record.state || stood.code !== record.code || stood.toOwner !== record.toOwner;
    }),
  );
  const needed = [...ledgers.flatMap(({ plan }) => plan.steps), ...stepsOfRefused(records)];
  await putSteps(world, one, needed, !ledgers.some(({ plan }) => plan.nobody));
  const counts = await leavers.recordCounts(one.leaving);
  const [ledger] = ledgers;
  const groups = ledgers.flatMap(({ plan }) => plan.moves.flatMap(({ name }) => name ?? []));
  if (ledger)
    await noteOfLeaver(world, one, ledger.person, 'leaver.handed_over', {
      what: ledger.plan.nobody ? 'found nobody who could take over' : 'handed over what they owned',
      queries: QUERIES,
      rows: rowsOf(counts),
      after: counts,
      proof: 'verified',
    });
  if (ledger && groups.length > 0)
    await noteOfLeaver(world, one, ledger.person, 'leaver.handed_over', {
      what: 'took them out of queues and groups',
      before: { groups },
    });
}

/** By what the book is read, for the auditor who asks how a list came about. */
const QUERIES = {
  Account: 'owner is the user',
  Opportunity: 'owner is the user, open and closed',
  Lead: 'owner is the user, not converted',
  Case: 'owner is the user, not closed',
  GroupMember: 'member is the user, of queues and public groups',
  ProcessInstanceWorkitem: 'actor is the user',
  User: 'a custom field names the user',
  AccountTeamMember: 'member is the user',
  OpportunityTeamMember: 'member is the user, of open opportunities',
  OpportunitySplit: 'split owner is the user, of open opportunities: a step',
} as const;

/** How many rows these queries gave, by object. */
function rowsOf(
  counts: readonly { readonly object: string; readonly count: number }[],
): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const { object, count } of counts) rows[object] = (rows[object] ?? 0) + count;
  return rows;
}

/** @param all whether all was looked at: then what isn't needed any more is over */
async function putSteps(
  world: World,
  one: LeaverCase,
  needed: readonly HandoverStep[],
  all: boolean,
): Promise<void> {
  const known = (await world.store.leavers.items(one.leaving)).filter(
    (item) => all || needed.some(({ id }) => id === item.id),
  );
  const { leaving } = pinnedPolicy(world.handbook(), one.policyVersion);
  await world.store.leavers.putItems(one.leaving, stepsNow(one, needed, known, leaving));
}
