import { phaseOf } from '../../src/domain/access-request';
import { recordOf } from '../../src/activities/world';
import { accountExecutive } from '../support/desk';
import { employee, Filed, HEARD } from './filed';
import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
afterAll(() => ground.stop());
beforeEach(() => ground.reset());

const single = (email: string, ...access: string[]): string =>
  ['<!-- daytwo:form:single -->', '## Person', `- E-mail: ${email}`, '## Access', ...access].join('\n');
const bulk = (emails: readonly string[], ...access: string[]): string =>
  [
    '<!-- daytwo:form:bulk -->',
    '## People',
    ...emails.map((email) => `- ${email}`),
    '## Access',
    ...access,
  ].join('\n');
const partsOf = ({ state }: Filed) => (state.parts ?? []).map(({ key, status }) => [key, status]);
const firstOf = ({ state }: Filed) => state.parts?.map(({ who }) => who[0]);
const saying = async (filed: Filed, words: string) =>
  (await filed.comments()).filter((text) => text.includes(words));
const chorus = (licence: string) => `- Chorus: role: Member, team: East, licence type: ${licence}`;
const APPROVED = 'AR-Approval::Manager Approved';
const ASKED_BACK = "on this request can't be read";

describe('a plan that is asked for in a comment', () => {
  it('is answered once, though it is visited twice, and changes nothing in the systems', async () => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: User'),
    );
    await filed.visit();
    const before = filed.state;
    await filed.comment('sam-ops', '/plan');
    const changes = await ground.changes(async () => {
      await filed.visit();
      await filed.visit();
    });
    const answers = await saying(filed, '**Plan** (nothing was changed)');
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('One person would take part');
    expect(answers[0]).toContain('dana-manager');
    expect(changes.map(({ method, path }) => [method, path.replace(/\?.*/, '')])).toEqual([
      ['POST', expect.stringMatching(/\/issues\/\d+\/notes$/)],
    ]);
    expect(filed.state).toEqual({ ...before, cursor: expect.anything() });
  });
});

describe('a form that was edited into nonsense', () => {
  it('is asked back in one comment, and goes on once it is mended', async () => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: User'),
    );
    await filed.visit();
    await filed.edit('amber', (text) =>
      text.replace('- RingLead: User', '- Nowhere: Emperor\n- RingLead: Tsar and Duke'),
    );
    await filed.visit();
    await filed.visit();
    expect(filed.state.plan.filed?.unread).toBeGreaterThan(0);
    expect(phaseOf(filed.state)).toBe('waiting_requester');
    const asked = await saying(filed, ASKED_BACK);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('@amber');
    expect(asked[0]).toContain('`- Nowhere: Emperor`');
    await filed.label('dana-manager', APPROVED);
    await filed.visit();
    expect(partsOf(filed)).toEqual([['manager/ringlead', 'waiting']]);
    await filed.edit('amber', (text) =>
      text.replace('- Nowhere: Emperor\n- RingLead: Tsar and Duke', '- RingLead: User'),
    );
    await filed.visit();
    expect(filed.state.plan.filed).toMatchObject({ unread: 0, unreadSince: null });
    await filed.label('dana-manager', APPROVED);
    await filed.visit();
    expect(partsOf(filed)).toEqual([['manager/ringlead', 'approved']]);
    expect(await saying(filed, ASKED_BACK)).toHaveLength(1);
  });
});

describe('an approval', () => {
  it.each([
    ['a stranger', 'jonas-ops', 'policy lets others approve this'],
    ['whoever asks', 'amber', 'nobody approves their own request'],
  ])('by %s is put back, with evidence', async (_who, by, why) => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: User'),
    );
    await filed.visit();
    await filed.label(by, APPROVED);
    await filed.visit();
    expect(partsOf(filed)).toEqual([['manager/ringlead', 'waiting']]);
    expect((await filed.issue()).labels).not.toContain(APPROVED);
    expect(await saying(filed, why)).toHaveLength(1);
    const refused = (await ground.evidence()).filter(({ kind }) => kind === 'decision.refused');
    expect(refused).toEqual([
      { kind: 'decision.refused', actor: by, what: expect.stringMatching(/^was not allowed: /) },
    ]);
  });

  it('of what was edited afterwards stays, save for the system that was added', async () => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: User'),
    );
    await filed.visit();
    await filed.label('dana-manager', APPROVED);
    await filed.visit();
    await filed.edit('amber', (text) => `${text}\n- Clari: Rep`);
    await filed.visit();
    expect(partsOf(filed)).toEqual([
      ['manager/ringlead', 'approved'],
      ['manager/clari', 'waiting'],
    ]);
    expect(await saying(filed, '**Clari**')).toHaveLength(1);
  });

  it.each([
    ['stays when the line is edited to less', 'Recorder', 'Listener', 'approved'],
    ['is asked for again when it is edited to more', 'Listener', 'Recorder', 'waiting'],
  ])('%s', async (_what, from, to, status) => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), chorus(from)),
    );
    await filed.visit();
    await filed.label('dana-manager', APPROVED);
    await filed.visit();
    expect(filed.state.plan.filed?.problems).toEqual([]);
    expect(partsOf(filed)).toEqual([['manager/chorus', 'approved']]);
    await filed.edit('amber', (text) => text.replace(chorus(from), chorus(to)));
    await filed.visit();
    expect(partsOf(filed)).toEqual([['manager/chorus', status]]);
    expect(filed.state.plan.tasks.map(({ entitlement }) => entitlement.licenceType)).toContain(to);
  });
});

