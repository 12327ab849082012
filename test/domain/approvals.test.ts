import fc from 'fast-check';
import { applyAll, newRequest, phaseOf, type RequestState } from '../../src/domain/access-request';
import {
  inPlaceOf,
  isAdmin,
  lowestInCommon,
  lowerThan,
  partsNeeded,
  raises,
  reportsTo,
} from '../../src/domain/approvals';
import { grantable } from '../../src/domain/batches';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { applyFiled } from '../../src/domain/filed-request';
import type { DeskRules } from '../../src/domain/desk-rules';
import { followUps } from '../../src/domain/follow-ups';
import { labelsFor } from '../../src/domain/labels';
import { asked, filed, REQUESTER, unfiled } from './filed';
import { Desk, handbook, OPENED, ref, rules } from './request';

const AT = '2026-11-25T09:00:00.000Z';
const { systems, people } = handbook;
const withFlag = systems.map((system) =>
  system.key === 'ringlead'
    ? { ...system, alsoApprovedBy: ['infrastructure' as const, 'security' as const] }
    : system,
);
const system = (key: string) => {
  const found = systems.find((one) => one.key === key);
  if (!found) throw new Error(key);
  return found;
};

describe('who must approve', () => {
  test.each<[string, Parameters<typeof partsNeeded>, string[]]>([
    ['the manager', [[asked('clari', { role: 'Rep' })], systems, 'filed'], ['manager/clari']],
    [
      'the manager and the business owner, for a SOX system',
      [[asked('xactly-incent', { role: 'Viewer' })], systems, 'filed'],
      ['manager/xactly-incent', 'business_owner/xactly-incent'],
    ],
    [
      "infrastructure and security, by the system's flag",
      [[asked('ringlead', { role: 'User' })], withFlag, 'filed'],
      ['manager/ringlead', 'infrastructure/ringlead', 'security/ringlead'],
    ],
    ['nobody, for a removal', [[asked('clari', {}, 'remove')], systems, 'filed'], []],
    [
      'nobody, for what an approved template gives to whom changes roles',
      [[asked('clari', { role: 'Rep' })], systems, 'move', ['clari']],
      [],
    ],
    [
      'the manager, where a mover is given more than the template',
      [[asked('clari', { role: 'Admin' })], systems, 'move', []],
      ['manager/clari'],
    ],
    [
      'the manager before, for what a mover loses',
      [[asked('clari', {}, 'remove')], systems, 'move'],
      ['old_manager/clari'],
    ],
    [
      'the owner even of a SOX system that a template names',
      [[asked('xactly-incent', { role: 'Viewer' })], systems, 'move', ['xactly-incent']],
      ['manager/xactly-incent', 'business_owner/xactly-incent'],
    ],
  ])('%s', (_, args, keys) => {
    expect(partsNeeded(...args).map(({ key }) => key)).toEqual(keys);
  });

  it('knows an admin role in any attribute and any case', () => {
    expect(isAdmin({ system: 'ringlead', role: 'admin' }, system('ringlead'))).toBe(true);
    expect(isAdmin({ system: 'salesforce', profile: 'System Administrator' }, system('salesforce'))).toBe(
      true,
    );
    expect(isAdmin({ system: 'ringlead', role: 'User' }, system('ringlead'))).toBe(false);
  });
});

describe('an edit after the approval', () => {
  const approved = { ...asked('ringlead', { role: 'User' }), version: 'v1', until: null };
  test.each<[string, Parameters<typeof raises>[1], boolean]>([
    ['asks for the same', { ...asked('ringlead', { role: 'User' }), until: null }, false],
    ['writes the role otherwise', { ...asked('ringlead', { role: ' user ' }), until: null }, false],
    ['raises the role', { ...asked('ringlead', { role: 'Admin' }), until: null }, true],
    ['names a role that can not be compared', { ...asked('ringlead', { role: 'Guest' }), until: null }, true],
    [
      'adds a permission set',
      { ...asked('ringlead', { role: 'User', permissionSets: ['A'] }), until: null },
      true,
    ],
    ['sets an end', { ...asked('ringlead', { role: 'User' }), until: '2026-12-01' }, false],
    ['asks for its removal instead', { ...asked('ringlead', {}, 'remove'), until: null }, false],
    ['names another team', { ...asked('ringlead', { role: 'User', team: 'X' }), until: null }, true],
  ])('%s', (_, now, more) => {
    expect(raises(approved, now, system('ringlead'))).toBe(more);
  });

  it('lowers a role by the order of the system, and an end that comes sooner', () => {
    const before = { ...asked('ringlead', { role: 'Admin' }), version: 'v1', until: '2026-12-31' };
    expect(
      raises(before, { ...asked('ringlead', { role: 'User' }), until: '2026-12-01' }, system('ringlead')),
    ).toBe(false);
    expect(
      raises(before, { ...asked('ringlead', { role: 'User' }), until: '2027-01-01' }, system('ringlead')),
    ).toBe(true);
    expect(raises(before, { ...asked('ringlead', { role: 'User' }), until: null }, system('ringlead'))).toBe(
      true,
    );
  });

  it('never asks for less and more at once: of two levels one is at most the other', () => {
    const levels = ['A', 'B', 'C', 'D'];
    fc.assert(
      fc.property(fc.constantFrom(...levels), fc.constantFrom(...levels), (one, other) => {
        const up = raises(
          { ...asked('x', { role: one }), version: '', until: null },
          { ...asked('x', { role: other }), until: null },
          { levels },
        );
        expect(up).toBe(levels.indexOf(other) > levels.indexOf(one));
      }),
    );
  });

  it('offers what is less, the nearest first', () => {
    expect(
      lowerThan({ system: 'xactly-incent', role: 'Plan Administrator' }, system('xactly-incent')),
    ).toEqual(['Analyst', 'Viewer']);
    expect(lowerThan({ system: 'ringlead', role: 'User' }, system('ringlead'))).toEqual([]);
  });
});

