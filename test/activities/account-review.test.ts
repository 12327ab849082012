import { tellMoves } from '../../src/activities/moves-told';
import { opsMarker } from '../../src/activities/ops-task';
import { endValues } from '../../src/activities/review-values';
import { watchReviews } from '../../src/activities/review-watch';
import type { DeskMessage } from '../../src/domain/desk-acts';
import type { Review } from '../../src/domain/territory/review';
import { SystemFault } from '../../src/systems/fault';
import { runOf } from '../domain/territory/run-sample';
import { LeaverOrg } from '../systems/leaver-org';
import { Ground } from './ground';

const NOW = '2026-11-26T16:00:00.000Z';
const SHOWN = [
  'OwnerId',
  'TSP_Override_Status__c',
  'TSP_Decision_Rationale__c',
  'TSP_Effective_Date__c',
  'Account_Reassignment_Status__c',
  'Admin_Manual_Employees__c',
  'Admin_Manual_Country__c',
  'Admin_Manual_Until__c',
  'Holdover_Expiration_Date__c',
];

let ground: Ground;
let org: LeaverOrg;
/** Salesforce ids by e-mail. */
const users = new Map<string, string>();
beforeAll(async () => {
  ground = await Ground.start();
  org = new LeaverOrg(ground.systems);
  for (const row of await org.org.query('SELECT Id, Email FROM User WHERE IsActive = true'))
    users.set(String(row['Email']), String(row['Id']));
});
afterAll(() => ground.stop());

const userOf = (name: string): string => {
  const email = ground.handbook.people.members.find(({ username }) => username === name)?.email ?? '';
  const id = users.get(email);
  if (id === undefined) throw new Error(`${name} is no user`);
  return id;
};

/** An account with something asked for, and its review begun as the watch begins it. */
async function asked(fields: Record<string, unknown>, owner = 'luis-ae'): Promise<string> {
  const id = await org.one('Account', {
    Name: 'Acme <b>@all</b>',
    Website: 'https://www.acme.example',
    OwnerId: userOf(owner),
    ZoomInfo_Employees__c: '50',
    ZoomInfo_Country__c: 'United States',
    ZoomInfo_State__c: 'NY',
    User_Input_By__c: userOf(owner),
    User_Input_At__c: '2026-11-26T15:00:00.000Z',
    TSP_Override_Status__c: 'Requested',
    ...fields,
  });
  await watchReviews(ground.world, NOW);
  expect(ground.workflows.running).toContain(`account-review/${id}`);
  return id;
}
const visit = (accountId: string, messages: readonly DeskMessage[] = [], now = NOW, n = 1) =>
  ground.run('visitReview', { accountId, n, messages, now });
const kept = async (accountId: string, n = 1): Promise<Review> =>
  (await ground.store.reviews.get(accountId, n))!.review;
const account = async (id: string) => (await org.org.retrieve('Account', [id], SHOWN))[0]!;
const iidOf = async (id: string): Promise<number> => (await kept(id)).issue!.iid;
const mails = async (subject: RegExp) => {
  const answer = await fetch(`${ground.systems.files.mailbox.url}/messages`);
  return ((await answer.json()) as { to: string; subject: string; text: string }[]).filter((mail) =>
    subject.test(mail.subject),
  );
};
const say = (by: string, kind: DeskMessage['kind'], reason?: string, task?: string): DeskMessage => ({
  id: `${by}/${kind}/${task ?? ''}`,
  kind,
  by,
  channel: 'cli',
  at: NOW,
  reason,
  task,
});
const employees = (count: string, source = 'https://sec.example/10-k') => ({
  User_Input_Employee_Count__c: count,
  User_Input_Employee_Source__c: source,
});

