import type { RequestState, TaskState } from '../../src/domain/access-request';
import { handoverMail, handoverText, reasonOf } from '../../src/domain/handover-text';
import { request } from './request';

const half = (): RequestState => {
  const state = request();
  const [first] = state.plan.tasks;
  const done: TaskState = {
    status: 'done',
    at: '2026-11-24T11:00:00Z',
    by: 'daytwo',
    how: 'verified',
    detail: null,
  };
  return { ...state, tasks: { ...state.tasks, [first!.id]: done } };
};

test('a request that goes back to the team says what is done, what is left, and why', () => {
  const state = half();
  const text = handoverText(state, 'sam-ops', { kind: 'away', until: '2026-12-01T00:00:00.000Z' }, ['amber']);
  expect(text).toContain(
    '@amber: this request is back with the team: `sam-ops` is away until 2026-12-01 00:00 UTC.',
  );
  expect(text).toContain(`**Done** (1):\n\n- ${state.plan.tasks[0]!.name}`);
  expect(text).toContain(`**Left** (${state.plan.tasks.length - 1}):`);
  expect(handoverMail(state, 'sam-ops', { kind: 'left' }).text).toContain('sam-ops has left, so this');
});

test('what a calendar says of an absence is told to nobody; a leaving comes before it', () => {
  expect(reasonOf({ from: '2026-11-20T00:00:00Z', until: null, sources: ['calendar', 'left'] })).toEqual({
    kind: 'left',
  });
  expect(reasonOf({ from: '2026-11-20T00:00:00Z', until: null, sources: ['calendar'] })).toEqual({
    kind: 'away',
    until: null,
  });
});

test('a name in it is inert', () => {
  expect(
    handoverText(half(), '`@all` /close', { kind: 'idle', since: '2026-11-20T00:00:00Z' }, []),
  ).not.toMatch(/^\/close|(?<!`)@all/m);
});
