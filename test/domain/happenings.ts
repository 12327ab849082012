import fc from 'fast-check';
import { applyAll, type Deed, type Fact, type RequestState } from '../../src/domain/access-request';
import { followUps } from '../../src/domain/follow-ups';
import type { Outcome } from '../../src/domain/outcome';
import { plan, request } from './request';

const instant = fc
  .integer({ min: 0, max: 500 })
  .map((hours) => new Date(Date.UTC(2026, 10, 24) + hours * 3_600_000).toISOString());
const deed = fc.record<Deed>({
  by: fc.constantFrom('sam-ops', 'amber', 'dana-manager', 'hris'),
  channel: fc.constantFrom('gitlab', 'cli', 'signal', 'hris'),
  at: instant,
});
const task = fc.constantFrom(...plan().tasks.map(({ id }) => id), 'no-such-task');
const words = fc.constantFrom('a reason', '*bold* | pipe', '<!-- daytwo:end -->', '/close @amber');
const outcome = fc.oneof<fc.Arbitrary<Outcome>[]>(
  fc.record({ kind: fc.constantFrom('granted', 'already'), verified: fc.boolean(), detail: words }),
  fc.record({ kind: fc.constant('waiting_for_seat'), licence: fc.constant('Salesforce') }),
  fc.record({ kind: fc.constant('waiting_for_system'), system: fc.constant('okta'), code: words }),
  fc.record({ kind: fc.constant('needs_person'), problem: words, mend: words }),
  fc.record({ kind: fc.constant('refused'), reason: words }),
  fc.record({ kind: fc.constant('revoked'), verified: fc.boolean() }),
  fc.record({ kind: fc.constant('not_applicable'), reason: words }),
);

/** Anything that may happen to a request. */
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .tuple(deed, fc.constantFrom('approved', 'claimed', 'resumed'))
    .map(([who, kind]): Fact => ({ kind, ...who })),
  fc.tuple(deed, words).map(([who, reason]): Fact => ({ kind: 'rejected', reason, ...who })),
  fc
    .tuple(deed, fc.constantFrom('released', 'held'), fc.option(words))
    .map(([who, kind, reason]): Fact => ({ kind, reason, ...who })),
  fc
    .tuple(deed, words, fc.boolean())
    .map(([who, reason, remove]): Fact => ({ kind: 'cancelled', reason, remove, ...who })),
  fc
    .tuple(deed, task, fc.constantFrom('attested', 'reopened', 'retry'))
    .map(([who, of, kind]): Fact => ({ kind, task: of, ...who })),
  fc
    .tuple(task, outcome, instant)
    .map(([of, came, at]): Fact => ({ kind: 'outcome', task: of, outcome: came, at })),
  fc.boolean().map((ticked): Fact => ({
    kind: 'others',
    ticked: Object.fromEntries(plan().otherTeams.flatMap(({ tasks }) => tasks.map((text) => [text, ticked]))),
  })),
  instant.map((at): Fact => ({ kind: 'lost', at })),
  fc.constant<Fact>({ kind: 'found' }),
);

/** A request to which anything may have happened, in any order, with what follows by itself. */
export const anyState: fc.Arbitrary<RequestState> = fc
  .tuple(fc.boolean(), fc.array(fact, { maxLength: 12 }))
  .map(([bornApproved, facts]) =>
    facts.reduce((state, one) => {
      const next = applyAll(state, [one]);
      return applyAll(next, followUps(next, '2026-12-24T00:00:00.000Z'));
    }, request({ bornApproved })),
  );
