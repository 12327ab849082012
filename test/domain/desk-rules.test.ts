import { applyAll, phaseOf, type Fact, type RequestState } from '../../src/domain/access-request';
import { judge, refusedCancelOfHire, type DeskRules, type Verdict } from '../../src/domain/desk-rules';
import { boxText, retryText } from '../../src/domain/request-text';
import { Desk, message, OPENED, request, rules } from './request';

const at = '2026-11-24T10:00:30.000Z';
const deed = { by: 'sam-ops', channel: 'gitlab', at } as const;
const claimed: Fact = { kind: 'claimed', ...deed };
const granted = (task: string): Fact => ({
  kind: 'outcome',
  task,
  outcome: { kind: 'granted', verified: true },
  at,
});
const stuck = (task: string): Fact => ({
  kind: 'outcome',
  task,
  outcome: { kind: 'needs_person', problem: 'p', mend: 'm' },
  at,
});
const automatic = ['salesforce', 'salesforce-inbox', 'linkedin-sales-insights', 'chorus'].map(granted);
/** Granted by API, claimed by sam-ops; the people's tasks are open. */
const inWork = (): RequestState => applyAll(request(), [...automatic, claimed]);
const done = (): RequestState =>
  applyAll(inWork(), [
    { kind: 'attested', task: 'chorus/person', ...deed },
    { kind: 'attested', task: 'clari', ...deed },
  ]);
const waiting = (): RequestState => request({ bornApproved: false });

function box(state: RequestState, id: string, textOf = boxText): string {
  const task = state.plan.tasks.find((one) => one.id === id);
  if (!task) throw new Error(`no task ${id}`);
  return textOf(task);
}
const kinds = (verdict: Verdict) => verdict.facts.map(({ kind }) => kind).filter((kind) => kind !== 'read');
/** The one change that was put back; nothing may have come of it. */
function putBack(verdict: Verdict) {
  expect(kinds(verdict)).toEqual([]);
  expect(verdict.putBacks).toHaveLength(1);
  return verdict.putBacks[0];
}

describe('picking a request up', () => {
  test.each<[string, (desk: Desk) => Verdict]>([
    ['assigning oneself', (desk) => desk.assign('sam-ops').judged()],
    ['being assigned by a colleague', (desk) => desk.assign('amber', 'sam-ops').judged()],
    ['setting the label In Progress', (desk) => desk.label('sam-ops', 'SalesOpsAR::In Progress').judged()],
    [
      'setting it as the handbook once misspelled it',
      (desk) => desk.label('sam-ops', 'SaelsOpsAR::In Progress').judged(),
    ],
    ['the command claim', (desk) => desk.judged([message('claim', 'sam-ops')])],
    ['a plain signal', (desk) => desk.judged([message('claim', 'sam-ops', { channel: 'signal' })])],
  ])('%s means that the request is in progress and theirs', (_what, act) => {
    const { state, putBacks } = act(new Desk(request()));
    expect(putBacks).toEqual([]);
    expect(state.claim?.by).toBe('sam-ops');
    expect(phaseOf(state)).toBe('in_progress');
  });

  test('doing two of them is one claim', () => {
    const verdict = new Desk(request())
      .assign('sam-ops')
      .label('sam-ops', 'SalesOpsAR::In Progress')
      .judged();
    expect(kinds(verdict)).toEqual(['claimed']);
  });

  test('a reassignment hands the request over', () => {
    const verdict = new Desk(inWork())
      .note('amber', 'assigned to @priya-ops and unassigned @sam-ops')
      .judged();
    expect(verdict.state.claim?.by).toBe('priya-ops');
  });

  test('the label In Progress takes nothing from the one who holds the request', () => {
    const { state, putBacks } = new Desk(inWork()).label('priya-ops', 'SalesOpsAR::In Progress').judged();
    expect(putBacks).toEqual([]);
    expect(state.claim?.by).toBe('sam-ops');
  });

  test.each([
    ['somebody of another team assigns themself', 'mo-mktg', 'mo-mktg'],
    ['somebody of another team is assigned', 'sam-ops', 'mo-mktg'],
    ['somebody of another team assigns the team member', 'mo-mktg', 'sam-ops'],
  ])('%s: it is put back, naming who may', (_what, by, assignee) => {
    const found = putBack(new Desk(request()).assign(by, assignee).judged());
    expect(found).toMatchObject({ by, what: `assigning ${assignee}` });
    expect(found?.who).toEqual(
      expect.arrayContaining(['amber', 'meri', 'sam-ops', 'priya-ops', 'jonas-ops']),
    );
    expect(found?.who).not.toContain('mo-mktg');
  });

  test('daytwo is nobody: what its own user did is no act', () => {
    const verdict = new Desk(request())
      .assign('daytwo-bot', 'sam-ops')
      .label('daytwo-bot', 'SalesOpsAR::On Hold')
      .judged();
    expect(kinds(verdict)).toEqual([]);
    expect(verdict.putBacks).toEqual([]);
  });
});

