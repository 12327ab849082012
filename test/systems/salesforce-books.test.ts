import type { BookMove } from '../../src/systems/leavers';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import { Systems } from './fixture';
import { accountOf, addressOf, LeaverOrg } from './leaver-org';

let systems: Systems;
let at: LeaverOrg;
beforeAll(async () => {
  systems = await Systems.start();
});
beforeEach(async () => {
  await systems.reset();
  at = new LeaverOrg(systems);
});
afterAll(() => systems.stop());

const books = () => at.salesforce.books;
const bookOf = async (id: string) => {
  const book = (await books().booksOf([id])).get(id);
  if (!book) throw new Error('no book');
  return book;
};
const owner = async (object: string, id: string) => (await books().ownersOf(object, [id])).get(id);
const move = (object: string, id: string, field: string | null, to: string | null): BookMove => ({
  object,
  id,
  field,
  to,
});

describe('what they own', () => {
  test('of each kind what counts, and what is done with is left out', async () => {
    const [ada, ben] = await pair();
    const lead = await at.one('Lead', { LastName: 'L', Company: 'C', OwnerId: ada });
    const open = await at.one('Case', { Subject: 'S', OwnerId: ada });
    await at.one('Case', { Subject: 'S', Status: 'Closed', OwnerId: ada });
    const account = await at.one('Account', { Name: 'A', OwnerId: ada, Account_Territory__c: 'MM-EMEA-1' });
    const without = await at.one('Account', { Name: 'B', OwnerId: ada });
    const won = await at.one('Opportunity', {
      Name: 'O',
      AccountId: account,
      StageName: 'Closed Won',
      CloseDate: '2026-10-31',
      OwnerId: ada,
    });
    const running = await at.one('Opportunity', {
      Name: 'P',
      StageName: '2-Scoping',
      CloseDate: '2026-12-31',
      OwnerId: ada,
    });
    const queue = await at.one('Group', { Name: 'Renewals', Type: 'Queue' });
    const member = await at.one('GroupMember', { GroupId: queue, UserOrGroupId: ada });
    const group = await at.one('Group', { Name: 'East', Type: 'Regular' });
    const second = await at.one('GroupMember', { GroupId: group, UserOrGroupId: ada });
    const onAccount = await at.one('AccountTeamMember', { AccountId: account, UserId: ada });
    const onOpportunity = await at.one('OpportunityTeamMember', { OpportunityId: running, UserId: ada });
    await at.change('User', ben, { Regional_Lead__c: ada });
    await at.one('Lead', { LastName: 'L', Company: 'C', OwnerId: ben });
    const both = await books().booksOf([ada, ben]);
    expect(both.get(ada)).toEqual({
      leads: [lead],
      cases: [open],
      accounts: [
        { id: account, territory: 'MM-EMEA-1' },
        { id: without, territory: null },
      ],
      opportunities: [
        { id: won, accountId: account, stage: 'Closed Won', closed: true, closeDate: '2026-10-31' },
        { id: running, accountId: null, stage: '2-Scoping', closed: false, closeDate: '2026-12-31' },
      ],
      memberships: [
        { id: member, group: 'Renewals', queue: true },
        { id: second, group: 'East', queue: false },
      ],
      approvals: [],
      hierarchy: [{ id: ben, object: 'User', field: 'Regional_Lead__c' }],
      splits: [],
      teams: [
        { id: onAccount, object: 'AccountTeamMember' },
        { id: onOpportunity, object: 'OpportunityTeamMember' },
      ],
      jobs: [],
    });
    expect(both.get(ben)).toMatchObject({ accounts: [], hierarchy: [] });
    expect(both.get(ben)?.leads).toHaveLength(1);
  });
});

