import type { SandboxFile } from '../../src/sandbox/files';

interface Rows {
  readonly records: readonly { readonly Id: string; readonly UsedLicenses?: number }[];
}

/** What administrators do in Salesforce by hand, through its REST API. */
export class Hand {
  private constructor(
    private readonly files: SandboxFile,
    private readonly token: string,
  ) {}

  static async signIn(files: SandboxFile): Promise<Hand> {
    const { loginUrl, clientId, clientSecret } = files.salesforce;
    const answer = await fetch(`${loginUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    return new Hand(files, access_token);
  }

  /** Buys seats, or lets some go. */
  async total(name: string, total: number): Promise<void> {
    const answer = await fetch(`${this.files.salesforce.loginUrl}/__sandbox/licences`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, total }),
    });
    if (!answer.ok) throw new Error(`licences: ${answer.status}`);
  }

  /** Gives a permission-set licence to a user; false where no seat is left. */
  async assign(licence: string, userId: string): Promise<boolean> {
    const answer = await this.#call('POST', '/sobjects/PermissionSetLicenseAssign', {
      AssigneeId: userId,
      PermissionSetLicenseId: await this.#licence(licence),
    });
    if (answer.ok) return true;
    const [problem] = (await answer.json()) as { errorCode: string }[];
    if (problem?.errorCode !== 'LICENSE_LIMIT_EXCEEDED') throw new Error(problem?.errorCode);
    return false;
  }

  /** Takes a permission-set licence, and the permission sets that need it, from everybody. */
  async takeAll(licence: string): Promise<void> {
    const sets = await this.#query(
      `SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.LicenseId = '${await this.#licence(licence)}'`,
    );
    for (const { Id } of sets.records) await this.#call('DELETE', `/sobjects/PermissionSetAssignment/${Id}`);
    const assigned = await this.#query(
      `SELECT Id FROM PermissionSetLicenseAssign WHERE PermissionSetLicense.DeveloperName = '${licence}'`,
    );
    for (const { Id } of assigned.records)
      await this.#call('DELETE', `/sobjects/PermissionSetLicenseAssign/${Id}`);
  }

  async used(licence: string): Promise<number> {
    const { records } = await this.#query(
      `SELECT Id, UsedLicenses FROM PermissionSetLicense WHERE DeveloperName = '${licence}'`,
    );
    return records[0]?.UsedLicenses ?? 0;
  }

  /** An active user whom daytwo has nothing to do with. */
  async anybody(): Promise<string> {
    const { records } = await this.#query(
      "SELECT Id FROM User WHERE IsActive = true AND EmployeeNumber = null AND Profile.UserLicense.Name = 'Salesforce' LIMIT 1",
    );
    if (!records[0]) throw new Error('no such user');
    return records[0].Id;
  }

  #ids = new Map<string, string>();
  async #licence(name: string): Promise<string> {
    const known = this.#ids.get(name);
    if (known) return known;
    const { records } = await this.#query(
      `SELECT Id FROM PermissionSetLicense WHERE DeveloperName = '${name}'`,
    );
    const id = records[0]?.Id ?? '';
    this.#ids.set(name, id);
    return id;
  }

  async #query(soql: string): Promise<Rows> {
    const answer = await this.#call('GET', `/query?q=${encodeURIComponent(soql)}`);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Rows;
  }

  #call(method: string, path: string, body?: object): Promise<Response> {
    const { instanceUrl, apiVersion } = this.files.salesforce;
    return fetch(`${instanceUrl}/services/data/v${apiVersion}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }
}
