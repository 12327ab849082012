import { applyAll } from '../../src/domain/access-request';
import { boxesOf } from '../../src/domain/task-list';
import { ownedBlock, peoplesText } from '../../src/domain/owned-block';
import { message } from '../domain/request';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(() => ground.reset());
afterAll(() => ground.stop());

const desk = () => ground.desk();
const CHORUS = 'Chorus (settings)';

/** A request that was visited since it was opened: its issue shows what it should. */
async function settled(...given: Parameters<Ground['opened']>) {
  const request = await ground.opened(...given);
  await request.visit();
  return request;
}

describe("people's own text", () => {
  test('before and behind the marks stays as it is, while the status between them moves on', async () => {
    const request = await settled();
    const { description } = await request.issue();
    const [before, after] = ['Spoke to **Robin**.\r\n\n', '\n\n- [ ] our own box\n\n<!-- ours -->\n'];
    await desk().write('sam-ops', request.iid, `${before}${description}${after}`);
    await desk().assignSelf('sam-ops', request.iid);
    await request.visit();
    const now = (await request.issue()).description;
    expect(peoplesText(now)).toEqual({ before, after });
    expect(ownedBlock(now)).toContain('picked up by `sam-ops`');
    expect(ownedBlock(description)).not.toContain('sam-ops');
  });

  test('an emptied description is built anew from the state', async () => {
    const request = await settled();
    const { description } = await request.issue();
    await desk().write('sam-ops', request.iid, '');
    await request.visit();
    expect((await request.issue()).description).toBe(description);
  });

  test('where the marks were deleted, what people wrote is kept behind the new block', async () => {
    const request = await settled();
    const { description } = await request.issue();
    await desk().write('sam-ops', request.iid, 'Robin starts a week late.');
    await request.visit();
    expect((await request.issue()).description).toBe(`${description}\n\nRobin starts a week late.`);
  });

  test('written while daytwo writes is not overwritten', async () => {
    const request = await settled();
    await desk().assignSelf('sam-ops', request.iid);
    // The correction looks once more before it writes: at that moment somebody has written.
    const { gitlab } = ground.world;
    const read = gitlab.issue.bind(gitlab);
    let reads = 0;
    jest.spyOn(gitlab, 'issue').mockImplementation(async (project, iid) => {
      reads += 1;
      if (reads === 2) {
        const { description } = await request.issue();
        await desk().write('sam-ops', iid, `${description}\n\nwritten meanwhile`);
      }
      return read(project, iid);
    });
    await request.visit();
    const { description } = await request.issue();
    expect(description).toContain('written meanwhile');
    expect(ownedBlock(description)).toContain('picked up by `sam-ops`');
  });
});

describe('what is not allowed is put back, with a comment that says why', () => {
  test('"Completed" while boxes are open: the label goes, and what is open is named', async () => {
    const request = await settled();
    await desk().label('sam-ops', request.iid, 'SalesOpsAR::Completed');
    await request.visit();
    expect((await request.issue()).labels).toContain('SalesOpsAR::Action Needed');
    expect((await request.issue()).labels).not.toContain('SalesOpsAR::Completed');
    const [comment] = await request.comments();
    expect(comment).toMatch(/^@sam-ops: setting Completed was put back: .*still open: .*Salesforce/);
  });

  test('an approval by somebody who may not: the label goes, nothing is approved, and those who may are named', async () => {
    const request = await settled('104712', {
      department: 'Public Sector',
      manager_email: 'pete.alvarez@daytwo.example',
    });
    await desk().label('sam-ops', request.iid, 'AR-Approval::Manager Approved');
    await request.visit();
    expect((await request.issue()).labels).toContain('AR-Approval::Needs Manager Approval');
    expect(request.state.approval.status).toBe('waiting');
    const comment = (await request.comments()).find((text) => text.startsWith('@sam-ops'));
    expect(comment).toContain('policy lets others approve this');
    expect(comment).toContain('`pete-manager`');
    await desk().label('pete-manager', request.iid, 'AR-Approval::Manager Approved');
    await request.visit();
    expect(request.state.approval).toMatchObject({ status: 'approved', deed: { by: 'pete-manager' } });
    expect((await request.issue()).labels).toContain('ReadyForProvisioning');
  });

  test('a box ticked by somebody who may not is open again, and the evidence says that it was refused', async () => {
    const request = await settled();
    await desk().tick('mo-mktg', request.iid, CHORUS);
    await request.visit();
    const box = boxesOf((await request.issue()).description).find(({ text }) => text.startsWith(CHORUS));
    expect(box?.ticked).toBe(false);
    const [comment] = await request.comments();
    expect(comment).toContain('@mo-mktg');
    expect(comment).toContain('`sam-ops`');
    expect(await ground.evidence()).toContainEqual({
      kind: 'decision.refused',
      actor: 'mo-mktg',
      what: 'was not allowed: ticking Chorus (settings)',
    });
  });

  test('a closed or public issue is opened and hidden again', async () => {
    const request = await settled();
    await desk().as(
      'sam-ops',
      'PUT',
      `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${request.iid}`,
      {
        state_event: 'close',
        confidential: false,
      },
    );
    await request.visit();
    expect(await request.issue()).toMatchObject({ state: 'opened', confidential: true });
    expect((await request.comments()).join('\n')).toContain(
      '@sam-ops: closing the issue was put back: these are still open',
    );
  });

  test('what was put back is said once, however often the issue is read', async () => {
    const request = await settled();
    await desk().label('sam-ops', request.iid, 'SalesOpsAR::Completed');
    await request.look();
    await request.look();
    await request.visit();
    expect(await request.comments()).toHaveLength(1);
  });
});