describe('moving', () => {
  test('records get their owner, memberships go, hierarchy fields are emptied; done again, nothing changes', async () => {
    const [ada, ben] = await pair();
    const lead = await at.one('Lead', { LastName: 'L', Company: 'C', OwnerId: ada });
    const queue = await at.one('Group', { Name: 'Renewals', Type: 'Queue' });
    const member = await at.one('GroupMember', { GroupId: queue, UserOrGroupId: ada });
    const deal = await at.one('Opportunity', {
      Name: 'P',
      StageName: '5-Negotiating',
      CloseDate: '2026-12-31',
      OwnerId: ada,
    });
    await at.change('User', ben, { Regional_Lead__c: ada });
    const moves: BookMove[] = [
      move('Lead', lead, 'OwnerId', ben),
      move('GroupMember', member, null, null),
      { ...move('Opportunity', deal, 'OwnerId', ben), set: { Holdover_Expiration_Date__c: '2027-02-23' } },
      move('User', ben, 'Regional_Lead__c', null),
    ];
    expect(await books().move(moves)).toEqual(new Map());
    expect(await books().move(moves)).toEqual(new Map());
    expect(await bookOf(ada)).toMatchObject({ leads: [], opportunities: [], memberships: [], hierarchy: [] });
    expect(await bookOf(ben)).toMatchObject({ leads: [lead], opportunities: [{ id: deal }] });
    const [row] = await at.org.query(
      `SELECT Holdover_Expiration_Date__c FROM Opportunity WHERE Id = ${literal(deal)}`,
    );
    expect(textOf(row, 'Holdover_Expiration_Date__c')).toBe('2027-02-23');
  });

  test('accounts go before their opportunities, whatever comes first', async () => {
    const [ada, ben, cem] = [...(await pair()), await at.user('Cem')] as const;
    const account = await at.one('Account', { Name: 'A', OwnerId: ada });
    const deal = await at.one('Opportunity', {
      Name: 'P',
      AccountId: account,
      StageName: '5-Negotiating',
      CloseDate: '2026-12-31',
      OwnerId: ada,
    });
    await books().move([move('Opportunity', deal, 'OwnerId', cem), move('Account', account, 'OwnerId', ben)]);
    expect([await owner('Account', account), await owner('Opportunity', deal)]).toEqual([ben, cem]);
  });

  test('what the org refuses is told by its code, and does not keep the others', async () => {
    const [ada, ben] = await pair();
    const gone = await at.user('Gone');
    await at.change('User', gone, { IsActive: false });
    const leads = await at.make(
      'Lead',
      [1, 2, 3].map(() => ({ LastName: 'L', Company: 'C', OwnerId: ada })),
    );
    const [first = '', second = '', third = ''] = leads;
    await at.org.remove('Lead', [third]);
    const refused = await books().move([
      move('Lead', first, 'OwnerId', gone),
      move('Lead', second, 'OwnerId', ben),
      move('Lead', third, 'OwnerId', ben),
    ]);
    expect(Object.fromEntries(refused)).toEqual({
      [first]: 'INACTIVE_OWNER_OR_USER',
      [third]: expect.stringMatching(/ENTITY_IS_DELETED|INVALID_CROSS_REFERENCE_KEY/),
    });
    expect(await owner('Lead', second)).toBe(ben);
  });

  test('two fields of one record are one change', async () => {
    const [ada, ben] = await pair();
    const lead = await at.one('Lead', { LastName: 'L', Company: 'C', OwnerId: ada });
    const moves = [
      move('Lead', lead, 'OwnerId', ben),
      { ...move('Lead', lead, 'OwnerId', ben), set: { Status: 'Nurture' } },
    ];
    expect(await books().move(moves)).toEqual(new Map());
    expect(await owner('Lead', lead)).toBe(ben);
  });
});

/** How many requests may be made of the org for a leaver with a large book, from reading it to having put right what the org moved by itself. */
const MOST_REQUESTS = 40;

test('3,000 leads, 400 accounts, 150 open and 600 closed opportunities change hands in few requests, closed ones stay', async () => {
  const [ada, ben] = await pair();
  const repeat = <T>(count: number, make: (n: number) => T): T[] =>
    Array.from({ length: count }, (_, n) => make(n));
  await at.make(
    'Lead',
    repeat(3_000, () => ({ LastName: 'L', Company: 'C', OwnerId: ada })),
  );
  const accounts = await at.make(
    'Account',
    repeat(400, (n) => ({ Name: `A${n}`, OwnerId: ada })),
  );
  const deal = (n: number, StageName: string) => ({
    Name: `O${n}`,
    StageName,
    AccountId: accounts[n % accounts.length],
    CloseDate: '2026-10-31',
    OwnerId: ada,
  });
  await at.make('Opportunity', [
    ...repeat(150, (n) => deal(n, '1-Discovery')),
    ...repeat(600, (n) => deal(n, 'Closed Won')),
  ]);
  const asked = await at.watch();
  const book = await bookOf(ada);
  const closed = book.opportunities.filter((one) => one.closed).map(({ id }) => id);
  const open = book.opportunities.filter((one) => !one.closed).map(({ id }) => id);
  expect([book.leads.length, book.accounts.length, open.length, closed.length]).toEqual([
    3_000, 400, 150, 600,
  ]);
  const to = (object: string, id: string) => move(object, id, 'OwnerId', ben);
  const moves = [
    ...book.leads.map((id) => to('Lead', id)),
    ...book.accounts.map(({ id }) => to('Account', id)),
    ...open.map((id) => to('Opportunity', id)),
  ];
  expect(await books().move(moves)).toEqual(new Map());
  const after = await books().ownersOf('Opportunity', closed);
  const moved = closed.filter((id) => after.get(id) !== ada);
  expect(moved).toHaveLength(600);
  expect(await books().move(moved.map((id) => move('Opportunity', id, 'OwnerId', ada)))).toEqual(new Map());
  expect(new Set((await books().ownersOf('Opportunity', closed)).values())).toEqual(new Set([ada]));
  expect((await asked()).length).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(await bookOf(ada)).toMatchObject({ leads: [], accounts: [] });
  expect((await bookOf(ben)).leads).toHaveLength(3_000);
}, 60_000);

describe('who is active', () => {
  test('neither inactive nor frozen users, and of several with one address who signs in with it', async () => {
    const ben = await at.user('Ben', { Email: 'Ben@DayTwo.example' });
    await at.user('Robot', { Email: addressOf('Ben') });
    await at.user('Robot2', { Email: 'two@other.example' });
    await at.user('Robot3', { Email: 'two@other.example' });
    const off = await at.user('Off');
    await at.change('User', off, { IsActive: false });
    await at.salesforce.leavers.freeze([accountOf(await at.user('Ice'))]);
    const emails = [
      addressOf('Ben'),
      'two@other.example',
      addressOf('Off'),
      addressOf('Ice'),
      'nobody@other.example',
    ];
    expect(await books().activeUsers(emails)).toEqual(new Map([[addressOf('Ben'), ben]]));
  });
});

async function pair(): Promise<[string, string]> {
  return [await at.user('Ada'), await at.user('Ben')];
}
