import { applyAll, type RequestState } from '../../src/domain/access-request';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { inTurn } from '../../src/domain/filed-request';
import { heldWork } from '../../src/domain/held-work';
import { asked, filed } from './filed';
import { Desk, OPENED, rules } from './request';

const AT = '2026-11-25T09:00:00.000Z';
const clari = [asked('clari', { role: 'Rep' })];
const claimedBy = (state: RequestState, by: string): RequestState =>
  applyAll(state, [{ kind: 'claimed', by, channel: 'gitlab', at: OPENED }]);
const moves = (from: string, to: string, by = 'amber'): DeskMessage => ({
  id: 'm',
  kind: 'reassign',
  by,
  channel: 'cli',
  at: AT,
  from,
  to,
});
const judged = (state: RequestState, message: DeskMessage) => {
  const verdict = new Desk(state, rules).judged([message]);
  const holds = heldWork(verdict.state).flatMap(({ kind, username }) =>
    kind === 'stand_in' ? [] : [`${kind} ${username}`],
  );
  return { holds, why: verdict.answers['m'], facts: verdict.facts };
};

test.each<[string, RequestState, [from: string, to: string], string[]]>([
  ['a claim goes to somebody', claimedBy(filed(clari), 'sam-ops'), ['sam-ops', 'priya-ops'], ['claim priya-ops', 'approval dana-manager']],
  ['a claim goes back to the board, where a team is named', claimedBy(filed(clari), 'sam-ops'), ['sam-ops', 'team:sales-ops'], ['approval dana-manager']],
  ['an approval goes to somebody who may give it', filed(clari), ['dana-manager', 'vera-vp'], ['approval vera-vp']],
])('%s', (_what, state, [from, to], holds) => {
  const found = judged(state, moves(from, to));
  expect([found.holds, found.why]).toEqual([holds, null]);
}); // prettier-ignore

test('of a claim and an approval neither is moved where one can not be: the answer names why', () => {
  const state = claimedBy(filed(clari, {}, { who: ['sam-ops', 'vera-vp'] }), 'sam-ops');
  const found = judged(state, moves('sam-ops', 'priya-ops'));
  expect(found.facts).toEqual([]);
  expect(found.holds).toEqual(['claim sam-ops', 'approval sam-ops']);
  expect(found.why).toBe('priya-ops may not approve clari; those who may: sam-ops, vera-vp');
});

test('every obstacle is named', () => {
  const state = claimedBy(filed(clari, {}, { who: ['sam-ops', 'vera-vp'] }), 'sam-ops');
  const { why } = judged(state, moves('sam-ops', 'mo-mktg'));
  expect(why).toContain('policy lets others claim this');
  expect(why).toContain('mo-mktg may not approve clari');
});

test('where nothing waits on them, nothing is moved, and it is said', () => {
  expect(judged(filed(clari), moves('jonas-ops', 'priya-ops'))).toMatchObject({
    facts: [],
    why: 'nothing here waits on jonas-ops',
  });
});

test.each([
  ['first, as long as they are there', 'vera-vp', [], 'vera-vp dana-manager'],
  ['not while they are away', 'vera-vp', ['vera-vp'], 'dana-manager vera-vp'],
  ['not where the rules no longer name them', 'gone', [], 'dana-manager vera-vp'],
  ['not where it was handed to nobody', undefined, [], 'dana-manager vera-vp'],
])('the turn of whom an approval was handed to is %s', (_what, to, away, expected) => {
  const part = to === undefined ? {} : { handedTo: to };
  expect(inTurn(part, ['dana-manager', 'vera-vp'], new Set(away)).join(' ')).toBe(expected);
});