test('an override goes from the account to the decision and back: shown, approved on the issue, written and mailed once', async () => {
  const id = await asked(employees('5,000'));
  expect(await visit(id)).toMatchObject({ phase: 'asked', open: ['decision'], over: false });
  const iid = await iidOf(id);
  const issue = await ground.desk().issue(iid);
  expect(issue).toMatchObject({ confidential: true, labels: ['TSP-Review::Needs Decision'] });
  expect(issue.description).toContain('| Sales Segment | `SMB` | `Large` |');
  expect(issue.description).not.toMatch(/<b>|(?<!\\)@all/);
  expect(issue.title).not.toContain('Acme');
  await ground.desk().comment('amber', iid, 'Approved from 2026-12-01: the filing says so');
  expect(await visit(id)).toMatchObject({ phase: 'approved', over: true, effectiveDate: '2026-12-01' });
  expect(await account(id)).toMatchObject({
    TSP_Override_Status__c: 'Approved',
    TSP_Decision_Rationale__c: 'the filing says so',
    TSP_Effective_Date__c: '2026-12-01',
    Admin_Manual_Employees__c: '5000',
    Admin_Manual_Until__c: '2027-11-26',
  });
  expect(await ground.desk().issue(iid)).toMatchObject({ state: 'closed', labels: ['TSP-Review::Approved'] });
  const again = await ground.changes(() => visit(id));
  expect(again).toEqual([]);
  expect(await mails(/what you asked for was approved/)).toHaveLength(1);
  expect((await ground.evidence()).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['review.asked', 'review.approve', 'review.written']),
  );
});

test.each([
  [
    'LinkedIn',
    employees('900', 'https://www.linkedin.com/company/acme'),
    'linkedin.com does not count as a source',
  ],
  [
    "the account's own site",
    employees('900', 'https://acme.example/about'),
    'own site does not count as a source',
  ],
  [
    'somebody else',
    { ...employees('900'), User_Input_By__c: 'clara-ae' },
    'is neither who owns the account nor who leads them',
  ],
])('a form with %s is refused at once, without an issue', async (_name, fields, why) => {
  const by = 'User_Input_By__c' in fields ? { User_Input_By__c: userOf(fields.User_Input_By__c) } : {};
  const id = await asked({ ...fields, ...by });
  expect(await visit(id)).toMatchObject({ phase: 'refused', over: true, url: null });
  const shown = await account(id);
  expect(shown).toMatchObject({ TSP_Override_Status__c: 'Rejected', Admin_Manual_Employees__c: null });
  expect(shown['TSP_Decision_Rationale__c']).toContain(why);
  ground.workflows.running.delete(`account-review/${id}`);
  await org.change('Account', id, {
    ...employees('900'),
    User_Input_By__c: userOf('luis-ae'),
    TSP_Override_Status__c: 'Requested',
  });
  await watchReviews(ground.world, NOW);
  expect(await visit(id, [], NOW, 2)).toMatchObject({ phase: 'asked' });
});

test('is asked for more, filled in anew, and what was approved before it was shown is put back', async () => {
  const id = await asked(employees('1500'));
  await visit(id);
  expect(await visit(id, [say('amber', 'hold', 'which entity?')])).toMatchObject({
    phase: 'needs_info',
    nextAt: null,
  });
  expect(await account(id)).toMatchObject({
    TSP_Override_Status__c: 'Needs More Info',
    TSP_Decision_Rationale__c: 'which entity?',
  });
  await org.change('Account', id, { ...employees('1600'), TSP_Override_Status__c: 'Requested' });
  await watchReviews(ground.world, NOW);
  expect(ground.workflows.told).toContain(`account-review/${id} account changed`);
  const early = await visit(id, [say('amber', 'approve')]);
  expect(early.phase).toBe('asked');
  expect(Object.values(early.answers)[0]).toContain('what is asked was changed since');
  expect((await ground.desk().issue(await iidOf(id))).description).toContain('`1600`');
  await visit(id, [say('amber', 'approve')]);
  expect(await account(id)).toMatchObject({ Admin_Manual_Employees__c: '1600' });
});

