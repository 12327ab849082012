import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { recordOf } from '../src/activities/world';
import type { PersonRecord } from '../src/evidence';
import type { SandboxFile } from '../src/sandbox/files';
import type { LogEntry } from '../src/sandbox/http';
import { sideBySide } from '../src/systems/side-by-side';
import { accountExecutive } from '../test/support/desk';

/** Seats that the sandbox's own people hold, and more. */
const SPARE = 100;

export const GROUP = 'okta-ringlead-users';

/** Somebody who works here, as HR told of them. */
export function personOf(id: string): PersonRecord {
  const { employee_id, ...facts } = accountExecutive(id);
  return recordOf(employee_id, facts, 'active', '2026-11-24T00:00:00.000Z');
}

export const scimOf = (sandbox: SandboxFile): { url: string; token: string } =>
  sandbox.scim.find(({ system }) => system === 'ringlead')!;

export const logOf = async ({ control }: SandboxFile): Promise<LogEntry[]> =>
  (await (await fetch(`${control.url}/log`)).json()) as LogEntry[];

/** A sandbox in a process of its own, with seats for all and everybody in the directory, until `act` has ended. */
export const inSandbox = <T>(
  stateDir: string,
  people: readonly PersonRecord[],
  act: (sandbox: SandboxFile) => Promise<T>,
): Promise<T> =>
  sandboxOn(stateDir, async (sandbox) => {
    await prepare(sandbox, people);
    return act(sandbox);
  });

/** A sandbox in a process of its own, as its state folder has it, until `act` has ended. */
export async function sandboxOn<T>(stateDir: string, act: (sandbox: SandboxFile) => Promise<T>): Promise<T> {
  const file = join(stateDir, 'sandbox.json');
  // One of an earlier start would tell of ports that are gone.
  rmSync(file, { force: true });
  const child = spawn(process.execPath, [join(__dirname, '..', 'bin', 'daytwo.cjs'), 'sandbox'], {
    env: { ...process.env, NODE_ENV: 'development', DAYTWO_STATE_DIR: stateDir },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (const until = Date.now() + 60_000; !existsSync(file);) {
      if (Date.now() > until || child.exitCode !== null) throw new Error('the sandbox did not come up');
      await setTimeout(50);
    }
    const sandbox = JSON.parse(readFileSync(file, 'utf8')) as SandboxFile;
    return await act(sandbox);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Seats for all, accounts at the identity provider for all, and no limit of its rate. */
export async function prepare(
  { salesforce, okta }: SandboxFile,
  people: readonly PersonRecord[],
): Promise<void> {
  for (const name of ['Salesforce', 'Inbox', 'LeanData'])
    await post(`${salesforce.loginUrl}/__sandbox/licences`, 'PATCH', {
      name,
      total: people.length * 2 + SPARE,
    });
  await post(`${okta.url}/__sandbox/rate-limit`, 'PATCH', { perMinute: 1_000_000 });
  await sideBySide(people, ({ email }) =>
    post(
      `${okta.url}/api/v1/users`,
      'POST',
      { profile: { firstName: 'Robin', lastName: 'Sample', email, login: email } },
      { authorization: `SSWS ${okta.token}` },
    ),
  );
}

async function post(
  url: string,
  method: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}
