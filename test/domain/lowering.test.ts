import type { RequestState } from '../../src/domain/access-request';
import { grantable } from '../../src/domain/batches';
import type { Asked } from '../../src/domain/approvals';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { asApproved, lowered, loweringsOf, type Less } from '../../src/domain/lowering';
import { requestBlock } from '../../src/domain/request-text';
import { asked, filed, digestOfPart } from './filed';
import { Desk, handbook, readers, request, rules } from './request';

const AT = '2026-11-24T12:00:00.000Z';
const system = (key: string) => {
  const found = handbook.systems.find((one) => one.key === key);
  if (!found) throw new Error(`no system ${key}`);
  return found;
};
const ADMIN = asked('ringlead', { role: 'Admin' });
const RECORDER = asked('chorus', { role: 'Sales Rep', team: 'Enterprise EMEA', licenceType: 'Recorder' });
const TWO_SETS = asked('salesforce', { profile: 'Sales User', permissionSets: ['Quoting_User', 'Other'] });

describe('"the approver may edit before approving": to less', () => {
  test.each<[string, Asked, Less, Partial<Asked['entitlement']>]>([
    ['a role of the system’s own order', ADMIN, { as: 'user', without: [] }, { role: 'User' }],
    [
      'a licence type, where the order is of these',
      RECORDER,
      { as: 'Listener', without: [] },
      { licenceType: 'Listener', role: 'Sales Rep' },
    ],
    [
      'permission sets that are left out',
      TWO_SETS,
      { as: null, without: ['quoting_user'] },
      { permissionSets: ['Other'], profile: 'Sales User' },
    ],
  ])('%s', (_, what, less, to) => {
    expect(lowered(what, less, system(what.system))).toEqual({ to: expect.objectContaining(to) });
  });

  test.each<[string, Asked, Less, RegExp]>([
    ['the same level', ADMIN, { as: 'Admin', without: [] }, /only less .*: User/],
    ['more', asked('ringlead', { role: 'User' }), { as: 'Admin', without: [] }, /no level below/],
    ['a level that nobody knows', ADMIN, { as: 'Guest', without: [] }, /only less .*: User/],
    [
      'a role where the system has no order',
      asked('clari', { role: 'Manager' }),
      { as: 'Rep', without: [] },
      /no level below/,
    ],
    [
      'a permission set that is not asked for',
      TWO_SETS,
      { as: null, without: ['Admin_Set'] },
      /Quoting_User, Other/,
    ],
    [
      'less of what is taken away',
      asked('ringlead', {}, 'remove'),
      { as: 'User', without: [] },
      /taken away/,
    ],
  ])('and never to %s', (_, what, less, why) => {
    expect(lowered(what, less, system(what.system))).toEqual({ why: expect.stringMatching(why) });
  });

  it('is not taken to what stands behind a course', () => {
    const three = { ...system('chorus'), levels: ['Listener', 'Recorder', 'Coach'] };
    const coach = asked('chorus', { role: 'Sales Rep', team: 'X', licenceType: 'Coach' });
    expect(lowered(coach, { as: 'Recorder', without: [] }, three)).toEqual({
      why: expect.stringMatching(/after a course/),
    });
  });
});

describe('a line that an approver lowered', () => {
  const lowering = {
    system: 'ringlead',
    from: ADMIN.entitlement,
    to: { system: 'ringlead', role: 'User' },
    by: 'dana-manager',
    at: AT,
  };
  it('means what was approved as long as it says the same, whatever else is edited', () => {
    const clari = asked('clari', { role: 'Rep' });
    expect(asApproved([ADMIN, clari], { lowered: [lowering] })).toEqual({
      asked: [{ ...ADMIN, entitlement: lowering.to }, clari],
      lowered: [lowering],
    });
  });
  test.each([
    ['says another role', [asked('ringlead', { role: 'Owner' })]],
    ['takes the access away', [asked('ringlead', { role: 'Admin' }, 'remove' as const)]],
    ['is gone', []],
  ])('means what it says once it %s', (_, written) => {
    expect(asApproved(written, { lowered: [lowering] })).toEqual({ asked: written, lowered: [] });
  });
});