test('what was not shown is not approved, also where showing it failed; what is filled in after a decision is the next request', async () => {
  const id = await asked(employees('2100'));
  await visit(id);
  await org.change('Account', id, employees('2200'));
  const gitlab = jest.spyOn(ground.world.gitlab, 'change').mockRejectedValueOnce(new Error('died'));
  await expect(visit(id)).rejects.toThrow('died');
  gitlab.mockRestore();
  expect(await kept(id)).toMatchObject({ round: 2, shown: { round: 1 } });
  expect(await visit(id, [say('amber', 'approve')])).toMatchObject({ phase: 'asked' });
  expect(await kept(id)).toMatchObject({ shown: { round: 2 } });
  await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'status', status: 503 });
  await expect(visit(id, [say('amber', 'approve')])).rejects.toThrow();
  await ground.systems.mend();
  await org.change('Account', id, employees('2300'));
  expect(await visit(id)).toMatchObject({ phase: 'approved', over: true });
  const shown = (await org.org.retrieve('Account', [id], [...SHOWN, 'User_Input_Employee_Count__c']))[0];
  expect(shown).toMatchObject({
    TSP_Override_Status__c: 'Requested',
    TSP_Decision_Rationale__c: expect.stringContaining('is looked at next'),
    Admin_Manual_Employees__c: '2200',
    User_Input_Employee_Count__c: '2300',
  });
  ground.workflows.running.delete(`account-review/${id}`);
  await watchReviews(ground.world, NOW);
  expect((await kept(id, 2)).form.employees).toBe('2300');
});

test('a review stands until its answer is mailed, or for a day', async () => {
  const id = await asked(employees('2400'));
  await visit(id);
  const down = new SystemFault('mail', 'timeout', true, 'no answer');
  const mail = jest.spyOn(ground.world.mailer!, 'send').mockRejectedValue(down);
  const told = (await mails(/was rejected/)).length;
  const first = await visit(id, [say('amber', 'reject', 'too old')]);
  expect(first).toMatchObject({ phase: 'rejected', over: false, nextAt: '2026-11-26T16:15:00.000Z' });
  const late = await asked(employees('2450'));
  await visit(late);
  await visit(late, [say('amber', 'reject', 'too old')]);
  expect(await visit(late, [], '2026-11-27T16:00:00.000Z')).toMatchObject({ over: true, nextAt: null });
  mail.mockRestore();
  expect(await visit(id, [], first.nextAt!)).toMatchObject({ phase: 'rejected', over: true, nextAt: null });
  expect((await mails(/was rejected/)).length).toBe(told + 1);
});

test('an account that is refused keeps no other waiting, and is a task for a person; many are read page by page', async () => {
  const bad = await org.one('Account', {
    Name: 'Bad',
    OwnerId: userOf('luis-ae'),
    TSP_Override_Status__c: 'Requested',
    User_Input_By__c: userOf('luis-ae'),
    ...employees('2500'),
  });
  const { hints } = ground.world;
  const start = hints.startReview.bind(hints);
  const refused = jest
    .spyOn(hints, 'startReview')
    .mockImplementation((of) =>
      of.accountId === bad
        ? Promise.reject(new SystemFault('salesforce', 'MALFORMED_ID', false, 'refused'))
        : start(of),
    );
  const id = await asked(employees('2600'));
  refused.mockRestore();
  const keeper = ground.world.connector('salesforce').accountReviews!;
  const [first = '', second] = await keeper.idsWhere('TSP_Override_Status__c', 'Requested', null, 2);
  expect(await keeper.idsWhere('TSP_Override_Status__c', 'Requested', first, 1)).toEqual([second]);
  const task = await ground.world.gitlab.byMarker(
    opsMarker(`account-review-fault:${bad}`),
    ground.projects.accessRequests,
  );
  expect(task.map(({ description }) => description).join()).toContain('MALFORMED');
  expect(ground.workflows.running).toContain(`account-review/${id}`);
});

