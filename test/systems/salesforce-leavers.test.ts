import { refusalOf } from '../../src/systems/salesforce/refusals';
import { Systems } from './fixture';
import { accountOf, addressOf, leaver, LeaverOrg } from './leaver-org';

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

const leavers = () => at.salesforce.leavers;
const shown = async (...people: Parameters<typeof leaver>[]) =>
  Object.fromEntries(await leavers().accountsOf(people.map((one) => leaver(...one))));

describe('whose users are found', () => {
  test.each([
    [
      'employee number',
      { EmployeeNumber: '7', Email: 'x@other.example', Username: 'x@other.example' },
      'employee_number',
    ],
    [
      'federation id',
      { FederationIdentifier: 'Ada7', Email: 'x@other.example', Username: 'x@other.example' },
      'federation_id',
    ],
    [
      'address as federation id',
      { FederationIdentifier: 'ADA@daytwo.example', Email: 'x@other.example', Username: 'x@other.example' },
      'federation_id',
    ],
    ['user name', { Email: 'x@other.example' }, 'username'],
    ['e-mail', { Username: 'x@other.example' }, 'email'],
    ['an earlier address', { Username: 'x@other.example', Email: 'Ada.Old@daytwo.example' }, 'email'],
  ])('by %s', async (_by, fields, by) => {
    const id = await at.user('Ada', fields);
    const emails = [addressOf('Ada'), 'ada.old@daytwo.example'];
    expect(await shown(['7', 'Ada', { emails, federationId: 'ada7' }])).toEqual({
      '7': [
        {
          connection: 'salesforce',
          accountId: id,
          state: 'active',
          by,
          shows: ['profile Sales User'],
          lastSignInAt: null,
          // An address of theirs is nothing new.
          ...(Object.values<string>(fields).includes('Ada7') ? { federationId: 'Ada7' } : {}),
        },
      ],
    });
  });

  test('never by a name alone, nor where the number says that it is somebody else', async () => {
    const elsewhere = { Email: 'x@other.example', Username: 'x@other.example' };
    await at.user('Ada', elsewhere);
    await at.user('Ada', { Username: 'y@other.example', EmployeeNumber: '8' });
    expect(await shown(['7', 'Ada'])).toEqual({ '7': [] });
  });

  test('all of a person, active or not, with what each shows', async () => {
    const set = await at.idOf('PermissionSet', 'Quoting_User');
    const role = await at.idOf('UserRole', 'Enterprise AE - Americas');
    const own = await at.user('Ada', { EmployeeNumber: '7', UserRoleId: role });
    await at.one('PermissionSetAssignment', { AssigneeId: own, PermissionSetId: set });
    const second = await at.user('Ada', { Username: 'ada.admin@daytwo.example' });
    const third = await at.user('Ada', { Username: 'ada.old@daytwo.example' });
    await at.change('User', third, { IsActive: false });
    await leavers().freeze([second].map(accountOf));
    const { '7': found } = await shown(['7', 'Ada']);
    expect(found?.map(({ accountId, by, state, shows }) => ({ accountId, by, state, shows }))).toEqual([
      {
        accountId: own,
        by: 'employee_number',
        state: 'active',
        shows: ['profile Sales User', 'role Enterprise AE - Americas', 'permission set Quoting_User'],
      },
      { accountId: second, by: 'email', state: 'frozen', shows: ['profile Sales User'] },
      { accountId: third, by: 'email', state: 'inactive', shows: ['profile Sales User'] },
    ]);
  });

  test('of 200 people in a few queries, with a quote in an address', async () => {
    const names = Array.from({ length: 199 }, (_, n) => `Person${n}`);
    const ids = await at.users(names);
    const quoted = await at.user('Quoted', { Email: "o'hara@daytwo.example" });
    const people = names.map((name, n) => leaver(`${n}`, name));
    const asked = await at.watch();
    const found = await leavers().accountsOf([
      ...people,
      leaver('q', 'other', { emails: ["o'hara@daytwo.example"] }),
    ]);
    expect(ids.map((_, n) => found.get(`${n}`)?.map(({ accountId }) => accountId))).toEqual(
      ids.map((id) => [id]),
    );
    expect(found.get('q')?.[0]?.accountId).toBe(quoted);
    expect((await asked()).length).toBeLessThanOrEqual(8);
  });
});

const kinds = (outcomes: ReadonlyMap<string, { readonly kind: string }>) =>
  [...outcomes.values()].map(({ kind }) => kind);

