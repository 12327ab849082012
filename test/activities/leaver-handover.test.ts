import { planEstates } from '../../src/activities/leaver-estates';
import { endUsers } from '../../src/activities/leaver-ending';
import { handOverAll, handOverLatecomers } from '../../src/activities/leaver-handover';
import { tryAgain } from '../../src/activities/leaver-retry';
import { recordOf } from '../../src/activities/world';
import { SystemFault } from '../../src/systems/fault';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import { leaverCase } from '../domain/leaver';
import { accountExecutive } from '../support/desk';
import { addressOf } from '../systems/leaver-org';
import { Ground } from './ground';
import { DANA, Estates, PETE } from './leaver-estate';

let ground: Ground;
let estates: Estates;
let dana: string;
let pete: string;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  estates = new Estates(ground);
  [dana, pete] = [await estates.userOf(DANA), await estates.userOf(PETE)];
});
afterAll(() => ground.stop());

const TERRITORIES = ['MM-EMEA-Central-1', 'Atlantis'];
const HELD_UNTIL = '2027-02-24';
const CLOSED = ' AND IsClosed = true';

/** What an opportunity is now, as it should be by the words of the handbook. */
async function opportunities(ids: readonly string[]) {
  const rows = await estates.rows(
    'Opportunity',
    'OwnerId, StageName, IsClosed, Account.Account_Territory__c, Holdover_Expiration_Date__c',
    `Id IN (${ids.map(literal).join(',')})`,
  );
  return rows.map((row) => ({
    closed: row['IsClosed'] === true,
    late: /^[3-6]/.test(textOf(row, 'StageName')),
    central: textOf(row['Account'] as typeof row, 'Account_Territory__c') === 'MM-EMEA-Central-1',
    owner: textOf(row, 'OwnerId'),
    until: row['Holdover_Expiration_Date__c'] ?? null,
  }));
}

async function shouldBe(userId: string, ids: readonly string[]): Promise<void> {
  const now = await opportunities(ids);
  expect(now).toHaveLength(ids.length);
  for (const { closed, late, central, owner, until } of now) {
    expect(owner).toBe(closed ? userId : late ? dana : central ? pete : dana);
    expect(until).toBe(!closed && late ? HELD_UNTIL : null);
  }
  for (const object of ['Lead', 'Account', 'Case']) expect(await estates.owned(object, userId)).toBe(0);
}

const idsOf = async (userId: string): Promise<string[]> =>
  (await estates.rows('Opportunity', 'OwnerId', `OwnerId = ${literal(userId)}`)).map((row) =>
    textOf(row, 'Id'),
  );

/** No record changed hands twice. */
const once = (): void => {
  const ids = estates.made.map(({ object, id }) => `${object}/${id}`);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
};

test('300 leads, 40 accounts, 15 open and 60 closed opportunities: each has one new owner, closed ones none', async () => {
  const { one, userId } = await estates.leaver('1', {
    leads: 300,
    accounts: 40,
    open: 15,
    closed: 60,
    cases: 4,
    teams: 5,
    queues: 2,
    approvals: 2,
    territories: TERRITORIES,
  });
  const ids = await idsOf(userId);
  const seen = await estates.at.watch();
  await handOverAll(estates.world(), [one]);
  expect((await seen()).length).toBeLessThanOrEqual(30);
  await shouldBe(userId, ids);
  once();
  expect(await estates.owned('Opportunity', userId)).toBe(60);
  expect([await estates.owned('Account', pete), await estates.owned('Account', dana)]).toEqual([20, 20]);
  expect(await estates.owned('Lead', dana)).toBe(300);
  const counts = await ground.store.leavers.recordCounts(one.leaving);
  expect(counts).toContainEqual({ object: 'Opportunity', what: 'stay', state: 'put_back', count: 60 });
  expect(counts.filter(({ state }) => state === 'planned' || state === 'refused')).toEqual([]);
  const [row] = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'leaver.handed_over');
  expect(row?.detail).toMatchObject({
    rows: { Account: 40, Opportunity: 75, Lead: 300, Case: 4, GroupMember: 2 },
    queries: { Lead: 'owner is the user, not converted' },
  });

  const before = [await ground.store.leavers.records(one.leaving), await ground.store.rowsAfter(0)];
  estates.made.splice(0);
  await handOverAll(estates.world(), [one]);
  expect(estates.made).toEqual([]);
  expect([await ground.store.leavers.records(one.leaving), await ground.store.rowsAfter(0)]).toEqual(before);
});

