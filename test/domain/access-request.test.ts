import fc from 'fast-check';
import {
  apply,
  applyAll,
  isAutomatic,
  isDone,
  phaseOf,
  type Fact,
  type RequestState,
} from '../../src/domain/access-request';
import { asksAgainAt, grantable, revocable, takeable, takenWhateverBegun } from '../../src/domain/batches';
import { plan, request } from './request';

const at = '2026-11-24T11:00:00.000Z';
const deed = { by: 'sam-ops', channel: 'gitlab', at } as const;
const outcome = (task: string, kind: 'granted' | 'already' = 'granted'): Fact => ({
  kind: 'outcome',
  task,
  outcome: { kind, verified: true },
  at,
});
const AN_HOUR_LATER = '2026-11-24T12:00:00.000Z';
const ids = (state: RequestState, now = at) =>
  Object.fromEntries([...grantable(state, now)].map(([key, tasks]) => [key, tasks.map(({ id }) => id)]));
const noSeat: Fact = {
  kind: 'outcome',
  task: 'salesforce',
  outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
  at,
};
const away = (task: string, when = at, retryAfterSeconds?: number): Fact => ({
  kind: 'outcome',
  task,
  outcome: {
    kind: 'waiting_for_system',
    system: 'okta',
    code: '503',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  },
  at: when,
});
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
  expect(ids(applyAll(request(), facts), AN_HOUR_LATER)).toEqual({});
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
  expect(asksAgainAt(state)).toBe(AN_HOUR_LATER);
  expect(ids(state, AN_HOUR_LATER)).toMatchObject({ salesforce: ['salesforce', 'salesforce-inbox'] });
});

test('what a person is asked to decide is not tried again by itself, but is when they say so', () => {
  const state = applyAll(request(), [stuck('salesforce')]);
  expect(ids(state, AN_HOUR_LATER)).not.toHaveProperty('salesforce');
  expect(ids(apply(state, { kind: 'retry', task: 'salesforce', ...deed }))).toHaveProperty('salesforce');
});