test('another owner: both area managers, then Sales Operations; written for the next window, held over where one asks for it', async () => {
  const id = await asked({
    Type: 'Customer',
    CARR__c: 1000,
    User_Input_Owner__c: userOf('clara-ae'),
    User_Input_Owner_Evidence__c: 'merged, see https://press.example/merger',
  });
  const deal = { AccountId: id, Name: 'Deal', CloseDate: '2027-01-01', OwnerId: userOf('luis-ae') };
  await org.make('Opportunity', [
    { ...deal, StageName: '3-Technical Evaluation', Amount: 10 },
    { ...deal, StageName: '5-Negotiating', Amount: 20 },
  ]);
  expect(await visit(id)).toMatchObject({ of: 'owner-change', open: ['giving', 'receiving', 'decision'] });
  const iid = await iidOf(id);
  const { description } = await ground.desk().issue(iid);
  expect(description).toContain('| Open opportunities that move | `2` | `1` |');
  expect(description).toContain('moves in the next window');
  expect(description).toContain('All accounts below follow the owner of the ultimate parent.');
  await ground.desk().comment('dana-manager', iid, 'Agreed');
  await ground.desk().comment('dana-manager', iid, 'Hold over: the renewal is near');
  await ground.desk().comment('luis-ae', iid, 'Approved');
  expect(await visit(id)).toMatchObject({ open: ['receiving', 'decision'] });
  expect((await ground.desk().notes(iid)).map(({ body }) => body).join()).toContain(
    'nobody decides on what they asked for themselves',
  );
  expect(await visit(id, [say('eva-manager', 'approve', undefined, 'receiving')])).toMatchObject({
    open: ['decision'],
  });
  expect(await visit(id, [say('sam-ops', 'approve')])).toMatchObject({ phase: 'approved', over: true });
  expect(await account(id)).toMatchObject({
    OwnerId: userOf('luis-ae'),
    TSP_Override_Status__c: 'Approved',
    Account_Reassignment_Status__c: 'Quarterly Review',
    Holdover_Expiration_Date__c: '2026-12-26',
    TSP_Effective_Date__c: '2027-05-01',
  });
});

test('a holdover is refused where what is open does not meet its conditions, with what else the owner holds over', async () => {
  const owner = userOf('owen-ae');
  const change = {
    User_Input_Owner__c: userOf('clara-ae'),
    User_Input_Owner_Evidence__c: 'https://press.example/merger',
  };
  const id = await asked(change, 'owen-ae');
  const hold = async (part: string): Promise<string | null | undefined> =>
    Object.values((await visit(id, [say('sam-ops', 'approve', part, 'holdover')])).answers)[0];
  expect(await hold('one')).toContain('has no open opportunity on it');
  const deal = { Name: 'Deal', CloseDate: '2027-01-01', OwnerId: owner, StageName: '5-Negotiating' };
  const other = await org.one('Account', {
    Name: 'Other',
    OwnerId: owner,
    Holdover_Expiration_Date__c: '2026-12-24',
  });
  const third = await org.one('Account', { Name: 'Third', OwnerId: owner });
  await org.make('Opportunity', [
    { ...deal, AccountId: id },
    { ...deal, AccountId: other },
    { ...deal, AccountId: third, Holdover_Expiration_Date__c: '2026-11-27' },
    { ...deal, AccountId: third, Holdover_Expiration_Date__c: '2026-11-26' },
    { ...deal, AccountId: third },
  ]);
  expect(await hold('two')).toContain('would hold over 3 opportunities, 2 of them on other accounts');
  await org.change('Account', id, { JB_Test_Sales_Segment__c: 'Large' });
  expect(await hold('three')).toContain('lacks net ARR of more than $50,000.00, as growth, and activity');
  expect((await ground.desk().issue(await iidOf(id))).description).toContain('not to be held over');
  expect((await kept(id)).holdover).toBeNull();
});

test('moves of one who asks that come to much wait for Strategy; more than ten go on a list', async () => {
  const owner = {
    User_Input_Owner__c: userOf('niall-ae'),
    User_Input_Owner_Evidence__c: 'https://press.example/x',
  };
  for (let count = 0; count < 10; count += 1) await asked({ ...owner, CARR__c: 5000 }, 'ben-ae');
  const id = await asked({ ...owner, CARR__c: 1 }, 'ben-ae');
  expect(await visit(id)).toMatchObject({ open: ['giving', 'receiving', 'strategy', 'decision'] });
  const { description } = await ground.desk().issue(await iidOf(id));
  expect(description).toContain('One of many that are asked for together');
});