describe('freezing', () => {
  test('stops sign-in, is read back, and is undone', async () => {
    const ids = await at.users(['Ada', 'Ben']);
    expect(kinds(await leavers().freeze(ids.map(accountOf)))).toEqual(['gone', 'gone']);
    expect(
      await at.org.queryIn('SELECT UserId FROM UserLogin', 'IsFrozen = true AND UserId', ids),
    ).toHaveLength(2);
    expect(kinds(await leavers().freeze(ids.map(accountOf)))).toEqual(['was_gone', 'was_gone']);
    expect(kinds(await leavers().unfreeze(ids.slice(0, 1).map(accountOf)))).toEqual(['gone']);
    expect(kinds(await leavers().unfreeze(ids.slice(0, 1).map(accountOf)))).toEqual(['was_gone']);
    expect(kinds(await leavers().freeze(ids.map(accountOf)))).toEqual(['gone', 'was_gone']);
  });

  test('ends the sessions of who is signed in, and they do not sign in again', async () => {
    const ada = await at.user('Ada');
    const there = await at.signIn(ada);
    expect(await there?.send('GET', '/limits')).toBe(200);
    expect(kinds(await leavers().freeze([ada].map(accountOf)))).toEqual(['gone']);
    expect(await there?.send('GET', '/limits')).toBe(401);
    expect(await at.signIn(ada)).toBeNull();
    await leavers().unfreeze([accountOf(ada)]);
    expect(await at.signIn(ada)).not.toBeNull();
  });

  test('200 users take five requests', async () => {
    const ids = await at.users(Array.from({ length: 200 }, (_, n) => `Person${n}`));
    const asked = await at.watch();
    expect(new Set(kinds(await leavers().freeze(ids.map(accountOf))))).toEqual(new Set(['gone']));
    expect((await asked()).length).toBeLessThanOrEqual(5);
  });

  test('an answer that got lost is no freeze lost', async () => {
    const ids = await at.users(['Ada']);
    await systems.fault({ system: 'salesforce', method: 'PATCH', kind: 'lose-answer', count: 1 });
    await expect(leavers().freeze(ids.map(accountOf))).rejects.toMatchObject({ retryable: true });
    expect(kinds(await leavers().freeze(ids.map(accountOf)))).toEqual(['was_gone']);
  });

  test('a user whom the org does not show is not said to be frozen', async () => {
    const [found] = (await leavers().freeze(['005dt00000zzzzz'].map(accountOf))).values();
    expect(found).toMatchObject({ kind: 'refused', code: 'NOT_SHOWN' });
  });
});

describe('rights over others', () => {
  const admin = async (): Promise<string> => {
    const id = await at.user('Ada');
    const sets = await at.make('PermissionSet', [
      { Name: 'Deputy_Admin', Label: 'Deputy', PermissionsManageUsers: true },
      { Name: 'Data_Loader', Label: 'Loader', PermissionsModifyAllData: true },
    ]);
    const quoting = await at.idOf('PermissionSet', 'Quoting_User');
    await at.make(
      'PermissionSetAssignment',
      [...sets, quoting].map((set) => ({ AssigneeId: id, PermissionSetId: set })),
    );
    return id;
  };
  const setsOf = async () => (await shown(['7', 'Ada']))['7']?.[0]?.shows;

  test('are taken by name, what else they have stays', async () => {
    const id = await admin();
    expect(await leavers().takeAdminRights?.([id])).toEqual(new Map([[id, ['Data_Loader', 'Deputy_Admin']]]));
    expect(await setsOf()).toEqual(['profile Sales User', 'permission set Quoting_User']);
    expect(await leavers().takeAdminRights?.([id])).toEqual(new Map());
  });

  test('are known by name though the answer got lost', async () => {
    const id = await admin();
    await systems.fault({ system: 'salesforce', method: 'DELETE', kind: 'lose-answer', count: 1 });
    expect(await leavers().takeAdminRights?.([id])).toEqual(new Map([[id, ['Data_Loader', 'Deputy_Admin']]]));
  });

  test('that are still there are a fault', async () => {
    const id = await admin();
    await systems.fault({ system: 'salesforce', method: 'DELETE', kind: 'status', status: 503, count: 1 });
    await expect(leavers().takeAdminRights?.([id])).rejects.toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      retryable: true,
    });
    expect(await setsOf()).toContain('permission set Deputy_Admin');
  });
});

describe('ending', () => {
  test('deactivates, reads back, and frees the seat', async () => {
    const ids = await at.users(['Ada', 'Ben']);
    await at.change('User', ids[1] ?? '', { IsActive: false });
    const asked = await at.watch();
    expect(kinds(await leavers().end(ids.map(accountOf)))).toEqual(['gone', 'was_gone']);
    expect(await asked()).toHaveLength(3);
    expect(kinds(await leavers().end(ids.map(accountOf)))).toEqual(['was_gone', 'was_gone']);
  });

  test('one who is refused does not keep the others', async () => {
    const ids = await at.users(['Ada', 'Ben', 'Cem']);
    await systems.salesforce('PATCH', '/default-owners', { lead: addressOf('Ada'), case: addressOf('Cem') });
    expect([...(await leavers().end(ids.map(accountOf))).values()]).toEqual([
      expect.objectContaining({ kind: 'refused', blocker: 'they are the default lead owner' }),
      { kind: 'gone' },
      expect.objectContaining({ kind: 'refused', blocker: 'they are the default case owner' }),
    ]);
  });
});

