import type { Task } from '../domain/access-request';
import { connectionOf } from '../domain/batches';
import type { Handbook, Way } from '../domain/handbook';
import type { SandboxFile } from '../sandbox/files';
import type { Connector, GrantItem, GrantPerson } from '../systems/connector';
import { OktaGroups } from '../systems/okta';
import { Salesforce } from '../systems/salesforce';
import { ScimUsers } from '../systems/scim';

/** What administrators of the sandbox's systems do by hand, without daytwo. Done again, it changes nothing. */

/** The identity provider knows who works here. */
export async function putIntoDirectory(
  { okta }: Pick<SandboxFile, 'okta'>,
  { name, email }: { readonly name: string; readonly email: string },
): Promise<void> {
  const users = `${okta.url}/api/v1/users`;
  const headers = { authorization: `SSWS ${okta.token}`, 'content-type': 'application/json' };
  if ((await fetch(`${users}/${encodeURIComponent(email)}`, { headers })).ok) return;
  const [firstName, lastName] = name.split(' ');
  const body = JSON.stringify({ profile: { firstName, lastName, email, login: email } });
  const answer = await fetch(users, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the sandbox's directory answered ${answer.status}`);
}

/**
 * An account for each of these people wherever there is an API.
 *
 * @param tasks what their role gives; of a system that it doesn't name they are users
 * @throws where a system didn't give it
 */
export async function giveAccess(
  sandbox: SandboxFile,
  { systems }: Pick<Handbook, 'systems'>,
  people: readonly GrantPerson[],
  tasks: readonly Task[],
): Promise<void> {
  const batches = new Map<string, GrantItem[]>();
  for (const { key, ways } of systems)
    for (const way of ways) {
      const connection = connectionOf(way);
      if (connection === null || way.kind === 'person') continue;
      const entitlement = tasks.find(({ system }) => system === key)?.entitlement ?? { role: 'User' };
      const access = { ...entitlement, way, system: key };
      const items = people.map((person) => ({ id: itemId(person, key, way), person, access, ours: true }));
      batches.set(connection, [...(batches.get(connection) ?? []), ...items]);
    }
  for (const [connection, items] of batches) {
    const outcomes = await connectorOf(sandbox, connection).grant(items, () => Promise.resolve());
    for (const [id, outcome] of outcomes)
      if (outcome.kind !== 'granted' && outcome.kind !== 'already')
        throw new Error(`${id} is not granted: ${JSON.stringify(outcome)}`);
  }
}

const itemId = ({ employeeId }: GrantPerson, system: string, { kind }: Way): string =>
  `${employeeId}/${system}/${kind}`;

/** The sandbox's connector of a connection such as `okta` or `scim/RINGLEAD`. */
export function connectorOf(sandbox: SandboxFile, connection: string): Connector {
  if (connection === 'salesforce') return new Salesforce(sandbox.salesforce);
  if (connection === 'okta') return new OktaGroups(sandbox.okta);
  const name = connection.replace(/^scim\//, '');
  const server = sandbox.scim.find(({ system }) => system.toUpperCase().replace(/-/g, '_') === name);
  if (!server) throw new Error(`the sandbox has no SCIM server ${name}`);
  return new ScimUsers({ connection: name, url: server.url, token: server.token });
}

/** What people own in Salesforce, made by the sandbox's generator: the same seed makes the same books. */
export async function fillBooks(
  { salesforce }: Pick<SandboxFile, 'salesforce'>,
  books: {
    readonly usernames: readonly string[];
    readonly seed: number;
    readonly leads: number;
    readonly accounts: number;
    readonly open: number;
    readonly closed: number;
    readonly territories: readonly string[];
  },
): Promise<void> {
  const answer = await fetch(`${salesforce.loginUrl}/__sandbox/books`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(books),
  });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to books`);
}
