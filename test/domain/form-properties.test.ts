import fc from 'fast-check';
import { readForm } from '../../src/domain/form-reader';
import { sampleHandbook } from '../handbook/sample';
import { readings, withoutLines, writeForm } from './form-writing';

const { systems } = sampleHandbook();
const read = (text: string) => readForm(text, systems, { mostPeople: 5000 });

test('a form that was written from a reading reads back as that reading', () => {
  fc.assert(
    fc.property(readings(systems), (reading) => {
      expect(withoutLines(read(writeForm(reading, systems)))).toEqual(reading);
    }),
    { numRuns: 300 },
  );
});

test('any mixture of line ends, bullets, boxes, case and spaces reads the same', () => {
  const manner = fc.record({
    ending: fc.constantFrom('\n', '\r\n', '\r'),
    bullet: fc.constantFrom('-', '*', '+', '1.', '12)'),
    box: fc.constantFrom('[x]', '[X]', '[ ]', '[]', ''),
    space: fc.constantFrom(' ', '  ', '\t', '\u00a0', ' \u2003'),
    name: fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => name.toLowerCase(),
      (name) => `**${name}**`,
      (name) => `\`${name}\``,
      (name) => `_${name}_`,
    ),
    mark: fc.constantFrom('', '\ufeff'),
    blank: fc.boolean(),
  });
  fc.assert(
    fc.property(readings(systems), fc.array(manner, { minLength: 3, maxLength: 3 }), (reading, manners) => {
      const [first] = manners;
      const lines = writeForm(reading, systems)
        .split('\n')
        .map((line, index) => {
          const how = manners[index % manners.length]!;
          const item = /^- (?:\[x\] )?([^:(]+?)( \(.*\))?(:.*)$/.exec(line);
          const text = item
            ? [
                how.bullet,
                ...(line.startsWith('- [x]') && how.box ? [how.box] : []),
                `${how.name(item[1]!)}${item[2] ?? ''}${item[3]!}`,
              ].join(' ')
            : line;
          return (
            text.replaceAll(' ', how.space) +
            (how.blank && !line.startsWith('|') ? how.ending : '') +
            how.ending
          );
        });
      const text = first!.mark + lines.join('');
      expect(withoutLines(read(text))).toEqual(withoutLines(read(writeForm(reading, systems))));
    }),
    { numRuns: 300 },
  );
});

const letters = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
const names = systems.flatMap((system) => [system.name, system.key, ...system.aliases]);
const bits = fc.oneof(
  fc.constantFrom(
    '- ',
    '* ',
    '- [ ] ',
    '- [x] ',
    '1. ',
    '\n',
    '\r\n',
    '\r',
    '  ',
    '## ',
    '> ',
    '```\n',
    '~~',
    '<!--',
    '-->',
    '<!-- offered -->',
  ),
  fc.constantFrom(
    '<!-- daytwo:form:single -->',
    '<!-- daytwo:form:bulk -->',
    '<!-- daytwo:form:change -->',
    'Access\n',
    'People\n',
    'None\n',
    'Until\n',
    'Justification\n',
  ),
  fc.constantFrom(
    ': ',
    ', ',
    '; ',
    ' and ',
    '| ',
    '(',
    ')',
    'role',
    'profile: ',
    'none',
    'remove',
    'same as ',
    'until 2026-12-31',
    'for 7 days',
    '@',
    'ann@x.example',
    '[a.csv](/uploads/',
    '`',
    '**',
  ),
  fc.constantFrom(...names.filter((_, index) => index % 2 === 0)),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

test('random Markdown never makes the reader fail, nor asks for a system that the text does not name', () => {
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const reading = read(text);
      for (const { system: key, line } of reading?.access ?? []) {
        const system = systems.find((one) => one.key === key)!;
        const line0 = letters(text.split(/\r\n|\r|\n/)[line - 1] ?? '');
        expect([system.name, key, ...system.aliases].some((name) => line0.includes(letters(name)))).toBe(
          true,
        );
      }
      // A comment isn't seen: what stands before and behind it is one word.
      const seen = text.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
      for (const { email } of reading?.people ?? [])
        expect(text.includes(email) || seen.includes(email)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('text that was made to take long is read at once', () => {
  const long = 100_000;
  const texts = [
    '#'.repeat(long) + 'x',
    '# ' + '# '.repeat(long) + 'x',
    '- ' + 'a'.repeat(long),
    '- a@' + 'a'.repeat(long),
    '- Clari: ' + 'RingLead, '.repeat(long / 10),
    '- Clari: ' + '('.repeat(long),
    '- Clari: ' + '.'.repeat(long) + 'x',
    '- Clari: ' + ' and'.repeat(long / 4),
    '## People\n' + '['.repeat(long),
    '## People\n- ' + '<'.repeat(long) + '@',
    '## People\nemail,name\na@x.example,' + '('.repeat(long),
    '## People\n| email |\n' + ' '.repeat(long) + 'x|\n' + '"\' '.repeat(long / 3) + '=|',
    '## People\n' + '-'.repeat(long) + 'x | y',
    '<!--'.repeat(long / 4),
    '<!-- daytwo:form:bulk -->\n## People\nemail\n' + '"'.repeat(long),
    '*'.repeat(long) + 'a',
    '](/uploads/'.repeat(long / 10),
  ];
  for (const text of texts) {
    for (const mark of ['', '<!-- daytwo:form:bulk -->\n## Access\n', '<!-- daytwo:form:single -->\n']) {
      const from = performance.now();
      read(mark + text);
      expect([text.slice(0, 30), performance.now() - from < 1000]).toEqual([text.slice(0, 30), true]);
    }
  }
});

test('a whole description of prose among the systems is read in time', () => {
  const text = `<!-- daytwo:form:single -->\n## Access\n${`${'clar in '.repeat(240)}\n`.repeat(500)}`;
  const from = performance.now();
  expect(read(text)?.access).toEqual([]);
  expect(performance.now() - from).toBeLessThan(5000);
});
