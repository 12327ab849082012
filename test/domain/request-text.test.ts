import fc from 'fast-check';
import { applyAll, type Fact } from '../../src/domain/access-request';
import { PERSON_FACTS } from '../../src/domain/hr-event';
import { BEGIN, END, mergeBlock, ownedBlock } from '../../src/domain/owned-block';
import { requestDetails } from '../../src/domain/request-details';
import {
  boxText,
  onboardingMarker,
  requestBlock,
  requestMarker,
  requestMarkOf,
  requestTitle,
  type RequestReaders,
} from '../../src/domain/request-text';
import { boxesOf, boxKey } from '../../src/domain/task-list';
import { ada, handbook, OPENED, plan, readers, request } from './request';

const at = '2026-11-24T11:00:00.000Z';
const deed = { by: 'sam-ops', channel: 'gitlab', at } as const;

const HOSTILE = [
  '/close',
  'x\n/close\n/assign @vera-vp',
  'x\r/label ~admin',
  '@all @vera-vp',
  BEGIN,
  END,
  `<!-- ${requestMarker('999', '2026-01-01')} -->`,
  '<img src=x onerror=alert(1)>',
  '<details><summary>',
  '| a | b |',
  'a || b | c',
  '`` | `code',
  '- [x] Salesforce',
  'x\n- [x] Salesforce: profile Sales User',
  '## Sales Ops to-do',
  '![](https://evil.example/x.png)',
  '[link](javascript:alert(1))',
  'a\u2028/close',
  '\u202eevil',
];
const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE, ' ', '\n'), { maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

/** A hire in whom every field is hostile text; the handbook's and daytwo's own parts stay what they are. */
const readersOf = (values: readonly string[]): RequestReaders => {
  const facts = Object.fromEntries(PERSON_FACTS.map((fact, index) => [fact, values[index] ?? '']));
  return { ...readers, person: { ...ada, ...facts, employee_id: values.at(-1) ?? '' } };
};
const values = fc.array(hostile, { minLength: PERSON_FACTS.length + 1, maxLength: PERSON_FACTS.length + 1 });
const claimed = applyAll(request(), [
  { kind: 'claimed', ...deed },
  { kind: 'outcome', task: 'salesforce', outcome: { kind: 'granted', verified: true }, at },
  { kind: 'outcome', task: 'chorus', outcome: { kind: 'granted', verified: true }, at },
]);
const innocent = requestBlock(claimed, readers);

/** Without code spans, in which nothing is markup. */
const outsideCode = (line: string): string => line.replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');

test('hostile text in any field of the HR event is inert in the request', () => {
  fc.assert(
    fc.property(values, (fields) => {
      const block = requestBlock(claimed, readersOf(fields));
      const lines = block.split('\n');
      // The same lines as for anybody else, each of the same kind: nothing was begun or ended by the text.
      expect(lines).toHaveLength(innocent.split('\n').length);
      lines.forEach((line, index) => {
        const like = innocent.split('\n')[index] ?? '';
        expect(line).not.toMatch(/^\s*\//);
        expect(line).not.toMatch(/[\r\u2028\u2029\u202e]/);
        if (like.startsWith('|')) expect(outsideCode(line).match(/(?<!\\)\|/g)).toHaveLength(3);
        const bare = outsideCode(line).replace(/\\[\\`*_{}[\]<>#@!~%&$^|]/g, '');
        if (!like.startsWith('cc ')) expect(bare).not.toMatch(/@(?!\u2060)/);
        if (!/^(<!--|<details>|<\/details>)/.test(like)) expect(bare).not.toContain('<');
      });
      expect(boxesOf(block).map(({ text, ticked }) => [text, ticked])).toEqual(
        boxesOf(innocent).map(({ text, ticked }) => [text, ticked]),
      );
    }),
    { numRuns: 300 },
  );
});

test('hostile text forges no mark: the block is found as it stands, and is of its own person only', () => {
  fc.assert(
    fc.property(values, (fields) => {
      const block = requestBlock(claimed, readersOf(fields));
      const description = mergeBlock('', block);
      expect(ownedBlock(description)).toBe(block.trim());
      expect(mergeBlock(description, innocent)).toBe(mergeBlock('', innocent));
      expect(requestMarkOf(description)).toEqual({ employeeId: ada.employee_id, startDate: ada.start_date });
      expect(block).not.toContain(`<!-- ${requestMarker('999', '2026-01-01')} -->`);
    }),
    { numRuns: 300 },
  );
});

test("hostile text in a decision's reason and in a system's words is inert too", () => {
  fc.assert(
    fc.property(hostile, hostile, (reason, problem) => {
      const facts: Fact[] = [
        { kind: 'held', reason, ...deed },
        {
          kind: 'outcome',
          task: 'salesforce',
          outcome: { kind: 'needs_person', problem, mend: problem },
          at,
        },
        { kind: 'outcome', task: 'chorus', outcome: { kind: 'waiting_for_seat', licence: problem }, at },
        {
          kind: 'outcome',
          task: 'linkedin-sales-insights',
          outcome: { kind: 'waiting_for_system', system: problem, code: problem },
          at,
        },
      ];
      const state = applyAll(request(), facts);
      const description = mergeBlock('', requestBlock(state, readers));
      for (const line of description.split('\n')) expect(line).not.toMatch(/^\s*\//);
      expect(description.split(END)).toHaveLength(2);
      expect(boxesOf(description).filter(({ ticked }) => ticked)).toEqual([]);
      for (const line of requestDetails(state).split('\n'))
        expect(line.replace(/\\[^\w\s]/g, '')).not.toMatch(/<|^\//);
    }),
  );
});

test('a system that does not answer is named below its box, with since when', () => {
  const outcome = { kind: 'waiting_for_system', system: 'okta', code: '503' } as const;
  const state = applyAll(request(), [{ kind: 'outcome', task: 'chorus', outcome, at }]);
  expect(requestBlock(state, readers)).toMatch(
    /- \[ \] Chorus.*\n {2}- waits for Okta to answer \(503\) since .* UTC; daytwo asks again by itself/,
  );
});

test('a cancelled request asks nobody to try again, and says what was not there to take back', () => {
  const state = applyAll(request(), [
    { kind: 'cancelled', reason: 'x', remove: true, ...deed },
    { kind: 'outcome', task: 'salesforce', outcome: { kind: 'needs_person', problem: 'p', mend: 'm' }, at },
    {
      kind: 'outcome',
      task: 'chorus',
      outcome: { kind: 'not_applicable', reason: 'is not in the group' },
      at,
    },
  ]);
  const block = requestBlock(state, readers);
  expect(block).not.toContain('Try again');
  expect(block).toContain('nothing to take back (is not in the group)');
  expect(block).toContain('nobody does this any more');
});

test('the title is one line, of at most 250 characters, and mentions nobody', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, title) => {
      const shown = requestTitle({ name, title });
      expect(shown.length).toBeLessThanOrEqual(250);
      expect(shown).not.toMatch(/[\n\r\u2028\u2029]/);
      expect(shown).not.toMatch(/@(?=[\w.-])/);
    }),
  );
});

test('the mark says whose request it is, and each employee has a mark of their own', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), (id) => {
      expect(requestMarkOf(`x <!-- ${requestMarker(id, '2026-11-23')} --> y`)).toEqual({
        employeeId: id,
        startDate: '2026-11-23',
      });
    }),
  );
  expect(requestMarker('10-1', '2026-11-23')).not.toBe(requestMarker('10_1', '2026-11-23'));
  expect(onboardingMarker('10-1', '2026-11-23')).not.toBe(onboardingMarker('10_1', '2026-11-23'));
  expect(requestMarkOf('no mark')).toBeNull();
});

test('the box of a task keeps its text for life: notes name a box by it', () => {
  const all: Fact[] = plan().tasks.map((task) => ({
    kind: 'outcome',
    task: task.id,
    outcome: { kind: 'already', verified: true },
    at,
  }));
  const states = [request(), claimed, applyAll(request(), all), request({ bornApproved: false })];
  for (const state of states) {
    const keys = boxesOf(requestBlock(state, readers)).map(({ text }) => boxKey(text));
    for (const task of plan().tasks)
      expect(keys.filter((key) => key === boxKey(boxText(task)))).toHaveLength(1);
  }
});

test("the handbook's steps are there for the one who picked it up, filled in", () => {
  const block = requestBlock(claimed, readers);
  expect(block).toContain(
    `Paste the invite list, separated by commas: \`${ada.email}\`. Click **Add To List**.`,
  );
  expect(block).toContain(
    'Set Role **Sales Rep**, Team **Enterprise Americas** and License Type **Recorder**.',
  );
  expect(requestBlock(request(), readers)).not.toContain('Add To List');
});

test('the request says what was done, what it waits for, on whom and since when', () => {
  const block = requestBlock(claimed, readers);
  expect(block).toContain('waits for **Chorus (settings), Clari**, on sam-ops, since 2026-11-24 11:00 UTC');
  expect(block).toContain('Salesforce: granted and verified');
  expect(block).toContain('picked up by `sam-ops` (gitlab)');
  expect(block).toContain(`cc ${handbook.people.provisioningDris.map((name) => `@${name}`).join(' ')}`);
  expect(requestBlock(request(), readers)).toContain(`since ${OPENED.slice(0, 10)} 10:00 UTC`);
  expect(requestBlock(request({ bornApproved: false }), { ...readers, approvers: ['dana-manager'] })).toMatch(
    /waits for \*\*approve or reject.*on `dana-manager`/,
  );
});
