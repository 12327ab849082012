import { recordOf } from '../../src/activities/world';
import { openStore } from '../../src/evidence';
import { accountExecutive, Desk } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(300_000);

/** What waits on people who are away, on the whole product: the desk watch tells their requests. */
describe('people who are away', () => {
  let system: System;
  let desk: Desk;
  beforeAll(async () => {
    system = await new System(2).start();
    desk = new Desk(system);
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    for (let n = 1; n <= 3; n += 1)
      await store.putPerson(
        recordOf(`40000${n}`, accountExecutive(`40000${n}`), 'active', '2026-11-01T00:00:00.000Z'),
      );
    await store.close();
  });
  afterAll(() => system.dispose());

  const file = async (by: string, employee: string): Promise<number> => {
    const project = encodeURIComponent(system.sandbox.gitlab.accessRequestsProject);
    const description = `- E-mail: e${employee}@daytwo.example\n- DataFox: Member\n- Clari: Rep\n`;
    const { iid } = await desk.as<{ iid: number }>(by, 'POST', `/projects/${project}/issues`, {
      title: 'Robin Sample, DataFox and Clari',
      description,
    });
    return iid;
  };
  const status = (username: string, message: string): Promise<unknown> =>
    desk.as(username, 'PUT', '/user/status', { emoji: 'palm_tree', message });
  const shows = async (iid: number, what: string, text: string | RegExp): Promise<void> =>
    eventually(what, async () => new RegExp(text).test(JSON.stringify(await desk.issue(iid))));

  it('give a claim back to the team with what is done and left; half-ticked tasks stay, and who comes back may claim again', async () => {
    const iid = await file('dana-manager', '400001');
    await shows(iid, 'filing it was the approval of their manager', 'ReadyForProvisioning');
    await desk.assignSelf('sam-ops', iid);
    await shows(iid, 'it is in progress', 'SalesOpsAR::In Progress');
    await desk.tick('sam-ops', iid, 'DataFox: role Member');
    await status('sam-ops', 'Out of office');
    await shows(iid, 'it is back with the team', 'SalesOpsAR::Action Needed');
    const issue = await desk.issue(iid);
    expect(issue.assignees).toEqual([]);
    expect(issue.description).toContain('- [x] DataFox: role Member');
    const told = (await desk.notes(iid)).filter(({ body }) => body.includes('is back with the team'));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toMatch(/Done[\s\S]*DataFox[\s\S]*Left[\s\S]*Clari/);
    await eventually('the team has mail', async () =>
      (await system.mails()).some(
        ({ to, subject }) => to === 'amber@daytwo.example' && subject.includes('Back with the team'),
      ),
    );
    await desk.as('sam-ops', 'PUT', '/user/status', { emoji: '', message: '' });
    await desk.assignSelf('sam-ops', iid);
    await shows(iid, 'it is in progress again', 'SalesOpsAR::In Progress');
  });

  it('are covered: an approval goes to who covers them, and both may answer', async () => {
    await status('dana-manager', 'On vacation');
    const iid = await file('amber', '400002');
    await shows(iid, 'it waits for who covers', 'manager: `vera-vp`');
    await desk.as('dana-manager', 'PUT', '/user/status', { emoji: '', message: '' });
    await shows(iid, 'it waits for the manager again', 'manager: `dana-manager`');
    await desk.label('vera-vp', iid, 'AR-Approval::Manager Approved');
    await shows(iid, 'the first to answer counts', 'ReadyForProvisioning');
  });
});
