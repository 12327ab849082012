import { createSign, generateKeyPairSync } from 'node:crypto';
import { salesforceCredentials } from '../../src/sandbox/salesforce';
import { Grounds, idWhere, newUser, salesforceOrg } from './systems';

const grounds = new Grounds();
afterEach(() => grounds.close());

const refusal = (errorCode: string) => expect.objectContaining({ errorCode });
const json = (method: 'POST' | 'PATCH', url: string, body: object) => ({
  method,
  url,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

describe('sign-in', () => {
  test('by client credentials, password and SOAP gives the integration user', async () => {
    const world = grounds.world();
    const { conn, newConnection, url } = await salesforceOrg(grounds, world);
    const { username, password, securityToken } = salesforceCredentials(world);
    expect(await conn.identity()).toMatchObject({ username });
    const byPassword = newConnection();
    await byPassword.loginByOAuth2(username, password);
    const bySoap = newConnection();
    const { id } = await bySoap.loginBySoap(username, password + securityToken);
    expect(bySoap.instanceUrl).toBe(url);
    expect(await bySoap.sobject('User').retrieve(id)).toMatchObject({ Username: username });
    await expect(newConnection().loginBySoap(username, 'wrong')).rejects.toThrow('INVALID_LOGIN');
    await expect(newConnection().loginByOAuth2(username, 'wrong')).rejects.toThrow('authentication failure');
  });

  test('by a signed assertion counts only with the registered key, in time', async () => {
    const world = grounds.world();
    const { sandbox, url } = await salesforceOrg(grounds, world);
    const { clientId, username } = salesforceCredentials(world);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const ask = async (claims: object) => {
      const text = `${part({ alg: 'RS256' })}.${part({ iss: clientId, sub: username, aud: 'https://login.salesforce.com', ...claims })}`;
      const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
      const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      const answer = await fetch(`${url}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type, assertion }),
      });
      return [answer.status, await answer.json()] as const;
    };
    const soon = Math.floor(Date.now() / 1000) + 120;
    expect(await ask({ exp: soon })).toEqual([
      400,
      { error: 'invalid_grant', error_description: expect.stringContaining('certificate') },
    ]);
    await sandbox('PUT', 'certificate', { certificate: publicKey.export({ type: 'spki', format: 'pem' }) });
    expect(await ask({ exp: soon })).toEqual([
      200,
      expect.objectContaining({ instance_url: url, token_type: 'Bearer' }),
    ]);
    expect(await ask({ exp: soon - 3600 })).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_grant' }),
    ]);
    expect(await ask({ exp: soon, aud: 'https://elsewhere.example' })).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_grant' }),
    ]);
  });

  test('is over when sessions expire', async () => {
    const { conn, sandbox, url } = await salesforceOrg(grounds);
    const headers = { authorization: `Bearer ${conn.accessToken ?? ''}` };
    await sandbox('POST', 'expire-sessions');
    const answer = await fetch(`${url}/services/data/v62.0/limits`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual([
      { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' },
    ]);
  });
});

describe('records', () => {
  test('are found, changed, upserted and gone, in the words of the API', async () => {
    const { conn } = await salesforceOrg(grounds);
    const accounts = conn.sobject('Account');
    const created = await accounts.upsert({ External_Id__c: 'a-1', Name: 'Acme' }, 'External_Id__c');
    const id = String(created.id);
    expect(created).toMatchObject({ success: true, created: true });
    expect(
      await accounts.upsert({ External_Id__c: 'A-1', Name: 'Acme Ltd' }, 'External_Id__c'),
    ).toMatchObject({ id, created: false });
    expect(await accounts.retrieve(id.slice(0, 15))).toMatchObject({ Id: id, Name: 'Acme Ltd' });
    await accounts.destroy(id);
    await expect(accounts.retrieve(id)).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(conn.sobject('Nothing').create({})).rejects.toEqual(refusal('NOT_FOUND'));
  });

  test('of one collection stand each on their own, or all fall with one', async () => {
    const { conn } = await salesforceOrg(grounds);
    const good = await newUser(conn, 'one@example.com');
    const double = await newUser(conn, 'ONE@example.com');
    const results = await conn.sobject('User').create([good, double]);
    expect(results).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'DUPLICATE_USERNAME' }] },
    ]);
    const two = await newUser(conn, 'two@example.com');
    expect(await conn.sobject('User').create([two, double], { allOrNone: true })).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'DUPLICATE_USERNAME' }] },
    ]);
    const { totalSize } = await conn.query("SELECT COUNT() FROM User WHERE Username LIKE 'two@%'");
    expect(totalSize).toBe(0);
    expect(
      (await conn.query("SELECT COUNT() FROM UserLogin WHERE User.Username = 'two@example.com'")).totalSize,
    ).toBe(0);
  });

  test('of setup and of business do not mix in one transaction', async () => {
    const { conn } = await salesforceOrg(grounds);
    const user = { attributes: { type: 'User' }, ...(await newUser(conn, 'mixed@example.com')) };
    const account = { attributes: { type: 'Account' }, Name: 'Acme' };
    const results = await conn.request(
      json('POST', '/composite/sobjects', { allOrNone: true, records: [user, account] }),
    );
    expect(results).toMatchObject([{ success: false }, { errors: [{ statusCode: 'MIXED_DML_OPERATION' }] }]);
    expect(
      await conn.request(json('POST', '/composite/sobjects', { records: [user, account] })),
    ).toMatchObject([{ success: true }, { success: true }]);
  });

  test('are at most 200 a collection', async () => {
    const { conn } = await salesforceOrg(grounds);
    const records = Array.from({ length: 201 }, () => ({ attributes: { type: 'Account' }, Name: 'Acme' }));
    await expect(conn.request(json('POST', '/composite/sobjects', { records }))).rejects.toEqual(
      refusal('EXCEEDED_ID_LIMIT'),
    );
  });

  test('of a composite request refer to each other, and are taken back together', async () => {
    const { conn } = await salesforceOrg(grounds);
    const at = '/services/data/v62.0/sobjects';
    const account = { method: 'POST', url: `${at}/Account`, referenceId: 'acme', body: { Name: 'Acme' } };
    const contact = {
      method: 'POST',
      url: `${at}/Contact`,
      referenceId: 'erin',
      body: { LastName: 'Ellis', AccountId: '@{acme.id}' },
    };
    const wrong = { ...contact, referenceId: 'wrong', body: { AccountId: '@{acme.id}' } };
    const ask = (compositeRequest: object[]) =>
      conn.request(json('POST', '/composite', { allOrNone: true, compositeRequest }));
    expect(await ask([account, wrong])).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
        { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
      ],
    });
    expect((await conn.query('SELECT COUNT() FROM Account')).totalSize).toBe(0);
    expect(await ask([account, contact])).toMatchObject({
      compositeResponse: [{ httpStatusCode: 201 }, { httpStatusCode: 201 }],
    });
    const { records } = await conn.query('SELECT Name, (SELECT LastName FROM Contacts) FROM Account');
    expect(records).toMatchObject([
      { Name: 'Acme', Contacts: { totalSize: 1, records: [{ LastName: 'Ellis' }] } },
    ]);
  });

  test('come in and out by bulk jobs', async () => {
    const { conn } = await salesforceOrg(grounds);
    conn.bulk2.pollInterval = 5;
    const input = [
      { Name: 'One, "Inc"\nof many', External_Id__c: 'b1' },
      { Name: 'Two', External_Id__c: 'B1' },
    ];
    const { successfulResults, failedResults } = await conn.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation: 'insert',
      input,
    });
    expect(successfulResults).toMatchObject([{ sf__Created: 'true', Name: 'One, "Inc"\nof many' }]);
    expect(failedResults).toMatchObject([
      { sf__Error: expect.stringContaining('DUPLICATE_VALUE'), Name: 'Two' },
    ]);
    const found = [];
    for await (const row of await conn.bulk2.query('SELECT Name, Owner.Name FROM Account')) found.push(row);
    expect(found).toEqual([{ Name: 'One, "Inc"\nof many', 'Owner.Name': 'daytwo Integration' }]);
  });
});

describe('a query', () => {
  test('comes in pages', async () => {
    const { conn } = await salesforceOrg(grounds);
    const all = Array.from({ length: 200 }, (_, i) => ({ Name: `Acme ${i}` }));
    await conn.sobject('Account').create(all);
    const first = await conn.query('SELECT Name FROM Account ORDER BY CreatedDate, Id', {
      headers: { 'Sforce-Query-Options': 'batchSize=150' },
    });
    expect(first).toMatchObject({ totalSize: 200, done: false });
    const second = await conn.queryMore(String(first.nextRecordsUrl));
    expect(second).toMatchObject({ totalSize: 200, done: true });
    const names = [...first.records, ...second.records].map((record) => record['Name']);
    expect(names).toEqual(all.map((account) => account.Name));
  });

  test('finds what was kept before a restart', async () => {
    const world = grounds.world();
    const before = await salesforceOrg(grounds, world);
    await before.conn.sobject('Account').create({ Name: 'Kept' });
    const after = await salesforceOrg(grounds, world);
    expect(await idWhere(after.conn, 'Account', "Name = 'kept'")).toMatch(/^001/);
    expect((await after.conn.query('SELECT COUNT() FROM Profile')).totalSize).toBe(8);
  });
});

describe('the daily limit', () => {
  test('is told in every answer, and kept', async () => {
    const { conn, sandbox } = await salesforceOrg(grounds);
    await conn.query('SELECT Id FROM Organization');
    const used = conn.limitInfo.apiUsage?.used ?? NaN;
    expect(conn.limitInfo.apiUsage).toEqual({ used, limit: 150_000 });
    await sandbox('PATCH', 'limits', { dailyApiRequests: used + 1 });
    await conn.query('SELECT Id FROM Organization');
    await expect(conn.query('SELECT Id FROM Organization')).rejects.toEqual(
      refusal('REQUEST_LIMIT_EXCEEDED'),
    );
  });
});

test('what is not there is refused, never answered with nothing', async () => {
  const { conn, url } = await salesforceOrg(grounds);
  const headers = { authorization: `Bearer ${conn.accessToken ?? ''}`, 'content-type': 'application/json' };
  const statusOf = async (method: string, path: string, body?: string) =>
    (await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })).status;
  expect(await statusOf('GET', '/services/data/v62.0/nothing')).toBe(404);
  expect(await statusOf('GET', '/services/data/v12.0/limits')).toBe(404);
  expect(await statusOf('GET', '/services/apexrest/x')).toBe(404);
  expect(await statusOf('PUT', '/services/data/v62.0/limits')).toBe(405);
  expect(await statusOf('POST', '/services/data/v62.0/sobjects/Account', '{bad')).toBe(400);
  expect(await statusOf('POST', '/services/data/v62.0/sobjects/Account', '[]')).toBe(400);
});