describe('an approval of less', () => {
  const approve = (state: RequestState, rest: Partial<DeskMessage> = {}) =>
    new Desk(state, rules).judged([
      { id: 'm', kind: 'approve', by: 'dana-manager', channel: 'cli', at: AT, ...rest },
    ]);

  it('gives the lower role, and is an approval of that', () => {
    const { state, answers } = approve(filed([ADMIN]), { task: 'ringlead', as: 'User' });
    expect(answers['m']).toBeNull();
    expect(state.parts).toEqual([
      expect.objectContaining({
        status: 'approved',
        digest: 'lessUser',
        approved: expect.objectContaining({ entitlement: { system: 'ringlead', role: 'User' } }),
      }),
    ]);
    expect([...grantable(state, AT).values()].flat().map(({ entitlement }) => entitlement.role)).toEqual([
      'User',
    ]);
    expect(requestBlock(state, { ...readers, filed: { emails: [], exceptions: [], more: 0 } })).toContain(
      'RingLead lowered by `dana-manager`: role User instead of role Admin',
    );
  });

  it('counts over every channel where what is given is no admin right any more, though that was asked for', () => {
    const admin = filed([ADMIN]);
    expect(approve(admin).answers['m']).toMatch(/only over gitlab/);
    expect(approve(admin, { channel: 'signal', as: 'User' }).answers['m']).toBeNull();
  });

  it('of a staged grant leaves out what stands behind the course', () => {
    const state = filed([RECORDER]);
    const staged = {
      ...state,
      plan: {
        ...state.plan,
        tasks: [
          ...state.plan.tasks.map((task) =>
            task.id === 'chorus/person'
              ? { ...task, entitlement: { ...task.entitlement, licenceType: 'Listener' } }
              : task,
          ),
          { ...state.plan.tasks[1]!, id: 'chorus/course', gate: true as const },
          { ...state.plan.tasks[1]!, id: 'chorus/upgrade', after: ['chorus/course'] },
        ],
      },
    };
    const { state: after } = approve(staged, { as: 'Listener' });
    expect(after.plan.tasks.map(({ id, entitlement }) => [id, entitlement.licenceType])).toEqual([
      ['chorus', 'Listener'],
      ['chorus/person', 'Listener'],
    ]);
  });

  it('lets the business owner decide the less, and lower it further, from what was asked first', () => {
    const xactly = filed([asked('xactly-incent', { role: 'Plan Administrator' })]);
    const signedIn = { channel: 'gitlab' as const, task: 'xactly-incent' };
    const { state } = approve(xactly, { ...signedIn, as: 'Analyst' });
    expect(state.parts?.map(({ key, status, digest }) => [key, status, digest])).toEqual([
      ['manager/xactly-incent', 'approved', 'lessAnalyst'],
      ['business_owner/xactly-incent', 'waiting', 'lessAnalyst'],
    ]);
    const before = digestOfPart('business_owner/xactly-incent');
    const owner = { ...signedIn, by: 'felix-comp' };
    expect(approve(state, { ...owner, digest: before }).answers['m']).toMatch(/has changed since/);
    const { state: after } = approve(state, { ...owner, as: 'Viewer' });
    expect(loweringsOf(after)).toEqual([
      expect.objectContaining({
        by: 'felix-comp',
        from: { system: 'xactly-incent', role: 'Plan Administrator' },
        to: { system: 'xactly-incent', role: 'Viewer' },
      }),
    ]);
    expect(after.parts?.every(({ status }) => status === 'approved')).toBe(true);
  });

  test.each<[string, Partial<DeskMessage>, RegExp]>([
    ['by who may not approve', { by: 'mo-mktg', task: 'ringlead', as: 'User' }, /others approve this/],
    ['to more', { task: 'ringlead', as: 'Owner' }, /only less/],
    ['of another digest', { task: 'ringlead', as: 'User', digest: 'ffffff' }, /has changed since/],
    ['of two systems at once', { as: 'User' }, /one system at a time/],
  ])('is refused %s, and nothing changes', (_, rest, why) => {
    const state = filed([ADMIN, asked('clari', { role: 'Rep' })]);
    const verdict = approve(state, rest);
    expect(verdict.answers['m']).toMatch(why);
    expect(verdict.facts).toEqual([]);
  });

  it('is refused for a new hire’s template', () => {
    const state = request({ bornApproved: false });
    expect(approve(state, { as: 'Listener', task: 'chorus' }).answers['m']).toMatch(/as it stands/);
  });
});
