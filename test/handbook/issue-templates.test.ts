import { loadHandbook, type Problem } from '../../src/handbook';
import { Copy } from './sample';

const SINGLE = 'issue_templates/single_person.md';
const CHANGE = 'issue_templates/access_change.md';
let copy: Copy;
beforeEach(() => {
  copy = new Copy();
});
afterEach(() => copy.remove());

const problems = (): readonly Problem[] => {
  const loaded = loadHandbook(copy.dir);
  return loaded.ok ? [] : loaded.problems;
};

test('the templates that the handbook ships are forms that ask for nothing by themselves', () => {
  const loaded = loadHandbook(copy.dir);
  expect(loaded.ok && loaded.handbook.issueTemplates.map(({ file }) => file)).toEqual([
    'access_change.md',
    'bulk.md',
    'single_person.md',
  ]);
});

const faults: Record<string, [string, string, string, RegExp, string]> = {
  'an unknown placeholder': [SINGLE, '{systems}', '{sytems}', /unknown placeholder/, '{sytems}'],
  'no mark': [
    SINGLE,
    '<!-- daytwo:form:single -->',
    '<!-- a form -->',
    /no mark of a form/,
    '<!-- a form -->',
  ],
  'a heading that is missing': [CHANGE, '## None', '## Nothing', /heading that the form is read by/, ''],
  'a line that nobody filled in and that asks for something': [
    SINGLE,
    '{systems}',
    '{systems}\n- Clari: Rep',
    /access to clari/,
    '- Clari: Rep',
  ],
  'a line that can not be read': [
    SINGLE,
    '{systems}',
    '{systems}\n- Please tick one',
    /not read as it stands/,
    '- Please tick one',
  ],
  'a person in it': [
    SINGLE,
    '- E-mail:',
    '- E-mail: ann@x.example',
    /access for a person/,
    '- E-mail: ann@x.example',
  ],
  'instructions that would be the justification': [
    SINGLE,
    '## Justification',
    '## Justification\n\nSay why.',
    /a justification/,
    '',
  ],
};
test.each(Object.entries(faults))('%s is told, with its line', (_, [file, from, to, problem, at]) => {
  copy.replace(file, from, to);
  const found = problems().filter((one) => problem.test(one.problem));
  expect(found).toMatchObject([{ file, line: at === '' ? 1 : copy.line(file, at) }]);
});

test('an empty template, and a file that is none, are told', () => {
  copy.write(SINGLE, '\n');
  copy.write('issue_templates/bulk.markdown', 'x');
  copy.write('issue_templates/labels.yml', 'x: 1');
  expect(problems()).toMatchObject([
    { file: 'issue_templates/bulk.markdown', problem: 'no issue template' },
    { file: 'issue_templates/labels.yml', problem: 'no issue template' },
    { file: SINGLE, problem: 'an empty issue template' },
  ]);
});
