import fc from 'fast-check';
import type { FormProblem } from '../../src/domain/form';
import { askBackText } from '../../src/domain/form-questions';
import { readForm } from '../../src/domain/form-reader';
import { sampleHandbook } from '../handbook/sample';

const problem = (number: number): FormProblem => ({
  line: number,
  quoted: `- line ${number}`,
  expected: `Mend ${number}.`,
});

test('one comment quotes each line, says what is expected, and that the request waits', () => {
  expect(
    askBackText([problem(3), { line: null, quoted: '', expected: 'At least one system.' }], 'dana'),
  ).toBe(
    [
      "@dana 2 things on this request can't be read:",
      '- `- line 3`\n  Mend 3.\n- At least one system.',
      'Nothing is given or taken away meanwhile. **Change the description of this issue**: the request is read again then, and goes on by itself.',
    ].join('\n\n'),
  );
});

test('more than 30 are counted, not listed', () => {
  const text = askBackText(
    Array.from({ length: 1234 }, (_, index) => problem(index)),
    'dana',
  );
  expect(text.match(/- line/g)).toHaveLength(30);
  expect(text).toContain('1,234 things');
  expect(text).toContain('… and 1,204 more');
});

test('what people wrote mentions nobody, sets nothing and links nowhere', () => {
  const hostile = fc.constantFrom(
    '@all',
    '/close',
    '~"SalesOpsAR::Completed"',
    '<img src=x>',
    '[a](http://x)',
    '`',
    '``',
    '\n/approve\n',
    '| a |',
    '-->',
    '!1',
    '#2',
    '\u202e',
  );
  const { systems } = sampleHandbook();
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = `## Person\n## Access\n- ${parts.join(' ')}: x\n- Chorus: ${parts.join('')}, a, b, c`;
      const problems = readForm(text, systems, { mostPeople: 10 })?.problems ?? [];
      const asked = askBackText(problems, 'dana');
      // What is in code spans is shown letter by letter.
      const live = asked.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '').replace(/\\./g, '');
      expect(live.replace(/^@dana/, '')).not.toMatch(/[@~#!<>[\]]|\u202e/);
      expect(asked).not.toMatch(/^\s*\/\w/m);
    }),
  );
});

test('a requester whose name is no user name is not mentioned', () => {
  expect(askBackText([problem(1)], 'all\n/close')).toMatch(/^`all \/close` One thing/);
});