describe('putting a request back', () => {
  test.each<[string, (desk: Desk) => Verdict]>([
    ['unassigning', (desk) => desk.note('sam-ops', 'unassigned @sam-ops').judged()],
    ['unassigning several', (desk) => desk.note('sam-ops', 'unassigned @priya-ops and @sam-ops').judged()],
    ['setting Action Needed', (desk) => desk.label('sam-ops', 'SalesOpsAR::Action Needed').judged()],
    ['the command release', (desk) => desk.judged([message('release', 'sam-ops', { reason: 'on leave' })])],
  ])('%s makes it wait for somebody again', (_what, act) => {
    const { state } = act(new Desk(inWork()));
    expect(state.claim).toBeNull();
    expect(phaseOf(state)).toBe('action_needed');
  });

  test('taking it and putting it back before anybody looked leaves it free', () => {
    expect(
      new Desk(request()).assign('sam-ops').note('sam-ops', 'unassigned @sam-ops').judged().state.claim,
    ).toBeNull();
  });

  test('unassigning a colleague who helps leaves the holder', () => {
    expect(new Desk(inWork()).note('sam-ops', 'unassigned @priya-ops').judged().state.claim?.by).toBe(
      'sam-ops',
    );
  });

  test('releasing what nobody holds is nothing', () => {
    expect(new Desk(request()).judged([message('release', 'sam-ops')])).toMatchObject({
      facts: [],
      putBacks: [],
      answers: { 'release-sam-ops': null },
    });
  });
});

