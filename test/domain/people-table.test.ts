import fc from 'fast-check';
import { duplicatesOf, readPeopleFile, readPeopleTable } from '../../src/domain/people-table';

const MOST = 5000;
const people = (text: string): (string | null)[][] => {
  const { people: found, problems } = readPeopleTable(text, MOST);
  expect(problems).toEqual([]);
  return found.map(({ name, email, managerEmail }) => [name, email, managerEmail]);
};
const ANN = ['Ann Example', 'ann@x.example', 'boss@x.example'];
const BOB = ['Bob Example', 'bob@x.example', null];

describe('people are read from', () => {
  const shapes: Record<string, string> = {
    'a Markdown table':
      '| Name | E-mail | Manager |\n|:---|---|---:|\n| Ann Example | ann@x.example | boss@x.example |\n| Bob Example | bob@x.example | |',
    'a Markdown table without the outer bars':
      'Name | E-mail | Manager\n--- | --- | ---\nAnn Example | ann@x.example | boss@x.example\nBob Example | bob@x.example | ',
    'CSV, columns in another order':
      'manager email,email,full name\nboss@x.example,ann@x.example,Ann Example\n,bob@x.example,Bob Example',
    'CSV with semicolons':
      'Name;Mail;Manager\nAnn Example;ann@x.example;boss@x.example\nBob Example;bob@x.example;',
    'CSV with quotes':
      '"Name","E-mail","Manager"\n"Ann Example","ann@x.example","boss@x.example"\n"Bob Example","bob@x.example",""',
    'CSV with first and last names':
      'First name,Last name,Work e-mail,Reports to\nAnn,Example,ann@x.example,boss@x.example\nBob,Example,bob@x.example,Dana Boss',
    'cells of a sheet':
      'Name\tE-Mail\tManager\nAnn Example\tann@x.example\tboss@x.example\nBob Example\tbob@x.example\t',
    'cells of a sheet in a code block':
      'Here they are, thanks:\n\n```csv\nName\tE-mail\tManager\nAnn Example\tann@x.example\tboss@x.example\nBob Example\tbob@x.example\t\n```\nMore text.',
    'a list': '- Ann Example <ann@x.example>, boss@x.example\n* [ ] Bob Example: bob@x.example',
    'a list with numbers':
      '1. Ann Example (ann@x.example) manager: boss@x.example\n2) Bob Example – bob@x.example',
    'a list of links':
      '- Ann Example [ann@x.example](mailto:ann@x.example), [boss@x.example](mailto:boss@x.example)\n- Bob Example <mailto:bob@x.example>',
    'a table of links':
      '|Name|E-mail|Manager|\n|-|-|-|\n|**Ann Example**|[ann@x.example](mailto:ann@x.example)|<boss@x.example>|\n|`Bob Example`|mailto:bob@x.example|-|',
  };
  test.each(Object.entries(shapes))('%s', (_, text) => {
    for (const ending of ['\n', '\r\n', '\r'])
      for (const mark of ['', '\ufeff'])
        expect(people(mark + text.replaceAll('\n', ending))).toEqual([ANN, BOB]);
  });

  test('one address a line', () => {
    expect(people('ann@x.example\nbob@x.example')).toEqual([
      [null, 'ann@x.example', null],
      [null, 'bob@x.example', null],
    ]);
    expect(people('E-mail\nann@x.example')).toEqual([[null, 'ann@x.example', null]]);
  });

  test('a quoted cell may hold the delimiter, a quote and a line end', () => {
    expect(people('name,email\n"Example, ""Ann""\nMaria",ann@x.example\nBob,bob@x.example')).toEqual([
      ['Example, "Ann" Maria', 'ann@x.example', null],
      ['Bob', 'bob@x.example', null],
    ]);
  });

  test('a column that nobody asked for, which is left aside', () => {
    expect(people('email,title,name\nann@x.example,AE,Ann')).toEqual([['Ann', 'ann@x.example', null]]);
  });

  test('each line keeps its number', () => {
    const { people: found } = readPeopleTable(
      '\n\nemail,name\n\n"ann@x.example","Ann\nExample"\nbob@x.example,Bob',
      MOST,
    );
    expect(found.map(({ line }) => line)).toEqual([5, 7]);
  });
});