test('the largest book costs at most 60 requests, from the freeze until the user is inactive', async () => {
  const { one, userId } = await estates.leaver('1', {
    leads: 3000,
    accounts: 400,
    open: 150,
    closed: 600,
    cases: 10,
    teams: 10,
    queues: 2,
    approvals: 2,
    territories: TERRITORIES,
  });
  const { leaving } = one;
  const now = new Date().toISOString();
  const workflowExecution = { workflowId: 'offboarding/1', runId: 'r' };
  const seen = await estates.at.watch();
  await ground.run('freezeLeavers', { leaving, actions: ['admin_rights', 'sign_in'], now });
  await ground.run('takeLeavers', { leaving, now }, { workflowExecution });
  expect((await seen()).length).toBeLessThanOrEqual(60);
  expect(await estates.isActive(userId)).toBe(false);
  expect([await estates.owned('Opportunity', userId), await estates.owned('Lead', userId)]).toEqual([600, 0]);
}, 120_000);

test.each([
  ['between two calls', false],
  ['within a call', true],
])(
  'killed %s, at each of them: the next try finishes it, and nothing is handed over twice',
  async (_, half) => {
    for (let call = 1; ; call++) {
      estates.made.splice(0);
      const { one, userId } = await estates.leaver(`${call}`, {
        seed: call,
        leads: 3,
        accounts: 4,
        open: 8,
        closed: 6,
        cases: 2,
        queues: 2,
        approvals: 2,
        territories: TERRITORIES,
      });
      const ids = await idsOf(userId);
      const { world, calls } = estates.dying(call, half);
      const died = await handOverAll(world, [one]).then(
        () => false,
        () => true,
      );
      if (died) await handOverAll(estates.world(), [one]);
      await shouldBe(userId, ids);
      once();
      const counts = await ground.store.leavers.recordCounts(one.leaving);
      expect(counts.filter(({ state }) => state === 'planned' || state === 'refused')).toEqual([]);
      if (died) continue;
      expect(calls()).toBeGreaterThan(6);
      break;
    }
  },
);

test('where the org moves no opportunity with its account, the open ones are handed over nevertheless', async () => {
  await ground.systems.salesforce('PATCH', '/settings', { ownersStay: true });
  const { one, userId } = await estates.leaver('1', {
    accounts: 4,
    open: 8,
    closed: 4,
    territories: TERRITORIES,
  });
  const ids = await idsOf(userId);
  await handOverAll(estates.world(), [one]);
  await shouldBe(userId, ids);
  expect(await ground.store.leavers.recordCounts(one.leaving)).toContainEqual({
    object: 'Opportunity',
    what: 'stay',
    state: 'done',
    count: 4,
  });
});

test('a closed one that can’t be given back keeps the user from being deactivated, until it is', async () => {
  const { one, userId } = await estates.leaver('1', { accounts: 1, closed: 2 });
  const world = estates.world((books) => ({
    move: async (moves) => {
      const back = moves.filter(({ to }) => to === userId);
      const refused = await books.move(moves.filter(({ to }) => to !== userId));
      return new Map([...refused, ...back.map(({ id }) => [id, 'TRANSFER_REQUIRES_READ'] as const)]);
    },
  }));
  await handOverAll(world, [one]);
  await endUsers(world, [one]);
  expect(await estates.isActive(userId)).toBe(true);
  const step = await estates.item(one, 'step/salesforce/closed');
  expect(step).toMatchObject({ status: 'open', text: expect.stringContaining('`TRANSFER_REQUIRES_READ`') });
  // Ticked though it isn't so: it is open again.
  const ticked = step && { ...step, status: 'done' as const, how: 'attested' as const, by: 'ines-systems' };
  if (ticked) await ground.store.leavers.putItems(one.leaving, [ticked]);
  const taken = { ...one, takenAt: one.timeZero };
  await tryAgain(world, [taken]);
  expect(await estates.item(one, 'step/salesforce/closed')).toMatchObject({
    status: 'open',
    problem: 'it is so still',
  });
  expect(await estates.isActive(userId)).toBe(true);
  await tryAgain(estates.world(), [taken]);
  expect(await estates.owned('Opportunity', userId, CLOSED)).toBe(2);
  expect(await estates.item(one, 'step/salesforce/closed')).toMatchObject({
    status: 'done',
    how: 'verified',
  });
  expect(await estates.isActive(userId)).toBe(false);
});

