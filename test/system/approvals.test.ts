import { Client, Connection } from '@temporalio/client';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { dataConverter } from '../../src/codec/data-converter';
import { readKeyRing } from '../../src/codec/keys';
import { Accounts } from '../../src/demo/accounts';
import { openStore } from '../../src/evidence';
import { requestId } from '../../src/temporal/client';
import { accountExecutive, Desk, type SeenIssue } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(300_000);

const APPROVED = 'AR-Approval::Manager Approved';
const READY = 'ReadyForProvisioning';

/** Who must approve what, who may give less, and what waits for a course: played to the end, seen from outside. */
describe('approvals and stages', () => {
  let system: System;
  let desk: Desk;
  let client: Client;

  beforeAll(async () => {
    system = await new System(5).start();
    desk = new Desk(system);
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    for (const id of ['600001', '600002'])
      await store.putPerson(recordOf(id, accountExecutive(id), 'active', '2026-11-01T00:00:00.000Z'));
    await store.close();
    const connection = await Connection.connect({ address: system.sandbox.temporal?.address ?? '' });
    client = new Client({
      connection,
      dataConverter: dataConverter(readKeyRing(system.variables['DAYTWO_ENCRYPTION_KEYS'] ?? '')),
    });
  });
  afterAll(async () => {
    await client.connection.close();
    await system.dispose();
  });

  const project = (): string => system.sandbox.gitlab.accessRequestsProject;
  const file = async (by: string, employee: string, line: string): Promise<number> => {
    const { iid } = await desk.as<{ iid: number }>(
      by,
      'POST',
      `/projects/${encodeURIComponent(project())}/issues`,
      { title: 'Robin Sample', description: `- E-mail: e${employee}@daytwo.example\n- ${line}\n` },
    );
    return iid;
  };
  const shows = (iid: number, what: string, is: (issue: SeenIssue) => boolean): Promise<SeenIssue> =>
    eventually(what, async () => is(await desk.issue(iid))).then(() => desk.issue(iid));
  const has = (label: string) => (issue: SeenIssue) => issue.labels.includes(label);
  const says = (text: RegExp) => (issue: SeenIssue) => text.test(issue.description);
  const closed = ({ state }: SeenIssue): boolean => state === 'closed';
  const heldBy = (employee: string) => new Accounts(system.sandbox).of(`e${employee}@daytwo.example`);
  /** What the evidence says of somebody: kind, who, and by which authority. */
  const evidence = async (employee: string): Promise<readonly string[]> => {
    const { out } = await system.daytwo('evidence', 'show', `e${employee}@daytwo.example`, '--json');
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; actor: string; detail: { authority?: string } })
      .map(({ kind, actor, detail }) => [kind, actor, detail.authority ?? []].flat().join(' '));
  };

  it('a SOX system takes the manager and the business owner, each signed in; a plain signal counts for nothing', async () => {
    const iid = await file('amber', '600001', 'Xactly Incent: Viewer');
    await shows(iid, 'both are asked', says(/business owner: `felix-comp`.*waits/));
    const handle = client.workflow.getHandle(requestId(project(), iid));
    await handle.signal('approve', { by: 'felix-comp', task: 'xactly-incent' });
    await eventually('the signal is refused', async () =>
      (await desk.notes(iid)).some(({ body }) => body.includes('`felix-comp` (signal): the approval')),
    );
    await desk.label('felix-comp', iid, APPROVED);
    const half = await shows(iid, 'the owner has approved', says(/business owner: `felix-comp` \| approved/));
    expect(half.description).toMatch(/manager: `dana-manager`.*waits/);
    expect(half.labels).not.toContain(READY);
    await desk.label('dana-manager', iid, APPROVED);
    await shows(iid, 'it is ready', has(READY));
    await desk.tick('felix-comp', iid, 'Xactly Incent: role Viewer');
    await eventually('who approved does not provision', async () =>
      (await desk.notes(iid)).some(({ body }) => body.includes('does not provision it')),
    );
    await desk.assignSelf('theo-comp', iid);
    await shows(iid, 'somebody else picks it up', has('SalesOpsAR::In Progress'));
    await desk.tick('theo-comp', iid, 'Xactly Incent: role Viewer');
    expect((await shows(iid, 'it is done', closed)).labels).toContain('SalesOpsAR::Completed');
    expect(await evidence('600001')).toEqual(
      expect.arrayContaining([
        'decision.refused felix-comp',
        'decision.approve felix-comp business owner of Xactly Incent',
        'decision.approve dana-manager manager of those whom it is for',
        'access.attested theo-comp',
      ]),
    );
  });

  it('somebody changes roles: changed and added as the approved template says, taken away once the old manager agrees', async () => {
    const id = '600003';
    await system.hr(accountExecutive(id));
    await eventually('the hire has access', async () => (await heldBy(id)).salesforce[0]?.active === true);
    const [request] = await desk.requestsOf(id);
    const hired = request?.iid ?? 0;
    await shows(
      hired,
      'the hire has all that daytwo gives',
      says(/- \[x\] Salesforce Inbox[\s\S]*- \[x\] Chorus \(sign/),
    );
    await system.hr({
      event_id: `moved-${id}`,
      type: 'employee.changed',
      employee_id: id,
      title: 'Sales Operations Analyst',
      department: 'Field Operations',
      manager_email: 'pete.alvarez@daytwo.example',
    });
    let iid = 0;
    await eventually('the access change is filed', async () => {
      const [move] = await desk.issues(`in=description&search=${encodeURIComponent(`daytwo:move:${id}:`)}`);
      iid = move?.iid ?? 0;
      return iid !== 0;
    });
    const open = await shows(
      iid,
      'what is added and changed is there',
      says(/- \[x\] RingLead \(account[\s\S]*- \[x\] Salesforce: [\s\S]*- \[x\] Chorus \(sign/),
    );
    expect(open.description).toMatch(/Salesforce Inbox \| manager before: `dana-manager`.*waits/);
    expect(await heldBy(id)).toMatchObject({
      salesforce: [
        {
          profile: 'Sales Operations',
          permissionSets: expect.arrayContaining(['LeanData_User']),
          licences: expect.arrayContaining(['Inbox']),
        },
      ],
      scim: { ringlead: [{ active: true }] },
    });
    await desk.label('dana-manager', iid, APPROVED);
    await shows(iid, 'the old manager has agreed', says(/Salesforce Inbox: access removed, verified/));
    const [user] = (await heldBy(id)).salesforce;
    expect(user?.licences).not.toContain('Inbox');
    await desk.assignSelf('sam-ops', iid);
    await shows(iid, 'it is in progress', has('SalesOpsAR::In Progress'));
    for (const box of ['Chorus (settings): ', 'Clari: ', 'LeanData (settings): '])
      await desk.tick('sam-ops', iid, box);
    const done = await shows(iid, 'it is done', closed);
    expect(done.description).toMatch(/- \[x\] Chorus \(settings\): .*licence type Listener/);
    expect(await evidence(id)).toContain(
      'decision.approve dana-manager manager before of those whom it is for',
    );
  });

  it('a hire in EMEA listens at once, and records once a completion list names them', async () => {
    const id = '600004';
    await system.hr(accountExecutive(id, { region: 'EMEA', country: 'GB', time_zone: 'Europe/London' }));
    await eventually('the request is opened', async () => (await desk.requestsOf(id)).length === 1);
    const iid = (await desk.requestsOf(id))[0]?.iid ?? 0;
    await shows(iid, 'daytwo has done its part', says(/- \[x\] Salesforce: [\s\S]*- \[x\] Chorus \(sign/));
    await desk.assignSelf('sam-ops', iid);
    await shows(iid, 'it is in progress', has('SalesOpsAR::In Progress'));
    for (const box of ['Chorus (settings): ', 'Clari: ']) await desk.tick('sam-ops', iid, box);
    await shows(iid, 'it waits for the course', has('SalesOpsAR::On Hold'));
    const list = join(system.stateDir, 'done.csv');
    writeFileSync(list, `email,date\ne${id}@daytwo.example,2026-11-20\n`);
    const courses = ['courses', list, '--course', 'Data-protection course', '--by', 'amber'];
    expect(await system.daytwo(...courses, '--plan')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 would be ticked'),
    });
    expect((await desk.issue(iid)).labels).toContain('SalesOpsAR::On Hold');
    expect(await system.daytwo(...courses)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 ticked'),
    });
    await shows(iid, 'the upgrade is to be done', has('SalesOpsAR::In Progress'));
    await desk.tick('sam-ops', iid, 'Chorus: upgrade to Recorder');
    await shows(iid, 'it is completed', has('SalesOpsAR::Completed'));
    expect(await system.daytwo(...courses)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 ticked before'),
    });
  });

  it('who approves less has the less granted, and nothing else', async () => {
    const line =
      'Salesforce: profile Sales User, role Enterprise AE - Americas, permission sets Quoting_User';
    const [sales, lead] = [
      await file('amber', '600002', line),
      await file('amber', '600004', 'RingLead: Admin'),
    ];
    const approve = (iid: number, task: string, ...less: string[]) =>
      system.daytwo('approve', `${project()}#${iid}`, '--by', 'dana-manager', '--task', task, ...less);
    await shows(sales, 'it waits for approval', says(/Salesforce \| manager: `dana-manager`/));
    await shows(lead, 'it waits for approval', says(/RingLead \| manager: `dana-manager`/));
    expect(await approve(sales, 'salesforce', '--without', 'Quoting_User')).toMatchObject({ code: 0 });
    expect(await approve(lead, 'ringlead')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/only over gitlab/),
    });
    expect(await approve(lead, 'ringlead', '--as', 'Owner')).toMatchObject({ code: 1 });
    expect(await approve(lead, 'ringlead', '--as', 'User')).toMatchObject({ code: 0 });
    await shows(sales, 'it is done', closed);
    const { description } = await shows(lead, 'it is done', closed);
    expect(description).toContain('RingLead lowered by `dana-manager`: role User instead of role Admin');
    expect(description).toMatch(/RingLead \(account\): granted and verified \(role User\)/);
    const [user] = (await heldBy('600002')).salesforce;
    expect(user).toMatchObject({ active: true, profile: 'Sales User' });
    expect(user?.permissionSets).not.toContain('Quoting_User');
    expect(await evidence('600002')).toContain('decision.lower dana-manager');
  });
});
