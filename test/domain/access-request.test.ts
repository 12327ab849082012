import fc from 'fast-check';
import {
  apply,
  applyAll,
  grantable,
  isAutomatic,
  isDone,
  phaseOf,
  revocable,
  type Fact,
  type RequestState,
} from '../../src/domain/access-request';
import { plan, request } from './request';

const at = '2026-11-24T11:00:00.000Z';
const deed = { by: 'sam-ops', channel: 'gitlab', at } as const;
const outcome = (task: string, kind: 'granted' | 'already' = 'granted'): Fact => ({
  kind: 'outcome',
  task,
  outcome: { kind, verified: true },
  at,
});
const ids = (state: RequestState, askForSeats = false) =>
  Object.fromEntries(
    [...grantable(state, askForSeats)].map(([key, tasks]) => [key, tasks.map(({ id }) => id)]),
  );
const noSeat: Fact = {
  kind: 'outcome',
  task: 'salesforce',
  outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
  at,
};
const stuck = (task: string): Fact => ({
  kind: 'outcome',
  task,
  outcome: { kind: 'needs_person', problem: 'p', mend: 'm' },
  at,
});

test('everything with an API is granted at once, a batch for each connection, Salesforce before its licence', () => {
  expect(ids(request())).toEqual({
    salesforce: ['salesforce', 'salesforce-inbox'],
    'scim/LINKEDIN_SALES_INSIGHTS': ['linkedin-sales-insights'],
    okta: ['chorus'],
  });
});

test('a batch holds no task whose way there leads over something that is not done', () => {
  const tasks = plan().tasks.map((task) =>
    task.id === 'salesforce' ? { ...task, after: ['chorus'] } : task,
  );
  expect(ids(request({ tasks }))).toEqual({
    'scim/LINKEDIN_SALES_INSIGHTS': ['linkedin-sales-insights'],
    okta: ['chorus'],
  });
  expect(ids(apply(request({ tasks }), outcome('chorus')))).toMatchObject({
    salesforce: ['salesforce', 'salesforce-inbox'],
  });
});

test.each<[string, readonly Fact[]]>([
  ['on hold', [{ kind: 'held', reason: null, ...deed }]],
  ['cancelled', [{ kind: 'cancelled', reason: 'x', remove: false, ...deed }]],
  ['closed', [{ kind: 'closed', at }]],
  ['out of sight', [{ kind: 'lost', at }]],
])('nothing is granted while the request is %s', (_what, facts) => {
  expect(ids(applyAll(request(), facts), true)).toEqual({});
});

test('nothing is granted before the approval, nor after a rejection', () => {
  const waiting = request({ bornApproved: false });
  expect(ids(waiting)).toEqual({});
  expect(ids(apply(waiting, { kind: 'rejected', reason: 'x', ...deed }))).toEqual({});
  expect(ids(apply(waiting, { kind: 'approved', ...deed }))).toHaveProperty('salesforce');
});

test('a seat is asked for again only when it is time', () => {
  const state = applyAll(request(), [noSeat]);
  expect(ids(state)).not.toHaveProperty('salesforce');
  expect(ids(state, true)).toMatchObject({ salesforce: ['salesforce', 'salesforce-inbox'] });
});

test('what a person is asked to decide is not tried again by itself, but is when they say so', () => {
  const state = applyAll(request(), [stuck('salesforce')]);
  expect(ids(state, true)).not.toHaveProperty('salesforce');
  expect(ids(apply(state, { kind: 'retry', task: 'salesforce', ...deed }))).toHaveProperty('salesforce');
});

test("a batch is never a person's task, is wanted, and stands after all that it needs", () => {
  const tasks = plan().tasks;
  const kinds = ['open', 'granted', 'no_seat', 'stuck'] as const;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...kinds), { minLength: tasks.length, maxLength: tasks.length }),
      fc.boolean(),
      (states, ask) => {
        const facts = tasks.flatMap((task, index): Fact[] => {
          const kind = states[index];
          if (kind === 'granted') return [outcome(task.id)];
          if (kind === 'stuck') return [stuck(task.id)];
          return kind === 'no_seat' ? [{ ...noSeat, task: task.id } as Fact] : [];
        });
        const state = applyAll(request(), facts);
        for (const batch of grantable(state, ask).values()) {
          expect(new Set(batch).size).toBe(batch.length);
          batch.forEach((task, index) => {
            expect(isAutomatic(task)).toBe(true);
            expect(['open', ...(ask ? ['waiting_for_seat'] : [])]).toContain(state.tasks[task.id]?.status);
            const before = batch.slice(0, index).map(({ id }) => id);
            for (const id of task.after) expect(isDone(state, id) || before.includes(id)).toBe(true);
          });
        }
      },
    ),
  );
});

test('Completed means that the boxes of Sales Ops are done; other teams may still have theirs open', () => {
  const facts = plan().tasks.map((task) => outcome(task.id));
  expect(phaseOf(applyAll(request(), facts.slice(1)))).not.toBe('completed');
  expect(phaseOf(applyAll(request(), facts))).toBe('completed');
  expect(phaseOf(applyAll(request(), [...facts, { kind: 'closed', at }]))).toBe('closed');
});

test('a request without a seat is on hold only when nobody can do anything else', () => {
  const claimed = applyAll(request(), [noSeat, { kind: 'claimed', ...deed }, outcome('chorus')]);
  expect(phaseOf(claimed)).toBe('in_progress');
  expect(phaseOf(apply(claimed, { kind: 'attested', task: 'chorus/person', ...deed }))).toBe('on_hold');
});

test('how long a seat is waited for counts from the first time', () => {
  const again = apply(applyAll(request(), [noSeat]), { ...noSeat, at: '2026-11-25T11:00:00.000Z' } as Fact);
  expect(again.tasks['salesforce']).toMatchObject({ since: at });
});

describe('after a cancel that asks for it', () => {
  const cancel: Fact = { kind: 'cancelled', reason: 'x', remove: true, by: 'amber', channel: 'cli', at };
  const granted = [
    outcome('salesforce'),
    outcome('chorus', 'already'),
    { kind: 'attested', task: 'chorus/person', ...deed } as Fact,
  ];

  test('what daytwo granted is taken back, but not what the person had before, nor what a person did', () => {
    expect(revocable(applyAll(request(), [...granted, cancel])).map(({ id }) => id)).toEqual(['salesforce']);
  });

  test('everything that is there goes when HR takes the hire back: they never join', () => {
    const rescinded: Fact = { ...cancel, by: 'hris', channel: 'hris' } as Fact;
    expect(revocable(applyAll(request(), [...granted, rescinded])).map(({ id }) => id)).toEqual([
      'salesforce',
      'chorus',
    ]);
  });

  test('nothing goes when it was not asked for', () => {
    expect(revocable(applyAll(request(), [...granted, { ...cancel, remove: false } as Fact]))).toEqual([]);
  });

  test('what waited for a person or a seat waits no longer', () => {
    const state = applyAll(request(), [noSeat, stuck('chorus'), cancel]);
    expect(Object.values(state.tasks).map(({ status }) => status)).toEqual(
      state.plan.tasks.map(() => 'open'),
    );
  });
});
