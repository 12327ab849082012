import { SystemFault } from '../../src/systems/fault';
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

const end = async (id: string) => (await at.salesforce.leavers.end([accountOf(id)])).get(id);

test.each([
  ['defaultLeadOwner', 'the default lead owner'],
  ['defaultCaseOwner', 'the default case owner'],
  ['automatedCaseUser', 'the automated case user'],
  ['defaultWorkflowUser', 'the default workflow user'],
  ['soleAlertRecipient', 'the only recipient'],
])('%s: the refusal names it, and once another has it the user ends', async (setting, blocker) => {
  const ada = await at.user('Ada');
  await at.user('Ben');
  await systems.salesforce('PATCH', '/settings', { [setting]: addressOf('Ada') });
  expect(await end(ada)).toMatchObject({
    kind: 'refused',
    blocker: expect.stringContaining(blocker),
    mend: expect.stringContaining('**Setup'),
  });
  await systems.salesforce('PATCH', '/settings', { [setting]: addressOf('Ben') });
  expect(await end(ada)).toEqual({ kind: 'gone' });
});

test('a hierarchy field that names them is in the way until it was handed over', async () => {
  const [ada = '', ben = '', cem = ''] = await at.users(['Ada', 'Ben', 'Cem']);
  await at.change('User', ben, { Regional_Lead__c: ada });
  expect(await end(ada)).toMatchObject({
    kind: 'refused',
    blocker: expect.stringContaining('`Regional Lead`'),
  });
  const { hierarchy } = (await at.salesforce.books.booksOf([ada])).get(ada) ?? { hierarchy: [] };
  await at.salesforce.books.move(hierarchy.map((one) => ({ ...one, to: cem })));
  expect(await end(ada)).toEqual({ kind: 'gone' });
});

test('approvals that wait on them go to another, jobs that run as them are named and in the way', async () => {
  const [ada = '', ben = ''] = await at.users(['Ada', 'Ben']);
  const wanted = { username: addressOf('Ada'), seed: 1, open: 2, approvals: 2, jobs: 1 };
  await systems.salesforce('POST', '/books', wanted);
  const { books } = at.salesforce;
  const book = (await books.booksOf([ada])).get(ada);
  expect(book).toMatchObject({
    jobs: ['Nightly job 1-0'],
    approvals: [expect.any(String), expect.any(String)],
  });
  const moves = (book?.approvals ?? []).map((id) => ({
    object: 'ProcessInstanceWorkitem',
    id,
    field: 'ActorId',
    to: ben,
  }));
  expect(await books.move(moves)).toEqual(new Map());
  const both = await books.booksOf([ada, ben]);
  expect([both.get(ada)?.approvals, both.get(ben)?.approvals]).toEqual([[], book?.approvals]);
  expect(await end(ada)).toMatchObject({ kind: 'refused', blocker: 'a scheduled job runs as them' });
});

test('where the org moves no opportunities with their account, none has to be put right', async () => {
  const [ada = '', ben = ''] = await at.users(['Ada', 'Ben']);
  await systems.salesforce('PATCH', '/settings', { ownersStay: true });
  await systems.salesforce('POST', '/books', { username: addressOf('Ada'), seed: 2, accounts: 3, closed: 6 });
  const { books } = at.salesforce;
  const book = (await books.booksOf([ada])).get(ada);
  const accounts = (book?.accounts ?? []).map(({ id }) => ({
    object: 'Account',
    id,
    field: 'OwnerId',
    to: ben,
  }));
  expect(await books.move(accounts)).toEqual(new Map());
  const owners = await books.ownersOf(
    'Opportunity',
    (book?.opportunities ?? []).map(({ id }) => id),
  );
  expect([owners.size, new Set(owners.values())]).toEqual([6, new Set([ada])]);
});

test("200 leavers' books are read in as few requests as one's", async () => {
  const ids = await at.users(Array.from({ length: 200 }, (_, n) => `Person${n}`));
  await systems.salesforce('POST', '/books', {
    username: addressOf('Person7'),
    seed: 3,
    leads: 5,
    teams: 1,
    accounts: 1,
  });
  const { books } = at.salesforce;
  await books.booksOf(ids.slice(0, 1));
  const one = await at.watch();
  await books.booksOf(ids.slice(0, 1));
  const all = await at.watch();
  const found = await books.booksOf(ids);
  const requests = (await all()).length;
  expect(requests).toBe((await one()).length - requests);
  expect([...found.values()].map(({ leads }) => leads.length)).toEqual(ids.map((_, n) => (n === 7 ? 5 : 0)));
});

test('active assignment rules are named with what they are for', async () => {
  expect(await at.salesforce.books.assignmentRules()).toEqual([
    'Case: Standard Case Routing',
    'Lead: Standard Lead Routing',
  ]);
});

test('six queries take two requests, and one that is refused does not keep the others', async () => {
  const seen = await at.watch();
  const names = ['Profile', 'Nothing__c', 'User', 'Group', 'Profile', 'User'];
  const answers = await at.org.queries(names.map((object) => `SELECT Id FROM ${object}`));
  expect(await seen()).toHaveLength(2);
  expect(answers.map((one) => (one instanceof SystemFault ? one.code : one.length > 0))).toEqual([
    true,
    'INVALID_TYPE',
    true,
    false,
    true,
    true,
  ]);
});
