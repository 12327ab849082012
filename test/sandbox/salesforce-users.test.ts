import type { Connection } from 'jsforce';
import { Grounds, idWhere, newUser, salesforceOrg, type Org } from './systems';

const grounds = new Grounds();
let org: Org;
let conn: Connection;
let serial = 0;
const fresh = () => `hire${++serial}@example.com`;

beforeAll(async () => {
  org = await salesforceOrg(grounds);
  conn = org.conn;
});
afterAll(() => grounds.close());

async function create(object: string, record: object): Promise<string> {
  const result = await conn.sobject(object).create(record);
  if (Array.isArray(result) || !result.success) throw new Error('not created');
  return result.id;
}
const createUser = async (more: object = {}) => create('User', await newUser(conn, fresh(), more));
const refusal = (errorCode: string) => expect.objectContaining({ errorCode });
const seats = async (object: string, condition: string): Promise<number> => {
  const { records } = await conn.query<{ UsedLicenses: number }>(
    `SELECT UsedLicenses FROM ${object} WHERE ${condition}`,
  );
  return records[0]?.UsedLicenses ?? NaN;
};

describe('a Salesforce user', () => {
  test('is created with what was given, a computed name and a login that is not frozen', async () => {
    const username = fresh();
    const id = await create('User', await newUser(conn, username, { Title: 'Account Executive' }));
    expect(id).toMatch(/^005\w{15}$/);
    expect(await conn.sobject('User').retrieve(id)).toMatchObject({
      attributes: { type: 'User', url: `/services/data/v62.0/sobjects/User/${id}` },
      Username: username,
      Name: 'Erin Ellis',
      Title: 'Account Executive',
      IsActive: true,
      UserType: 'Standard',
    });
    const { records } = await conn.query(`SELECT IsFrozen FROM UserLogin WHERE UserId = '${id}'`);
    expect(records).toMatchObject([{ IsFrozen: false }]);
  });

  test.each([
    ['a required field is missing', { LastName: null }, 'REQUIRED_FIELD_MISSING', ['LastName']],
    ['a text is too long', { Alias: 'ninechars' }, 'STRING_TOO_LONG', ['Alias']],
    ['the address is none', { Email: 'nobody' }, 'INVALID_EMAIL_ADDRESS', ['Email']],
    [
      'the time zone is unknown',
      { TimeZoneSidKey: 'Mars/Olympus' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      ['TimeZoneSidKey'],
    ],
    [
      'the profile does not exist',
      { ProfileId: '00edt0000009999' },
      'INVALID_CROSS_REFERENCE_KEY',
      undefined,
    ],
    ['the profile is no profile', { ProfileId: '001dt0000009999' }, 'MALFORMED_ID', ['ProfileId']],
    ['a field is unknown', { Shoe__c: 44 }, 'INVALID_FIELD', undefined],
    ['a field is computed', { Name: 'E' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Name']],
  ])('is refused where %s', async (_case, wrong, errorCode, fields) => {
    const attempt = create('User', await newUser(conn, fresh(), wrong));
    await expect(attempt).rejects.toEqual(refusal(errorCode));
    if (fields)
      await attempt.catch((error: { data: { fields: string[] } }) =>
        expect(error.data.fields).toEqual(fields),
      );
  });

  test('keeps its user name even when inactive, in any case of letters', async () => {
    const username = fresh();
    const id = await create('User', await newUser(conn, username));
    await conn.sobject('User').update({ Id: id, IsActive: false });
    await expect(create('User', await newUser(conn, username.toUpperCase()))).rejects.toEqual(
      refusal('DUPLICATE_USERNAME'),
    );
  });

  test('is never deleted', async () => {
    const id = await createUser();
    await expect(conn.sobject('User').destroy(id)).rejects.toEqual(
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    expect(await idWhere(conn, 'User', `Id = '${id}'`)).toBe(id);
  });

  test('who is the default owner of leads cannot be deactivated', async () => {
    const username = fresh();
    const id = await create('User', await newUser(conn, username));
    await org.sandbox('PATCH', 'default-owners', { lead: username });
    await expect(conn.sobject('User').update({ Id: id, IsActive: false })).rejects.toEqual(
      refusal('FIELD_INTEGRITY_EXCEPTION'),
    );
  });
});

describe('licences', () => {
  test('of users run out; deactivating frees a seat, freezing does not', async () => {
    const id = await createUser();
    const used = await seats('UserLicense', "Name = 'Salesforce'");
    await org.sandbox('PATCH', 'licences', { name: 'Salesforce', total: used });
    try {
      await expect(createUser()).rejects.toEqual(refusal('LICENSE_LIMIT_EXCEEDED'));
      const login = await idWhere(conn, 'UserLogin', `UserId = '${id}'`);
      await conn.sobject('UserLogin').update({ Id: login, IsFrozen: true });
      await expect(createUser()).rejects.toEqual(refusal('LICENSE_LIMIT_EXCEEDED'));
      await conn.sobject('User').update({ Id: id, IsActive: false });
      expect(await seats('UserLicense', "Name = 'Salesforce'")).toBe(used - 1);
      const next = await createUser();
      await expect(conn.sobject('User').update({ Id: id, IsActive: true })).rejects.toEqual(
        refusal('LICENSE_LIMIT_EXCEEDED'),
      );
      expect(await idWhere(conn, 'User', `Id = '${next}' AND IsActive = true`)).toBe(next);
    } finally {
      await org.sandbox('PATCH', 'licences', { name: 'Salesforce', total: 500 });
    }
  });

  test('of permission sets are needed first, are given once, and run out', async () => {
    const [user, other] = [await createUser(), await createUser()];
    const set = await idWhere(conn, 'PermissionSet', "Name = 'Inbox_User'");
    const license = await idWhere(conn, 'PermissionSetLicense', "DeveloperName = 'Inbox'");
    const assignment = { AssigneeId: user, PermissionSetId: set };
    await expect(create('PermissionSetAssignment', assignment)).rejects.toEqual(
      refusal('FIELD_INTEGRITY_EXCEPTION'),
    );
    const held = await create('PermissionSetLicenseAssign', {
      AssigneeId: user,
      PermissionSetLicenseId: license,
    });
    expect(held).toMatch(/^2LA/);
    const assigned = await create('PermissionSetAssignment', assignment);
    await expect(create('PermissionSetAssignment', assignment)).rejects.toEqual(refusal('DUPLICATE_VALUE'));
    await expect(
      create('PermissionSetLicenseAssign', { AssigneeId: user, PermissionSetLicenseId: license }),
    ).rejects.toEqual(refusal('DUPLICATE_VALUE'));
    await org.sandbox('PATCH', 'licences', {
      name: 'Inbox',
      total: await seats('PermissionSetLicense', "DeveloperName = 'Inbox'"),
    });
    await expect(
      create('PermissionSetLicenseAssign', { AssigneeId: other, PermissionSetLicenseId: license }),
    ).rejects.toEqual(refusal('LICENSE_LIMIT_EXCEEDED'));
    await expect(conn.sobject('PermissionSetLicenseAssign').destroy(held)).rejects.toEqual(
      refusal('DEPENDENCY_EXISTS'),
    );
    await conn.sobject('PermissionSetAssignment').destroy(assigned);
    await conn.sobject('PermissionSetLicenseAssign').destroy(held);
    await create('PermissionSetLicenseAssign', { AssigneeId: other, PermissionSetLicenseId: license });
  });

  test('of a package are counted and run out', async () => {
    const [user, other] = [await createUser(), await createUser()];
    const pack = await idWhere(conn, 'PackageLicense', "NamespacePrefix = 'LeanData'");
    const used = await seats('PackageLicense', "NamespacePrefix = 'LeanData'");
    await org.sandbox('PATCH', 'licences', { name: 'LeanData', total: used + 1 });
    const held = await create('UserPackageLicense', { UserId: user, PackageLicenseId: pack });
    expect(await seats('PackageLicense', "NamespacePrefix = 'LeanData'")).toBe(used + 1);
    await expect(create('UserPackageLicense', { UserId: other, PackageLicenseId: pack })).rejects.toEqual(
      refusal('LICENSE_LIMIT_EXCEEDED'),
    );
    await conn.sobject('UserPackageLicense').destroy(held);
    await create('UserPackageLicense', { UserId: other, PackageLicenseId: pack });
  });
});

describe('the seeded org', () => {
  test('has the roles, profiles and people that the handbook speaks of', async () => {
    const count = async (soql: string) => (await conn.query(soql)).totalSize;
    expect(await count("SELECT COUNT() FROM UserRole WHERE Name LIKE '% - EMEA'")).toBe(8);
    expect(await count("SELECT COUNT() FROM Profile WHERE UserLicense.Name = 'Salesforce'")).toBe(7);
    expect(
      await count(
        "SELECT COUNT() FROM User WHERE Username IN ('dana@example.com', 'mona@example.com') AND IsActive = true",
      ),
    ).toBe(2);
  });
});