describe('on hold', () => {
  test('the label takes its reason from the comment beside it', () => {
    const { state } = new Desk(inWork())
      .comment('sam-ops', 'waits for the new territory plan')
      .label('sam-ops', 'SalesOpsAR::On Hold')
      .judged();
    expect(state.hold).toMatchObject({ by: 'sam-ops', reason: 'waits for the new territory plan' });
    expect(phaseOf(state)).toBe('on_hold');
  });

  test("somebody else's comment, or one of long before, is no reason", () => {
    const desk = new Desk(inWork()).comment('sam-ops', 'hello');
    for (let minute = 0; minute < 11; minute++) desk.comment('priya-ops', 'something else');
    const found = putBack(desk.label('sam-ops', 'SalesOpsAR::On Hold').judged());
    expect(found?.why).toMatch(/needs its reason/);
  });

  test('a request that only waits for a licence can be held, and is then granted nothing', () => {
    const seat: Fact = {
      kind: 'outcome',
      task: 'salesforce',
      outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
      at,
    };
    const waits = applyAll(request(), [seat, ...automatic.slice(1)]);
    const done: Fact[] = [
      { kind: 'attested', task: 'chorus/person', ...deed },
      { kind: 'attested', task: 'clari', ...deed },
    ];
    const only = applyAll(waits, done);
    expect(phaseOf(only)).toBe('on_hold');
    const { state, answers } = new Desk(only).judged([message('hold', 'amber', { reason: 'legal' })]);
    expect(Object.values(answers)).toEqual([null]);
    expect(state.hold).toMatchObject({ by: 'amber', reason: 'legal' });
    expect(putBack(new Desk(only).label('sam-ops', 'SalesOpsAR::On Hold', 'remove').judged())?.why).toMatch(
      /free licence/,
    );
  });

  const held = (): RequestState => applyAll(inWork(), [{ kind: 'held', reason: 'x', ...deed }]);

  test.each<[string, (desk: Desk) => Verdict]>([
    ['removing the label', (desk) => desk.label('priya-ops', 'SalesOpsAR::On Hold', 'remove').judged()],
    [
      'setting In Progress instead',
      (desk) =>
        desk
          .label('priya-ops', 'SalesOpsAR::On Hold', 'remove')
          .label('priya-ops', 'SalesOpsAR::In Progress')
          .judged(),
    ],
    ['the command resume', (desk) => desk.judged([message('resume', 'sam-ops')])],
  ])('%s goes on where it was', (_what, act) => {
    const { state, putBacks } = act(new Desk(held()));
    expect(putBacks).toEqual([]);
    expect(state).toMatchObject({ hold: null, claim: { by: 'sam-ops' } });
  });

  test('In Progress on a held request that nobody had picked up also picks it up', () => {
    const free = applyAll(request(), [{ kind: 'held', reason: 'x', ...deed }]);
    const { state } = new Desk(free).label('priya-ops', 'SalesOpsAR::In Progress').judged();
    expect(state).toMatchObject({ hold: null, claim: { by: 'priya-ops' } });
  });

  test('on hold and off again before anybody looked is not on hold', () => {
    const { state } = new Desk(inWork())
      .label('sam-ops', 'SalesOpsAR::On Hold')
      .label('sam-ops', 'SalesOpsAR::On Hold', 'remove')
      .judged();
    expect(state.hold).toBeNull();
  });

  test('somebody of another team may not hold', () => {
    expect(putBack(new Desk(inWork()).label('mo-mktg', 'SalesOpsAR::On Hold').judged())?.who).toContain(
      'sam-ops',
    );
  });
});

