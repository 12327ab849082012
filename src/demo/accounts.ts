import { Connection as SalesforceOrg } from 'jsforce';
import type { Task } from '../domain/access-request';
import { soql } from '../domain/escape';
import type { SandboxFile } from '../sandbox/files';

/** What the systems themselves hold of one person. */
export interface AccountsSeen {
  readonly salesforce: readonly SalesforceUserSeen[];
  /** By the system's key: every user of that name. */
  readonly scim: Readonly<Record<string, readonly { readonly active: boolean }[]>>;
  readonly groups: readonly string[];
}

export interface SalesforceUserSeen {
  readonly active: boolean;
  readonly profile: string;
  readonly role: string;
  readonly permissionSets: readonly string[];
  /** Permission-set licences by developer name and label, package licences by namespace. */
  readonly licences: readonly string[];
}

/** Reads the systems with the sandbox's credentials, as any other client would. */
export class Accounts {
  #org: Promise<SalesforceOrg> | undefined;

  constructor(private readonly sandbox: Pick<SandboxFile, 'salesforce' | 'scim' | 'okta'>) {}

  async of(email: string): Promise<AccountsSeen> {
    const [salesforce, groups, ...scim] = await Promise.all([
      this.#salesforce(email),
      this.#groups(email),
      ...this.sandbox.scim.map(async (one) => [one.system, await scimUsers(one, email)] as const),
    ]);
    return { salesforce, groups, scim: Object.fromEntries(scim) };
  }

  /** Rows of the org. */
  async rows(query: string): Promise<readonly object[]> {
    return (await (await this.#signedIn()).query(query)).records;
  }

  /** Edits a record. @returns what the org answers where it refuses; null where it is done */
  async edit(object: string, id: string, values: Readonly<Record<string, unknown>>): Promise<string | null> {
    const org = await this.#signedIn();
    try {
      await org.sobject(object).update({ Id: id, ...values });
      return null;
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'errorCode') : undefined;
      if (typeof code !== 'string') throw error;
      return code;
    }
  }

  /** Adds a record. @returns its id */
  async add(object: string, values: Readonly<Record<string, unknown>>): Promise<string> {
    const saved = await (await this.#signedIn()).sobject(object).create({ ...values });
    if (!saved.success) throw new Error(`Salesforce took no ${object}`);
    return saved.id;
  }

  async remove(object: string, id: string): Promise<void> {
    await (await this.#signedIn()).sobject(object).destroy(id);
  }

  /** How many rows `SELECT COUNT()` finds. */
  async count(query: string): Promise<number> {
    return (await (await this.#signedIn()).query(query)).totalSize;
  }

  async #salesforce(email: string): Promise<readonly SalesforceUserSeen[]> {
    const rows = (query: string): Promise<readonly object[]> => this.rows(query);
    const users = await rows(
      `SELECT Id, IsActive, Profile.Name, UserRole.Name FROM User WHERE Email = ${soql(email)}`,
    );
    return Promise.all(
      users.map(async (user) => {
        const id = soql(textAt(user, 'Id'));
        const [sets, licences, packages] = await Promise.all([
          rows(`SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE AssigneeId = ${id}`),
          rows(
            `SELECT PermissionSetLicense.DeveloperName, PermissionSetLicense.MasterLabel FROM PermissionSetLicenseAssign WHERE AssigneeId = ${id}`,
          ),
          rows(`SELECT PackageLicense.NamespacePrefix FROM UserPackageLicense WHERE UserId = ${id}`),
        ]);
        return {
          active: Reflect.get(user, 'IsActive') === true,
          profile: textAt(user, 'Profile', 'Name'),
          role: textAt(user, 'UserRole', 'Name'),
          permissionSets: sets.map((row) => textAt(row, 'PermissionSet', 'Name')),
          licences: [
            ...licences.flatMap((row) => [
              textAt(row, 'PermissionSetLicense', 'DeveloperName'),
              textAt(row, 'PermissionSetLicense', 'MasterLabel'),
            ]),
            ...packages.map((row) => textAt(row, 'PackageLicense', 'NamespacePrefix')),
          ],
        };
      }),
    );
  }

  #signedIn(): Promise<SalesforceOrg> {
    this.#org ??= signIn(this.sandbox.salesforce).catch((error: unknown) => {
      this.#org = undefined;
      throw error;
    });
    return this.#org;
  }

  async #groups(email: string): Promise<readonly string[]> {
    const { url, token } = this.sandbox.okta;
    const found = await readList(`${url}/api/v1/users/${encodeURIComponent(email)}/groups`, {
      Authorization: `SSWS ${token}`,
    });
    return found.map((group) => textAt(group, 'profile', 'name'));
  }
}

