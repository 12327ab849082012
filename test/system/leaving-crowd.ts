import { Connection as Salesforce } from 'jsforce';
import { recordOf } from '../../src/activities/world';
import type { LeavingEvent } from '../../src/domain/hr-event';
import { openStore } from '../../src/evidence';
import type { OwnerChange } from '../../src/sandbox/salesforce/org';
import { accountExecutive } from '../support/desk';
import type { System } from '../support/system';

/** The group by which Chorus signs in, as the sample handbook names it. */
const GROUP = 'okta-chorus-users';
const TERRITORIES = ['Large-AMER-West-Named-1', 'MM-EMEA-Central-1', 'Atlantis'];
export const BOOK = { leads: 20, accounts: 12, open: 8, closed: 10, cases: 2, queues: 1, teams: 3 };
const OBJECTS = ['Account', 'Opportunity', 'Lead', 'Case'] as const;

type Row = Readonly<Record<string, unknown>>;

/** People with books in the sandbox's org and access everywhere, as seen by a client that isn't daytwo's. */
export class LeavingCrowd {
  readonly #scim: readonly { readonly system: string; readonly url: string; readonly token: string }[];
  #users = new Map<string, string>();
  #closed: readonly string[] = [];

  private constructor(
    private readonly system: System,
    private readonly org: Salesforce,
    readonly ids: readonly string[],
  ) {
    this.#scim = system.sandbox.scim;
  }

