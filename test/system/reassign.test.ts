import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { openStore, type HeldWork } from '../../src/evidence';
import { accountExecutive, Desk } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(600_000);

const EACH = 25;
const MERI = 'meri@daytwo.example';

/** All that waits on somebody, on the whole product: moved by one command, and by itself when they leave. */
describe('what waits on somebody', () => {
  let system: System;
  let desk: Desk;
  beforeAll(async () => {
    system = await new System(2).start();
    desk = new Desk(system);
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    const people = { 500001: {}, 500002: { manager_email: MERI }, 500003: { email: 'amber@daytwo.example' } };
    for (const [id, facts] of Object.entries(people))
      await store.putPerson(recordOf(id, accountExecutive(id, facts), 'active', '2026-11-01T00:00:00.000Z'));
    await store.close();
    // Those of Dana's people are approved by their filing, and Meri holds them; the others wait for Meri's approval.
    const held = await file('dana-manager', '500001');
    await file('sam-ops', '500002');
    for (const iid of held)
      await eventually(`request ${iid} is ready`, async () =>
        (await desk.issue(iid)).labels.includes('ReadyForProvisioning'),
      );
    for (const iid of held) await desk.assignSelf('meri', iid);
    await waitsOn('meri', { claim: EACH, approval: EACH });
  });
  afterAll(() => system.dispose());

  async function file(by: string, employee: string): Promise<readonly number[]> {
    const project = encodeURIComponent(system.sandbox.gitlab.accessRequestsProject);
    const description = `- E-mail: e${employee}@daytwo.example\n- DataFox: Member\n`;
    const iids: number[] = [];
    for (let n = 0; n < EACH; n += 1) {
      const issue = { title: `Robin Sample, DataFox ${n}`, description };
      iids.push((await desk.as<{ iid: number }>(by, 'POST', `/projects/${project}/issues`, issue)).iid);
    }
    return iids;
  }

  function daytwo(...args: readonly string[]): Promise<{ code: number; out: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(__dirname, '../../bin/daytwo.cjs'), ...args],
        { env: { ...process.env, DAYTWO_STATE_DIR: system.stateDir, NODE_ENV: 'development' } },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, out: `${stdout}${stderr}` }),
      );
    });
  }

  async function workOf(username: string): Promise<readonly HeldWork[]> {
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    const held = await store.work.workOf(username);
    await store.close();
    return held;
  }

  const waitsOn = (username: string, counts: Partial<Record<HeldWork['kind'], number>>): Promise<void> =>
    eventually(
      `${JSON.stringify(counts)} wait on ${username}`,
      async () => {
        const held = await workOf(username);
        return (['claim', 'approval'] as const).every(
          (kind) => held.filter((one) => one.kind === kind).length === (counts[kind] ?? 0),
        );
      },
      180_000,
    );

  it('is shown by a plan, which changes nothing, and moved by one command: 50 things in 50 requests', async () => {
    const before = (await system.log()).length;
    const plan = await daytwo('plan', 'reassign', '--from', 'meri', '--to', 'amber');
    expect(plan.code).toBe(0);
    expect(plan.out).toContain(
      '50 in 50 requests wait on meri, and would be moved to amber. Nothing was changed.',
    );
    const writes = (await system.log()).slice(before).filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
    await waitsOn('meri', { claim: EACH, approval: EACH });
    const moved = await daytwo('reassign', '--from', 'meri', '--to', 'amber', '--by', 'meri');
    expect(moved.out).toContain('50 of 50 requests moved from meri to amber.');
    expect(moved.code).toBe(0);
    await waitsOn('meri', {});
    await waitsOn('amber', { claim: EACH, approval: EACH });
    const [claim] = (await workOf('amber')).filter(({ kind }) => kind === 'claim');
    expect((await desk.issue(claim?.iid ?? 0)).assignees.map(({ username }) => username)).toEqual(['amber']);
    const again = await daytwo('reassign', '--from', 'meri', '--to', 'amber', '--by', 'meri');
    expect(again).toEqual({ code: 0, out: 'Nothing waits on meri.\n' });
  });

  it('goes on without them when they leave: to the board, and to whoever else may approve', async () => {
    await system.hr({
      event_id: 'leaving-500003',
      type: 'employee.leaving',
      employee_id: '500003',
      kind: 'voluntary',
      garden_leave_start: null,
      last_working_day: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
      termination_date: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
    });
    await waitsOn('amber', {});
    await waitsOn('meri', { approval: EACH });
    const board = await desk.issues('state=opened&labels=SalesOpsAR::Action Needed');
    const held = board.filter(({ assignees }) => assignees.length > 0);
    expect(held).toEqual([]);
  });
});