describe('boxes', () => {
  test('a box ticked by somebody who may is attested', () => {
    const { state, facts } = new Desk(inWork()).tick('priya-ops', box(inWork(), 'clari')).judged();
    expect(facts).toContainEqual(
      expect.objectContaining({ kind: 'attested', task: 'clari', by: 'priya-ops', channel: 'gitlab' }),
    );
    expect(state.tasks['clari']).toMatchObject({ status: 'done', how: 'attested', by: 'priya-ops' });
  });

  test('whoever ticks without having picked the request up has picked it up', () => {
    const free = applyAll(request(), automatic);
    expect(kinds(new Desk(free).tick('priya-ops', box(free, 'clari')).judged())).toEqual([
      'claimed',
      'attested',
    ]);
  });

  test('a box ticked by somebody who may not is put back, naming who may', () => {
    const found = putBack(new Desk(inWork()).tick('mo-mktg', box(inWork(), 'clari')).judged());
    expect(found).toMatchObject({
      by: 'mo-mktg',
      what: 'ticking Clari',
      why: expect.stringContaining('Clari'),
    });
    expect(found?.who).toEqual(['amber', 'meri', 'sam-ops', 'priya-ops', 'jonas-ops']);
  });

  test('nobody grants access to themself', () => {
    const own: DeskRules = { ...rules, subject: 'sam-ops' };
    const found = putBack(new Desk(inWork(), own).tick('sam-ops', box(inWork(), 'clari')).judged());
    expect(found?.why).toMatch(/themself/);
    expect(found?.who).not.toContain('sam-ops');
  });

  test('a box that daytwo ticks itself is put back', () => {
    const state = applyAll(request(), [claimed]);
    expect(putBack(new Desk(state).tick('amber', box(state, 'salesforce')).judged())?.why).toMatch(
      /daytwo itself/,
    );
  });

  test('unless no retry mends it: then it is a person who says that it is done', () => {
    const state = applyAll(request(), [claimed, stuck('salesforce')]);
    expect(
      new Desk(state).tick('amber', box(state, 'salesforce')).judged().state.tasks['salesforce'],
    ).toMatchObject({ status: 'done', how: 'attested' });
  });

  test('a box before its turn is put back, naming what comes first', () => {
    const state = applyAll(request(), [claimed, granted('chorus')]);
    expect(putBack(new Desk(state).tick('sam-ops', box(state, 'clari')).judged())?.why).toBe(
      'Clari comes after Salesforce',
    );
  });

  test('a box before the approval is put back, naming who may approve', () => {
    const state = applyAll(waiting(), [...automatic, claimed]);
    const found = putBack(new Desk(state).tick('sam-ops', box(state, 'clari')).judged());
    expect(found?.why).toMatch(/not approved yet; it waits for dana-manager/);
    expect(found?.who).toEqual([]);
  });

  test('a tick whose note GitLab did not write counts by who edited the description', () => {
    const state = inWork();
    const text = `- [x] ${box(state, 'clari')}\n- [ ] ${box(state, 'chorus/person')}`;
    const verdict = new Desk(state).note('priya-ops', 'changed the description').write(text).judged();
    expect(verdict.facts).toContainEqual(
      expect.objectContaining({ kind: 'attested', task: 'clari', by: 'priya-ops' }),
    );
  });

  test('unticking what a person attested opens it again; what daytwo verified stays', () => {
    expect(new Desk(done()).untick('sam-ops', box(done(), 'clari')).judged().state.tasks['clari']).toEqual({
      status: 'open',
    });
    expect(putBack(new Desk(done()).untick('sam-ops', box(done(), 'salesforce')).judged())?.why).toMatch(
      /verified by daytwo/,
    );
    expect(putBack(new Desk(done()).untick('mo-mktg', box(done(), 'clari')).judged())?.who).toContain(
      'sam-ops',
    );
  });

  test('"try again" is for what needs a person, and only for those who provision it', () => {
    const state = applyAll(request(), [stuck('salesforce')]);
    const again = box(state, 'salesforce', retryText);
    expect(new Desk(state).tick('amber', again).judged().state.tasks['salesforce']).toEqual({
      status: 'open',
    });
    expect(putBack(new Desk(state).tick('mo-mktg', again).judged())?.who).toContain('ines-systems');
    expect(kinds(new Desk(inWork()).tick('amber', again).judged())).toEqual([]);
  });

  test('a tick and the same tick by message are one', () => {
    const verdict = new Desk(inWork())
      .tick('sam-ops', box(inWork(), 'clari'))
      .judged([message('complete', 'sam-ops', { task: 'clari' })]);
    expect(kinds(verdict)).toEqual(['attested']);
    expect(verdict.answers).toEqual({ 'complete-sam-ops': null });
  });

  test('a message for a task that is not there is told which there are', () => {
    const { answers } = new Desk(inWork()).judged([message('complete', 'sam-ops', { task: 'slack' })]);
    expect(answers['complete-sam-ops']).toContain('chorus/person');
  });
});

describe("other teams' boxes", () => {
  const text = Object.keys(request().others)[0] ?? '';

  test('are theirs: whoever ticks them, they are ticked', () => {
    const { state, putBacks } = new Desk(request()).tick('mo-mktg', text).judged();
    expect(putBacks).toEqual([]);
    expect(state.others[text]).toBe(true);
  });

  test('are read from the text where GitLab wrote no note', () => {
    expect(new Desk(request()).write(`- [x] ${text}`).judged().state.others[text]).toBe(true);
  });

  test('can be unticked', () => {
    const state = applyAll(request(), [{ kind: 'others', ticked: { [text]: true } }]);
    expect(new Desk(state).untick('mo-mktg', text).judged().state.others[text]).toBe(false);
  });
});

