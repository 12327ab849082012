import fc from 'fast-check';
import { bulkRows } from '../../src/systems/salesforce/bulk-csv';

const written = (
  rows: readonly (readonly string[])[],
  quote: (cell: string) => string,
  end: string,
): string => [['a', 'b'], ...rows].map((row) => row.map(quote).join(',') + end).join('');
const always = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const whereNeeded = (cell: string) => (/[",\r\n]/.test(cell) || cell === '' ? always(cell) : cell);

it('reads back every table, whatever stands in its cells', () => {
  const rows = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 20 });
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(always, whereNeeded),
      fc.constantFrom('\n', '\r\n'),
      (table, quote, end) => {
        expect(bulkRows(written(table, quote, end))).toEqual(table);
      },
    ),
  );
});

it.each([
  ['"Id"\n', []],
  ['', []],
  [
    'Id,Name\n1,\n2,"x"\n',
    [
      ['1', ''],
      ['2', 'x'],
    ],
  ],
  ['Id\n"one\ntwo"', [['one\ntwo']]],
  ['Id\n"cut off', [['cut off']]],
])('%j', (text, rows) => {
  expect(bulkRows(text)).toEqual(rows);
});
