import { DECISIONS } from '../../src/domain/handbook';
import fc from 'fast-check';
import { applyAll, isApproved, type RequestState } from '../../src/domain/access-request';
import { judge, provisionersOf, whoMay } from '../../src/domain/desk-rules';
import { labelsFor } from '../../src/domain/labels';
import { boxText, retryText } from '../../src/domain/request-text';
import type { DeskMessage } from '../../src/domain/desk-acts';
import { description, Desk, message, plan, request, rules } from './request';

const PEOPLE = [
  'amber',
  'sam-ops',
  'priya-ops',
  'tom-systems',
  'mo-mktg',
  'dana-manager',
  'otto',
  'ada-example',
];
const person = fc.constantFrom(...PEOPLE);
const task = fc.constantFrom(...plan().tasks);
const label = fc.constantFrom(
  'SalesOpsAR::Action Needed',
  'SalesOpsAR::In Progress',
  'SaelsOpsAR::In Progress',
  'SalesOpsAR::On Hold',
  'SalesOpsAR::Completed',
  'AR-Approval::Manager Approved',
  'AR-Approval::Rejected',
  'ReadyForProvisioning',
);

/** Something that somebody does on the issue. */
type Doing = (desk: Desk) => Desk;
const doing: fc.Arbitrary<Doing> = fc.oneof(
  fc.tuple(person, person).map(
    ([by, whom]): Doing =>
      (desk) =>
        desk.assign(by, whom),
  ),
  fc.tuple(person, person).map(
    ([by, whom]): Doing =>
      (desk) =>
        desk.note(by, `unassigned @${whom}`),
  ),
  fc.tuple(person, task).map(
    ([by, of]): Doing =>
      (desk) =>
        desk.tick(by, boxText(of)),
  ),
  fc.tuple(person, task).map(
    ([by, of]): Doing =>
      (desk) =>
        desk.untick(by, boxText(of)),
  ),
  fc.tuple(person, task).map(
    ([by, of]): Doing =>
      (desk) =>
        desk.tick(by, retryText(of)),
  ),
  fc.tuple(person, label).map(
    ([by, name]): Doing =>
      (desk) =>
        desk.label(by, name),
  ),
  fc.tuple(person, label).map(
    ([by, name]): Doing =>
      (desk) =>
        desk.label(by, name, 'remove'),
  ),
  person.map(
    (by): Doing =>
      (desk) =>
        desk.comment(by, 'because of the territory plan'),
  ),
  person.map(
    (by): Doing =>
      (desk) =>
        desk.close(by),
  ),
);
const told: fc.Arbitrary<DeskMessage> = fc
  .tuple(
    fc.constantFrom(...DECISIONS),
    person,
    task,
    fc.constantFrom<DeskMessage['channel']>('cli', 'signal'),
    fc.boolean(),
  )
  .map(([kind, by, { id }, channel, remove]) =>
    message(kind, by, { channel, reason: 'because', remove, ...(kind === 'complete' ? { task: id } : {}) }),
  );

const start = fc.constantFrom<RequestState>(
  request(),
  request({ bornApproved: false }),
  applyAll(
    request(),
    plan().tasks.flatMap(({ id, way }) =>
      way.kind === 'person'
        ? []
        : [
            {
              kind: 'outcome' as const,
              task: id,
              outcome: { kind: 'granted' as const, verified: true },
              at: '2026-11-24T10:00:10.000Z',
            },
          ],
    ),
  ),
);
const play = (state: RequestState, doings: readonly Doing[], messages: readonly DeskMessage[]) => {
  const reading = doings.reduce((desk, act) => act(desk), new Desk(state)).reading();
  return { reading, verdict: judge(state, reading, messages, rules) };
};
const doings = fc.array(doing, { maxLength: 8 });
const messages = fc.array(told, { maxLength: 3 });

test('whatever people do, only those whom the policy names decide, and nobody for themself', () => {
  fc.assert(
    fc.property(start, doings, messages, (state, acts, said) => {
      const { verdict } = play(state, acts, said);
      let before = state;
      for (const fact of verdict.facts) {
        if (fact.kind === 'approved') {
          expect(whoMay('approve', before, rules)).toContain(fact.by);
          expect(fact.by).not.toBe('ada-example');
        }
        if (fact.kind === 'attested') {
          const done = before.plan.tasks.find(({ id }) => id === fact.task)!;
          expect(provisionersOf(done, rules)).toContain(fact.by);
          expect(isApproved(before)).toBe(true);
          // What daytwo grants itself is nobody's to attest, unless it gave up on it.
          if (done.way.kind !== 'person') expect(before.tasks[done.id]?.status).toBe('needs_person');
          expect(done.after.every((id) => before.tasks[id]?.status === 'done')).toBe(true);
        }
        if (fact.kind === 'claimed') expect(whoMay('claim', before, rules)).toContain(fact.by);
        if (fact.kind === 'cancelled') expect(whoMay('cancel', before, rules)).toContain(fact.by);
        if (fact.kind === 'rejected') expect(before.approval.status).toBe('waiting');
        before = applyAll(before, [fact]);
      }
      expect(before).toEqual(verdict.state);
    }),
    { numRuns: 500 },
  );
});

test('what was judged is judged once: read again, as daytwo left the issue, it says nothing new', () => {
  fc.assert(
    fc.property(start, doings, (state, acts) => {
      const { reading, verdict } = play(state, acts, []);
      const now = verdict.state;
      const again = judge(
        now,
        {
          ...reading,
          notes: reading.notes.filter((note) => !note.system || note.id > now.cursor.note),
          labelEvents: reading.labelEvents.filter(({ id }) => id > now.cursor.labelEvent),
          closed: null,
          issue: { ...reading.issue, state: 'opened', labels: labelsFor(now), description: description(now) },
        },
        [],
        rules,
      );
      expect(again.facts).toEqual([]);
      expect(again.putBacks).toEqual([]);
    }),
  );
});

test('every message is answered, and one that was not taken says why', () => {
  fc.assert(
    fc.property(start, doings, messages, (state, acts, said) => {
      const ids = said.map((one, at) => ({ ...one, id: `${one.id}/${at}` }));
      const { verdict } = play(state, acts, ids);
      expect(Object.keys(verdict.answers).sort()).toEqual(ids.map(({ id }) => id).sort());
      for (const answer of Object.values(verdict.answers)) expect(answer).not.toBe('');
    }),
  );
});

test('somebody whom no policy names changes nothing, and everything they tried is put back or ignored', () => {
  fc.assert(
    fc.property(start, fc.array(doing, { maxLength: 8 }), (state, acts) => {
      const reading = acts.reduce((desk, act) => act(desk), new Desk(state)).reading();
      const stranger = {
        ...reading,
        notes: reading.notes.map((note) => ({ ...note, author: 'otto' })),
        labelEvents: reading.labelEvents.map((event) => ({ ...event, user: 'otto' })),
        closed: reading.closed && { ...reading.closed, user: 'otto' },
      };
      const { facts } = judge(state, stranger, [], rules);
      expect(facts.map(({ kind }) => kind).filter((kind) => kind !== 'read')).toEqual([]);
    }),
  );
});