describe('what is wrong is told', () => {
  const faults: Record<string, [string, (number | null)[], RegExp]> = {
    'a header without the e-mail address': [
      'Foo,Bar\nann@x.example,Ann\nbob@x.example,Bob',
      [1],
      /header found is "Foo,Bar"/,
    ],
    'a header that is missing': [
      'ann@x.example,Ann\nbob@x.example,Bob',
      [1],
      /such as "E-mail, Name, Manager"/,
    ],
    'a table with another header': [
      '| Who | Where |\n|---|---|\n| Ann | there |',
      [1],
      /header found is "\| Who \| Where \|"/,
    ],
    'a text that is no table': ['Lorem ipsum\ndolor', [1], /header found is "Lorem ipsum"/],
    'a row without an address': ['email,name\n,Ann\nbob@x.example,Bob', [2], /e-mail address of this person/],
    'what is no address': [
      'email,name\nann at x,Ann\nb@x,Bob\nc@@x.example,C\n<script>@x.example,D',
      [2, 3, 4, 5],
      /A whole e-mail address/,
    ],
    'a manager whose address is none': ['email,manager\nann@x.example,boss@', [2], /manager's whole/],
    'a formula': [
      'email,name\nann@x.example,=1+1\nbob@x.example,"@SUM(A1)"\nc@x.example,\'+1\nd@x.example,-2+3\n=cmd|x@x.example,E',
      [2, 3, 4, 5, 6],
      /no formulas/,
    ],
    'a formula in a column that nobody reads': ['email,x\nann@x.example,"=HYPERLINK(1)"', [2], /no formulas/],
    'a quote that is never closed': ['email,name\nann@x.example,"Ann\nbob@x.example,Bob', [2], /A quote/],
    'three addresses in one item': [
      '- Ann a@x.example, b@x.example, c@x.example',
      [1],
      /One person stands on one line/,
    ],
    'an item without an address': ['- Ann\n- bob@x.example', [1], /e-mail address of this person/],
  };
  test.each(Object.entries(faults))('%s', (_, [text, lines, expected]) => {
    const { problems } = readPeopleTable(text, MOST);
    expect(problems.map(({ line }) => line)).toEqual(lines);
    for (const problem of problems) expect(problem.expected).toMatch(expected);
  });

  test('once, where there are more people than one request may name', () => {
    const rows = Array.from({ length: 5001 }, (_, index) => `p${index}@x.example,=1`);
    expect(readPeopleTable(['email,name', ...rows].join('\n'), MOST)).toEqual({
      people: [],
      problems: [
        {
          line: 5002,
          quoted: '',
          expected: expect.stringMatching(/^5,001 people stand here, and one request may name 5,000/),
        },
      ],
    });
  });

  test('of a file in which nobody stands', () => {
    for (const text of ['', 'email,name\n', '\ufeff\r\n']) {
      expect(readPeopleTable(text, MOST)).toEqual({ people: [], problems: [] });
      expect(readPeopleFile(text, MOST).problems).toHaveLength(1);
    }
  });
});

test('two rows with one address are kept, and named', () => {
  const { people: found, problems } = readPeopleTable(
    'email\nann@x.example\nbob@x.example\nANN@x.example',
    MOST,
  );
  expect(problems).toEqual([]);
  expect(duplicatesOf(found).map((group) => group.map(({ line }) => line))).toEqual([[2, 4]]);
});

test('5,000 rows are read in well under a second', () => {
  const row = (index: number): string =>
    `"Person, ${index}",p${index}@x.example,boss${index % 50}@x.example,"Title ""${index}"""`;
  const csv = ['Name,E-mail,Manager,Title', ...Array.from({ length: 5000 }, (_, index) => row(index))].join(
    '\r\n',
  );
  const from = performance.now();
  const read = readPeopleTable(csv, MOST);
  expect(performance.now() - from).toBeLessThan(1000);
  expect(read.problems).toEqual([]);
  expect(read.people).toHaveLength(5000);
  expect(read.people[4999]).toEqual({
    line: 5001,
    name: 'Person, 4999',
    email: 'p4999@x.example',
    managerEmail: 'boss49@x.example',
  });
});

const person = fc.record({
  name: fc.stringMatching(/^[A-Za-z]["A-Za-z,;|' ]{0,20}[A-Za-z]$/).map((name) => name.replace(/\s+/g, ' ')),
  email: fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}@[a-z]{2,8}\.example$/),
});
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

test('whatever delimiter, line end and column order a sheet writes, the same people are read', () => {
  fc.assert(
    fc.property(
      fc.array(person, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      (rows, delimiter, ending, nameFirst) => {
        const cells = [['Name', 'E-mail'], ...rows.map(({ name, email }) => [name, email])];
        const text = cells
          .map(([name = '', email = '']) =>
            (nameFirst ? [name, email] : [email, name]).map(quoted).join(delimiter),
          )
          .join(ending);
        expect(people(text)).toEqual(rows.map(({ name, email }) => [name, email, null]));
      },
    ),
  );
});

test('no text makes the reader fail, and nobody is read who does not stand there', () => {
  const bits = fc.constantFrom(
    '|',
    '-',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    '"',
    'email',
    'name',
    '@',
    'a@x.example',
    '```',
    '=',
    ' ',
    '<',
    '>',
    '\u0000',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(bits, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 60 }),
      (parts) => {
        const text = parts.join('');
        for (const { email, line } of readPeopleTable(text, MOST).people) {
          expect(text).toContain(email);
          expect(line).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 500 },
  );
});
