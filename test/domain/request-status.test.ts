import fc from 'fast-check';
import { applyAll, phaseOf, type Fact, type RequestState } from '../../src/domain/access-request';
import { grantable, revocable } from '../../src/domain/batches';
import { followUps } from '../../src/domain/follow-ups';
import { requestDetails } from '../../src/domain/request-details';
import { statusOf, waitsOf } from '../../src/domain/request-status';
import { anyState } from './happenings';
import { OPENED, plan, ref, request } from './request';

const AT = '2026-11-25T09:00:00.000Z';
const by = { by: 'sam-ops', channel: 'cli', at: AT } as const;
const granted = (...tasks: string[]): Fact[] =>
  tasks.map((task) => ({ kind: 'outcome', task, outcome: { kind: 'granted', verified: true }, at: AT }));
const automatic = plan().tasks.flatMap(({ id, way }) => (way.kind === 'person' ? [] : [id]));
const peoples = plan().tasks.flatMap(({ id, way }) => (way.kind === 'person' ? [id] : []));
const after = (facts: readonly Fact[], state: RequestState = request()): RequestState =>
  applyAll(state, facts);
const attested = peoples.map((task): Fact => ({ kind: 'attested', task, ...by }));

describe('what a request waits for, on whom and since when', () => {
  test.each<[string, RequestState, object[]]>([
    [
      'not approved',
      request({ bornApproved: false }),
      [{ on: 'those who may approve', since: OPENED, for: expect.stringContaining('approve or reject') }],
    ],
    [
      'granted, and nobody has it',
      after(granted(...automatic)),
      [{ for: 'somebody to pick it up', on: 'the Sales Ops team', since: OPENED }],
    ],
    [
      'picked up',
      after([...granted(...automatic), { kind: 'claimed', ...by }]),
      [{ for: 'Chorus (settings), Clari', on: '@sam-ops', since: AT }],
    ],
    [
      'on hold without a reason',
      after([{ kind: 'held', reason: null, ...by }]),
      [{ for: 'resume (on hold: no reason was given)', on: '@sam-ops', since: AT }],
    ],
    [
      'on hold with a reason',
      after([{ kind: 'held', reason: 'later', ...by }]),
      [{ for: 'resume (on hold: later)', on: '@sam-ops', since: AT }],
    ],
    [
      'no seat',
      after([
        {
          kind: 'outcome',
          task: 'salesforce',
          outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
          at: AT,
        },
      ]),
      [{ for: 'a free licence Salesforce for Salesforce', on: 'a free seat', since: AT }],
    ],
    [
      'a system away',
      after(
        ['chorus', 'linkedin-sales-insights'].map((task): Fact => ({
          kind: 'outcome',
          task,
          outcome: { kind: 'waiting_for_system', system: task === 'chorus' ? 'okta' : 'scim/x', code: '503' },
          at: AT,
        })),
      ),
      [
        { for: 'LinkedIn Sales Insights to answer', on: 'LinkedIn Sales Insights', since: AT },
        { for: 'Okta to answer, for Chorus (sign-in group)', on: 'Okta', since: AT },
      ],
    ],
    [
      'a decision',
      after([{ kind: 'outcome', task: 'salesforce', outcome: { kind: 'refused', reason: 'taken' }, at: AT }]),
      [{ for: "Salesforce: a person's decision", on: 'the Sales Ops team', since: AT }],
    ],
    [
      'the other teams',
      after([...granted(...automatic), ...attested, { kind: 'completed', at: AT }]),
      [{ for: '1 box of other teams', on: 'the other teams', since: AT }],
    ],
    [
      'its issue',
      after([{ kind: 'lost', at: AT }]),
      [{ for: 'the issue to be found again', on: 'the provisioning DRIs', since: AT }],
    ],
    ['nothing: it is closed', after([{ kind: 'closed', at: AT }]), []],
  ])('%s', (_what, state, expected) => {
    expect(waitsOf(state)).toEqual(expected.map((wait) => expect.objectContaining(wait)));
  });

  test('a request that is still open always waits for something, and a closed one for nothing', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        if (state.closedAt) expect(waitsOf(state)).toEqual([]);
        // Where nothing is waited for, daytwo has something to do: to grant, or to take back.
        else if (waitsOf(state).length === 0)
          expect(grantable(state, AT).size + revocable(state).length).toBeGreaterThan(0);
      }),
    );
  });
});

