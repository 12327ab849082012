import type { LeaverIdentity } from '../../src/systems/leavers';
import { Salesforce } from '../../src/systems/salesforce';
import { Org } from '../../src/systems/salesforce/org';
import { literal, textOf } from '../../src/systems/salesforce/soql';
import type { Systems } from './fixture';

interface Token {
  readonly access_token: string;
}

/** Somebody who is signed in to the org. */
export class Person {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @returns the status of the answer */
  async send(method: string, path: string, body?: unknown): Promise<number> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  }
}

/** An administrator's hand in the sandbox's org, and daytwo's own connection to it. */
export class LeaverOrg {
  readonly org: Org;
  readonly salesforce: Salesforce;
  constructor(private readonly systems: Systems) {
    const { loginUrl, clientId, clientSecret, username } = systems.files.salesforce;
    const settings = { loginUrl, clientId, clientSecret, username };
    this.org = new Org(settings);
    this.salesforce = new Salesforce(settings);
  }

  /** Makes records, and fails where the org refuses one. @returns their ids */
  async make(object: string, records: readonly Record<string, unknown>[]): Promise<readonly string[]> {
    const saved = await this.org.create(object, records);
    return saved.map((one) => {
      if (!one.id) throw new Error(`${object}: ${one.code ?? ''} ${one.message ?? ''}`);
      return one.id;
    });
  }

  async one(object: string, record: Record<string, unknown>): Promise<string> {
    const [id] = await this.make(object, [record]);
    return id ?? '';
  }

  async change(object: string, id: string, fields: Record<string, unknown>): Promise<void> {
    const [saved] = await this.org.update(object, [{ ...fields, Id: id }]);
    if (!saved?.success) throw new Error(`${object}: ${saved?.code ?? ''} ${saved?.message ?? ''}`);
  }

  /** A user with this name; the address is of it unless another is given. */
  async user(name: string, fields: Record<string, unknown> = {}): Promise<string> {
    return this.one('User', { ...(await this.#asUser(name)), ...fields });
  }

  async users(names: readonly string[]): Promise<readonly string[]> {
    return this.make('User', await Promise.all(names.map((name) => this.#asUser(name))));
  }

  async #asUser(name: string): Promise<Record<string, unknown>> {
    this.#profile ??= this.idOf('Profile', 'Sales User');
    return {
      Username: addressOf(name),
      Email: addressOf(name),
      LastName: name,
      Alias: name.slice(0, 8),
      ProfileId: await this.#profile,
      TimeZoneSidKey: 'GMT',
      LocaleSidKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
      LanguageLocaleKey: 'en_US',
    };
  }
  #profile: Promise<string> | undefined;

  /** The user signs in with a password of theirs; null where they are refused. */
  async signIn(userId: string): Promise<Person | null> {
    const { loginUrl, clientId, clientSecret } = this.systems.files.salesforce;
    const app = { client_id: clientId, client_secret: clientSecret };
    const ask = async (form: Record<string, string>): Promise<Person | null> => {
      const body = new URLSearchParams({ ...app, ...form });
      const response = await fetch(`${loginUrl}/services/oauth2/token`, { method: 'POST', body });
      if (!response.ok) return null;
      return new Person(`${loginUrl}/services/data/v62.0`, ((await response.json()) as Token).access_token);
    };
    const admin = await ask({ grant_type: 'client_credentials' });
    const password = 'correct horse 7';
    await admin?.send('POST', `/sobjects/User/${userId}/password`, { NewPassword: password });
    const [row] = await this.org.query(`SELECT Username FROM User WHERE Id = ${literal(userId)}`);
    return ask({ grant_type: 'password', username: textOf(row, 'Username'), password });
  }

  async idOf(object: string, name: string): Promise<string> {
    const [row] = await this.org.query(`SELECT Id FROM ${object} WHERE Name = ${literal(name)}`);
    return textOf(row, 'Id');
  }

  /** The requests that the org gets from now on, without sign-ins, as the function returned then tells. */
  async watch(): Promise<() => Promise<readonly string[]>> {
    const log = await this.systems.watch();
    return async () =>
      (await log())
        .filter(({ system, path }) => system === 'salesforce' && path.includes('/services/data/'))
        .map(({ method, path }) => `${method} ${path}`);
  }
}

export const addressOf = (name: string): string => `${name.toLowerCase()}@daytwo.example`;

export const leaver = (
  employeeId: string,
  name: string,
  more: Partial<LeaverIdentity> = {},
): LeaverIdentity => ({
  employeeId,
  emails: [addressOf(name)],
  federationId: null,
  ...more,
});

/** An account as `accountsOf` tells of it. */
export const accountOf = (accountId: string) =>
  ({
    connection: 'salesforce',
    accountId,
    state: 'active',
    by: 'email',
    shows: [],
    lastSignInAt: null,
  }) as const;