async function signIn(salesforce: SandboxFile['salesforce']): Promise<SalesforceOrg> {
  const { loginUrl, instanceUrl, clientId, clientSecret, apiVersion } = salesforce;
  const org = new SalesforceOrg({ loginUrl, instanceUrl, version: apiVersion });
  await org.authorize({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  return org;
}

async function scimUsers(
  { url, token }: SandboxFile['scim'][number],
  email: string,
): Promise<readonly { active: boolean }[]> {
  const filter = encodeURIComponent(`userName eq "${email}"`);
  const answer = await readJson(`${url}/Users?filter=${filter}`, { Authorization: `Bearer ${token}` });
  const users: unknown = isObject(answer) ? Reflect.get(answer, 'Resources') : [];
  return (Array.isArray(users) ? users : []).filter(isObject).map((user) => ({
    active: Reflect.get(user, 'active') !== false,
  }));
}

/** A list of objects; empty where the thing asked about isn't there. */
async function readList(url: string, headers: Record<string, string>): Promise<readonly object[]> {
  const answer = await readJson(url, headers);
  return Array.isArray(answer) ? answer.filter(isObject) : [];
}

async function readJson(url: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return answer.json();
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The text that stands there; empty where none does. */
export function textAt(value: object, ...keys: readonly string[]): string {
  let at: unknown = value;
  for (const key of keys) at = isObject(at) ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' ? at : '';
}

/** Whether the systems hold what one task asks for: what is there in words, or what is missing. */
export function accessSeen(
  task: Task,
  seen: AccountsSeen,
): { readonly there: string } | { readonly missing: string } {
  const { way, entitlement } = task;
  const [user, ...more] = seen.salesforce;
  switch (way.kind) {
    case 'salesforce-user': {
      if (!user || more.length > 0)
        return { missing: `${seen.salesforce.length} Salesforce users instead of one` };
      const wrong = [
        user.active ? [] : ['the user is not active'],
        differs('profile', entitlement.profile, user.profile),
        differs('role', entitlement.role, user.role),
        (entitlement.permissionSets ?? [])
          .filter((set) => !user.permissionSets.includes(set))
          .map((set) => `no permission set ${set}`),
      ].flat();
      return wrong.length > 0
        ? { missing: wrong.join(', ') }
        : { there: `active, profile ${user.profile}, role ${user.role}` };
    }
    case 'salesforce-psl':
      return held(user?.licences, `licence ${way.permissionSetLicense}`, way.permissionSetLicense);
    case 'salesforce-package':
      return held(user?.licences, `package licence ${way.namespace}`, way.namespace);
    case 'okta-group':
      return held(seen.groups, `member of ${way.group}`, way.group);
    case 'scim': {
      const users = seen.scim[task.system] ?? [];
      return users.length === 1 && users[0]?.active
        ? { there: 'one active account' }
        : {
            missing: `${users.filter(({ active }) => active).length} active of ${users.length} accounts`,
          };
    }
    case 'person':
      return { there: 'attested' };
  }
}

const differs = (what: string, wanted: string | undefined, there: string): string[] =>
  wanted === undefined || wanted === there ? [] : [`${what} ${there || 'none'} instead of ${wanted}`];

const held = (
  all: readonly string[] | undefined,
  words: string,
  wanted: string,
): { readonly there: string } | { readonly missing: string } =>
  all?.includes(wanted) ? { there: words } : { missing: `not there: ${words}` };
