import fc from 'fast-check';
import { applyAll, type Fact } from '../../src/domain/access-request';
import { canonical, labelChange, labelsFor } from '../../src/domain/labels';
import { handbook, request } from './request';

const { labels } = handbook;
const at = '2026-11-24T11:00:00.000Z';
const deed = { by: 'sam-ops', channel: 'gitlab', at } as const;
const after = (facts: readonly Fact[], bornApproved = true) =>
  labelsFor(applyAll(request({ bornApproved }), facts));

const APPROVED = ['AR-Approval::Manager Approved', 'ReadyForProvisioning'];

test.each<[string, readonly Fact[], readonly string[]]>([
  ['a new request needs action', [], ['SalesOpsAR::Action Needed', ...APPROVED]],
  [
    'one that was picked up is in progress',
    [{ kind: 'claimed', ...deed }],
    ['SalesOpsAR::In Progress', ...APPROVED],
  ],
  [
    'one that was put back needs action again',
    [
      { kind: 'claimed', ...deed },
      { kind: 'released', reason: null, ...deed },
    ],
    ['SalesOpsAR::Action Needed', ...APPROVED],
  ],
  ['one on hold says so', [{ kind: 'held', reason: 'x', ...deed }], ['SalesOpsAR::On Hold', ...APPROVED]],
  [
    'one without a Salesforce licence says what it waits for, and that it is on hold',
    [
      {
        kind: 'outcome',
        task: 'salesforce',
        outcome: { kind: 'waiting_for_seat', licence: 'Salesforce' },
        at,
      },
      { kind: 'attested', task: 'chorus/person', ...deed },
    ],
    ['SalesOpsAR::On Hold', 'SalesOPS: Waiting on SFDC License', ...APPROVED],
  ],
  [
    'a cancelled one leaves the board',
    [{ kind: 'cancelled', reason: 'x', remove: false, ...deed }],
    APPROVED,
  ],
])('%s', (_what, facts, wanted) => {
  expect(after(facts)).toEqual(wanted);
});

test('a request whose template differs from what was approved needs action and approval', () => {
  expect(after([], false)).toEqual(['SalesOpsAR::Action Needed', 'AR-Approval::Needs Manager Approval']);
  expect(after([{ kind: 'approved', ...deed }], false)).toEqual(['SalesOpsAR::Action Needed', ...APPROVED]);
  expect(after([{ kind: 'rejected', reason: 'x', ...deed }], false)).toEqual(['AR-Approval::Rejected']);
});

test("the spelling of the handbook's own history is read, and written right", () => {
  expect(canonical('SaelsOpsAR::In Progress', labels)).toBe('SalesOpsAR::In Progress');
  expect(canonical(' ready for Provisioning ', labels)).toBe('ReadyForProvisioning');
  expect(labelChange(['SaelsOpsAR::In Progress', 'mine'], ['SalesOpsAR::In Progress'], labels)).toEqual({
    add: ['SalesOpsAR::In Progress'],
    remove: ['SaelsOpsAR::In Progress'],
  });
});

test('the change is the smallest: what is right stays, what people added stays, the rest goes', () => {
  const known = [...labels.set.map(({ name }) => name), ...Object.keys(labels.aliases), 'mine', 'a::b'];
  const led = labelsFor(request()).concat(
    'SalesOpsAR::In Progress',
    'SalesOpsAR::On Hold',
    'AR-Approval::Rejected',
  );
  fc.assert(
    fc.property(fc.subarray(known), fc.subarray(led), (current, wanted) => {
      const { add, remove } = labelChange(current, wanted, labels);
      const result = new Set([...current.filter((label) => !remove.includes(label)), ...add]);
      for (const label of wanted) expect(result).toContain(label);
      expect(labelChange([...result], wanted, labels)).toEqual({ add: [], remove: [] });
      for (const label of add) expect(current).not.toContain(label);
      for (const label of remove) expect(wanted).not.toContain(label);
      for (const label of ['mine', 'a::b', 'NewAccessRequest', 'mktg::to do', 'To Do - SalesOPS']) {
        expect(result.has(label)).toBe(current.includes(label));
      }
    }),
  );
});