describe('who decides in whose place', () => {
  const dana = people.members.find(({ username }) => username === 'dana-manager');
  if (!dana) throw new Error('no dana');
  const nobody = () => false;
  it('is the manager, then who covers them, then who stands above', () => {
    expect(inPlaceOf(dana, 'manager', people, nobody, new Map()).map(({ username }) => username)).toEqual([
      'dana-manager',
      'vera-vp',
    ]);
  });
  it('is who covers, as long as the manager is away; the first to answer counts', () => {
    const away = new Map([['dana-manager', 'since 2026-11-20 (GitLab status)']]);
    expect(inPlaceOf(dana, 'manager', people, nobody, away)).toEqual([
      { username: 'vera-vp', authority: 'covers dana-manager since 2026-11-20 (GitLab status)' },
      { username: 'dana-manager', authority: 'manager' },
    ]);
  });
  it('is whoever is there: those who cover in their order, then the next above; who is away stays behind them', () => {
    const member = (username: string, manager: string | null, coveredBy: string[] = []) => ({
      ...dana,
      username,
      email: `${username}@x.example`,
      managerEmail: manager && `${manager}@x.example`,
      coveredBy,
    });
    const ann = member('ann', 'mia', ['bob', 'cleo']);
    const members = [
      ann,
      member('bob', 'mia'),
      member('cleo', 'mia'),
      member('mia', 'vera'),
      member('vera', null),
    ];
    const asked = (...gone: string[]) =>
      inPlaceOf(ann, 'manager', { members }, nobody, new Map(gone.map((name) => [name, 'since today'])))
        .map(({ username }) => username)
        .join(' ');
    expect(asked()).toBe('ann bob cleo mia vera');
    expect(asked('ann')).toBe('bob cleo mia vera ann');
    expect(asked('ann', 'bob')).toBe('cleo mia vera ann bob');
    expect(asked('ann', 'bob', 'cleo')).toBe('mia vera ann bob cleo');
    expect(asked('ann', 'bob', 'cleo', 'mia')).toBe('vera ann bob cleo mia');
  });
  it('is never who asks', () => {
    expect(
      inPlaceOf(dana, 'manager', people, (name) => name === 'dana-manager', new Map()).map(
        ({ username }) => username,
      ),
    ).toEqual(['vera-vp']);
  });
  it('ends where managers go in a loop', () => {
    const loop = [
      { ...dana, username: 'a', email: 'a@x', managerEmail: 'b@x', coveredBy: [] },
      { ...dana, username: 'b', email: 'b@x', managerEmail: 'a@x', coveredBy: [] },
    ];
    const [first] = loop;
    expect(
      first &&
        inPlaceOf(first, 'manager', { members: loop }, nobody, new Map()).map(({ username }) => username),
    ).toEqual(['a', 'b']);
    expect([...reportsTo('a', { members: loop })]).toEqual(['b']);
  });
  it('knows everybody below somebody, near and far', () => {
    expect([...reportsTo('vera-vp', people)]).toEqual(
      expect.arrayContaining(['amber', 'sam-ops', 'dana-manager', 'carla-comp']),
    );
    expect(reportsTo('sam-ops', people).size).toBe(0);
  });
  it('finds the lowest manager whom all have in common', () => {
    expect(
      lowestInCommon([
        ['a', 'c', 'd'],
        ['b', 'C', 'd'],
      ]),
    ).toBe('c');
    expect(lowestInCommon([['a'], ['b']])).toBeNull();
  });
});

