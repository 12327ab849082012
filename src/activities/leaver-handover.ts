import type { BookMove } from '../domain/book';
import { planHandover, type HandoverPlan, type HandoverRules } from '../domain/handover';
import type { Handbook } from '../domain/handbook';
import { isSettled, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { LeaverRecord } from '../evidence/leavers';
import type { PersonRecord } from '../evidence/store';
import { localTime } from '../handbook/business-time';
import type { BookKeeper } from '../systems/leavers';
import { noteEnded, noteOfLeaver } from './leaver-record';
import { seatsCameFree } from './seats';
import { memberByEmail, pinnedPolicy, type ReadWorld, type World } from './world';

/** One leaver's user in Salesforce, and what becomes of what it owns. */
interface Estate {
  readonly one: LeaverCase;
  readonly person: PersonRecord;
  readonly userId: string;
  readonly plan: HandoverPlan;
}

/**
 * Plans what would go to whom for all of these together; reads only. Several users of one leaver are planned each.
 *
 * @param found what a sweep found, by leaving; without it, what the store knows
 */
export async function planEstates(
  world: ReadWorld,
  cases: readonly LeaverCase[],
  found?: ReadonlyMap<string, readonly LeaverItem[]>,
): Promise<readonly Estate[]> {
  const { books } = world.connector('salesforce');
  if (!books) return [];
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  const items = found ?? (await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving)));
  const owners = cases.flatMap((one) => {
    const person = people.get(one.employeeId);
    const users = usersOf(items.get(one.leaving) ?? []);
    return person ? users.map((userId) => ({ one, person, userId })) : [];
  });
  if (owners.length === 0) return [];
  const handbook = world.handbook();
  const managers = new Map(
    await Promise.all(
      owners.map(async ({ one, person }) => [one.leaving, await managersAbove(world, one, person)] as const),
    ),
  );
  const policies = owners.map(({ one }) => pinnedPolicy(handbook, one.policyVersion).leaving.records);
  const addresses = [
    ...handbook.territories.flatMap(({ owner, cover }) => [owner, cover]),
    ...[...managers.values()].flat(),
    ...policies.map(({ parkingOwner }) => parkingOwner),
  ].flatMap((address) => (address === null ? [] : [address.toLowerCase()]));
  const [active, all, assignmentRules] = [
    await books.activeUsers([...new Set(addresses)]),
    await books.booksOf(owners.map(({ userId }) => userId)),
    await books.assignmentRules(),
  ];
  const leaving = await leavingAddresses(world);
  const heirs = new Map(
    [...active]
      .map(([email, id]) => [email.toLowerCase(), id] as const)
      .filter(([email]) => !leaving.has(email)),
  );
  return owners.flatMap(({ one, person, userId }, at): Estate[] => {
    const book = all.get(userId);
    const records = policies[at];
    if (!book || !records) return [];
    const rules: HandoverRules = {
      records,
      territories: handbook.territories,
      heirs,
      leaver: person.email,
      managers: managers.get(one.leaving) ?? [],
      assignmentRules,
      day: localTime(one.timeZero, person.timeZone).date,
    };
    return [{ one, person, userId, plan: planHandover(book, rules) }];
  });
}

/** The leaver's users in Salesforce, as they were found. */
const usersOf = (items: readonly LeaverItem[]): readonly string[] => [
  ...new Set(
    items
      .filter(({ id }) => id === 'salesforce')
      .flatMap(({ found }) => found)
      .filter(({ connection }) => connection === 'salesforce')
      .map(({ accountId }) => accountId),
  ),
];

/** Who covers: the successor whom somebody named, the manager, and who stands above; a loop ends where it began. */
async function managersAbove(
  world: ReadWorld,
  one: LeaverCase,
  person: PersonRecord,
): Promise<readonly string[]> {
  const { people } = world.handbook();
  const above: string[] = one.successor === null ? [] : [one.successor];
  const seen = new Set([person.email.toLowerCase()]);
  for (let next = person.managerEmail; next && !seen.has(next.toLowerCase());) {
    above.push(next);
    seen.add(next.toLowerCase());
    const known = await world.store.personByEmail(next);
    next = memberByEmail(people, next)?.managerEmail ?? known?.managerEmail ?? null;
  }
  return above;
}

/** Addresses of those who leave or have left themselves: nobody inherits from daytwo only to hand it on. */
async function leavingAddresses(world: ReadWorld): Promise<ReadonlySet<string>> {
  const others = await world.store.leavers.inPhase([
    'announced',
    'frozen',
    'suspended',
    'taken',
    'watched',
    'ended',
  ]);
  const gone = await world.store.peopleById(others.map(({ employeeId }) => employeeId));
  return new Set(
    [...gone.values()]
      .filter(({ status }) => status === 'leaving' || status === 'left')
      .map(({ email }) => email.toLowerCase()),
  );
}