test('nobody can take over: the user stays frozen; once somebody can, all is handed over and the user ended', async () => {
  ground.handbook = {
    ...ground.handbook,
    policies: ground.handbook.policies.map((policy) => ({
      ...policy,
      leaving: {
        ...policy.leaving,
        records: { ...policy.leaving.records, parkingOwner: 'nobody@daytwo.example' },
      },
    })),
  };
  const { one, userId } = await estates.leaver('1', { leads: 2, accounts: 1, closed: 1 }, null);
  await handOverAll(estates.world(), [one]);
  await endUsers(estates.world(), [one]);
  expect(await estates.isActive(userId)).toBe(true);
  expect(await estates.item(one, 'step/salesforce/no-heir')).toMatchObject({ status: 'open' });
  const taken = { ...one, takenAt: one.timeZero, successor: PETE };
  await tryAgain(estates.world(), [taken]);
  expect(await estates.owned('Lead', pete)).toBe(2);
  expect(await estates.item(one, 'step/salesforce/no-heir')).toMatchObject({
    status: 'done',
    how: 'verified',
  });
  expect(await estates.isActive(userId)).toBe(false);
});

test('a refusal of one book is a step of that leaver; the others are handed over and ended', async () => {
  const bad = await estates.leaver('1', { leads: 1 });
  const good = await estates.leaver('2', { seed: 8, leads: 2 });
  const world = estates.world((books) => ({
    booksOf: (ids) => {
      if (!ids.includes(bad.userId)) return books.booksOf(ids);
      return Promise.reject(new SystemFault('salesforce', 'INVALID_FIELD', false, 'a query was refused'));
    },
  }));
  await handOverAll(world, [bad.one, good.one]);
  await endUsers(world, [bad.one, good.one]);
  expect(await estates.item(bad.one, 'step/salesforce/unread')).toMatchObject({
    status: 'open',
    text: expect.stringContaining('`INVALID_FIELD`'),
  });
  expect([await estates.isActive(bad.userId), await estates.isActive(good.userId)]).toEqual([true, false]);
  expect(await estates.owned('Lead', dana)).toBe(2);
});

test('of two who leave at one hour neither takes over from the other', async () => {
  const boss = await estates.leaver('1', { leads: 1 });
  const report = await estates.leaver('2', { seed: 8, leads: 2 }, 'leaver1@daytwo.example');
  await handOverAll(estates.world(), [boss.one, report.one]);
  expect(await estates.owned('Lead', boss.userId)).toBe(0);
  expect(await estates.owned('Lead', dana)).toBe(3);
});

test('a lead that comes in after the book was read is handed over before the user ends; nothing else is done twice', async () => {
  const { one, userId } = await estates.leaver('1', { leads: 2, accounts: 1, closed: 1, queues: 1 });
  await handOverAll(estates.world(), [one]);
  estates.made.splice(0);
  await handOverLatecomers(estates.world(), [one], 'routed');
  expect(estates.made).toEqual([]);
  const [late] = await estates.at.make('Lead', [{ LastName: 'Late', Company: 'Late', OwnerId: userId }]);
  // And one that went round: routing gave it back to the leaver.
  const [back] = await estates.rows('Lead', 'OwnerId', `OwnerId = ${literal(dana)}`);
  await estates.at.change('Lead', textOf(back, 'Id'), { OwnerId: userId });
  await handOverLatecomers(estates.world(), [one], 'routed');
  expect(estates.made.map(({ id }) => id).sort()).toEqual([late, textOf(back, 'Id')].sort());
  expect([await estates.owned('Lead', userId), await estates.owned('Lead', dana)]).toEqual([0, 3]);
  expect(await estates.owned('Opportunity', userId)).toBe(1);
  const counts = await ground.store.leavers.recordCounts(one.leaving);
  expect(counts).toContainEqual({ object: 'Lead', what: 'move', state: 'done', count: 3 });
});