describe('approval', () => {
  const manager: readonly [string, (desk: Desk) => Verdict][] = [
    ['the label', (desk) => desk.label('dana-manager', 'AR-Approval::Manager Approved').judged()],
    ['the other label', (desk) => desk.label('dana-manager', 'ReadyForProvisioning').judged()],
    [
      'the label as people also write it',
      (desk) => desk.label('dana-manager', 'ready for provisioning').judged(),
    ],
    ['the command', (desk) => desk.judged([message('approve', 'dana-manager')])],
    ['a signal', (desk) => desk.judged([message('approve', 'dana-manager', { channel: 'signal' })])],
  ];
  test.each(manager)('%s by the manager approves', (_what, act) => {
    expect(act(new Desk(waiting())).state.approval).toMatchObject({
      status: 'approved',
      deed: { by: 'dana-manager' },
    });
  });

  test('somebody whom policy does not name may not, and is told who may', () => {
    const found = putBack(new Desk(waiting()).label('sam-ops', 'AR-Approval::Manager Approved').judged());
    expect(found?.who).toEqual(expect.arrayContaining(['dana-manager', 'vera-vp', 'eva-manager']));
    expect(found?.who).not.toContain('sam-ops');
  });

  test('nobody approves their own access, whatever they may otherwise', () => {
    const found = putBack(
      new Desk(waiting(), { ...rules, subject: 'dana-manager' })
        .label('dana-manager', 'AR-Approval::Manager Approved')
        .judged(),
    );
    expect(found?.why).toBe('nobody approves their own access');
    expect(found?.who).not.toContain('dana-manager');
  });

  test('over a channel that policy does not count it is no approval', () => {
    const { decisions } = rules.policy;
    const strict: DeskRules = {
      ...rules,
      policy: {
        ...rules.policy,
        decisions: { ...decisions, approve: { ...decisions.approve, channels: ['gitlab', 'console'] } },
      },
    };
    const verdict = new Desk(waiting(), strict).judged([
      message('approve', 'dana-manager', { channel: 'signal' }),
    ]);
    expect(putBack(verdict)?.why).toBe('policy counts approve only over gitlab, console');
    expect(verdict.answers).toEqual({
      'approve-dana-manager': 'policy counts approve only over gitlab, console',
    });
    expect(
      new Desk(waiting(), strict).label('dana-manager', 'ReadyForProvisioning').judged().state.approval
        .status,
    ).toBe('approved');
  });

  test('a rejection without a reason is put back; with one it stands', () => {
    expect(putBack(new Desk(waiting()).label('amber', 'AR-Approval::Rejected').judged())?.why).toMatch(
      /needs its reason/,
    );
    const { state } = new Desk(waiting())
      .comment('amber', 'not the licence for this role')
      .label('amber', 'AR-Approval::Rejected')
      .judged();
    expect(state.approval).toMatchObject({ status: 'rejected', reason: 'not the licence for this role' });
    expect(phaseOf(state)).toBe('rejected');
  });

  test('what was approved is cancelled, not rejected; what was rejected is not approved afterwards', () => {
    expect(putBack(new Desk(request()).judged([message('reject', 'amber', { reason: 'x' })]))?.why).toMatch(
      /cancel it instead/,
    );
    const both = new Desk(waiting()).judged([
      message('reject', 'amber', { reason: 'x' }),
      message('approve', 'dana-manager'),
    ]);
    expect(both.state.approval.status).toBe('rejected');
    expect(both.answers).toMatchObject({ 'approve-dana-manager': 'the request was rejected already' });
  });
});