test("a batch is never a person's task, is wanted, and stands after all that it needs", () => {
  const tasks = plan().tasks;
  const kinds = ['open', 'granted', 'no_seat', 'away', 'stuck'] as const;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...kinds), { minLength: tasks.length, maxLength: tasks.length }),
      fc.boolean(),
      (states, ask) => {
        const facts = tasks.flatMap((task, index): Fact[] => {
          const kind = states[index];
          if (kind === 'granted') return [outcome(task.id)];
          if (kind === 'stuck') return [stuck(task.id)];
          if (kind === 'away') return [away(task.id)];
          return kind === 'no_seat' ? [{ ...noSeat, task: task.id } as Fact] : [];
        });
        const state = applyAll(request(), facts);
        for (const batch of grantable(state, ask ? AN_HOUR_LATER : at).values()) {
          expect(new Set(batch).size).toBe(batch.length);
          batch.forEach((task, index) => {
            expect(isAutomatic(task)).toBe(true);
            expect(['open', ...(ask ? ['waiting_for_seat', 'waiting_for_system'] : [])]).toContain(
              state.tasks[task.id]?.status,
            );
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

describe('a system that does not answer', () => {
  const seconds = (state: RequestState, from: string): number =>
    (Date.parse(asksAgainAt(state) ?? '') - Date.parse(from)) / 1000;

  test('is asked again after 15 seconds, then twice as long each time up to half an hour, for two hours', () => {
    let [state, now] = [request(), at];
    const waits: number[] = [];
    for (;;) {
      state = apply(state, away('chorus', now));
      if (state.tasks['chorus']?.status !== 'waiting_for_system') break;
      waits.push(seconds(state, now));
      expect(state.tasks['chorus']).toMatchObject({ since: at, times: waits.length });
      expect(ids(state, now)).not.toHaveProperty('okta');
      now = asksAgainAt(state) ?? '';
      expect(ids(state, now)).toMatchObject({ okta: ['chorus'] });
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    expect(state.tasks['chorus']).toMatchObject({
      status: 'needs_person',
      problem: 'Okta has not answered for a long time (503)',
      mend: expect.stringContaining('try again'),
    });
  });

  test('is left alone for as long as it asks', () => {
    expect(seconds(apply(request(), away('chorus', at, 900)), at)).toBe(900);
    expect(seconds(apply(request(), away('chorus', at, 5)), at)).toBe(15);
  });

  test('after "try again" it is waited for anew', () => {
    const late = '2026-11-24T14:00:00.000Z';
    const state = applyAll(request(), [
      away('chorus'),
      away('chorus', late),
      { kind: 'retry', task: 'chorus', ...deed },
      away('chorus', late),
    ]);
    expect(state.tasks['chorus']).toMatchObject({ status: 'waiting_for_system', since: late, times: 1 });
  });

  test('changes nothing about the phase: the request is not on hold', () => {
    const all = plan().tasks.flatMap((task) => (isAutomatic(task) ? [away(task.id)] : [outcome(task.id)]));
    expect(phaseOf(applyAll(request(), all))).toBe('action_needed');
    expect(phaseOf(applyAll(request(), [...all, { kind: 'claimed', ...deed }]))).toBe('in_progress');
  });

  test.each<[string, readonly Fact[]]>([
    ['on hold', [{ kind: 'held', reason: null, ...deed }]],
    ['closed', [{ kind: 'closed', at }]],
    ['out of sight', [{ kind: 'lost', at }]],
  ])('is not asked while the request is %s: no timer runs for nothing', (_what, facts) => {
    expect(asksAgainAt(applyAll(request(), [away('chorus'), noSeat, ...facts]))).toBeNull();
  });

  test('nothing is asked again whose turn it would not be', () => {
    const tasks = plan().tasks.map((task) => (task.id === 'chorus' ? { ...task, after: ['clari'] } : task));
    const others = tasks.filter((task) => isAutomatic(task) && task.id !== 'chorus');
    const state = applyAll(request({ tasks }), [...others.map(({ id }) => outcome(id)), away('chorus')]);
    expect(asksAgainAt(state)).toBeNull();
  });
});

describe('after a cancel that asks for it', () => {
  const cancel: Fact = { kind: 'cancelled', reason: 'x', remove: true, by: 'amber', channel: 'cli', at };
  const rescinded: Fact = { ...cancel, by: 'hris', channel: 'hris' } as Fact;
  const granted = [
    outcome('salesforce'),
    outcome('salesforce-inbox'),
    outcome('linkedin-sales-insights', 'already'),
    { kind: 'attested', task: 'chorus/person', ...deed } as Fact,
  ];
  const taken = (...facts: Fact[]) => revocable(applyAll(request(), facts)).map(({ id }) => id);

  test('what daytwo granted is taken back, and what it may have begun is looked at; not what was there before, nor what a person did', () => {
    expect(taken(...granted, stuck('chorus'), cancel)).toEqual(['salesforce', 'salesforce-inbox', 'chorus']);
    expect(taken(...granted, away('chorus'), cancel)).toContain('chorus');
    expect(taken(...granted, noSeat, cancel)).toContain('salesforce');
  });

  test('of what may have begun, only what was begun goes', () => {
    const state = applyAll(request(), [...granted, stuck('chorus'), cancel]);
    expect(takenWhateverBegun(state, revocable(state))).toEqual(['salesforce', 'salesforce-inbox']);
  });

  test('everything that is there goes when HR takes the hire back: they never join', () => {
    const all = ['salesforce', 'salesforce-inbox', 'linkedin-sales-insights', 'chorus'];
    expect(taken(...granted, rescinded)).toEqual(all);
    const state = applyAll(request(), [...granted, rescinded]);
    expect(takenWhateverBegun(state, revocable(state))).toEqual(all);
  });

  test('nothing goes when it was not asked for, or nothing was approved', () => {
    expect(taken(...granted, { ...cancel, remove: false } as Fact)).toEqual([]);
    expect(revocable(apply(request({ bornApproved: false }), cancel))).toEqual([]);
  });

  test('what waited for a person, a seat or a system waits no longer', () => {
    const state = applyAll(request(), [noSeat, stuck('chorus'), away('linkedin-sales-insights'), cancel]);
    expect(Object.values(state.tasks).map(({ status }) => status)).toEqual(
      state.plan.tasks.map(() => 'open'),
    );
  });

  test('a system that does not answer is asked again; what then needs a person is theirs', () => {
    const state = applyAll(request(), [...granted, cancel, away('chorus')]);
    expect([...takeable(state, at).keys()]).toEqual(['salesforce']);
    const rest = applyAll(state, [
      ...['salesforce', 'salesforce-inbox'].map((task): Fact => ({
        kind: 'outcome',
        task,
        outcome: { kind: 'revoked', verified: true },
        at,
      })),
    ]);
    expect([...takeable(rest, at).keys()]).toEqual([]);
    expect([...takeable(rest, asksAgainAt(rest) ?? '').keys()]).toEqual(['okta']);
    const late = apply(rest, away('chorus', '2026-11-24T14:00:00.000Z'));
    expect(late.tasks['chorus']).toMatchObject({
      status: 'needs_person',
      mend: 'Take back by hand what is there, then close this issue.',
    });
    expect(revocable(late)).toEqual([]);
    expect(asksAgainAt(late)).toBeNull();
  });
});
