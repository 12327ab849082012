import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { PlacedRows, type PlacedRow } from '../../src/evidence/placed-rows';
import { RowTables } from '../../src/evidence/row-tables';

let tables: RowTables;
beforeAll(async () => {
  tables = await RowTables.open();
});
afterAll(() => tables.close());

let made = 0;
/** Rows of a place and a text each, as a file of them. */
async function placed(rows: readonly (readonly [number, string])[]): Promise<PlacedRows> {
  made += 1;
  const [table, csv, file] = [`t${made}`, join(tables.dir, `${made}.csv`), join(tables.dir, `${made}.jsonl`)];
  const cells = rows.map(([place, cell]) => `"${place}","${cell.replaceAll('"', '""')}"\n`);
  writeFileSync(csv, ['place,cell\n', ...cells].join(''));
  await tables.take(table, ['place', 'cell'], [csv]);
  await tables.write(
    `SELECT CAST(place AS INTEGER) AS place, [cell, NULL] AS row FROM ${table} ORDER BY 1`,
    file,
  );
  return new PlacedRows(file);
}
const sorted = (rows: readonly PlacedRow[]) => rows.map((row) => JSON.stringify(row)).sort();

it('gives every row at its place, whatever stands in it', async () => {
  const cell = fc
    .array(fc.oneof(fc.constantFrom('"', '\n', '\r\n', '\t', '\\', '\u2028', '{}', '€', '🙂'), fc.string()), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.join(''))
    .filter((text) => text !== '');
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), cell), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 0, max: 10 }), async (all, upTo) => {
      const read = await placed(all);
      const [first, rest, none] = [await read.upTo(upTo), await read.upTo(9), await read.upTo(9)];
      await read.close();
      const expected = (some: typeof all) => sorted(some.map(([, text]) => [text, null]));
      expect(sorted(first)).toEqual(expected(all.filter(([place]) => place <= upTo)));
      expect(sorted(rest)).toEqual(expected(all.filter(([place]) => place > upTo)));
      expect(none).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

it('reads rows that are longer than what it reads at once', async () => {
  const long = '€'.repeat(300_000);
  const read = await placed([
    [2, `${long}b`],
    [1, `${long}a`],
  ]);
  expect(await read.upTo(1)).toEqual([[`${long}a`, null]]);
  expect(await read.upTo(2)).toEqual([[`${long}b`, null]]);
  await read.close();
});
