import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { RowTables } from '../../src/evidence/row-tables';

let tables: RowTables;
beforeAll(async () => {
  tables = await RowTables.open();
});
afterAll(() => tables.close());

let made = 0;
async function taken(text: string): Promise<readonly (readonly string[])[]> {
  made += 1;
  const [table, file] = [`t${made}`, join(tables.dir, `${made}.csv`)];
  writeFileSync(file, text);
  const count = await tables.take(table, ['a', 'b'], [file]);
  const rows = await tables.rows(`SELECT a, b FROM ${table}`);
  expect(rows).toHaveLength(count);
  return rows;
}

const written = (rows: readonly (readonly string[])[], quote: (cell: string) => string, end: string) =>
  [['a', 'b'], ...rows].map((row) => row.map(quote).join(',') + end).join('');
const always = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const whereNeeded = (cell: string) => (/[",\r\n]/.test(cell) || cell === '' ? always(cell) : cell);
const inOrder = (rows: readonly (readonly string[])[]) => rows.map((row) => JSON.stringify(row)).sort();

it('has every table again, whatever stands in its cells', async () => {
  // Salesforce keeps no control characters in a text but line ends and tabs.
  const cell = fc
    .array(
      fc.oneof(
        fc.constantFrom('"', ',', '\n', '\r\n', '\t', ' ', ';', "'", '=', '\\', '€', '🙂'),
        fc.string(),
      ),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(''));
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(always, whereNeeded),
      fc.constantFrom('\n', '\r\n'),
      async (table, quote, end) => {
        expect(inOrder(await taken(written(table, quote, end)))).toEqual(inOrder(table));
      },
    ),
    { numRuns: 60 },
  );
});

it.each([
  ['"a","b"\n', []],
  ['a,b', []],
  [
    'a,b\n1,\n2,"x"\n',
    [
      ['1', ''],
      ['2', 'x'],
    ],
  ],
  ['a,b\n"one\ntwo",x', [['one\ntwo', 'x']]],
])('takes %j', async (text, rows) => {
  expect(await taken(text)).toEqual(rows);
});

it('takes no row that was cut off: whoever knows the number of rows misses one', async () => {
  expect(await taken('a,b\n1,2\n"cut off')).toEqual([['1', '2']]);
});

it('leaves nothing behind once it is closed', async () => {
  const own = await RowTables.open();
  expect(existsSync(own.dir)).toBe(true);
  await own.close();
  expect(existsSync(own.dir)).toBe(false);
});