describe('doing it again', () => {
  test('a visit whose answer was lost finds its work done, and changes nothing', async () => {
    const request = await settled();
    await desk().assignSelf('sam-ops', request.iid);
    await desk().comment('sam-ops', request.iid, 'On it.');
    const first = await request.look();
    const rows = await ground.evidence();
    const changes = await ground.changes(async () => {
      const again = await request.look();
      expect(applyAll(request.state, again.facts)).toEqual(applyAll(request.state, first.facts));
    });
    expect(changes).toEqual([]);
    expect(await ground.evidence()).toEqual(rows);
  });

  test('a visit on which nothing happened asks a handful of reads and changes nothing', async () => {
    const request = await settled();
    const seen = await ground.systems.watch();
    expect((await request.visit()).facts).toEqual([]);
    const asked = await seen();
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test('a comment whose answer was lost is there once', async () => {
    const request = await settled();
    await desk().label('sam-ops', request.iid, 'SalesOpsAR::Completed');
    await ground.systems.fault({
      system: 'gitlab',
      kind: 'lose-answer',
      method: 'POST',
      path: '/notes',
      count: 1,
    });
    await expect(request.look()).rejects.toThrow(/no-answer/);
    await request.visit();
    expect(await request.comments()).toHaveLength(1);
  });
});

describe('the issue is somewhere else', () => {
  test('moved: it is followed where it is now', async () => {
    const request = await settled();
    const before = request.state.ref;
    await move(request.iid, ground.projects.employment);
    const { facts } = await request.visit();
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'moved' }));
    expect(request.state.ref).toMatchObject({ project: ground.projects.employment });
    expect(request.state.ref).not.toEqual(before);
    expect((await request.visit()).facts).toEqual([]);
  });

  test('deleted: one task for ops, nothing else, and a cancel is still taken', async () => {
    const request = await settled();
    await desk().as('amber', 'DELETE', issuePath(request.iid));
    expect((await request.visit()).facts).toEqual([expect.objectContaining({ kind: 'lost' })]);
    await request.look();
    const tasks = (await desk().issues('state=opened')).filter(({ title }) =>
      title.includes('can not be found'),
    );
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ confidential: true });
    const { answers } = await request.visit(message('claim', 'sam-ops'));
    expect(answers).toEqual({ 'claim-sam-ops': 'the issue of this request can not be found' });
    await request.visit(message('cancel', 'amber', { reason: 'deleted for good' }));
    expect(request.state.cancelled).toMatchObject({ by: 'amber', reason: 'deleted for good' });
  });

  test('somebody else who copies the mark into an issue of their own is not followed', async () => {
    const request = await settled();
    const { description } = await request.issue();
    await desk().as(
      'sam-ops',
      'POST',
      `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues`,
      {
        title: 'copied',
        description,
      },
    );
    await desk().as('amber', 'DELETE', issuePath(request.iid));
    expect((await request.visit()).facts).toEqual([expect.objectContaining({ kind: 'lost' })]);
  });
});

const issuePath = (iid: number): string =>
  `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${iid}`;

async function move(iid: number, project: string): Promise<void> {
  const { id } = await desk().as<{ id: number }>('amber', 'GET', `/projects/${encodeURIComponent(project)}`);
  await desk().as('amber', 'POST', `${issuePath(iid)}/move`, { to_project_id: id });
}
