import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import jsforce, { type Connection } from 'jsforce';
import type { Handbook, System, Way } from '../../src/domain/handbook';
import { listen } from '../../src/sandbox/http';
import { mountSalesforce, salesforceCredentials } from '../../src/sandbox/salesforce';
import { World } from '../../src/sandbox/world';
import { handbook } from './fixture';

export const system = (key: string, ...ways: Way[]): System => ({
  key,
  name: key,
  aliases: [],
  ways,
  owner: 'sales-ops',
  provisioners: { queue: 'sales-ops' },
  deprovisioners: { queue: 'sales-ops' },
  tier: 2,
  sox: false,
  dependsOn: [],
  requires: [],
  licenceTypes: [],
  removalDeadlineDays: 5,
  businessOwner: null,
  finance: false,
  alsoApprovedBy: [],
  adminRoles: [],
  levels: [],
  sharedAccount: false,
  stages: [],
  steps: [],
  removalSteps: [],
});

/** The small handbook with systems of every way. */
export const withSystems: Handbook = {
  ...handbook,
  systems: [
    system('salesforce', { kind: 'salesforce-user' }),
    system('salesforce-inbox', {
      kind: 'salesforce-psl',
      permissionSetLicense: 'Inbox',
      permissionSet: 'Inbox_User',
    }),
    system('leandata', { kind: 'salesforce-package', namespace: 'LeanData' }),
    system(
      'ringlead',
      { kind: 'scim', connection: 'RINGLEAD' },
      { kind: 'okta-group', group: 'okta-ringlead-users' },
    ),
    system('linkedin-sales-insights', { kind: 'scim', connection: 'LINKEDIN_SALES_INSIGHTS' }),
    system('outreach-eu', { kind: 'okta-group', group: 'okta-outreach-eu' }),
  ],
};

/** Systems listening on free ports, and their worlds; `close` ends and removes them all. */
export class Grounds {
  readonly #servers: Server[] = [];
  readonly #worlds: World[] = [];
  readonly #dirs: string[] = [];

  world(): World {
    const dir = mkdtempSync(join(tmpdir(), 'daytwo-sandbox-'));
    this.#dirs.push(dir);
    const world = World.open(dir);
    this.#worlds.push(world);
    return world;
  }

  async serve(app: Express): Promise<string> {
    const { server, url } = await listen(app, 0);
    this.#servers.push(server);
    return url;
  }

  async close(): Promise<void> {
    for (const server of this.#servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    for (const world of this.#worlds.splice(0)) world.close();
    for (const dir of this.#dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  }
}

export interface Org {
  readonly url: string;
  readonly conn: Connection;
  /** Asks one of the routes that only the sandbox has. */
  readonly sandbox: (method: string, path: string, body?: object) => Promise<Response>;
  readonly newConnection: () => Connection;
}

/** A fresh org with jsforce signed in as the integration user. */
export async function salesforceOrg(grounds: Grounds, world = grounds.world()): Promise<Org> {
  const url = await grounds.serve(mountSalesforce(world, withSystems));
  const { clientId, clientSecret } = salesforceCredentials(world);
  const newConnection = () =>
    new jsforce.Connection({
      loginUrl: url,
      instanceUrl: url,
      version: '62.0',
      oauth2: { clientId, clientSecret, loginUrl: url },
    });
  const conn = newConnection();
  await conn.authorize({ grant_type: 'client_credentials' });
  const sandbox = (method: string, path: string, body: object = {}) =>
    fetch(`${url}/__sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { url, conn, sandbox, newConnection };
}

/** The id of the one record that a condition finds. */
export async function idWhere(conn: Connection, object: string, condition: string): Promise<string> {
  const { records } = await conn.query<{ Id: string }>(`SELECT Id FROM ${object} WHERE ${condition}`);
  const [record] = records;
  if (records.length !== 1 || !record) throw new Error(`${records.length} of ${object} where ${condition}`);
  return record.Id;
}

/** A user of a profile, as a client would create one. */
export async function newUser(conn: Connection, username: string, more: object = {}) {
  const [alias = ''] = username.split('@');
  return {
    Username: username,
    Email: username,
    LastName: 'Ellis',
    FirstName: 'Erin',
    Alias: alias.slice(0, 8),
    ProfileId: await idWhere(conn, 'Profile', "Name = 'Sales User'"),
    TimeZoneSidKey: 'America/New_York',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
    ...more,
  };
}