describe('the desk of a filed request', () => {
  const both = () => filed([asked('clari', { role: 'Rep' }), asked('xactly-incent', { role: 'Viewer' })]);
  const message = (kind: DeskMessage['kind'], by: string, rest: Partial<DeskMessage> = {}): DeskMessage => ({
    id: `${kind}-${by}`,
    kind,
    by,
    channel: 'cli',
    at: AT,
    ...rest,
  });
  const judged = (state: RequestState, ...messages: DeskMessage[]) => new Desk(state, rules).judged(messages);

  it('waits for approvals side by side, and shows it by its labels', () => {
    const state = both();
    expect(phaseOf(state)).toBe('waiting_approval');
    expect(labelsFor(state)).toEqual(['SalesOpsAR::Action Needed', 'AR-Approval::Needs Manager Approval']);
  });

  it('waits, and neither completes nor closes, until its text was read', () => {
    const unread = newRequest(ref, unfiled(), OPENED);
    expect(phaseOf(unread)).toBe('waiting_approval');
    expect(followUps(unread, AT)).toEqual([]);
  });

  it('takes the approval of what is theirs, and of nothing else', () => {
    const { state } = new Desk(both(), rules).label('dana-manager', 'AR-Approval::Manager Approved').judged();
    expect(state.parts?.map(({ key, status }) => [key, status])).toEqual([
      ['manager/clari', 'approved'],
      ['manager/xactly-incent', 'approved'],
      ['business_owner/xactly-incent', 'waiting'],
    ]);
    expect(phaseOf(state)).toBe('action_needed');
  });

  it('counts a SOX approval only where the person has signed in', () => {
    const { answers, state } = judged(both(), message('approve', 'felix-comp'));
    expect(answers['approve-felix-comp']).toMatch(/only over gitlab, console/);
    expect(state.parts?.every(({ status }) => status === 'waiting')).toBe(true);
  });

  test.each<[string, string, RegExp]>([
    ['who filed it', REQUESTER, /nobody approves their own request/],
    ['a stranger', 'mo-mktg', /policy lets others approve this/],
  ])('refuses an approval by %s', (_, by, why) => {
    const verdict = new Desk(both(), rules).label(by, 'AR-Approval::Manager Approved').judged();
    expect(verdict.facts.filter(({ kind }) => kind === 'part_approved')).toEqual([]);
    expect(verdict.putBacks).toEqual([expect.objectContaining({ by, why: expect.stringMatching(why) })]);
  });

  it('refuses an approval from before what is asked now', () => {
    const state = filed([asked('clari', { role: 'Rep' })], {}, { since: '2026-11-26T00:00:00.000Z' });
    const verdict = new Desk(state, rules).label('dana-manager', 'AR-Approval::Manager Approved').judged();
    expect(verdict.putBacks).toEqual([
      expect.objectContaining({ why: expect.stringMatching(/has changed since/) }),
    ]);
  });

  it('refuses an approval of another digest', () => {
    const { answers } = judged(
      filed([asked('clari', { role: 'Rep' })]),
      message('approve', 'dana-manager', { digest: 'ffffff' }),
    );
    expect(answers['approve-dana-manager']).toMatch(/has changed since/);
  });

  it('goes on with the rest where one system is rejected', () => {
    const state = filed([
      asked('clari', { role: 'Rep' }),
      asked('chorus', { role: 'Sales Rep', team: 'X', licenceType: 'Listener' }),
    ]);
    const verdict = new Desk(state, rules)
      .comment('dana-manager', 'Chorus: no calls yet, the digest would do instead')
      .label('dana-manager', 'AR-Approval::Rejected')
      .judged();
    expect(verdict.state.parts?.map(({ status }) => status)).toEqual(['waiting', 'rejected']);
    expect(verdict.state.tasks['chorus']).toMatchObject({ status: 'rejected', by: 'dana-manager' });
    const { answers } = judged(verdict.state, message('complete', 'sam-ops', { task: 'chorus/person' }));
    expect(answers['complete-sam-ops']).toMatch(/was rejected/);
    const { state: after } = new Desk(verdict.state, rules)
      .label('dana-manager', 'AR-Approval::Manager Approved')
      .judged();
    expect(phaseOf(after)).toBe('action_needed');
    expect(grantable(after, AT).size).toBe(0);
  });

  it('ends as rejected where every system is', () => {
    const verdict = judged(
      both(),
      message('reject', 'dana-manager', { reason: 'not this quarter' }),
      message('reject', 'felix-comp', { reason: 'no' }),
    );
    expect(phaseOf(verdict.state)).toBe('rejected');
  });

  it('asks for the reason of a rejection', () => {
    const { answers } = judged(both(), message('reject', 'dana-manager'));
    expect(answers['reject-dana-manager']).toMatch(/needs its reason/);
  });

  it('grants nothing while a line can not be read, whoever approved', () => {
    const state = filed([asked('ringlead', { role: 'User' })], { unread: 1, unreadSince: OPENED });
    expect(phaseOf(state)).toBe('waiting_requester');
    const { answers, state: after } = judged(state, message('approve', 'dana-manager'));
    expect(answers['approve-dana-manager']).toMatch(/can not be read/);
    expect(grantable(after, AT).size).toBe(0);
  });

  it('lets who approved an admin role not provision it', () => {
    const state = filed([asked('datafox', { role: 'Owner' })]);
    const strict = {
      ...state,
      parts: state.parts?.map((part) => ({ ...part, strict: true, who: ['amber'] })) ?? [],
    };
    const { state: approved } = new Desk(strict, rules)
      .label('amber', 'AR-Approval::Manager Approved')
      .judged();
    const { answers } = judged(approved, message('complete', 'amber', { task: 'datafox' }));
    expect(answers['complete-amber']).toMatch(/does not provision it/);
    expect(
      judged(approved, message('complete', 'meri', { task: 'datafox' })).answers['complete-meri'],
    ).toBeNull();
  });

  it('lets nobody tick a box of a request for many of whom they are one', () => {
    const state = filed([asked('datafox', { role: 'Member' })], {}, { status: 'approved' });
    const among: DeskRules = { ...rules, subject: null, subjects: ['sam-ops'] };
    const { answers } = new Desk(state, among).judged([message('complete', 'sam-ops', { task: 'datafox' })]);
    expect(answers['complete-sam-ops']).toMatch(/nobody grants access to themself/);
  });

  it('takes a close by who filed it as taking it back, as long as nothing was done', () => {
    const { state } = new Desk(both(), rules).close(REQUESTER).judged();
    expect(phaseOf(state)).toBe('cancelled');
  });

  it('takes away without an approval, and in the opposite order', () => {
    const state = filed([asked('salesforce', {}, 'remove'), asked('salesforce-inbox', {}, 'remove')], {
      kind: 'change',
    });
    expect(state.plan.tasks.map(({ id, after }) => [id, after])).toEqual([
      ['salesforce-inbox', []],
      ['salesforce', ['salesforce-inbox']],
    ]);
    expect([...grantable(state, AT).values()].flat().map(({ id }) => id)).toEqual([
      'salesforce-inbox',
      'salesforce',
    ]);
  });

  it('makes a task of every grant when the time of the access is over', () => {
    const state = filed([asked('clari', { role: 'Rep' })], {}, { status: 'approved' });
    const done = {
      ...state,
      tasks: { clari: { status: 'done', at: AT, by: 'amber', how: 'attested', detail: null } },
    } as const;
    const after = applyFiled(done, { kind: 'access_ended', at: AT });
    expect(after.plan.tasks.map(({ id, verb }) => [id, verb])).toEqual([
      ['clari', undefined],
      ['end/clari', 'remove'],
    ]);
    expect(phaseOf(after)).toBe('action_needed');
  });
});

