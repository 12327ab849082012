import { phaseOf } from '../../src/domain/access-request';
import { employee, Filed, filledIn } from './filed';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
afterAll(() => ground.stop());
beforeEach(() => ground.reset());

const single = (fill: (text: string) => string) => filledIn(ground, 'single_person.md', fill);
const withEmail = (email: string) => (text: string) => text.replace('- E-mail:', `- E-mail: ${email}`);
const ticked =
  (system: string, values: string) =>
  (text: string): string =>
    text.replace(new RegExp(`- \\[ \\] ${system}\\b.*`), `- [x] ${system}: ${values}`);

describe('a request for one person, filed from its template', () => {
  it('is read, waits for the manager, and is granted once they approve', async () => {
    const email = await employee(ground, '200001');
    const text = ticked('RingLead', 'User')(single(withEmail(email)));
    const filed = await Filed.by(ground, 'amber', 'Robin Sample, RingLead, User', text);
    await filed.visit();
    expect(filed.state.plan.filed).toMatchObject({
      kind: 'single',
      people: 1,
      unread: 0,
      requester: 'amber',
    });
    expect(filed.state.parts?.map(({ key, who, status }) => [key, who[0], status])).toEqual([
      ['manager/ringlead', 'dana-manager', 'waiting'],
    ]);
    expect(phaseOf(filed.state)).toBe('waiting_approval');
    expect((await filed.issue()).labels).toEqual(
      expect.arrayContaining([
        'SalesOpsAR::Action Needed',
        'AR-Approval::Needs Manager Approval',
        'NewAccessRequest',
        'To Do - SalesOPS',
      ]),
    );
    const path = `/projects/${encodeURIComponent(ground.projects.accessRequests)}/issues/${filed.iid}`;
    await ground.desk().as('sam-ops', 'PUT', path, { remove_labels: 'To Do - SalesOPS' });
    expect((await filed.comments()).join('\n')).toContain(
      '@dana-manager: your approval is asked for one person',
    );
    await filed.label('dana-manager', 'AR-Approval::Manager Approved');
    await filed.visit();
    expect(filed.state.parts?.map(({ status, deed }) => [status, deed?.by])).toEqual([
      ['approved', 'dana-manager'],
    ]);
    await filed.work();
    await filed.visit();
    expect(filed.state.tasks).toMatchObject({
      ringlead: { status: 'needs_person' },
    });
    // Given once, at the first reading: from then on these two are people's own.
    const { labels } = await filed.issue();
    expect(labels).toContain('NewAccessRequest');
    expect(labels).not.toContain('To Do - SalesOPS');
  });
});

describe('the text of a filed request', () => {
  it('may be edited by the manager who filed it: what asks for nothing more leaves their approval', async () => {
    const email = await employee(ground, '200001');
    const text = ticked('RingLead', 'User')(single(withEmail(email)));
    const filed = await Filed.by(ground, 'dana-manager', 'Robin Sample, RingLead, User', text);
    const approved = [['approved', 'dana-manager']];
    await filed.visit();
    expect(filed.state.parts?.map(({ status, deed }) => [status, deed?.by])).toEqual(approved);
    await filed.edit('dana-manager', (old) =>
      old.replace('## Justification', '## Justification\n\nA new team.'),
    );
    await filed.visit();
    expect(filed.state.parts?.map(({ status, deed }) => [status, deed?.by])).toEqual(approved);
    expect((await filed.comments()).join('\n')).not.toContain('role template');
  });

  it('is read once: what daytwo writes above it is no edit', async () => {
    const email = await employee(ground, '200001');
    const filed = await Filed.by(
      ground,
      'amber',
      'RingLead',
      ticked('RingLead', 'User')(single(withEmail(email))),
    );
    const { facts } = await filed.visit();
    expect(facts.filter(({ kind }) => kind === 'form_read')).toHaveLength(1);
  });
});

describe('a request that a manager files for a report', () => {
  it('is approved by that, but not what somebody else writes into it later', async () => {
    const email = await employee(ground, '200002');
    const text = ticked('RingLead', 'User')(single(withEmail(email)));
    const filed = await Filed.by(ground, 'dana-manager', 'Robin Sample, RingLead, User', text);
    await filed.visit();
    const parts = () => filed.state.parts?.map(({ key, status }) => [key, status]);
    expect(parts()).toEqual([['manager/ringlead', 'approved']]);
    await filed.edit('sam-ops', ticked('Clari', 'Rep'));
    await filed.visit();
    expect(parts()).toEqual(
      expect.arrayContaining([
        ['manager/ringlead', 'approved'],
        ['manager/clari', 'waiting'],
      ]),
    );
  });
});
