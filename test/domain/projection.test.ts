import fc from 'fast-check';
import { BEGIN, END, peoplesText } from '../../src/domain/owned-block';
import { labelsFor } from '../../src/domain/labels';
import { correctionOf, type Correction, type ShownIssue } from '../../src/domain/projection';
import { anyState } from './happenings';
import { description, handbook, readers, request } from './request';

const correct = (shown: ShownIssue, state = request()): Correction | null =>
  correctionOf(shown, state, readers, handbook.labels);

/** What GitLab shows after a correction: a scoped label takes the place of the others of its scope. */
function shownAfter(shown: ShownIssue, correction: Correction): ShownIssue {
  const scopeOf = (label: string): string | null =>
    label.includes('::') ? label.slice(0, label.lastIndexOf('::')) : null;
  const { addLabels = [], removeLabels = [] } = correction;
  const scopes = new Set(addLabels.flatMap((label) => scopeOf(label) ?? []));
  const kept = shown.labels.filter(
    (label) =>
      !removeLabels.includes(label) && !addLabels.includes(label) && !scopes.has(scopeOf(label) ?? ''),
  );
  return {
    state: correction.stateEvent ? (correction.stateEvent === 'close' ? 'closed' : 'opened') : shown.state,
    labels: [...kept, ...addLabels],
    assignees: correction.assignees ?? shown.assignees,
    description: correction.description ?? shown.description,
    confidential: correction.confidential ?? shown.confidential,
  };
}

const peoples = fc
  .array(fc.constantFrom('Please hurry.', '\n', '\r\n', '- [ ] mine', ' ', '| a |', '<!-- ours -->'), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const OWN = ['NewAccessRequest', 'IT::to do', 'AR::2-backlog', 'somebody else'];
const LED = handbook.labels.set.map(({ name }) => name);
const anyIssue = fc.record<ShownIssue>({
  state: fc.constantFrom('opened', 'closed'),
  labels: fc.subarray([...new Set([...LED, ...OWN, ...Object.keys(handbook.labels.aliases)])]),
  assignees: fc.subarray(['sam-ops', 'amber', 'mo-mktg']),
  description: fc.oneof(
    peoples,
    fc.tuple(peoples, anyState, peoples).map(([before, old, after]) => before + description(old) + after),
    fc.constantFrom('', BEGIN, `${END}${BEGIN}`),
  ),
  confidential: fc.boolean(),
});

test('once corrected, an issue shows the state, and nothing is left to correct', () => {
  fc.assert(
    fc.property(anyIssue, anyState, (shown, state) => {
      const correction = correct(shown, state);
      if (!correction) return;
      const after = shownAfter(shown, correction);
      expect(correct(after, state)).toBeNull();
      expect(after.labels).toEqual(expect.arrayContaining([...labelsFor(state)]));
      expect(after.confidential).toBe(true);
      expect(after.state).toBe(state.closedAt ? 'closed' : 'opened');
    }),
  );
});

test("people's text and people's labels stay, whatever the state", () => {
  fc.assert(
    fc.property(peoples, peoples, anyState, anyState, (before, after, old, state) => {
      const shown: ShownIssue = {
        state: 'opened',
        labels: OWN,
        assignees: [],
        description: before + description(old) + after,
        confidential: true,
      };
      const correction = correct(shown, state);
      const now = correction ? shownAfter(shown, correction) : shown;
      expect(peoplesText(now.description)).toEqual({ before, after });
      expect(now.labels).toEqual(expect.arrayContaining(OWN));
    }),
  );
});

describe('the smallest change', () => {
  const asIs = (state = request()): ShownIssue => ({
    state: 'opened',
    labels: [...labelsFor(state)],
    assignees: state.claim ? [state.claim.by] : [],
    description: description(state),
    confidential: true,
  });
  const claimed = {
    ...request(),
    claim: { by: 'sam-ops', channel: 'cli', at: '2026-11-24T12:00:00.000Z' } as const,
  };

  test.each<[string, ShownIssue, ReturnType<typeof request>, Correction | null]>([
    ['an issue that shows the state: none', asIs(), request(), null],
    ['one that anybody may read', { ...asIs(), confidential: false }, request(), { confidential: true }],
    ['one that was closed', { ...asIs(), state: 'closed' }, request(), { stateEvent: 'reopen' }],
    [
      'one that somebody holds who may not',
      { ...asIs(), assignees: ['mo-mktg'] },
      request(),
      { assignees: [] },
    ],
    [
      'one whose holder was taken off',
      { ...asIs(claimed), assignees: [] },
      claimed,
      { assignees: ['sam-ops'] },
    ],
    [
      'one with somebody beside its holder: its holder alone',
      { ...asIs(claimed), assignees: ['sam-ops', 'amber'] },
      claimed,
      { assignees: ['sam-ops'] },
    ],
  ])('%s', (_what, shown, state, expected) => {
    expect(correct(shown, state)).toEqual(expected);
  });

  test('of a label is that label', () => {
    const shown = {
      ...asIs(),
      labels: [...asIs().labels.filter((name) => name !== 'ReadyForProvisioning'), 'mine'],
    };
    expect(correct(shown)).toEqual({ addLabels: ['ReadyForProvisioning'] });
  });
});
