import { Client, Connection } from '@temporalio/client';
import { dataConverter } from '../../src/codec/data-converter';
import { readKeyRing } from '../../src/codec/keys';
import { recordOf } from '../../src/activities/world';
import { openStore } from '../../src/evidence';
import { requestId } from '../../src/temporal/client';
import { accountExecutive, Desk, type SeenIssue } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(300_000);

const DANA = 'dana.whitfield@daytwo.example';

/** Requests that people of the sandbox file through GitLab's API, from the published templates, to Completed. */
describe('a request that people file', () => {
  let system: System;
  let desk: Desk;
  let client: Client;

  beforeAll(async () => {
    system = await new System(5).start();
    desk = new Desk(system);
    const store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    for (let n = 1; n <= 6; n += 1) {
      const hire = accountExecutive(`30000${n}`, { manager_email: DANA });
      await store.putPerson(recordOf(`30000${n}`, hire, 'active', '2026-11-01T00:00:00.000Z'));
    }
    await store.close();
    const connection = await Connection.connect({ address: system.sandbox.temporal?.address ?? '' });
    client = new Client({
      connection,
      dataConverter: dataConverter(readKeyRing(system.variables['DAYTWO_ENCRYPTION_KEYS'] ?? '')),
    });
    expect((await daytwo('config', 'publish', '--yes')).code).toBe(0);
  });
  afterAll(async () => {
    await client.connection.close();
    await system.dispose();
  });

  const project = (): string => encodeURIComponent(system.sandbox.gitlab.accessRequestsProject);

  const daytwo: System['daytwo'] = (...args) => system.daytwo(...args);

  /** The template as it is offered in the project, filled in, and filed by somebody. */
  async function file(
    by: string,
    template: string,
    title: string,
    fill: (text: string) => string,
  ): Promise<number> {
    const { content } = await desk.as<{ content: string }>(
      by,
      'GET',
      `/projects/${project()}/templates/issues/${template}`,
    );
    const description = fill(content);
    expect(description).not.toBe(content);
    const { iid } = await desk.as<{ iid: number }>(by, 'POST', `/projects/${project()}/issues`, {
      title,
      description,
    });
    return iid;
  }

  const ticked =
    (name: string, values: string) =>
    (text: string): string =>
      text.replace(new RegExp(`- \\[ \\] ${name}\\b.*`), `- [x] ${name}: ${values}`);

  const shows = (iid: number, what: string, is: (issue: SeenIssue) => boolean): Promise<SeenIssue> =>
    eventually(what, async () => is(await desk.issue(iid))).then(() => desk.issue(iid));
  const has = (label: string) => (issue: SeenIssue) => issue.labels.includes(label);
  const signal = (iid: number, name: string, input: object): Promise<void> =>
    client.workflow
      .getHandle(requestId(system.sandbox.gitlab.accessRequestsProject, iid))
      .signal(name, input);

  it('for one person is approved on the issue, done by people, and completed', async () => {
    const iid = await file('amber', 'single_person', 'Robin Sample, DataFox, Member', (text) =>
      ticked('DataFox', 'Member')(text.replace('- E-mail:', '- E-mail: e300001@daytwo.example')),
    );
    await shows(iid, 'it waits for approval', has('AR-Approval::Needs Manager Approval'));
    await desk.label('dana-manager', iid, 'AR-Approval::Manager Approved');
    await shows(iid, 'it is ready', has('ReadyForProvisioning'));
    await desk.assignSelf('sam-ops', iid);
    await shows(iid, 'it is in progress', has('SalesOpsAR::In Progress'));
    await desk.tick('sam-ops', iid, 'DataFox: role Member');
    const issue = await shows(iid, 'it is closed', ({ state }) => state === 'closed');
    expect(issue.labels).toContain('SalesOpsAR::Completed');
    const { out } = await daytwo('evidence', 'show', 'e300001@daytwo.example', '--json');
    expect(out).toContain('manager of those whom it is for');
  });

  it('for many is approved by the command, granted for all but the one who is unknown, and completed', async () => {
    const iid = await file('meri', 'bulk', 'Bulk Access, LinkedIn Sales Insights, User', (text) =>
      ticked(
        'LinkedIn Sales Insights',
        'User',
      )(
        text.replace(
          /\| +\| +\| +\|/,
          [2, 3, 4].map((n) => `| e30000${n}@daytwo.example | Robin | |`).join('\n') +
            '\n| nobody@daytwo.example | Nobody | |',
        ),
      ),
    );
    await shows(iid, 'it waits for approval', has('AR-Approval::Needs Manager Approval'));
    const object = `${system.sandbox.gitlab.accessRequestsProject}#${iid}`;
    expect(await daytwo('approve', object, '--by', 'amber')).toMatchObject({ code: 1 });
    expect(await daytwo('approve', object, '--by', 'dana-manager')).toMatchObject({ code: 0 });
    const issue = await shows(iid, 'it is closed', ({ state }) => state === 'closed');
    expect(issue.labels).toContain('SalesOpsAR::Completed');
    expect(issue.description).toContain('3 of 3 done');
    const { out } = await daytwo('show', object, '--csv');
    expect(out.trim().split('\n')).toHaveLength(5);
    expect(issue.description).toContain('nobody@daytwo.example');
  });

  it('to take access away needs no approval, and is read back', async () => {
    const iid = await file(
      'sam-ops',
      'access_change',
      'Robin Sample, LinkedIn Sales Insights, none',
      (text) =>
        text
          .replace('- E-mail:', '- E-mail: e300002@daytwo.example')
          .replace(/(## None[\s\S]*?)- \[ \] LinkedIn Sales Insights/, '$1- [x] LinkedIn Sales Insights'),
    );
    const issue = await shows(iid, 'it is closed', ({ state }) => state === 'closed');
    expect(issue.description).toContain('access removed');
  });

  it('is approved by a plain Temporal signal, and one that an edit raises afterwards is asked for again', async () => {
    const iid = await file('amber', 'single_person', 'Robin Sample, Clari', (text) =>
      ticked(
        'Clari',
        'Rep',
      )(ticked('DataFox', 'Member')(text.replace('- E-mail:', '- E-mail: e300005@daytwo.example'))),
    );
    await shows(iid, 'it waits for approval', has('AR-Approval::Needs Manager Approval'));
    await signal(iid, 'approve', { by: 'dana-manager' });
    await shows(iid, 'it is approved', has('AR-Approval::Manager Approved'));
    const { description } = await desk.issue(iid);
    await desk.write(
      'amber',
      iid,
      description.replace('- [x] DataFox: Member', '- [x] DataFox: Administrator'),
    );
    const again = await shows(iid, 'it waits for approval again', has('AR-Approval::Needs Manager Approval'));
    expect(again.description).toMatch(/DataFox \| manager: `dana-manager`.*\| waits/);
    expect(again.description).toMatch(/Clari \| manager: `dana-manager` \| approved/);
    await signal(iid, 'reject', { by: 'dana-manager', task: 'datafox', reason: 'Member would do' });
    const rejected = await shows(iid, 'DataFox is rejected', (issue) =>
      issue.description.includes('rejected by'),
    );
    expect(rejected.state).toBe('opened');
  });

  it('that can not be read is asked back once, and goes on when it is mended', async () => {
    const iid = await file('amber', 'single_person', 'Robin Sample, Clari', (text) =>
      ticked('Clari', '')(text.replace('- E-mail:', '- E-mail: e300006@daytwo.example')),
    );
    await shows(iid, 'it waits for who filed it', has('SalesOpsAR::On Hold'));
    const { description } = await desk.issue(iid);
    await desk.write('amber', iid, description.replace('- [x] Clari: ', '- [x] Clari: Rep'));
    await shows(iid, 'it goes on', has('SalesOpsAR::Action Needed'));
    const asked = (await desk.notes(iid)).filter(({ body }) => body.includes("can't be read"));
    expect(asked).toHaveLength(1);
  });
  it('is forecast by the command, which changes nothing anywhere, and by /plan in a comment, once', async () => {
    const iid = await file('amber', 'single_person', 'Robin Sample, Clari', (text) =>
      ticked('Clari', 'Rep')(text.replace('- E-mail:', '- E-mail: e300006@daytwo.example')),
    );
    await shows(iid, 'it waits for approval', has('AR-Approval::Needs Manager Approval'));
    const before = (await system.log()).length;
    const { code, out } = await daytwo('plan', 'request', `#${iid}`);
    expect(out).toMatch(
      /One person would take part[\s\S]*Clari \(role Rep\): by a person[\s\S]*clari: dana-manager or 1 more/,
    );
    expect(code).toBe(0);
    const writes = (await system.log())
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !path.includes('oauth2'));
    expect(writes).toEqual([]);
    await desk.comment('amber', iid, '/plan');
    await eventually('the plan is answered', async () =>
      (await desk.notes(iid)).some(({ body }) => body.includes('**Plan** (nothing was changed)')),
    );
  });
});