describe('a request for many', () => {
  const counts = (done: number, exceptions = 0) => ({ of: 3, done, already: 0, waiting: 0, exceptions });
  const salesforce = asked('salesforce', { role: 'Enterprise AE - Americas', profile: 'Sales User' });
  const begun = (exceptions: number) =>
    applyAll(
      filed([salesforce, asked('salesforce-inbox')], { kind: 'bulk', people: 3 }, { status: 'approved' }),
      [
        {
          kind: 'outcome',
          task: 'salesforce',
          outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
          at: AT,
          counts: counts(2),
        },
        {
          kind: 'outcome',
          task: 'salesforce-inbox',
          outcome: { kind: 'needs_person', problem: '1 of 3 wait for another task first', mend: 'look' },
          at: AT,
          counts: counts(2 - exceptions, exceptions),
        },
      ],
    );
  const done = {
    kind: 'outcome',
    task: 'salesforce',
    outcome: { kind: 'granted', verified: true },
    at: AT,
    counts: counts(3),
  } as const;
  const next = (state: RequestState) => [...grantable(state, AT).values()].flat().map(({ id }) => id);

  it('goes on by itself for those who only waited for another task, once that is done', () => {
    expect(next(begun(0))).toEqual([]);
    expect(next(applyAll(begun(0), [done]))).toEqual(['salesforce-inbox']);
    const byHand = {
      kind: 'attested',
      task: 'salesforce',
      by: 'ines-systems',
      channel: 'gitlab',
      at: AT,
    } as const;
    expect(next(applyAll(begun(0), [byHand]))).toEqual(['salesforce-inbox']);
  });

  it('waits for "try again" where somebody must look', () => {
    expect(next(applyAll(begun(1), [done]))).toEqual([]);
  });
});