/**
 * Hands over what these people own, all together: written down first, then moved in hundreds, then read back. Closed opportunities
 * that Salesforce moved along with their account are put back to whose they were, before that user is deactivated. Done
 * again after a death in the middle, what is done is seen, and the rest is done once.
 */
export async function handOverAll(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const { books } = world.connector('salesforce');
  if (!books) return;
  const estates = await planEstates(world, cases);
  for (const estate of estates) await writeDown(world, estate);
  const moves = estates.flatMap(({ plan }) => plan.moves);
  const refused = await books.move(moves.filter(({ object }) => object === 'Account'));
  // Those that go elsewhere are moved after what moved along with its account.
  const rest = await books.move(moves.filter(({ object }) => object !== 'Account'));
  const codes = new Map([...refused, ...rest]);
  const putBack = await keepOwners(world, books, cases);
  for (const estate of estates) await finish(world, estate, codes, putBack);
}

async function writeDown(world: World, { one, userId, plan }: Estate): Promise<void> {
  const known = new Map(
    (await world.store.leavers.records(one.leaving)).map((record) => [
      `${record.object}/${record.recordId}`,
      record,
    ]),
  );
  const records: LeaverRecord[] = [
    ...plan.moves.map((move) => recordOf(move, userId)),
    ...plan.stays.map((id) => ({
      object: 'Opportunity',
      recordId: id,
      what: 'stay' as const,
      fromOwner: userId,
      toOwner: null,
      state: 'planned' as const,
      code: null,
    })),
  ];
  await world.store.leavers.putRecords(
    one.leaving,
    // What was to stay stays: after its account moved, it may show another owner.
    records.filter(({ object, recordId }) => known.get(`${object}/${recordId}`)?.what !== 'stay'),
  );
}

const recordOf = ({ object, id, field, to }: BookMove, userId: string): LeaverRecord => ({
  object,
  recordId: id,
  what: field === null ? 'remove' : 'move',
  fromOwner: userId,
  toOwner: to,
  state: 'planned',
  code: null,
});

/** "Closed opportunities untouched": reads who owns those that were to stay, and puts right what the org did. */
async function keepOwners(
  world: World,
  books: BookKeeper,
  cases: readonly LeaverCase[],
): Promise<ReadonlyMap<string, 'done' | 'put_back' | 'refused'>> {
  const stays = (await Promise.all(cases.map(({ leaving }) => world.store.leavers.records(leaving))))
    .flat()
    .filter(({ what, object }) => what === 'stay' && object === 'Opportunity');
  const states = new Map<string, 'done' | 'put_back' | 'refused'>();
  if (stays.length === 0) return states;
  const ids = stays.map(({ recordId }) => recordId);
  const owners = await books.ownersOf('Opportunity', ids);
  const moved = stays.filter(({ recordId, fromOwner }) => owners.get(recordId) !== fromOwner);
  for (const { recordId } of stays) states.set(recordId, 'done');
  if (moved.length === 0) return states;
  await books.move(
    moved.map(({ recordId, fromOwner }) => ({
      object: 'Opportunity',
      id: recordId,
      field: 'OwnerId',
      to: fromOwner,
    })),
  );
  const after = await books.ownersOf(
    'Opportunity',
    moved.map(({ recordId }) => recordId),
  );
  for (const { recordId, fromOwner } of moved)
    states.set(recordId, after.get(recordId) === fromOwner ? 'put_back' : 'refused');
  return states;
}

/** Says what became of each record, reads back who owns what, and what a person must do. */
async function finish(
  world: World,
  { one, person, plan }: Estate,
  codes: ReadonlyMap<string, string>,
  putBack: ReadonlyMap<string, 'done' | 'put_back' | 'refused'>,
): Promise<void> {
  const records = (await world.store.leavers.records(one.leaving)).filter(
    ({ object }) => !object.includes('/'),
  );
  const next = records.map((record): LeaverRecord => {
    if (record.what === 'stay') {
      const state = putBack.get(record.recordId) ?? record.state;
      // Once put back, it was: the evidence keeps that the org had moved it.
      return { ...record, state: record.state === 'put_back' && state === 'done' ? 'put_back' : state };
    }
    const code = codes.get(record.recordId) ?? null;
    return { ...record, state: code === null ? 'done' : 'refused', code };
  });
  await world.store.leavers.putRecords(one.leaving, next);
  const refused = next.filter(({ state }) => state === 'refused');
  const items = [
    ...plan.steps.map((step) => stepItem(world.handbook(), one, step)),
    ...refusedItem(world.handbook(), one, refused),
  ];
  const known = new Map((await world.store.leavers.items(one.leaving)).map((item) => [item.id, item]));
  await world.store.leavers.putItems(
    one.leaving,
    items.filter(({ id }) => !known.has(id)),
  );
  await noteOfLeaver(world, one, person, 'leaver.handed_over', {
    what: plan.nobody ? 'found nobody who could take over' : 'handed over what they owned',
    after: await world.store.leavers.recordCounts(one.leaving),
    proof: 'verified',
  });
}

