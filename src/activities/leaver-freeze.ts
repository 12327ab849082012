import { activityInfo } from '@temporalio/activity';
import { openItem, type LeaverCase, type LeaverItem, type LeavingAction } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { calendarOf } from '../handbook/business-time';
import { removalDueAt } from '../handbook/leaving-time';
import { noteGoneFrom } from './absence';
import { keepEvidence } from './keep';
import { gathered } from './leaver-gathering';
import { identitiesOf, systemsOf } from './leaver-identities';
import { aboutOf } from './leaver-record';
import { stopEverywhere, type Frozen } from './leaver-stopping';
import { pinnedPolicy, type World } from './world';

export interface FreezeDue {
  readonly leaving: string;
  readonly actions: readonly LeavingAction[];
  readonly now: string;
}

/** Tries at a system that doesn't answer, until the others' leaving goes on and a person stops the sign-in there. */
const TRIES = 20;

/**
 * Stops the sign-in of a leaver and of all others whose time zero has come, everywhere in parallel: "freeze first", and every one
 * before anything else is done for any. Repeated, it finds what is frozen and says so again.
 *
 * @throws SystemFault while a system may still answer
 */
export async function freezeDue(
  world: World,
  { leaving, actions, now }: FreezeDue,
): Promise<{ readonly frozen: number }> {
  const signIn = actions.includes('sign_in');
  if (!signIn) return freezeAll(world, [await caseOf(world, leaving)], actions, now);
  for (;;) {
    const mine = await caseOf(world, leaving);
    // Another's turn froze this one, too.
    if (isFrozen(mine)) return { frozen: 0 };
    const others = (await world.store.leavers.inPhase(['announced'])).filter(
      (one) => one.leaving !== leaving && one.timeZero <= now,
    );
    const turn = turns.get(leaving);
    if (turn) {
      await turn;
      continue;
    }
    const due = [mine, ...others.filter((one) => !turns.has(one.leaving))];
    const work = freezeAll(world, due, actions, now);
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    for (const one of due) turns.set(one.leaving, ended);
    try {
      return await work;
    } finally {
      for (const one of due) turns.delete(one.leaving);
    }
  }
}

/**
 * Who is being frozen in this process just now, by leaving, until that has ended: those who leave at one hour wake at once, and
 * one of them does it for all. Another process may do the same meanwhile, which changes nothing.
 */
const turns = new Map<string, Promise<void>>();

async function caseOf(world: World, leaving: string): Promise<LeaverCase> {
  const one = await world.store.leavers.get(leaving);
  if (!one) throw new Error(`leaving ${leaving} is not in the store`);
  return one;
}

/** A suspension that became a leaving is frozen already, but its rights over others are still there. */
const isFrozen = ({ phase, event }: LeaverCase): boolean =>
  event.kind === 'suspension' ? phase === 'suspended' : ['frozen', 'taken', 'watched'].includes(phase);

async function freezeAll(
  world: World,
  due: readonly LeaverCase[],
  actions: readonly LeavingAction[],
  now: string,
): Promise<{ readonly frozen: number }> {
  const signIn = actions.includes('sign_in');
  const [mine] = due;
  const { people, identities } = await identitiesOf(world, due);
  // A suspension is undone: who can't sign in has no use of rights over others, so they stay as they are.
  const lasting = new Set(
    due.filter(({ event }) => event.kind !== 'suspension').map(({ employeeId }) => employeeId),
  );
  const leavers = due.flatMap((one) => {
    const person = people.get(one.employeeId);
    return person ? [{ one, person }] : [];
  });
  const frozen = await stopEverywhere(world, { leavers, identities, lasting, actions });
  const passing = frozen.find(({ fault }) => fault?.retryable)?.fault;
  if (passing && activityInfo().attempt < TRIES) throw passing;
  for (const one of due) {
    const person = people.get(one.employeeId);
    if (!person) continue;
    const at = new Date().toISOString();
    const items = itemsOf(world, one, person, frozen, signIn);
    const known = new Map((await world.store.leavers.items(one.leaving)).map((item) => [item.id, item]));
    await world.store.leavers.putItems(
      one.leaving,
      items.filter(({ id }) => !known.has(id)),
    );
    await keepRights(world, one, frozen);
    if (signIn)
      await world.store.leavers.put({
        ...one,
        phase: one.event.kind === 'suspension' ? 'suspended' : 'frozen',
        frozenAt: one.frozenAt ?? at,
      });
    await note(world, one, person, frozen, signIn, at);
    if (signIn && person.status !== 'left' && one.event.kind !== 'suspension')
      await world.store.putPerson({ ...person, status: 'left', updatedAt: now });
    // The call has begun before time zero: what waits on them elsewhere goes on without them from now.
    if (signIn && now < one.timeZero) await noteGoneFrom(world, person.email, now, now);
    if (one !== mine) await world.hints.leaverChanged(`offboarding/${one.employeeId}`);
  }
  if (signIn) await gathered(world, due);
  return { frozen: due.length };
}

