import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { run } from '../../src/cli/program';
import { openStore } from '../../src/evidence';
import { parseVariables } from '../../src/up/state';
import { accountExecutive, Desk } from '../support/desk';
import { Systems } from '../systems/fixture';
import { Reader } from './fakes';

let systems: Systems;
let stateDir: string;
let env: Record<string, string>;
beforeAll(async () => {
  systems = await Systems.start();
  stateDir = mkdtempSync(join(tmpdir(), 'daytwo-plan-request-'));
  env = {
    ...parseVariables(readFileSync(join(systems.stateDir, 'sandbox.env'), 'utf8')),
    DAYTWO_STATE_DIR: stateDir,
    DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config'),
    NODE_ENV: 'development',
  };
  const store = await openStore({ stateDir, databaseUrl: null });
  const { employee_id, ...facts } = accountExecutive('200001');
  await store.putPerson(recordOf(employee_id, facts, 'active', '2026-11-01T00:00:00.000Z'));
  await store.close();
});
afterAll(async () => {
  await systems.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const form = (...access: string[]): string =>
  [
    '<!-- daytwo:form:single -->',
    '## Person',
    '- E-mail: e200001@daytwo.example',
    '## Access',
    ...access,
  ].join('\n');

/** Everything that the evidence and the systems know, before and after. */
async function untouched(act: () => Promise<void>): Promise<void> {
  const rows = async (): Promise<unknown> => {
    const store = await openStore({ stateDir, databaseUrl: null });
    return store.rowsAfter(0).finally(() => store.close());
  };
  const before = await rows();
  const seen = await systems.watch();
  await act();
  const asked = await seen();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'))).toEqual([]);
  expect(await rows()).toEqual(before);
}

test('says what would be granted, in which order and who approves it, and changes nothing', async () => {
  await untouched(async () => {
    const reader = new Reader(env, form('- Clari: Rep', '- RingLead: User'));
    expect(await run(['plan', 'request', '-', '--by', 'amber'], reader)).toBe(0);
    expect(reader.text).toContain('One person would take part');
    expect(reader.text).toContain('- Clari (role Rep): by a person');
    expect(reader.text).toContain(
      '- RingLead (account) (role User): by daytwo, after RingLead (sign-in group)',
    );
    expect(reader.text).toMatch(/- ringlead: dana-manager or \d+ more \(manager\)/);
    expect(reader.text).toContain('Nothing was changed.');
  });
});

test('a line that can not be read is named, and the answer says so to programs, too', async () => {
  const file = join(stateDir, 'request.md');
  writeFileSync(file, form('- RingLead: User', '- Nowhere: Emperor'));
  await untouched(async () => {
    const reader = new Reader(env);
    expect(await run(['plan', 'request', file, '--by', 'amber', '--json'], reader)).toBe(1);
    expect(JSON.parse(reader.text)).toMatchObject({
      people: 1,
      unread: 1,
      problems: [{ quoted: expect.stringContaining('Nowhere') }],
    });
  });
});

test('an issue is read as it stands, filed by its author', async () => {
  const project = systems.files.gitlab.accessRequestsProject;
  const { iid } = await new Desk({ sandbox: systems.files }).as<{ iid: number }>(
    'dana-manager',
    'POST',
    `/projects/${encodeURIComponent(project)}/issues`,
    { title: 'RingLead', description: form('- RingLead: User') },
  );
  await untouched(async () => {
    const reader = new Reader(env);
    expect(await run(['plan', 'request', `${project}#${iid}`], reader)).toBe(0);
    expect(reader.text).toContain('ringlead: whoever filed it, who is the manager');
  });
});

test.each([
  [['plan', 'request', '-'], 2, 'Who files it? --by <username>.'],
  [['plan', 'request', '/nowhere/at-all', '--by', 'amber'], 2, 'can not be read: name an issue, a file'],
  [['plan', 'request', '#99999'], 1, 'GitLab shows no issue'],
])('%j is refused, and says why', async (args, code, says) => {
  const reader = new Reader(env, form('- RingLead: User'));
  expect(await run(args, reader)).toBe(code);
  expect(reader.complaints).toContain(says);
});