const stepItem = (
  _handbook: Handbook,
  one: LeaverCase,
  { id, text }: { readonly id: string; readonly text: string },
): LeaverItem => ({
  id,
  kind: 'step',
  system: 'salesforce',
  text,
  status: 'open',
  found: [],
  how: null,
  by: null,
  at: null,
  dueAt: new Date(Date.parse(one.timeZero) + 86_400_000).toISOString(),
  reminded: 0,
  problem: null,
});

function refusedItem(handbook: Handbook, one: LeaverCase, refused: readonly LeaverRecord[]): LeaverItem[] {
  if (refused.length === 0) return [];
  const codes = [...new Set(refused.map(({ code }) => code ?? 'UNKNOWN'))].filter((code) =>
    /^[A-Z_]+$/.test(code),
  );
  const objects = [...new Set(refused.map(({ object }) => object))].join(', ');
  return [
    stepItem(handbook, one, {
      id: 'step/salesforce/refused',
      text: `Salesforce: give these records another owner, it refused ${refused.length} (${objects}): \`${codes.join(', ') || 'no code'}\``,
    }),
  ];
}

/**
 * Deactivates their users, and reads it back: that frees the licence. What is in the way becomes a named step; the user stays frozen,
 * and it is tried again when the step is ticked, and daily.
 */
export async function endUsers(world: World, cases: readonly LeaverCase[]): Promise<void> {
  const { leavers } = world.connector('salesforce');
  if (!leavers) return;
  const people = await world.store.peopleById(cases.map(({ employeeId }) => employeeId));
  const items = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  const open = cases.flatMap((one) => {
    const all = items.get(one.leaving) ?? [];
    const item = all.find(({ id }) => id === 'salesforce');
    // Nothing is deactivated while what it owns could go to nobody.
    const heirless = all.some(({ id, status }) => id === 'step/salesforce/no-heir' && status === 'open');
    return item && !isSettled(item) && !heirless ? [{ one, item, all }] : [];
  });
  const accounts = open.flatMap(({ item }) =>
    item.found.filter(({ connection }) => connection === 'salesforce'),
  );
  if (accounts.length === 0) return;
  const outcomes = await leavers.end(accounts);
  let freed = false;
  for (const { one, item, all } of open) {
    const person = people.get(one.employeeId);
    if (!person) continue;
    const theirs = item.found.flatMap(({ accountId }) => {
      const outcome = outcomes.get(accountId);
      return outcome ? [outcome] : [];
    });
    if (theirs.length === 0) continue;
    const blocked = theirs.find((outcome) => outcome.kind === 'refused');
    const away = theirs.find((outcome) => outcome.kind === 'waiting_for_system');
    if (blocked?.kind === 'refused') await block(world, one, item, all, blocked);
    else if (away?.kind === 'waiting_for_system')
      await world.store.leavers.putItems(one.leaving, [
        { ...item, problem: `${away.system} does not answer: ${away.code}` },
      ]);
    else {
      const done: LeaverItem = {
        ...item,
        status: 'revoked',
        how: 'verified',
        by: 'daytwo',
        at: new Date().toISOString(),
        problem: null,
      };
      const solved = all
        .filter(({ kind, status }) => kind === 'blocker' && status === 'open')
        .map((blocker): LeaverItem => ({
          ...blocker,
          status: 'done',
          how: 'verified',
          by: 'daytwo',
          at: done.at,
        }));
      await world.store.leavers.putItems(one.leaving, [done, ...solved]);
      await noteEnded(world, one, person, done);
      freed = true;
    }
  }
  if (freed) await seatsCameFree(world, [{ kind: 'salesforce-user' }]);
}

async function block(
  world: World,
  one: LeaverCase,
  item: LeaverItem,
  all: readonly LeaverItem[],
  { code, blocker, mend }: { readonly code: string; readonly blocker: string; readonly mend: string },
): Promise<void> {
  const id = `blocker/salesforce/${blocker
    .replace(/[^a-z]+/gi, '-')
    .toLowerCase()
    .slice(0, 60)}`;
  const known = all.find((other) => other.id === id);
  const others = all
    .filter((other) => other.kind === 'blocker' && other.id !== id && other.status === 'open')
    .map((other): LeaverItem => ({
      ...other,
      status: 'done',
      how: 'verified',
      by: 'daytwo',
      at: new Date().toISOString(),
    }));
  await world.store.leavers.putItems(one.leaving, [
    { ...item, problem: `the user is frozen, but not deactivated: ${blocker}` },
    ...others,
    {
      id,
      kind: 'blocker',
      system: 'salesforce',
      text: `Salesforce does not deactivate the user, since ${blocker}. ${mend}`,
      status: 'open',
      found: [],
      how: null,
      by: null,
      at: null,
      dueAt: item.dueAt,
      reminded: known?.reminded ?? 0,
      problem: known && isSettled(known) ? `it is in the way still: ${code}` : null,
    },
  ]);
}
