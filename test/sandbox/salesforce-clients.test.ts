import jsforce from 'jsforce';
import { Grounds, idWhere, newUser, salesforceOrg } from './systems';

const grounds = new Grounds();
afterEach(() => grounds.close());

const refusal = (errorCode: string) => expect.objectContaining({ errorCode });
const minutes = (n: number) => new Date(Date.now() + n * 60_000);

test('a client with nothing but an access token learns who it is', async () => {
  const { conn, url } = await salesforceOrg(grounds);
  const bare = new jsforce.Connection({
    instanceUrl: url,
    accessToken: conn.accessToken ?? '',
    version: '62.0',
  });
  const { username } = await conn.identity();
  expect(await bare.identity()).toMatchObject({ username });
});

describe('replication', () => {
  test('names what changed and what went in a span', async () => {
    const { conn } = await salesforceOrg(grounds);
    const kept = await conn.sobject('Account').create({ Name: 'Kept' });
    const gone = await conn.sobject('Account').create({ Name: 'Gone' });
    await conn.sobject('Account').destroy(gone.id ?? '');
    const account = conn.sobject('Account');
    expect(await account.updated(minutes(-5), minutes(1))).toMatchObject({
      ids: [kept.id],
      latestDateCovered: expect.stringMatching(/\+0000$/),
    });
    expect(await account.deleted(minutes(-5), minutes(1))).toMatchObject({
      deletedRecords: [{ id: gone.id, deletedDate: expect.stringMatching(/\+0000$/) }],
    });
    expect((await account.deleted(minutes(-5), minutes(-3))).deletedRecords).toEqual([]);
    expect((await conn.sobject('Contact').deleted(minutes(-5), minutes(1))).deletedRecords).toEqual([]);
  });

  test('refuses a span that is too short, too old or none', async () => {
    const { conn } = await salesforceOrg(grounds);
    const account = conn.sobject('Account');
    await expect(account.updated(minutes(0), minutes(0))).rejects.toEqual(
      refusal('INVALID_REPLICATION_DATE'),
    );
    await expect(account.deleted(minutes(-60 * 24 * 20), minutes(0))).rejects.toEqual(
      refusal('INVALID_REPLICATION_DATE'),
    );
    await expect(conn.request('/sobjects/Account/updated')).rejects.toEqual(refusal('MALFORMED_QUERY'));
    await expect(conn.request('/sobjects/Nothing/updated')).rejects.toEqual(refusal('NOT_FOUND'));
  });

  test('a delete that was rolled back is none', async () => {
    const { conn } = await salesforceOrg(grounds);
    const { id } = await conn.sobject('Account').create({ Name: 'Stays' });
    await conn.request({
      method: 'POST',
      url: '/composite',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        allOrNone: true,
        compositeRequest: [
          { method: 'DELETE', url: `/services/data/v62.0/sobjects/Account/${id}`, referenceId: 'a' },
          { method: 'POST', url: '/services/data/v62.0/sobjects/Account', referenceId: 'b', body: {} },
        ],
      }),
    });
    expect((await conn.sobject('Account').deleted(minutes(-5), minutes(1))).deletedRecords).toEqual([]);
  });
});

test('what was worked on last is recent', async () => {
  const { conn } = await salesforceOrg(grounds);
  await conn.sobject('Account').create({ Name: 'First' });
  const { id } = await conn.sobject('Contact').create({ LastName: 'Last' });
  expect(await conn.recent('Contact', 1)).toEqual([expect.objectContaining({ Id: id, Name: 'Last' })]);
  expect(await conn.recent(1)).toEqual([expect.objectContaining({ Id: id, Name: 'Last' })]);
  expect(await conn.request('/recent')).toHaveLength(2);
});