  static async of(system: System, ids: readonly string[]): Promise<LeavingCrowd> {
    const { loginUrl, instanceUrl, apiVersion, clientId, clientSecret } = system.sandbox.salesforce;
    const org = new Salesforce({ loginUrl, instanceUrl, version: apiVersion });
    await org.authorize({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    for (const id of ids) {
      const { employee_id, ...facts } = accountExecutive(id, { start_date: '2026-01-05' });
      await store.putPerson(recordOf(employee_id, facts, 'active', '2026-01-05T00:00:00.000Z'));
    }
    await store.close();
    return new LeavingCrowd(system, org, ids);
  }

  get userIds(): readonly string[] {
    return [...this.#users.values()];
  }

  leaving(employeeId: string, lastDay: string): LeavingEvent {
    return {
      type: 'employee.leaving',
      event_id: `leaving-${employeeId}`,
      employee_id: employeeId,
      kind: 'voluntary',
      last_working_day: lastDay,
      garden_leave_start: null,
      termination_date: null,
    };
  }

  async rows(object: string, fields: string, where: string): Promise<readonly Row[]> {
    const answer = await this.org.query<Row>(`SELECT ${fields} FROM ${object} WHERE ${where}`, {
      autoFetch: true,
      maxFetch: 100_000,
    });
    return answer.records;
  }

  /** Records that got another owner since it was filled. */
  async ownerChanges(): Promise<readonly OwnerChange[]> {
    const answer = await fetch(`${this.system.sandbox.salesforce.loginUrl}/__sandbox/owner-changes`);
    if (!answer.ok) throw new Error(`the sandbox said ${answer.status}`);
    return (await answer.json()) as OwnerChange[];
  }

  /** What any of them still has, in words of the system; empty: nobody has any access. */
  async left(): Promise<readonly string[]> {
    const ids = this.userIds.map((id) => `'${id}'`).join(',');
    const still: string[] = [];
    const note = (rows: readonly Row[], what: string): void => void still.push(...rows.map(() => what));
    note(await this.rows('User', 'Id', `Id IN (${ids}) AND IsActive = true`), 'active user');
    note(await this.rows('UserLogin', 'Id', `UserId IN (${ids}) AND IsFrozen = false`), 'user not frozen');
    note(await this.rows('PermissionSetLicenseAssign', 'Id', `AssigneeId IN (${ids})`), 'licence');
    note(await this.rows('UserPackageLicense', 'Id', `UserId IN (${ids})`), 'package licence');
    note(await this.rows('GroupMember', 'Id', `UserOrGroupId IN (${ids})`), 'queue');
    for (const object of ['Account', 'Lead'])
      note(await this.rows(object, 'Id', `OwnerId IN (${ids})`), `owned ${object}`);
    note(
      await this.rows('Opportunity', 'Id', `OwnerId IN (${ids}) AND IsClosed = false`),
      'open opportunity',
    );
    for (const id of this.ids) {
      const { email } = accountExecutive(id);
      const groups = await this.#okta<{ profile: { name: string } }[]>(
        'GET',
        `/api/v1/users/${encodeURIComponent(email)}/groups`,
      );
      if (groups.some(({ profile }) => profile.name === GROUP)) still.push('group');
      for (const { system } of this.#scim) {
        const found = await this.#scimCall<{ Resources?: { active?: boolean }[] }>(
          system,
          'GET',
          `/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`,
        );
        if (found.Resources?.length !== 1 || found.Resources.some(({ active }) => active !== false))
          still.push(`SCIM ${system}`);
      }
    }
    return still;
  }

  /** Closed opportunities of theirs that aren't theirs any longer. */
  async closedThatMoved(): Promise<number> {
    const users = new Set(this.userIds);
    const rows = await this.rows('Opportunity', 'Id, OwnerId', 'IsClosed = true');
    const owners = new Map(rows.map((row) => [String(row['Id']), String(row['OwnerId'])]));
    return this.#closed.filter((id) => !users.has(owners.get(id) ?? '')).length;
  }

  isClosed(id: string): boolean {
    return this.#closed.includes(id);
  }

  /** How many records of each kind they own. */
  async owned(): Promise<Record<string, number>> {
    const ids = this.userIds.map((id) => `'${id}'`).join(',');
    const counts: Record<string, number> = {};
    for (const object of OBJECTS)
      counts[object] = (await this.rows(object, 'Id', `OwnerId IN (${ids})`)).length;
    return counts;
  }

  /** Gives all of them a user with licences and a book, a group, and accounts. */
  async employ(): Promise<void> {
    this.#users = await this.#makeUsers(this.ids.map((id) => accountExecutive(id).email));
    await this.#licences();
    await this.#sandbox('/__sandbox/books', 'POST', {
      usernames: [...this.#users.keys()],
      seed: 7,
      territories: TERRITORIES,
      ...BOOK,
    });
    const ids = this.userIds.map((id) => `'${id}'`).join(',');
    this.#closed = (await this.rows('Opportunity', 'Id', `OwnerId IN (${ids}) AND IsClosed = true`)).map(
      (row) => String(row['Id']),
    );
    await fetch(`${this.system.sandbox.okta.url}/__sandbox/rate-limit`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"perMinute":1000000}',
    });
    const groups = await this.#okta<{ id: string }[]>('GET', `/api/v1/groups?q=${GROUP}`);
    for (const id of this.ids) {
      const { email } = accountExecutive(id);
      const profile = { firstName: 'Robin', lastName: 'Sample', email, login: email };
      const user = await this.#okta<{ id: string }>('POST', '/api/v1/users', { profile });
      await this.#okta('PUT', `/api/v1/groups/${groups[0]?.id ?? ''}/users/${user.id}`);
      for (const { system } of this.#scim)
        await this.#scimCall(system, 'POST', '/Users', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: email,
          active: true,
          emails: [{ value: email, primary: true }],
        });
    }
  }

  /** @returns the users' ids by address */
  async #makeUsers(addresses: readonly string[]): Promise<Map<string, string>> {
    const [profile] = await this.rows('Profile', 'Id', "Name = 'Sales User'");
    const made = await this.org.sobject('User').create(
      addresses.map((email, at) => ({
        Username: email,
        Email: email,
        LastName: `Sample ${at}`,
        Alias: `s${at}`,
        ProfileId: String(profile?.['Id']),
        TimeZoneSidKey: 'GMT',
        LocaleSidKey: 'en_US',
        EmailEncodingKey: 'UTF-8',
        LanguageLocaleKey: 'en_US',
      })),
    );
    return new Map(
      made.map((one, at) => {
        if (!one.success) throw new Error(`a user was refused: ${JSON.stringify(one.errors)}`);
        return [addresses[at] ?? '', one.id];
      }),
    );
  }

  async #licences(): Promise<void> {
    const [inbox] = await this.rows('PermissionSetLicense', 'Id', "MasterLabel = 'Inbox'");
    const [leanData] = await this.rows('PackageLicense', 'Id', "NamespacePrefix = 'LeanData'");
    await this.org
      .sobject('PermissionSetLicenseAssign')
      .create(this.userIds.map((id) => ({ AssigneeId: id, PermissionSetLicenseId: String(inbox?.['Id']) })));
    await this.org
      .sobject('UserPackageLicense')
      .create(this.userIds.map((id) => ({ UserId: id, PackageLicenseId: String(leanData?.['Id']) })));
  }

  async #sandbox(path: string, method: string, body: object): Promise<void> {
    await answered(`${this.system.sandbox.salesforce.loginUrl}${path}`, method, {}, body);
  }

  #okta<T>(method: string, path: string, body?: object): Promise<T> {
    const { url, token } = this.system.sandbox.okta;
    return answered<T>(`${url}${path}`, method, { authorization: `SSWS ${token}` }, body);
  }

  #scimCall<T>(system: string, method: string, path: string, body?: object): Promise<T> {
    const server = this.#scim.find((one) => one.system === system);
    return answered<T>(`${server?.url}${path}`, method, { authorization: `Bearer ${server?.token}` }, body);
  }
}

async function answered<T>(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: object,
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
