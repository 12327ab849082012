import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { peers } from '../../src/cli/peers';
import { run } from '../../src/cli/program';
import { openStore } from '../../src/evidence';
import { parseVariables } from '../../src/up/state';
import { accountExecutive } from '../support/desk';
import { Systems } from '../systems/fixture';
import { Reader } from './fakes';

let systems: Systems;
let stateDir: string;
let env: Record<string, string>;
beforeAll(async () => {
  systems = await Systems.start();
  stateDir = mkdtempSync(join(tmpdir(), 'daytwo-peers-'));
  env = {
    ...parseVariables(readFileSync(join(systems.stateDir, 'sandbox.env'), 'utf8')),
    DAYTWO_STATE_DIR: stateDir,
    DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config'),
    NODE_ENV: 'development',
  };
  const store = await openStore({ stateDir, databaseUrl: null });
  for (const id of ['1', '2']) {
    const { employee_id, ...facts } = accountExecutive(id);
    await store.putPerson(recordOf(employee_id, facts, 'active', '2026-11-24T00:00:00.000Z'));
  }
  await store.close();
});
afterAll(async () => {
  await systems.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const asked = { title: 'Account Executive', region: 'americas', system: 'SFDC' };

test('says how many have what, without a name, also as JSON', async () => {
  const reader = new Reader(env);
  expect(await peers(asked, reader)).toBe(0);
  expect(reader.text).toContain('What the 2 active colleagues');
  expect(reader.text).toContain('- Salesforce: 0 of 2 have access');
  const json = new Reader(env);
  await peers({ ...asked, json: true }, json);
  expect(JSON.parse(json.text)).toMatchObject({ people: 2, systems: [{ system: 'salesforce', have: 0 }] });
  expect(reader.text + json.text).not.toMatch(/Robin|@/);
});

test.each([
  ['--region', 'Mars', 'is none of Americas, EMEA, JAPAC'],
  ['--system', 'Nowhere', 'is no system of systems.yml: salesforce'],
])('%s %s is wrong usage, and says what there is', async (option, value, says) => {
  const reader = new Reader(env);
  const args = ['peers', '--title', 'AE', '--region', 'EMEA', option, value];
  expect(await run(args, reader)).toBe(2);
  expect(reader.complaints).toContain(says);
});
