import { readRecords, type FileRecord } from '../../src/cli/records';

const read = (text: string) => readRecords(Buffer.from(text));
const cells = (records: readonly FileRecord[]) =>
  records.map((record) => (record.form === 'csv' ? [record.place, record.cells] : record));

describe('CSV', () => {
  it.each([
    ['plain', 'a,b\n1,2\n', [['line 2', { a: '1', b: '2' }]]],
    [
      'line ends of Windows',
      'a,b\r\n1,2\r\n3,4\r\n',
      [
        ['line 2', { a: '1', b: '2' }],
        ['line 3', { a: '3', b: '4' }],
      ],
    ],
    ['line ends of old', 'a,b\r1,2\r', [['line 2', { a: '1', b: '2' }]]],
    ['a byte order mark', '\ufeffa,b\n1,2', [['line 2', { a: '1', b: '2' }]]],
    ['quotes, doubled and around separators', 'a,b\n"x, ""y""",2', [['line 2', { a: 'x, "y"', b: '2' }]]],
    [
      'a line break inside quotes; later lines keep their number',
      'a,b\n"1\n1",2\n3,4',
      [
        ['line 2', { a: '1\n1', b: '2' }],
        ['line 4', { a: '3', b: '4' }],
      ],
    ],
    ['semicolons', 'a;b\n1,5;2', [['line 2', { a: '1,5', b: '2' }]]],
    ['tabs', 'a\tb\n1\t2', [['line 2', { a: '1', b: '2' }]]],
    ['a separator in a quoted column name', '"a;;;",b\n1,2', [['line 2', { 'a;;;': '1', b: '2' }]]],
    [
      'columns as people head them',
      'Employee ID,Start-Date\n1,2',
      [['line 2', { employee_id: '1', start_date: '2' }]],
    ],
    [
      'a formula, which is text',
      'a,b\n"=HYPERLINK(""http://x"")",+1',
      [['line 2', { a: '=HYPERLINK("http://x")', b: '+1' }]],
    ],
    [
      'empty lines, and lines of separators only, which spreadsheets leave behind',
      'a,b\n\n1,2\n,\n  \n',
      [['line 3', { a: '1', b: '2' }]],
    ],
    ['empty cells at the end', 'a,b\n1,\n', [['line 2', { a: '1', b: '' }]]],
    ['spaces around cells, kept inside quotes', 'a,b\n 1 ," 2 "\n', [['line 2', { a: '1', b: ' 2 ' }]]],
    ['a quote inside an unquoted cell', 'a,b\n5" disk,2', [['line 2', { a: '5" disk', b: '2' }]]],
  ])('reads %s', (_, text, expected) => {
    const { records, problems } = read(text);
    expect(problems).toEqual([]);
    expect(cells(records)).toEqual(expected);
  });

  it.each([
    ['too few cells', 'a,b\n1\n2,3', 'line 2', /has 1 cell, the header 2/],
    ['too many cells', 'a,b\n1,2\n1,2,3', 'line 3', /has 3 cells, the header 2/],
    ['a quote that never ends', 'a,b\n1,2\n"3,4\n5,6', 'line 3', /never ends/],
    ['a column twice', 'a,A\n1,2', 'line 1', /is a column twice/],
    ['a column without a name', 'a,\n1,2', 'line 1', /without a name/],
    ['no record', 'a,b\n', 'the file', /no record/],
    ['nothing', ' \n', 'the file', /is empty/],
  ])('names %s, and where', (_, text, place, problem) => {
    expect(read(text).problems).toEqual([
      expect.objectContaining({ place, problem: expect.stringMatching(problem) }),
    ]);
  });

  it('reads what a spreadsheet writes as Unicode text', () => {
    const content = Buffer.from('\ufeffname\tcountry\nJürgen\tDE\n', 'utf16le');
    expect(cells(readRecords(content).records)).toEqual([['line 2', { name: 'Jürgen', country: 'DE' }]]);
  });

  it('refuses bytes that are no text instead of guessing letters', () => {
    const { records, problems } = readRecords(Buffer.from([0x61, 0x2c, 0xfc, 0x0a]));
    expect(records).toEqual([]);
    expect(problems[0]?.problem).toContain('UTF-8');
  });
});

describe('JSON', () => {
  it.each([
    ['one object', '{"a":1}', [{ place: 'line 1', form: 'json', value: { a: 1 } }]],
    [
      'one object over several lines',
      '\ufeff\n{\n"a":1\n}\n',
      [{ place: 'line 2', form: 'json', value: { a: 1 } }],
    ],
    [
      'an array',
      '[{"a":1},\n{"a":2}]',
      [
        { place: 'record 1', form: 'json', value: { a: 1 } },
        { place: 'record 2', form: 'json', value: { a: 2 } },
      ],
    ],
    [
      'JSON lines with empty ones between',
      '{"a":1}\r\n\r\n{"a":2}\r\n',
      [
        { place: 'line 1', form: 'json', value: { a: 1 } },
        { place: 'line 3', form: 'json', value: { a: 2 } },
      ],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(read(text)).toEqual({ records: expected, problems: [] });
  });

  it('names the bad line of JSON lines and reads the others', () => {
    const { records, problems } = read('{"a":1}\n{"name":"Ada Private"\n{"a":3}');
    expect(records.map(({ place }) => place)).toEqual(['line 1', 'line 3']);
    expect(problems).toEqual([expect.objectContaining({ place: 'line 2', problem: "isn't JSON" })]);
  });

  it.each([
    ['a first line that is bad', '{"a":1\n{"a":2}\n', 'line 1'],
    ['an array that is cut off', '[{"a":1},\n{"a":2', 'line 2'],
    ['a comma too many', '{\n"a":1,\n}', 'line 3'],
  ])('names the line of %s', (_, text, place) => {
    expect(read(text).problems.map((problem) => problem.place)).toEqual([place]);
  });

  it('quotes nothing of what it could not read', () => {
    expect(JSON.stringify(read('{"name": Ada Private}').problems)).not.toContain('Ada');
  });

  it('says that an empty array holds no record', () => {
    expect(read('[]').problems[0]?.problem).toBe('holds no record');
  });
});
