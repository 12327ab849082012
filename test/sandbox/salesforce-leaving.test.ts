import type { Connection } from 'jsforce';
import { Grounds, idWhere, newUser, salesforceOrg, type Org } from './systems';

const grounds = new Grounds();
let org: Org;
let conn: Connection;
let serial = 0;
let ada: string;
let ben: string;
let adasName: string;
let bensName: string;

beforeAll(async () => {
  org = await salesforceOrg(grounds);
  conn = org.conn;
});
beforeEach(async () => {
  [adasName, bensName] = [`ada${++serial}@example.com`, `ben${serial}@example.com`];
  ada = await create('User', await newUser(conn, adasName));
  ben = await create('User', await newUser(conn, bensName));
});
afterAll(() => grounds.close());

async function create(object: string, record: object): Promise<string> {
  const result = await conn.sobject(object).create(record);
  if (Array.isArray(result) || !result.success) throw new Error('not created');
  return result.id;
}
const refusal = (errorCode: string, message?: RegExp) =>
  expect.objectContaining({ errorCode, ...(message ? { message: expect.stringMatching(message) } : {}) });
const ask = async (path: string, body: object, method = 'POST') => {
  const answer = await org.sandbox(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const rows = async (soql: string) => (await conn.query<Record<string, unknown>>(soql)).records;
const count = async (object: string, condition: string) =>
  (await conn.query(`SELECT COUNT() FROM ${object} WHERE ${condition}`)).totalSize;
const ownerOf = async (object: string, id: string) => (await conn.sobject(object).retrieve(id))['OwnerId'];
const freeze = async (user: string) =>
  conn
    .sobject('UserLogin')
    .update({ Id: await idWhere(conn, 'UserLogin', `UserId = '${user}'`), IsFrozen: true });
const deactivate = (user: string) => conn.sobject('User').update({ Id: user, IsActive: false });

describe('signing in', () => {
  test('is noted in the login history, at the user, and as a session', async () => {
    expect(await ask('sign-in', { username: adasName, sourceIp: '192.0.2.7' })).toMatchObject({
      status: 200,
    });
    const [noted, ...others] = await rows(
      `SELECT LoginTime, SourceIp, LoginType, Status, Application FROM LoginHistory WHERE UserId = '${ada}'`,
    );
    expect(others).toEqual([]);
    expect(noted).toMatchObject({
      SourceIp: '192.0.2.7',
      LoginType: 'Application',
      Application: 'Browser',
      Status: 'Success',
    });
    expect((await conn.sobject('User').retrieve(ada))['LastLoginDate']).toBe(noted?.['LoginTime']);
    expect(await rows(`SELECT SessionType FROM AuthSession WHERE UsersId = '${ada}'`)).toMatchObject([
      { SessionType: 'UI' },
    ]);
  });

  test.each([
    ['frozen', () => freeze(ada), 'User Is Frozen'],
    ['inactive', () => deactivate(ada), 'User is Inactive'],
  ])(
    'is refused to a user who is %s, and the attempt is noted, but is no sign-in',
    async (_what, end, Status) => {
      await end();
      expect((await ask('sign-in', { username: adasName })).status).toBe(403);
      expect(await rows(`SELECT Status FROM LoginHistory WHERE UserId = '${ada}'`)).toMatchObject([
        { Status },
      ]);
      expect((await conn.sobject('User').retrieve(ada))['LastLoginDate']).toBeNull();
      expect(await count('AuthSession', `UsersId = '${ada}'`)).toBe(0);
    },
  );

  test('lasts until the session is deleted', async () => {
    const { body } = await ask('sign-in', { username: adasName });
    const hers = org.newConnection();
    hers.accessToken = String(body['accessToken']);
    expect((await hers.query('SELECT Id FROM User LIMIT 1')).totalSize).toBe(1);
    await conn.sobject('AuthSession').destroy(await idWhere(conn, 'AuthSession', `UsersId = '${ada}'`));
    const after = await fetch(`${org.url}/services/data/v62.0/query?q=SELECT+Id+FROM+User`, {
      headers: { authorization: `Bearer ${String(body['accessToken'])}` },
    });
    expect(after.status).toBe(401);
    expect(await after.json()).toMatchObject([{ errorCode: 'INVALID_SESSION_ID' }]);
  });
});

describe('an account that gets another owner', () => {
  async function accountWithDeals() {
    const account = await create('Account', { Name: 'Acme', OwnerId: ada });
    const deal = (StageName: string, OwnerId: string) =>
      create('Opportunity', {
        Name: StageName,
        AccountId: account,
        StageName,
        CloseDate: '2026-03-01',
        OwnerId,
      });
    return {
      account,
      open: await deal('2-Scoping', ada),
      closed: await deal('Closed Won', ada),
      bens: await deal('1-Discovery', ben),
      contact: await create('Contact', { LastName: 'Coyote', AccountId: account, OwnerId: ada }),
    };
  }

  test('takes along what its old owner had of it, closed deals too, and nothing of others', async () => {
    const { account, open, closed, bens, contact } = await accountWithDeals();
    const cem = await create('User', await newUser(conn, `cem${serial}@example.com`));
    await conn.sobject('Account').update({ Id: account, OwnerId: cem });
    expect(await ownerOf('Opportunity', open)).toBe(cem);
    expect(await ownerOf('Opportunity', closed)).toBe(cem);
    expect(await ownerOf('Contact', contact)).toBe(cem);
    expect(await ownerOf('Opportunity', bens)).toBe(ben);
  });

  test('leaves it all where the org is told so', async () => {
    const { account, open, closed, contact } = await accountWithDeals();
    await ask('settings', { ownersStay: true }, 'PATCH');
    try {
      await conn.sobject('Account').update({ Id: account, OwnerId: ben });
      expect(await ownerOf('Account', account)).toBe(ben);
      for (const [object, id] of [
        ['Opportunity', open],
        ['Opportunity', closed],
        ['Contact', contact],
      ] as const)
        expect(await ownerOf(object, id)).toBe(ada);
    } finally {
      await ask('settings', { ownersStay: false }, 'PATCH');
    }
  });
});

describe('a user can not be deactivated', () => {
  test.each([
    ['defaultLeadOwner', /default owner of leads/],
    ['defaultCaseOwner', /default owner of cases/],
    ['automatedCaseUser', /automated case user/],
    ['defaultWorkflowUser', /Default Workflow User/],
    ['soleAlertRecipient', /only recipient of a workflow email alert/],
  ])('while they are the %s', async (setting, message) => {
    await ask('settings', { [setting]: adasName }, 'PATCH');
    await expect(deactivate(ada)).rejects.toEqual(refusal('FIELD_INTEGRITY_EXCEPTION', message));
    expect(await count('User', `Id = '${ada}' AND IsActive = true`)).toBe(1);
    await ask('settings', { [setting]: bensName }, 'PATCH');
    await deactivate(ada);
    await ask('settings', { [setting]: null }, 'PATCH');
    await deactivate(ben);
  });

  test('while they stand in a custom hierarchy field of another user', async () => {
    await conn.sobject('User').update({ Id: ben, Regional_Lead__c: ada });
    await expect(deactivate(ada)).rejects.toEqual(
      refusal('FIELD_INTEGRITY_EXCEPTION', /hierarchy field: Regional Lead/),
    );
    await conn.sobject('User').update({ Id: ben, Regional_Lead__c: null });
    await deactivate(ada);
  });

  test('while jobs run as them: an administrator schedules those as somebody else', async () => {
    await ask('books', { username: adasName, jobs: 2 });
    await expect(deactivate(ada)).rejects.toEqual(refusal('FIELD_INTEGRITY_EXCEPTION', /scheduled jobs/));
    expect((await ask('jobs', { username: adasName, to: bensName })).body).toEqual({ jobs: 2 });
    await deactivate(ada);
    expect(
      await rows(`SELECT CronJobDetail.Name, State FROM CronTrigger WHERE OwnerId = '${ben}'`),
    ).toMatchObject([{ State: 'WAITING' }, { State: 'WAITING' }]);
  });

  test('while they own an account of the customer portal', async () => {
    const account = await create('Account', { Name: 'Portal', IsCustomerPortal: true, OwnerId: ada });
    await expect(deactivate(ada)).rejects.toEqual(refusal('FIELD_INTEGRITY_EXCEPTION', /portal/));
    await conn.sobject('Account').update({ Id: account, OwnerId: ben });
    await deactivate(ada);
  });

  test('and once they are, they keep their permission set licences and get no more records', async () => {
    const licence = await idWhere(conn, 'PermissionSetLicense', "DeveloperName = 'Inbox'");
    await create('PermissionSetLicenseAssign', { AssigneeId: ada, PermissionSetLicenseId: licence });
    const lead = await create('Lead', { LastName: 'Lee', Company: 'Acme', OwnerId: ben });
    await deactivate(ada);
    expect(await count('PermissionSetLicenseAssign', `AssigneeId = '${ada}'`)).toBe(1);
    await expect(conn.sobject('Lead').update({ Id: lead, OwnerId: ada })).rejects.toEqual(
      refusal('INACTIVE_OWNER_OR_USER'),
    );
  });
});

describe('what names a leaver', () => {
  test('queues, teams, splits and approvals are handed over through the API', async () => {
    await ask('books', {
      username: adasName,
      accounts: 2,
      open: 2,
      teams: 2,
      splits: 2,
      queues: 1,
      approvals: 1,
    });
    const [member] = await rows(
      `SELECT Id, GroupId, Group.Type FROM GroupMember WHERE UserOrGroupId = '${ada}'`,
    );
    expect(member).toMatchObject({ Group: { Type: 'Queue' } });
    await conn.sobject('GroupMember').destroy(String(member?.['Id']));
    await create('GroupMember', { GroupId: member?.['GroupId'], UserOrGroupId: ben });

    const [item] = await rows(`SELECT Id FROM ProcessInstanceWorkitem WHERE ActorId = '${ada}'`);
    await conn.sobject('ProcessInstanceWorkitem').update({ Id: String(item?.['Id']), ActorId: ben });
    expect(await count('ProcessInstanceWorkitem', `ActorId = '${ben}' AND OriginalActorId = '${ada}'`)).toBe(
      1,
    );

    const [split] = await rows(
      `SELECT Id, OpportunityId, SplitTypeId, SplitAmount, Opportunity.Amount FROM OpportunitySplit WHERE SplitOwnerId = '${ada}'`,
    );
    const { Amount } = split?.['Opportunity'] as { Amount: number };
    expect(split?.['SplitAmount']).toBe(Amount / 2);
    await expect(
      conn.sobject('OpportunitySplit').update({ Id: String(split?.['Id']), SplitOwnerId: ben }),
    ).rejects.toEqual(refusal('INVALID_FIELD_FOR_INSERT_UPDATE'));

    for (const object of ['AccountTeamMember', 'OpportunityTeamMember']) {
      const [one] = await rows(`SELECT Id FROM ${object} WHERE UserId = '${ada}' LIMIT 1`);
      await conn.sobject(object).update({ Id: String(one?.['Id']), TeamMemberRole: 'Account Manager' });
      await conn.sobject(object).destroy(String(one?.['Id']));
      expect(await count(object, `UserId = '${ada}'`)).toBe(1);
    }
  });

  test('assignment rules and scheduled jobs can be read, not written', async () => {
    expect(await count('AssignmentRule', "SobjectType = 'Lead' AND Active = true")).toBe(1);
    for (const object of ['AssignmentRule', 'CronTrigger', 'LoginHistory'])
      expect(await conn.sobject(object).describe()).toMatchObject({ createable: false, updateable: false });
  });
});

describe('a generated book', () => {
  const book = { seed: 7, leads: 30, accounts: 6, open: 5, closed: 9, territories: ['North', 'South'] };

  test('has what was asked for, the same for the same seed', async () => {
    const { body } = await ask('books', { username: adasName, ...book });
    expect(body).toEqual({ Lead: 30, Account: 6, Opportunity: 14 });
    await ask('books', { username: bensName, ...book });
    const deals = (owner: string) =>
      rows(
        `SELECT Name, StageName, CloseDate, Amount, Account.Account_Territory__c FROM Opportunity WHERE OwnerId = '${owner}' ORDER BY Name`,
      );
    const plain = (found: unknown) => JSON.stringify(found).replace(/"url":"[^"]*"/g, '');
    expect(plain(await deals(ada))).toBe(plain(await deals(ben)));
    expect(await count('Opportunity', `OwnerId = '${ada}' AND IsClosed = true`)).toBe(9);
    expect(await count('Account', `OwnerId = '${ada}' AND Account_Territory__c = 'South'`)).toBe(3);
  });

  test('is made for several people at once, and refused for nobody or a wrong count', async () => {
    expect((await ask('books', { usernames: [adasName, bensName], leads: 2 })).body).toEqual({ Lead: 4 });
    expect(await count('Lead', `OwnerId IN ('${ada}', '${ben}')`)).toBe(4);
    expect((await ask('books', { username: 'nobody@example.com' })).status).toBe(404);
    expect((await ask('books', { username: adasName, leads: -1 })).status).toBe(400);
  });
});

describe('records are found by their values', () => {
  const leadsOf = (owner: string) => count('Lead', `OwnerId = '${owner}'`);

  test('as they are now: after a change, a deletion, and a change that is taken back', async () => {
    await ask('books', { username: adasName, leads: 3 });
    const ids = (await rows(`SELECT Id FROM Lead WHERE OwnerId = '${ada}'`)).map((row) => String(row['Id']));
    expect(await leadsOf(ada)).toBe(3);
    await conn.sobject('Lead').update({ Id: ids[0] ?? '', OwnerId: ben });
    await conn.sobject('Lead').destroy(ids[1] ?? '');
    expect([await leadsOf(ada), await leadsOf(ben)]).toEqual([1, 1]);
    const attributes = { type: 'Lead' };
    await conn.requestPatch('/composite/sobjects', {
      allOrNone: true,
      records: [
        { attributes, id: ids[2], OwnerId: ben },
        { attributes, id: ids[0], OwnerId: '005dt0000009999' },
      ],
    });
    expect([await leadsOf(ada), await leadsOf(ben)]).toEqual([1, 1]);
    expect(await leadsOf(ada.slice(0, 15))).toBe(1);
  });

  test('in any case of letters, without those that have none, and only where all parts fit', async () => {
    expect(await count('User', `Username = '${adasName.toUpperCase()}'`)).toBe(1);
    expect(await count('User', `Id IN ('${ada}', '${ben}') AND FederationIdentifier = null`)).toBe(2);
    expect(await count('User', `Id IN ('${ada}', '${ben}') AND Username IN ('${adasName}')`)).toBe(1);
    expect(await count('User', `Username = '${adasName}' OR Id = '${ben}'`)).toBe(2);
    expect(await count('User', `Id IN ('${ada}', '${ben}') AND (NOT Username = '${adasName}')`)).toBe(1);
    expect(await count('User', `Id = '${ada}' AND Profile.Name = 'Sales User'`)).toBe(1);
  });

  test('a Bulk API job moves every lead of a large book', async () => {
    await ask('books', { username: adasName, leads: 3000, accounts: 400, open: 150, closed: 600 });
    const found = await conn.query<{ Id: string }>(`SELECT Id FROM Lead WHERE OwnerId = '${ada}'`, {
      autoFetch: true,
      maxFetch: 5000,
    });
    const input = found.records.map(({ Id }) => ({ Id, OwnerId: ben }));
    const results = await conn.bulk2.loadAndWaitForResults({
      object: 'Lead',
      operation: 'update',
      input,
      pollInterval: 10,
    });
    expect(results.successfulResults).toHaveLength(3000);
    expect([await leadsOf(ada), await leadsOf(ben)]).toEqual([0, 3000]);
  });
});