/** What was there when it was frozen, system by system; and what a person must stop. */
function itemsOf(
  world: World,
  one: LeaverCase,
  person: { readonly timeZone: string; readonly country: string },
  frozen: readonly Frozen[],
  signIn: boolean,
): readonly LeaverItem[] {
  if (!signIn) return [];
  const handbook = world.handbook();
  const calendar = calendarOf(handbook, pinnedPolicy(handbook, one.policyVersion), person);
  const found = frozen.flatMap(({ accounts }) => accounts.get(one.employeeId) ?? []);
  const items: LeaverItem[] = handbook.systems.flatMap((system) => {
    const theirs = found.filter((account) => systemsOf(handbook.systems, account).includes(system));
    return theirs.length === 0
      ? []
      : [
          openItem({
            id: system.key,
            kind: 'system',
            system: system.key,
            text: '',
            found: theirs.map(({ federationId: _, ...account }) => ({ ...account, asked: true })),
            dueAt: removalDueAt(one.timeZero, system.removalDeadlineDays, calendar),
          }),
        ];
  });
  for (const { connection, accounts, refused, fault } of frozen) {
    const codes = (accounts.get(one.employeeId) ?? []).flatMap(
      ({ accountId }) => refused.get(accountId) ?? [],
    );
    const code = fault?.code ?? codes[0];
    if (code === undefined) continue;
    const system = handbook.systems.find(({ ways }) =>
      ways.some((way) =>
        'connection' in way ? `scim/${way.connection}` === connection : way.kind.startsWith(connection),
      ),
    );
    items.push(
      openItem({
        id: `step/freeze/${connection.replace(/\//g, '-')}`,
        kind: 'step',
        system: system?.key ?? null,
        text: `Stop their sign-in in \`${connection}\` by hand: it did not take the change`,
        dueAt: one.timeZero,
        problem: `${connection} said ${code}`,
      }),
    );
  }
  return items;
}

/** Rights that were taken are kept by their names, for whoever asks what somebody had. */
async function keepRights(world: World, one: LeaverCase, frozen: readonly Frozen[]): Promise<void> {
  const records = frozen.flatMap(({ connection, accounts, rights }) =>
    (accounts.get(one.employeeId) ?? []).flatMap(({ accountId }) =>
      (rights.get(accountId) ?? []).map((name) => ({
        object: `right/${connection}`,
        recordId: `${accountId}/${name}`,
        what: 'remove' as const,
        fromOwner: accountId,
        toOwner: null,
        state: 'done' as const,
        code: null,
      })),
    ),
  );
  if (records.length > 0) await world.store.leavers.putRecords(one.leaving, records);
}

async function note(
  world: World,
  one: LeaverCase,
  person: Pick<PersonRecord, 'timeZone'>,
  frozen: readonly Frozen[],
  signIn: boolean,
  at: string,
): Promise<void> {
  const counts = Object.fromEntries(
    frozen.map(({ connection, accounts, fault }) => [
      connection,
      fault ? `fault ${fault.code}` : (accounts.get(one.employeeId)?.length ?? 0),
    ]),
  );
  const rights = frozen.flatMap(({ accounts, rights: taken }) =>
    (accounts.get(one.employeeId) ?? []).flatMap(({ accountId }) => taken.get(accountId) ?? []),
  );
  await keepEvidence(world, [
    {
      ...aboutOf(one, person),
      id: `${one.leaving}/${signIn ? 'frozen' : 'admin_rights'}`,
      at,
      request: null,
      kind: signIn ? 'leaver.frozen' : 'leaver.admin_rights',
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: signIn ? 'stopped sign-in everywhere' : 'took rights over others’ access',
        after: { accounts: counts, rights },
        time_zero: one.timeZero,
        proof: 'verified',
        policy: one.policyVersion,
      },
    },
  ]);
}
