import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/program';
import { Copy } from '../handbook/sample';
import { table } from '../domain/territory/tables';
import { Reader } from './fakes';

let copy: Copy;
beforeEach(() => {
  copy = new Copy();
});
afterEach(() => copy.remove());

async function check(args: readonly string[], input = '') {
  const reader = new Reader({ DAYTWO_CONFIG_DIR: copy.dir }, input);
  const code = await run(['territory', 'check', ...args], reader);
  return { code, out: reader.text, err: reader.complaints };
}

/** Another folder of tables, with one table. */
function tablesOf(text: string): string {
  const dir = join(copy.dir, 'next-year');
  mkdirSync(dir);
  writeFileSync(join(dir, 'all.csv'), text);
  return dir;
}

test('the tables of the sample are without fault', async () => {
  expect(await check([])).toEqual({
    code: 0,
    out: expect.stringMatching(/^No problem in the tables: 101 territories, \d+ places\.$/),
    err: '',
  });
});

test('every problem is told with file, line, value and mend, also as JSON', async () => {
  const large = copy.text('territory/tables/large.csv').replace('Luis Moreno', 'Luis Morena');
  copy.write('territory/tables/large.csv', large);
  const line = copy.line('territory/tables/large.csv', 'Luis Morena');
  const { code, err } = await check([]);
  expect(code).toBe(1);
  expect(err).toContain(`territory/tables/large.csv:${line}  Sales: unknown person: "Luis Morena"`);
  expect(err).toContain('Did you mean Luis Moreno?');
  const json = await check(['--json']);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([
      expect.objectContaining({ line, value: 'Luis Morena', mend: 'Did you mean Luis Moreno?' }),
    ]),
  });
});

test('another folder is checked by itself, by the people of the handbook', async () => {
  const dir = tablesOf(table({ Sales: 'Clara Neumann' }, { Sales: 'Ada Miles', Country: 'US' }));
  const { code, err } = await check(['--tables', dir]);
  expect(code).toBe(1);
  expect(err).toContain(`${dir}/all.csv:3  Sales: unknown person: "Ada Miles"`);
  expect(err).toContain('1 problem in the tables of');
});

test('places with accounts that no row matches are told by count and amount', async () => {
  const dir = tablesOf(table({ Sales: 'Clara Neumann' }));
  const accounts = 'segment,country,accounts,carr\nLarge,DE,7,\nLarge,FR,3,1500.50\nSMB,DE,40,10\n';
  const { code, err } = await check(['--tables', dir, '--accounts', '-'], accounts);
  expect(code).toBe(1);
  expect(err.split('\n').filter((line) => line.includes('no row'))).toEqual([
    'SMB DE  no row matches: 40 accounts, $10.00 CARR',
    'Large FR  no row matches: 3 accounts, $1,500.50 CARR',
  ]);
});

test.each([
  ['country\nDE', 'has no column segment'],
  ['segment,country,caar\n', 'Did you mean carr?'],
  ['segment,country,carr\nLarge,DE,"1,5"', 'Line 2: carr is no number'],
])('accounts that can not be read are wrong usage: %j', async (text, why) => {
  expect(await check(['--accounts', '-'], text)).toMatchObject({
    code: 2,
    err: expect.stringContaining(why),
  });
});

test('what another folder of tables would change is told by owner, as JSON and as a page', async () => {
  const mine = copy.text('territory/tables/mid-market.csv');
  const dir = tablesOf(mine.replace(/^(Southern.*)Niall Byrne/m, '$1Clara Neumann'));
  const accounts = 'segment,country,accounts,carr,pipeline\nMid-Market,FR,7,1000,20\nMid-Market,NL,2,5,\n';
  const page = join(copy.dir, 'page.html');
  const diff = async (...more: string[]) => {
    const reader = new Reader({ DAYTWO_CONFIG_DIR: copy.dir }, accounts);
    return [
      await run(['territory', 'diff', 'current', dir, '--accounts', '-', ...more], reader),
      reader.text,
    ] as const;
  };
  const [code, text] = await diff('--out', page);
  expect(code).toBe(0);
  expect(text).toContain('7 accounts of 9 would have another owner');
  expect(text).toMatch(/^Clara Neumann +2 → 9 +\$5\.00 → \$1,005\.00 +\$0\.00 → \$20\.00$/m);
  expect(readFileSync(page, 'utf8')).toContain('FR: 7 of 7 accounts have another owner');
  const [, json] = await diff('--json');
  expect(JSON.parse(json)).toMatchObject({
    moved: { accounts: 7, carrCents: 100_000, pipelineCents: 2_000 },
  });
});