describe('a SOSL search', () => {
  const people = async () => {
    const { conn } = await salesforceOrg(grounds);
    const make = (record: object) => conn.sobject('Contact').create({ LastName: 'x', ...record });
    await make({ FirstName: 'Ann', LastName: "O'Neil-Smith", Email: 'ann@acme.example', Department: 'East' });
    await make({ FirstName: 'Anna', LastName: 'Jones', Description: "knows Ann O'Neil-Smith" });
    await conn.sobject('Account').create({ Name: 'Ann Industries', Industry: 'Banking' });
    return async (sosl: string) =>
      (await conn.search(sosl)).searchRecords.map((found) => Object.values(found).slice(1).join(' '));
  };

  test.each([
    ['FIND {Ann} RETURNING Contact(FirstName)', ['Ann', 'Anna']],
    ['FIND {Ann} IN NAME FIELDS RETURNING Contact(FirstName)', ['Ann']],
    ['FIND {Ann*} IN NAME FIELDS RETURNING Contact(FirstName ORDER BY FirstName DESC)', ['Anna', 'Ann']],
    ['FIND {An?a OR jones} IN NAME FIELDS RETURNING Contact(FirstName)', ['Anna']],
    ['FIND {Ann AND NOT Jones} RETURNING Contact(FirstName)', ['Ann']],
    ['FIND {"ann acme"} IN EMAIL FIELDS RETURNING Contact(FirstName)', ['Ann']],
    ["FIND {o'neil\\-smith} IN NAME FIELDS RETURNING Contact(FirstName)", ['Ann']],
    [
      "FIND {Ann} RETURNING Contact(FirstName WHERE Department IN ('East', 'a, (b')), Account(Name)",
      ['Ann', 'Ann Industries'],
    ],
    ['FIND {Ann} RETURNING Contact(FirstName LIMIT 1)', ['Ann']],
    ['FIND {Nobody}', []],
  ])('%s', async (sosl, names) => {
    expect(await (await people())(sosl)).toEqual(names);
  });

  test('without RETURNING finds ids everywhere, users too', async () => {
    const { conn } = await salesforceOrg(grounds);
    const { searchRecords } = await conn.search('FIND {dana}');
    expect(searchRecords).toEqual([
      { attributes: expect.objectContaining({ type: 'User' }), Id: expect.stringMatching(/^005/) },
    ]);
  });

  test.each([
    ['Amber', 'MALFORMED_SEARCH'],
    ['FIND {a}', 'MALFORMED_SEARCH'],
    ['FIND {Ann AND}', 'MALFORMED_SEARCH'],
    ['FIND {OR Ann}', 'MALFORMED_SEARCH'],
    ["FIND {Ann} RETURNING Contact(Id WHERE Name = 'a)", 'MALFORMED_SEARCH'],
    ['FIND {Ann} RETURNING User(', 'MALFORMED_SEARCH'],
    ['FIND {Ann} RETURNING Nothing(Id)', 'INVALID_TYPE'],
    ['FIND {Ann} RETURNING User(Nothing)', 'INVALID_FIELD'],
  ])('%s is refused as %s', async (sosl, code) => {
    const { conn } = await salesforceOrg(grounds);
    await expect(conn.search(sosl)).rejects.toEqual(refusal(code));
  });
});

describe('SOQL functions', () => {
  test('group and filter by parts of a date', async () => {
    const { conn } = await salesforceOrg(grounds);
    const closing = async (CloseDate: string, Amount: number) =>
      conn.sobject('Opportunity').create({ Name: CloseDate, StageName: '1-Discovery', CloseDate, Amount });
    for (const [date, amount] of [
      ['2026-01-31', 1],
      ['2026-03-01', 2],
      ['2027-12-31', 4],
    ] as const)
      await closing(date, amount);
    const { records } = await conn.query(
      'SELECT CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate) q, SUM(Amount) total FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate) ORDER BY CALENDAR_YEAR(CloseDate) DESC',
    );
    expect(records).toMatchObject([
      { expr0: 2027, q: 4, total: 4 },
      { expr0: 2026, q: 1, total: 3 },
    ]);
    const names = async (where: string) =>
      (await conn.query(`SELECT Name FROM Opportunity WHERE ${where}`)).records.map(({ Name }) =>
        String(Name),
      );
    expect(await names('DAY_IN_MONTH(CloseDate) = 31 AND CALENDAR_YEAR(CloseDate) = 2026')).toEqual([
      '2026-01-31',
    ]);
    expect(await names('DAY_IN_WEEK(CloseDate) = 1')).toEqual(['2026-03-01']);
    expect(await names('DAY_IN_YEAR(CloseDate) = 365')).toEqual(['2027-12-31']);
    expect(await names('DAY_ONLY(convertTimezone(CreatedDate)) = TODAY')).toHaveLength(3);
  });

  test('show labels and formats', async () => {
    const { conn } = await salesforceOrg(grounds);
    const opportunity = { Name: 'o', StageName: '1-Discovery', CloseDate: '2026-03-01', Amount: 1234.5 };
    await conn.sobject('Opportunity').create(opportunity);
    const { records } = await conn.query(
      'SELECT toLabel(StageName), Amount, FORMAT(Amount) shown, FORMAT(CloseDate) FROM Opportunity',
    );
    expect(records).toMatchObject([
      { StageName: '1-Discovery', Amount: 1234.5, shown: '$1,234.50', CloseDate: '3/1/2026' },
    ]);
  });

  test.each([
    'SELECT CALENDAR_YEAR(CreatedDate) FROM User',
    'SELECT Id FROM User WHERE CALENDAR_YEAR(Name) = 1',
    'SELECT Id FROM Opportunity WHERE HOUR_IN_DAY(CloseDate) = 1',
    'SELECT Id FROM User WHERE CALENDAR_YEAR(CreatedDate = 1',
  ])('%s is malformed', async (soql) => {
    const { conn } = await salesforceOrg(grounds);
    await expect(conn.query(soql)).rejects.toEqual(refusal('MALFORMED_QUERY'));
  });
});

