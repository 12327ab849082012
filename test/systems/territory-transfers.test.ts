import type { Fault } from '../../src/sandbox/http';
import { Org as SandboxOrg } from '../../src/sandbox/salesforce/org';
import { TerritoryTransfers, type Transfer } from '../../src/systems/salesforce/territory-transfers';
import { Grounds } from '../sandbox/systems';
import { TerritoryOrg } from './territory-org';

const HOLDOVER = 'Holdover_Expiration_Date__c';
const TERRITORY = 'Account_Territory__c';
const grounds = new Grounds();
let at: TerritoryOrg;
let transfers: TerritoryTransfers;
let old = '';
let next = '';
let third = '';
beforeAll(async () => {
  at = await TerritoryOrg.start(grounds);
  transfers = new TerritoryTransfers(at.org);
  const users = await at.org.query(
    "SELECT Id FROM User WHERE Username LIKE '%@example.com' ORDER BY Username",
  );
  [old = '', next = '', third = ''] = users.map((row) => String(row['Id']));
});
afterAll(() => grounds.close());

/** An account of `old` with opportunities of two stages open and one closed, all theirs, and one of somebody else. */
async function transferOf(): Promise<Transfer> {
  const org = new SandboxOrg(at.world);
  const account = org.add('Account', { Name: 'one', OwnerId: old, [TERRITORY]: 'before' }, null);
  const deal = (StageName: string, OwnerId: string): void =>
    void org.add(
      'Opportunity',
      { Name: StageName, StageName, OwnerId, AccountId: account.Id, CloseDate: '2026-12-01' },
      null,
    );
  deal('1-Discovery', old);
  deal('5-Negotiating', old);
  deal('Closed Won', old);
  deal('2-Scoping', third);
  const opportunities = (await transfers.opportunitiesOf([account.Id], HOLDOVER)).map(
    ({ id, stage, ownerId }) => ({
      id,
      from: ownerId,
      // Also a closed one: whoever asks for that is not obeyed.
      to: stage === '5-Negotiating' || ownerId === third ? ownerId : next,
      values: stage === '5-Negotiating' ? { [HOLDOVER]: '2027-02-24' } : {},
    }),
  );
  return {
    id: account.Id,
    from: old,
    to: next,
    values: { [TERRITORY]: 'after' },
    mark: { field: TERRITORY, line: 'after' },
    opportunities,
  };
}

async function ownersOf({ id }: Transfer): Promise<Record<string, string>> {
  const found = await transfers.opportunitiesOf([id], HOLDOVER);
  return Object.fromEntries(found.map(({ stage, ownerId }) => [stage, ownerId]));
}
const RIGHT = () => ({ '1-Discovery': next, '5-Negotiating': old, 'Closed Won': old, '2-Scoping': third });

test.each([false, true])(
  'an account goes with those of its opportunities that shall, no closed one; the org moves none itself: %p',
  async (ownersStay) => {
    const org = new SandboxOrg(at.world);
    org.settings = { ...org.settings, ownersStay };
    const one = await transferOf();
    expect(await transfers.transfer([one])).toEqual(new Map([[one.id, { kind: 'transferred', wrong: [] }]]));
    expect(await ownersOf(one)).toEqual(RIGHT());
    expect(await at.one('Account', one.id, ['OwnerId', TERRITORY])).toEqual({
      OwnerId: next,
      [TERRITORY]: 'after',
    });
    expect(await at.one('Opportunity', one.opportunities[1]!.id, [HOLDOVER])).toEqual({
      [HOLDOVER]: '2027-02-24',
    });
    const { length } = org.ownerChanges;
    expect(await transfers.transfer([one])).toEqual(new Map([[one.id, { kind: 'already', wrong: [] }]]));
    expect(org.ownerChanges).toHaveLength(length);
  },
);

test.each([1, 2])('the answer to write %i is lost: the next try does what is left', async (nth) => {
  const org = new SandboxOrg(at.world);
  org.settings = { ...org.settings, ownersStay: false };
  const one = await transferOf();
  let writes = 0;
  const flaky = new TerritoryTransfers({
    queriesIn: (asked) => at.org.queriesIn(asked),
    retrieve: (...asked) => at.org.retrieve(...asked),
    update: (object, records) => {
      if ((writes += 1) === nth)
        at.world
          .table<Fault>('fault')
          .put(1, { id: 1, system: 'salesforce', kind: 'lose-answer', method: 'PATCH', count: 1 });
      return at.org.update(object, records);
    },
  });
  await expect(flaky.transfer([one])).rejects.toMatchObject({ retryable: true });
  expect((await transfers.transfer([one])).get(one.id)).toEqual({ kind: 'already', wrong: [] });
  expect(await ownersOf(one)).toEqual(RIGHT());
  expect(org.ownerChanges.filter(({ id }) => id === one.id)).toHaveLength(1);
});

test('what was written and then given back by somebody stays there, though the try is made again', async () => {
  const one = await transferOf();
  await transfers.transfer([one]);
  await at.change('Account', one.id, { OwnerId: old });
  expect((await transfers.transfer([one])).get(one.id)).toEqual({ kind: 'changed' });
  expect(await at.one('Account', one.id, ['OwnerId'])).toEqual({ OwnerId: old });
});

test('what somebody moved elsewhere stays there, what closed meanwhile stays whose it was', async () => {
  const [elsewhere, closing, none] = [await transferOf(), await transferOf(), await transferOf()];
  await at.change('Account', elsewhere.id, { OwnerId: third });
  await at.change('Opportunity', closing.opportunities[0]!.id, { StageName: '8-Closed Lost' });
  await at.change('Opportunity', closing.opportunities[1]!.id, { OwnerId: third });
  const gone = { ...none, id: '001dt0099999999AAA' };
  const outcomes = await transfers.transfer([elsewhere, closing, { ...none, to: '' }, gone]);
  expect([...outcomes.values()]).toEqual(
    expect.arrayContaining([
      { kind: 'changed' },
      { kind: 'transferred', wrong: [] },
      { kind: 'refused', code: 'NO_OWNER', again: false },
      { kind: 'gone' },
    ]),
  );
  expect(await at.one('Account', elsewhere.id, ['OwnerId', TERRITORY])).toEqual({
    OwnerId: third,
    [TERRITORY]: 'before',
  });
  expect(await ownersOf(closing)).toEqual({
    '8-Closed Lost': old,
    '5-Negotiating': third,
    'Closed Won': old,
    '2-Scoping': third,
  });
  expect(await at.one('Account', none.id, ['OwnerId'])).toEqual({ OwnerId: old });
});

test('an inactive owner is refused by its code, and nothing moves', async () => {
  const one = await transferOf();
  const org = new SandboxOrg(at.world);
  const user = org.get('User', third)!;
  org.change('User', user, { IsActive: false }, null);
  const outcome = (await transfers.transfer([{ ...one, to: third }])).get(one.id);
  org.change('User', org.get('User', third)!, { IsActive: true }, null);
  expect(outcome).toEqual({ kind: 'refused', code: 'INACTIVE_OWNER_OR_USER', again: false });
  expect((await ownersOf(one))['1-Discovery']).toBe(old);
});