test('team memberships of open opportunities end, their splits are a step; closed ones keep both', async () => {
  const { one, userId } = await estates.leaver('1', { accounts: 2, open: 3, closed: 2, teams: 2, splits: 2 });
  const [closed] = await estates.rows(
    'Opportunity',
    'OwnerId',
    `OwnerId = ${literal(userId)} AND IsClosed = true`,
  );
  const id = textOf(closed, 'Id');
  const [type] = await estates.rows('OpportunitySplitType', 'DeveloperName', "DeveloperName = 'Revenue'");
  await estates.at.one('OpportunityTeamMember', { OpportunityId: id, UserId: userId });
  await estates.at.one('OpportunitySplit', {
    OpportunityId: id,
    SplitOwnerId: userId,
    SplitTypeId: textOf(type, 'Id'),
    SplitPercentage: 50,
  });
  await handOverAll(estates.world(), [one]);
  const step = await estates.item(one, 'step/salesforce/splits');
  expect(step).toMatchObject({ status: 'open', text: expect.stringContaining('open opportunities') });
  expect(step?.text).not.toContain(id);
  expect(
    await estates.rows('OpportunitySplit', 'SplitOwnerId', `OpportunityId = ${literal(id)}`),
  ).toHaveLength(1);
  const members = await estates.rows('OpportunityTeamMember', 'OpportunityId', `UserId = ${literal(userId)}`);
  expect(members.map((row) => textOf(row, 'OpportunityId'))).toEqual([id]);
  estates.made.splice(0);
  await handOverLatecomers(estates.world(), [one], 'routed');
  expect(estates.made).toEqual([]);
});

describe('who covers', () => {
  /** Somebody of whom HR told, with an active user of that name. */
  async function employee(
    id: string,
    name: string,
    manager: string | null,
    status: 'active' | 'left' = 'active',
  ) {
    const {
      employee_id: _i,
      event_id: _e,
      type: _t,
      ...facts
    } = accountExecutive(id, {
      email: addressOf(name),
      manager_email: manager,
    });
    await ground.store.putPerson(recordOf(id, facts, status, '2026-11-01T00:00:00Z'));
  }

  test('a loop of managers who are none of the org ends with the parking owner, who is named', async () => {
    await employee('8', 'Loop8', addressOf('Loop9'));
    await employee('9', 'Loop9', addressOf('Loop8'));
    const { one } = await estates.leaver('1', { leads: 2 }, addressOf('Loop8'));
    const [estate] = await planEstates(estates.world(), [one]);
    expect(estate?.rules.managers).toEqual([addressOf('Loop8'), addressOf('Loop9')]);
    expect(new Set(estate?.plan.moves.map(({ why }) => why))).toEqual(new Set(['the parking owner']));
    await handOverAll(estates.world(), [one]);
    const parking = await estates.userOf(estate?.rules.records.parkingOwner ?? '');
    expect(await estates.owned('Lead', parking)).toBe(2);
  });

  test('a successor who left before time zero, too: the manager has it, and a step says so', async () => {
    await employee('8', 'Heir8', DANA, 'left');
    await estates.at.user('Heir8', { EmployeeNumber: '8' });
    const { one } = await estates.leaver('1', { leads: 2 });
    await handOverAll(estates.world(), [{ ...one, successor: addressOf('Heir8') }]);
    expect(await estates.owned('Lead', dana)).toBe(2);
    expect(await estates.item(one, 'step/salesforce/successor')).toMatchObject({
      status: 'open',
      text: expect.stringContaining('so the manager has it') as unknown,
    });
  });

  test('who was given the address of somebody who left takes over all the same', async () => {
    await employee('7', 'Heir8', DANA, 'left');
    await ground.store.leavers.put(
      leaverCase('7', '2026-01-05', { phase: 'ended', timeZero: '2026-01-05T21:00:00.000Z' }),
    );
    await employee('8', 'Heir8', DANA);
    const heir = await estates.at.user('Heir8', { EmployeeNumber: '8' });
    const { one } = await estates.leaver('1', { leads: 2 });
    await handOverAll(estates.world(), [{ ...one, successor: addressOf('Heir8') }]);
    expect(await estates.owned('Lead', heir)).toBe(2);
  });
});