test('reminds after a business day, and goes further after two; a lost answer does it once', async () => {
  const id = await asked(employees('70'));
  const first = await visit(id);
  // Thanksgiving and the day after it are none.
  expect(first.nextAt).toBe('2026-11-30T17:00:00.000Z');
  const iid = await iidOf(id);
  const second = await visit(id, [], first.nextAt!);
  expect(second.nextAt).toBe('2026-12-01T17:00:00.000Z');
  await visit(id, [], second.nextAt!);
  expect(await visit(id, [], second.nextAt!)).toMatchObject({ nextAt: null, phase: 'asked' });
  const notes = (await ground.desk().notes(iid)).map(({ body }) => body);
  expect(notes.filter((body) => body.includes('waits on you'))).toHaveLength(1);
  expect(notes.filter((body) => body.includes('not decided in time'))).toHaveLength(1);
  await ground.systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
  await expect(visit(id, [say('amber', 'reject', 'too old')])).rejects.toThrow();
  expect(await visit(id)).toMatchObject({ phase: 'rejected', over: true });
  expect(await account(id)).toMatchObject({
    TSP_Override_Status__c: 'Rejected',
    TSP_Decision_Rationale__c: 'too old',
  });
});

test('approved values end when the data agrees, and the input fields are empty once they are approved', async () => {
  const id = await asked(employees('1700'));
  await visit(id);
  await visit(id, [say('amber', 'approve')]);
  const inputs = ['User_Input_Employee_Count__c', 'User_Input_Employee_Source__c', 'User_Input_Owner__c'];
  expect((await org.org.retrieve('Account', [id], inputs))[0]).toMatchObject({
    User_Input_Employee_Count__c: null,
  });
  expect(await endValues(ground.world, '2026-11-27', NOW)).toBe(0);
  await org.change('Account', id, { ZoomInfo_Employees__c: '1,700' });
  expect(await endValues(ground.world, '2026-11-27', NOW)).toBe(1);
  expect(await account(id)).toMatchObject({ Admin_Manual_Employees__c: null, Admin_Manual_Until__c: null });
  expect(await endValues(ground.world, '2026-11-27', NOW)).toBe(0);
});

test('both owners of an account that moved learn it once, and once more in the mail of the week', async () => {
  const id = await org.one('Account', { Name: 'Moved', OwnerId: userOf('niall-ae') });
  const actual = { segment: null, territory: null, maxFamilyEmployees: null };
  const run = '2026-11-25';
  const { store } = ground;
  await store.territoryRuns.begin(runOf({ id: run, phase: 'done' }));
  const transfer = {
    accountId: id,
    from: { ...actual, ownerId: userOf('clara-ae') },
    to: { ...actual, ownerId: userOf('niall-ae') },
    occasion: 'immediate' as const,
    effectiveDate: run,
    holdoverUntil: null,
    why: 'territory: most-specific',
    opportunities: [],
  };
  await store.territoryRuns.beginTransfers(run, [transfer]);
  await store.territoryRuns.transferIs(run, { transfer, state: 'done', why: null });
  await store.reviews.keepTold('week/2026-11-23', '*', NOW);
  for (let round = 0; round < 2; round += 1) await tellMoves(ground.world, NOW);
  const told = await mails(/^Accounts: /);
  expect(told.map(({ subject }) => subject).sort()).toEqual([
    'Accounts: 0 came, 1 went',
    'Accounts: 1 came, 0 went',
  ]);
  expect(told[0]?.text).toContain('Moved, on 2026-11-25: territory');
  const tuesday = '2026-12-01T20:00:00.000Z';
  for (let round = 0; round < 2; round += 1) await tellMoves(ground.world, tuesday);
  expect(await mails(/^Accounts: /)).toHaveLength(2);
  expect(await mails(/^Your accounts this week/)).toHaveLength(2);
});