test('the one view that the command shows names the tasks, who does each, and where it stands', () => {
  const status = statusOf(after([...granted('salesforce'), { kind: 'claimed', ...by }]));
  expect(status).toMatchObject({
    kind: 'access-request',
    request: `${ref.project}#${ref.iid}`,
    employeeId: '104711',
    phase: 'in_progress',
    claimedBy: 'sam-ops',
    approval: 'born',
  });
  expect(status.tasks.map(({ id, by: whose, state }) => [id, whose, state.status])).toEqual([
    ['salesforce', 'daytwo', 'done'],
    ['salesforce-inbox', 'daytwo', 'open'],
    ['linkedin-sales-insights', 'daytwo', 'open'],
    ['chorus', 'daytwo', 'open'],
    ['chorus/person', 'person', 'open'],
    ['clari', 'person', 'open'],
  ]);
});

describe('what an operator sees in the Temporal UI', () => {
  test('says where it stands, what it waits for, and each task', () => {
    const details = requestDetails(after(granted(...automatic)));
    expect(details).toContain('## sales-ops/access-requests\\#7: action needed');
    expect(details).toContain(
      '- **somebody to pick it up**, on the Sales Ops team, since 2026-11-24 10:00 UTC',
    );
    expect(details).toContain('| Salesforce | done |');
    expect(details).toContain('| Clari | open |');
  });

  test('names nobody whom the access is for, and breaks out of no table, whatever happened', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const details = requestDetails(state);
        expect(details).not.toMatch(/Ada|ada\.example/);
        for (const row of details.split('\n').filter((line) => line.startsWith('| ')))
          expect(row).toMatch(/^\| [^|]+ \| [a-z ]+ \|$|^\| Task \| State \|$/);
      }),
    );
  });
});

describe('what follows by itself', () => {
  const kinds = (state: RequestState): string[] => followUps(state, AT).map(({ kind }) => kind);
  const worked = [...granted(...automatic), ...attested];
  const others = (ticked: boolean): Fact => ({
    kind: 'others',
    ticked: Object.fromEntries(plan().otherTeams.flatMap(({ tasks }) => tasks.map((text) => [text, ticked]))),
  });

  test.each<[string, RequestState, string[]]>([
    ['a request with open tasks: nothing', after(granted('salesforce')), []],
    [
      'all tasks done: completed, though the issue stays open for the other teams',
      after(worked),
      ['completed'],
    ],
    [
      'and the other teams done too: completed and closed',
      after([...worked, others(true)]),
      ['completed', 'closed'],
    ],
    ['a rejection: closed', after([{ kind: 'rejected', reason: 'x', ...by }]), ['closed']],
    [
      'a cancel: closed',
      after([...worked, { kind: 'cancelled', reason: 'x', remove: false, ...by }]),
      ['closed'],
    ],
    [
      'a cancel that takes back: not before all is taken back',
      after([...granted('salesforce'), { kind: 'cancelled', reason: 'x', remove: true, ...by }]),
      [],
    ],
    [
      'a cancel that has taken back: closed',
      after([
        ...granted('salesforce'),
        { kind: 'cancelled', reason: 'x', remove: true, ...by },
        ...automatic.map((task): Fact => ({
          kind: 'outcome',
          task,
          outcome:
            task === 'salesforce'
              ? { kind: 'revoked', verified: true }
              : { kind: 'not_applicable', reason: 'daytwo changed nothing here' },
          at: AT,
        })),
      ]),
      ['closed'],
    ],
    [
      'a cancel whose taking back needs a person: not before they did it',
      after([
        ...granted('salesforce'),
        { kind: 'cancelled', reason: 'x', remove: true, ...by },
        {
          kind: 'outcome',
          task: 'salesforce',
          outcome: { kind: 'needs_person', problem: 'x', mend: 'y' },
          at: AT,
        },
      ]),
      [],
    ],
  ])('of %s', (_what, state, expected) => {
    expect(kinds(state)).toEqual(expected);
  });

  test('is said once', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const settled = after(followUps(state, AT), state);
        expect(followUps(settled, AT)).toEqual([]);
        if (phaseOf(settled) === 'completed') expect(settled.completedAt).not.toBeNull();
      }),
    );
  });
});