describe('an approval of less than was asked for', () => {
  it('gives the less, says both, and stands until that line is edited to more', async () => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: Admin'),
    );
    await filed.visit();
    await filed.visit([
      {
        id: 'less',
        kind: 'approve',
        by: 'dana-manager',
        channel: 'cli',
        at: new Date().toISOString(),
        task: 'ringlead',
        as: 'User',
      },
    ]);
    const roles = () => filed.state.plan.tasks.map(({ entitlement }) => entitlement.role);
    expect(roles()).toEqual(['User', 'User']);
    expect(await saying(filed, '@amber: **RingLead** was lowered by `dana-manager`')).toHaveLength(1);
    const { description } = await filed.issue();
    expect(description).toMatch(/RingLead lowered by `dana-manager`: role User instead of role Admin/);
    expect(description).toContain('- RingLead: Admin');
    const told = (await ground.store.story({ request: `${filed.state.ref.project}#${filed.iid}` })).filter(
      ({ kind }) => kind === 'decision.lower',
    );
    expect(told.map(({ detail }) => [detail.before, detail.after])).toEqual([
      [
        { system: 'ringlead', role: 'Admin' },
        { system: 'ringlead', role: 'User' },
      ],
    ]);
    const { digest } = filed.state.parts?.[0] ?? {};
    await filed.edit('amber', (text) => `${text}\n- Clari: Rep`);
    await filed.visit();
    expect(roles()).toEqual(['User', 'User', 'Rep']);
    expect(partsOf(filed)).toEqual([
      ['manager/ringlead', 'approved'],
      ['manager/clari', 'waiting'],
    ]);
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    await filed.edit('amber', (text) => text.replace('- RingLead: Admin', '- RingLead: User'));
    await filed.visit();
    expect(partsOf(filed)[0]).toEqual(['manager/ringlead', 'approved']);
    await filed.edit('amber', (text) => text.replace('- RingLead: User', '- RingLead: Admin'));
    await filed.visit();
    expect(partsOf(filed)[0]).toEqual(['manager/ringlead', 'waiting']);
    expect(roles()).toEqual(['Admin', 'Admin', 'Rep']);
  });
});

describe('people who can not take part', () => {
  it('are named on the issue with why, and the others go on', async () => {
    const one = await employee(ground, '200001');
    const left = accountExecutive('200002');
    await ground.store.putPerson(recordOf('200002', left, 'left', HEARD));
    const emails = [one, one.toUpperCase(), left.email, 'nobody.known@daytwo.example'];
    const filed = await Filed.by(ground, 'amber', 'R', bulk(emails, '- RingLead: User'));
    await filed.visit();
    expect(filed.state.plan.filed).toMatchObject({ people: 1, leftOut: 3, unread: 0 });
    const { description } = await filed.issue();
    const block = description.slice(0, description.indexOf('## People'));
    expect(block).toMatch(new RegExp(`\\| \`${one}\` \\| left out \\| named twice`));
    expect(block).toMatch(new RegExp(`\\| \`${left.email}\` \\| left out \\| has left`));
    expect(block).toMatch(/\| `nobody\.known@daytwo\.example` \| left out \| no employee has this address/);
    expect(partsOf(filed)).toEqual([['manager/ringlead', 'waiting']]);
    await filed.label('dana-manager', APPROVED);
    await filed.visit();
    expect(partsOf(filed)).toEqual([['manager/ringlead', 'approved']]);
  });
});

describe('managers', () => {
  it('who differ are asked back, with how many there are', async () => {
    const emails = [
      await employee(ground, '200001'),
      await employee(ground, '200002', { manager_email: 'eva.lindgren@daytwo.example' }),
    ];
    const filed = await Filed.by(ground, 'amber', 'R', bulk(emails, '- RingLead: User'));
    await filed.visit();
    expect(await saying(filed, 'these people have 2 different managers')).toHaveLength(1);
    expect(phaseOf(filed.state)).toBe('waiting_requester');
    expect(partsOf(filed)).toEqual([]);
  });

  it('who stand above each other in a loop are asked back, too: the visit ends', async () => {
    const [a, b] = ['e200011@daytwo.example', 'e200012@daytwo.example'];
    await employee(ground, '200011', { manager_email: b });
    await employee(ground, '200012', { manager_email: a });
    const email = await employee(ground, '200001', { manager_email: a });
    const filed = await Filed.by(ground, 'amber', 'R', single(email, '- RingLead: User'));
    await filed.visit();
    expect(await saying(filed, 'HR names managers in a loop')).toHaveLength(1);
    expect(phaseOf(filed.state)).toBe('waiting_requester');
  });

  it('who left decide no longer: the next in line is asked', async () => {
    const filed = await Filed.by(
      ground,
      'amber',
      'R',
      single(await employee(ground, '200001'), '- RingLead: User'),
    );
    await filed.visit();
    expect(firstOf(filed)).toEqual(['dana-manager']);
    const from = '2026-01-01T00:00:00.000Z';
    await ground.store.work.absences.put(
      'dana-manager',
      'left',
      [{ from, until: null, source: 'left', note: null }],
      from,
    );
    await filed.visit();
    expect(firstOf(filed)).toEqual(['vera-vp']);
    expect(await saying(filed, '@vera-vp: your approval is asked for')).toHaveLength(1);
  });
});

describe('more people than one request may name', () => {
  it('are read by nobody: with 5,001 rows it is asked back once, and nobody is kept', async () => {
    const emails = Array.from({ length: 5_001 }, (_, at) => `p${at}@daytwo.example`);
    const filed = await Filed.by(ground, 'amber', 'R', bulk(emails, '- RingLead: User'));
    await filed.visit();
    const asked = await saying(filed, '5,001 people stand here, and one request may name 5,000');
    expect(asked).toHaveLength(1);
    expect(filed.state.plan.filed).toMatchObject({ people: 0, leftOut: 0, unread: 1 });
  });
});