describe('the end', () => {
  test('Completed while boxes are open is put back, naming what is open', () => {
    const found = putBack(new Desk(inWork()).label('sam-ops', 'SalesOpsAR::Completed').judged());
    expect(found?.why).toContain('still open: Chorus (settings), Clari');
  });

  test('Completed when Sales Ops is done is what the state says anyway', () => {
    const verdict = new Desk(done()).label('sam-ops', 'SalesOpsAR::Completed').judged();
    expect([verdict.facts.filter(({ kind }) => kind !== 'read'), verdict.putBacks]).toEqual([[], []]);
  });

  test('closing an open request by hand is put back; a completed one stays open for the other teams', () => {
    expect(putBack(new Desk(inWork()).close('sam-ops').judged())?.why).toContain('Chorus (settings), Clari');
    expect(putBack(new Desk(done()).close('pia-people').judged())).toMatchObject({
      why: expect.stringMatching(/other teams' boxes are still open: Outreach/),
      who: expect.arrayContaining(['amber', 'meri', 'dana-manager']),
    });
    expect(new Desk(done()).close('amber').judged().facts).toContainEqual(
      expect.objectContaining({ kind: 'closed', by: 'amber' }),
    );
    const others = Object.fromEntries(Object.keys(done().others).map((text) => [text, true]));
    const all = applyAll(done(), [{ kind: 'others', ticked: others }]);
    expect(kinds(new Desk(all).close('pia-people').judged())).toEqual(['closed']);
  });

  test('a cancel needs somebody who may, and a reason', () => {
    expect(putBack(new Desk(inWork()).judged([message('cancel', 'sam-ops', { reason: 'x' })]))?.who).toEqual(
      expect.arrayContaining(['dana-manager', 'amber', 'meri']),
    );
    expect(putBack(new Desk(inWork()).judged([message('cancel', 'amber', { reason: '  ' })]))?.why).toMatch(
      /needs its reason/,
    );
    const { state } = new Desk(inWork()).judged([
      message('cancel', 'amber', { reason: 'wrong person', remove: true }),
    ]);
    expect(state.cancelled).toMatchObject({ by: 'amber', reason: 'wrong person', remove: true });
  });

  test('after the end nothing changes, and a message is told so', () => {
    const ended = applyAll(done(), [{ kind: 'closed', at }]);
    const verdict = new Desk(ended)
      .assign('sam-ops')
      .label('amber', 'SalesOpsAR::On Hold')
      .judged([message('hold', 'amber')]);
    expect(kinds(verdict)).toEqual([]);
    expect(verdict.answers).toEqual({ 'hold-amber': 'the request has ended' });
  });
});

test.each([
  ['the manager', { by: 'dana-manager' }, null],
  ['a provisioning DRI', { by: 'amber' }, null],
  ['somebody else', { by: 'sam-ops' }, /^policy lets others cancel this; those who may: dana.*amber/],
  ['nobody of the handbook', { by: 'mallory' }, /policy lets others/],
  ['the manager without a reason', { by: 'dana-manager', reason: null }, /needs its reason/],
])('a hire who has no request yet: cancelled by %s', (_who, asked, why) => {
  const answer = refusedCancelOfHire({ channel: 'cli', reason: 'will not join', ...asked }, rules);
  if (why === null) expect(answer).toBeNull();
  else expect(answer).toMatch(why);
});

test('a cancel of a hire counts only over the channels of the policy', () => {
  const decisions = { ...rules.policy.decisions };
  const strict = {
    ...rules,
    policy: {
      ...rules.policy,
      decisions: { ...decisions, cancel: { ...decisions.cancel, channels: ['console' as const] } },
    },
  };
  const asked = { by: 'amber', reason: 'x' };
  expect(refusedCancelOfHire({ ...asked, channel: 'signal' }, strict)).toMatch(/only over console/);
  expect(refusedCancelOfHire({ ...asked, channel: 'console' }, strict)).toBeNull();
});

test('acts count in the order in which they happened, whatever the order in which they were read', () => {
  const early = message('claim', 'priya-ops', { at: OPENED });
  const { state, facts } = new Desk(request())
    .assign('sam-ops')
    .judged([message('release', 'sam-ops'), early]);
  expect(facts.flatMap((fact) => ('by' in fact ? [`${fact.kind} ${fact.by}`] : []))).toEqual([
    'claimed priya-ops',
    'claimed sam-ops',
    'released sam-ops',
  ]);
  expect(state.claim).toBeNull();
});

test('what was read is not judged again', () => {
  const { state } = new Desk(request()).assign('sam-ops').label('sam-ops', 'SalesOpsAR::On Hold').judged();
  expect(state.cursor).toEqual({ note: 100, labelEvent: 500 });
});

describe('labels that daytwo leads', () => {
  test.each([
    ['taking away', inWork(), 'SalesOpsAR::In Progress', 'remove'],
    ['taking away', inWork(), 'AR-Approval::Manager Approved', 'remove'],
    ['taking away', inWork(), 'ReadyForProvisioning', 'remove'],
    ['setting', inWork(), 'SalesOPS: Waiting on SFDC License', 'add'],
  ] as const)('%s one that the state has otherwise is put back with a word', (what, state, label, action) => {
    expect(putBack(new Desk(state).label('amber', label, action).judged())).toMatchObject({
      what: `${what} ${label}`,
      why: expect.stringContaining('daytwo leads this label'),
    });
  });

  test('a scoped label that is replaced is judged by what replaced it', () => {
    const [gone, set] = ['SalesOpsAR::Action Needed', 'SalesOpsAR::In Progress'];
    const { labelEvents } = new Desk(request())
      .label('sam-ops', gone, 'remove')
      .label('sam-ops', set)
      .reading();
    const together = labelEvents.map((event) => ({ ...event, at }));
    const reading = { ...new Desk(request()).reading(), labelEvents: together };
    const verdict = judge(request(), reading, [], rules);
    expect(verdict.putBacks).toEqual([]);
    expect(verdict.state.claim?.by).toBe('sam-ops');
  });

  test('other labels are people’s own', () => {
    const verdict = new Desk(inWork()).label('mo-mktg', 'mktg::to do', 'remove').judged();
    expect(verdict.putBacks).toEqual([]);
  });

  test('a request is made confidential again, and it is said why', () => {
    const found = putBack(new Desk(inWork()).note('amber', 'made the issue visible to everyone').judged());
    expect(found?.why).toMatch(/confidential/);
  });
});

describe('a SOX system', () => {
  const sox: DeskRules = {
    ...rules,
    systems: rules.systems.map((system) => (system.key === 'clari' ? { ...system, sox: true } : system)),
  };

  test.each([
    ['signal', /only over gitlab, console/],
    ['cli', /only over gitlab, console/],
    ['console', null],
  ] as const)('an approval over %s', (channel, why) => {
    const { answers } = new Desk(waiting(), sox).judged([message('approve', 'dana-manager', { channel })]);
    const [answer] = Object.values(answers);
    if (why) expect(answer).toMatch(why);
    else expect(answer).toBeNull();
  });

  test('who approved it does not provision it', () => {
    const by = { by: 'amber', channel: 'gitlab', at } as const;
    const approved = applyAll(waiting(), [{ kind: 'approved', ...by }, ...automatic]);
    const tick = (name: string) => new Desk(approved, sox).tick(name, box(approved, 'clari')).judged();
    expect(putBack(tick('amber'))).toMatchObject({ why: expect.stringContaining('SOX') });
    expect(tick('sam-ops').putBacks).toEqual([]);
  });
});

test.each([
  ['approve', 'sam-ops', request()],
  ['release', 'mallory', request()],
  ['resume', 'mallory', request()],
] as const)(
  'a message %s by %s, who may not, is refused also where there is nothing to do',
  (kind, by, state) => {
    const { answers } = new Desk(state).judged([message(kind, by)]);
    expect(Object.values(answers)[0]).toMatch(/policy lets others/);
  },
);

test('a message that asks once more for what is so already is answered as taken', () => {
  const { answers, facts } = new Desk(request()).judged([message('approve', 'dana-manager')]);
  expect(Object.values(answers)).toEqual([null]);
  expect(facts).toEqual([]);
});

test('what was put back is told in words, with the name of the task', () => {
  const { putBacks } = new Desk(waiting()).judged([
    message('complete', 'sam-ops', { task: 'clari' }),
    message('approve', 'sam-ops'),
  ]);
  expect(putBacks.map(({ what }) => what)).toEqual(['ticking Clari', 'the approval']);
});