describe('the permission set of a profile', () => {
  test('is assigned to each user, follows their profile, and is nobody else to give or take', async () => {
    const { conn } = await salesforceOrg(grounds);
    const { id = '' } = await conn.sobject('User').create(await newUser(conn, 'nora@example.com'));
    const owned = async () =>
      (
        await conn.query(
          `SELECT Id, PermissionSetId, PermissionSet.Profile.Name FROM PermissionSetAssignment WHERE AssigneeId = '${id}' AND PermissionSet.IsOwnedByProfile = true`,
        )
      ).records;
    expect(await owned()).toMatchObject([{ PermissionSet: { Profile: { Name: 'Sales User' } } }]);
    const ProfileId = await idWhere(conn, 'Profile', "Name = 'Sales Manager'");
    await conn.sobject('User').update({ Id: id, ProfileId });
    const [now, ...others] = await owned();
    expect([now, others]).toMatchObject([{ PermissionSet: { Profile: { Name: 'Sales Manager' } } }, []]);
    const assignments = conn.sobject('PermissionSetAssignment');
    await expect(assignments.destroy(String(now?.Id))).rejects.toEqual(
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    const PermissionSetId = String(now?.['PermissionSetId']);
    const other = await idWhere(conn, 'User', "Username = 'dana@example.com'");
    await expect(assignments.create({ AssigneeId: other, PermissionSetId })).rejects.toEqual(
      refusal('FIELD_INTEGRITY_EXCEPTION'),
    );
    const users = await conn.query('SELECT COUNT() FROM User');
    const assigned = await conn.query(
      'SELECT COUNT() FROM User WHERE Id IN (SELECT AssigneeId FROM PermissionSetAssignment)',
    );
    expect(assigned.totalSize).toBe(users.totalSize);
  });

  test('is there once, however often the org starts', async () => {
    const world = grounds.world();
    const count = async () => {
      const { conn } = await salesforceOrg(grounds, world);
      return (await conn.query('SELECT COUNT() FROM PermissionSetAssignment')).totalSize;
    };
    expect(await count()).toBe(await count());
  });
});

test('sign-ins and what was done to users can be read back', async () => {
  const { conn } = await salesforceOrg(grounds);
  const { id = '' } = await conn.sobject('User').create(await newUser(conn, 'nora@example.com'));
  await conn.sobject('User').update({ Id: id, IsActive: false });
  const { records } = await conn.query('SELECT Action, CreatedBy.Username FROM SetupAuditTrail');
  const { username } = await conn.identity();
  expect(records).toMatchObject([
    { Action: 'createduser', CreatedBy: { Username: username } },
    { Action: 'deactivateduser' },
  ]);
  const logins = await conn.query(
    `SELECT Status FROM LoginHistory WHERE UserId IN (SELECT Id FROM User WHERE Username = '${username}')`,
  );
  expect(logins.records).toMatchObject([{ Status: 'Success' }]);
});

test.each(['PermissionSetGroup', 'RecordType', 'QueueSobject'])('%s is there, and empty', async (object) => {
  const { conn } = await salesforceOrg(grounds);
  expect((await conn.query(`SELECT Id FROM ${object}`)).totalSize).toBe(0);
});

test('a password that was set signs in, and one that is too simple is refused', async () => {
  const { conn, newConnection, url } = await salesforceOrg(grounds);
  const id = await idWhere(conn, 'User', "Username = 'dana@example.com'");
  const ask = (method: 'GET' | 'POST' | 'DELETE', body?: object) =>
    fetch(`${url}/services/data/v62.0/sobjects/User/${id}/password`, {
      method,
      headers: { authorization: `Bearer ${conn.accessToken ?? ''}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  expect(await (await ask('GET')).json()).toEqual({ isExpired: false });
  expect(await (await ask('POST', { NewPassword: 'short1' })).json()).toEqual([
    refusal('INVALID_NEW_PASSWORD'),
  ]);
  expect((await ask('POST', { NewPassword: 'correct-horse-1' })).status).toBe(204);
  await expect(newConnection().loginByOAuth2('dana@example.com', 'wrong-horse-1')).rejects.toThrow();
  expect(await newConnection().loginByOAuth2('dana@example.com', 'correct-horse-1')).toMatchObject({ id });
  const { NewPassword } = (await (await ask('DELETE')).json()) as { NewPassword: string };
  await expect(newConnection().loginByOAuth2('dana@example.com', 'correct-horse-1')).rejects.toThrow();
  expect(await newConnection().loginByOAuth2('dana@example.com', NewPassword)).toMatchObject({ id });
});

test('what the org does not have answers as an unknown resource', async () => {
  const { conn } = await salesforceOrg(grounds);
  for (const path of ['/chatter/users/me', '/tooling/query?q=x', '/sobjects/Account/describe/layouts'])
    await expect(conn.request(path)).rejects.toEqual(refusal('NOT_FOUND'));
  await expect(conn.request({ method: 'POST', url: '/composite/graph', body: '{}' })).rejects.toEqual(
    refusal('NOT_FOUND'),
  );
});
