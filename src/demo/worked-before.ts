import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionOf } from '../domain/batches';
import type { Way } from '../domain/handbook';
import type { Connector, GrantItem } from '../systems/connector';
import { OktaGroups } from '../systems/okta';
import { Salesforce } from '../systems/salesforce';
import { ScimUsers } from '../systems/scim';
import { daytwo } from './command';
import { estateOf } from './estate';
import type { Newcomer } from './hires';
import type { Stage } from './stories';
import type { Surroundings } from './surroundings';

/** Who takes in the list of those who worked here before. */
const PEOPLE_OPS = 'pia-people';

/** What the leaver owns in Salesforce before they leave. */
export const BOOK = { leads: 40, accounts: 12, open: 8, closed: 15 };

/**
 * Somebody who worked here before daytwo came: administrators gave them an account wherever there is an API, they sold, and
 * daytwo knows of them by a list of People Ops alone. No request of theirs is on record.
 */
export async function workedBefore(stage: Stage, leaver: Newcomer): Promise<void> {
  const { around, patience, telling, accounts } = stage;
  const { event } = leaver;
  const { employee_id: id, name, email } = event;
  await patience.until(`${name}: their accounts of before`, async () => {
    await putIntoDirectory(around, leaver);
    await giveAccess(around, leaver);
    if ((await estateOf(accounts, email))?.closed === 0) await fillBook(around, email, Number(id));
    return true;
  });
  const list = join(around.settings.stateDir, 'sandbox.people.jsonl');
  writeFileSync(list, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  await patience.until(`${name}: the import of People Ops`, async () => {
    await daytwo(around, 'people', 'import', list, '--by', PEOPLE_OPS);
    return true;
  });
  telling.step({
    hire: name,
    who: PEOPLE_OPS,
    what: `says that employee ${id} worked here before daytwo came (daytwo people import); nobody asked daytwo for their access`,
  });
}

/** The identity provider knows who works here. */
async function putIntoDirectory(
  { sandbox }: Surroundings,
  { event: { name, email } }: Newcomer,
): Promise<void> {
  const users = `${sandbox.okta.url}/api/v1/users`;
  const headers = { authorization: `SSWS ${sandbox.okta.token}`, 'content-type': 'application/json' };
  if ((await fetch(`${users}/${encodeURIComponent(email)}`, { headers })).ok) return;
  const [firstName, lastName] = name.split(' ');
  const body = JSON.stringify({ profile: { firstName, lastName, email, login: email } });
  const answer = await fetch(users, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the sandbox's directory answered ${answer.status}`);
}

/** @throws where a system didn't give it */
async function giveAccess(around: Surroundings, { event, tasks }: Newcomer): Promise<void> {
  const person = {
    employeeId: event.employee_id,
    email: event.email,
    name: event.name,
    title: event.title,
    department: event.department,
    division: event.division,
    timeZone: event.time_zone,
    managerEmail: event.manager_email,
  };
  const batches = new Map<string, GrantItem[]>();
  for (const { key, ways } of around.handbook.systems)
    for (const way of ways) {
      const connection = connectionOf(way);
      if (connection === null || way.kind === 'person') continue;
      const entitlement = tasks.find(({ system }) => system === key)?.entitlement ?? { role: 'User' };
      const item = { id: wayId(key, way), person, access: { ...entitlement, way, system: key }, ours: true };
      batches.set(connection, [...(batches.get(connection) ?? []), item]);
    }
  for (const [connection, items] of batches) {
    const outcomes = await connectorOf(around, connection).grant(items, () => Promise.resolve());
    for (const [id, outcome] of outcomes)
      if (outcome.kind !== 'granted' && outcome.kind !== 'already')
        throw new Error(`${id} is not granted: ${JSON.stringify(outcome)}`);
  }
}

const wayId = (system: string, { kind }: Way): string => `${system}/${kind}`;

function connectorOf({ sandbox }: Surroundings, connection: string): Connector {
  if (connection === 'salesforce') return new Salesforce(sandbox.salesforce);
  if (connection === 'okta') return new OktaGroups(sandbox.okta);
  const name = connection.replace(/^scim\//, '');
  const server = sandbox.scim.find(({ system }) => system.toUpperCase().replace(/-/g, '_') === name);
  if (!server) throw new Error(`the sandbox has no SCIM server ${name}`);
  return new ScimUsers({ connection: name, url: server.url, token: server.token });
}

async function fillBook({ sandbox, handbook }: Surroundings, username: string, seed: number): Promise<void> {
  const territories = handbook.territories.map(({ name }) => name);
  const answer = await fetch(`${sandbox.salesforce.loginUrl}/__sandbox/books`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, seed: seed % 100_000, ...BOOK, territories }),
  });
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to a book`);
}
