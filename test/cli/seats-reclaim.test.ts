import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/program';
import { startReclaim } from '../../src/cli/seats-reclaim';
import { Refused, WrongUsage } from '../../src/cli/surroundings';
import { parseVariables } from '../../src/up/state';
import { sampleHandbook } from '../handbook/sample';
import { Systems } from '../systems/fixture';
import { FakeEngine, Reader, running } from './fakes';

const handbook = sampleHandbook();

describe('a plan', () => {
  let systems: Systems;
  let stateDir: string;
  beforeAll(async () => {
    systems = await Systems.start();
    stateDir = mkdtempSync(join(tmpdir(), 'daytwo-reclaim-'));
  });
  afterAll(async () => {
    await systems.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  /** The command as it is some days from now: nobody of the sandbox signs in before. */
  async function plan(days: number, ...args: string[]) {
    const reader = new Reader({
      ...parseVariables(readFileSync(join(systems.stateDir, 'sandbox.env'), 'utf8')),
      DAYTWO_STATE_DIR: stateDir,
      DAYTWO_CONFIG_DIR: join(__dirname, '..', '..', 'config'),
      NODE_ENV: 'development',
    });
    reader.now = () => new Date(Date.now() + days * 86_400_000);
    const asked = await systems.watch();
    const code = await run(['seats', 'reclaim', '--plan', ...args], reader);
    const writes = (await asked()).filter(
      ({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'),
    );
    return { code, text: reader.text, said: reader.said, writes };
  }

  test('says who would be listed, without names and integrations, and changes nothing anywhere', async () => {
    const { code, text, said, writes } = await plan(91);
    expect(code).toBe(0);
    expect(said.length).toBeGreaterThan(2);
    expect(said[0]).toMatch(/^Salesforce user \w{15,18}: never signed in, profile /);
    expect(said.at(-1)).toBe(
      `${said.length - 1} users without a sign-in for 90 days would be listed and told, besides profiles with Integration in their name, which are left alone. Seats would be taken back after 14 days, once approved. Nothing was changed.`,
    );
    expect(text).not.toMatch(/@|Integration User/);
    expect(writes).toEqual([]);
  });

  test('names nobody while all have signed in within the days of the policy; --json is a line each', async () => {
    expect((await plan(10)).said).toEqual([expect.stringMatching(/^0 users without a sign-in/)]);
    const { said } = await plan(91, '--json');
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ employeeId: null, lastSignInAt: null });
  });
});

describe('a start', () => {
  const start = (engine: FakeEngine, by?: string) =>
    startReclaim(engine, handbook, { start: true, ...(by === undefined ? {} : { by }) }, new Reader());

  test('by somebody whom policy names begins the reclaim of this quarter', async () => {
    const engine = new FakeEngine([]);
    expect(await start(engine, '@amber')).toBe(0);
    expect(engine.reclaims).toEqual([{ quarter: '2026-Q4', fiscalYearStartMonth: 2, by: 'amber' }]);
  });

  test('by others, or while another one runs, is refused', async () => {
    const idle = new FakeEngine([]);
    await expect(start(idle, 'sam-ops')).rejects.toThrow(/Policy lets others start a reclaim: amber/);
    await expect(start(idle)).rejects.toThrow(WrongUsage);
    const busy = new FakeEngine([running('reclaim/scheduled-1', { kind: 'licence-reclaim' })]);
    await expect(start(busy, 'amber')).rejects.toThrow(Refused);
    expect([...idle.reclaims, ...busy.reclaims]).toEqual([]);
  });

  test.each([[['seats', 'reclaim']], [['seats', 'reclaim', '--plan', '--start']]])(
    '%j is wrong usage',
    async (args) => {
      const reader = new Reader();
      expect(await run(args, reader)).toBe(2);
      expect(reader.complaints).toContain('either --plan');
    },
  );
});