describe('looking back', () => {
  const past = '2026-01-01T00:00:00Z';
  const later = () => new Date(Date.now() + 1).toISOString();

  test('finds sign-ins and changes since, of those who made any', async () => {
    const [ada = '', ben = ''] = await at.users(['Ada', 'Ben']);
    const leads = await at.make(
      'Lead',
      [1, 2].map(() => ({ LastName: 'L', Company: 'C', OwnerId: ada })),
    );
    const there = await at.signIn(ada);
    for (const id of leads) await there?.send('PATCH', `/sobjects/Lead/${id}`, { Status: 'Nurture' });
    await there?.send('POST', '/sobjects/Account', { Name: 'Hers' });
    const login = await at.org.query(`SELECT Id FROM UserLogin WHERE UserId = '${ben}'`);
    await there?.send('PATCH', `/sobjects/UserLogin/${String(login[0]?.['Id'])}`, { IsFrozen: true });
    const asked = await at.watch();
    expect(await leavers().usedSince?.([ada, ben], past)).toEqual([
      {
        accountId: ada,
        signIns: [{ at: expect.stringMatching(/^20\d\d-/), what: expect.stringContaining('Remote Access') }],
        changes: { Lead: 2, Account: 1, setup: 1 },
      },
    ]);
    expect(await asked()).toHaveLength(6);
    expect(await leavers().usedSince?.([ada, ben], later())).toEqual([]);
  });

  test('an attempt that failed is no use', async () => {
    const ada = await at.user('Ada');
    await leavers().freeze([ada].map(accountOf));
    expect(await at.signIn(ada)).toBeNull();
    expect(await leavers().usedSince?.([ada], past)).toEqual([]);
  });
});

describe('a refusal in words', () => {
  const refused = (message: string, code = 'FIELD_INTEGRITY_EXCEPTION') =>
    refusalOf({ success: false, code, message });

  test.each([
    [
      'You cannot deactivate this user. You cannot deactivate a user who is the default owner of cases.',
      'default case owner',
    ],
    ['You cannot deactivate a user who is the default owner of leads', 'default lead owner'],
    ['You cannot disable the Web to Lead Default Creator.', 'web-to-lead'],
    ['You cannot deactivate the Default Workflow User', 'default workflow user'],
    ['You cannot deactivate the automated case user', 'automated case user'],
    ['receiving cases or notifications as part of your case assignment/escalation rules.', 'escalation rule'],
    [
      'Cannot inactivate user that is the value of a hierarchy field: User Hierarchy. : Jane Doe',
      ': `User Hierarchy`',
    ],
    [
      'Cannot inactivate user that is the value of a hierarchy field:Regional_Lead__c',
      ': `Regional_Lead__c`',
    ],
    ['This user is the only recipient of a workflow email alert', 'e-mail alert'],
    ['There are scheduled jobs for this user', 'scheduled job'],
  ])('%s', (message, blocker) => {
    const outcome = refused(message);
    expect(outcome).toMatchObject({
      kind: 'refused',
      code: 'FIELD_INTEGRITY_EXCEPTION',
      blocker: expect.stringContaining(blocker),
      mend: expect.stringContaining('**Setup'),
    });
    expect(JSON.stringify(outcome)).not.toContain('Jane');
  });

  test.each(['<img src=x onerror=alert(1)> @all', 'hierarchy field: `](http://evil.example) @all', ''])(
    'nothing of an unknown text is shown: %s',
    (message) => {
      expect(JSON.stringify(refused(message))).not.toMatch(/img|evil|@all/);
    },
  );

  test('the code where the text says nothing; a lock is waited for', () => {
    expect(refused('?', 'ODD_CODE')).toMatchObject({
      kind: 'refused',
      blocker: 'Salesforce refused: ODD_CODE',
    });
    expect(refused('?', 'CANNOT_DISABLE_LAST_ADMIN')).toMatchObject({
      blocker: expect.stringContaining('administrator'),
    });
    expect(refused('?', 'UNABLE_TO_LOCK_ROW')).toEqual({
      kind: 'waiting_for_system',
      system: 'salesforce',
      code: 'UNABLE_TO_LOCK_ROW',
    });
  });
});
