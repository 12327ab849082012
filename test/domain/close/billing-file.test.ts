import fc from 'fast-check';
import { readBillingFile, type BillingFileRules } from '../../../src/domain/close/billing-file';

const RULES: BillingFileRules = {
  currencies: ['USD', 'EUR'],
  columns: {
    opportunity: 'Opportunity',
    product: 'Product',
    entity: 'Entity',
    currency: 'Currency',
    period: 'Period',
    amount: 'Amount',
  },
};
const HEADER = 'Opportunity,Product,Entity,Currency,Period,Amount\n';
const ROW = '006A,Ultimate,GitLab Inc,USD,2026-04,1234.50\n';
const READ = {
  opportunity: '006A',
  product: 'Ultimate',
  entity: 'GitLab Inc',
  currency: 'USD',
  period: '2026-04',
  cents: 1_234_50,
};
const read = (text: string) => readBillingFile(text, RULES);

it.each([
  ['as it should be', HEADER + ROW],
  ['with a byte-order mark', `\uFEFF${HEADER}${ROW}`],
  ['with the lines of Windows', (HEADER + ROW).replaceAll('\n', '\r\n')],
  ['with semicolons', (HEADER + ROW).replaceAll(',', ';')],
  [
    'with other columns, in another order',
    'Note,Amount,Period,Currency,Entity,Product,opportunity\n"a, b",1234.5,2026-04,USD,GitLab Inc,Ultimate,006A\n',
  ],
])('a file %s', (_name, text) => {
  expect(read(text)).toEqual({ amounts: [{ ...READ, at: 'line 2' }], problems: [] });
});

it('JSON, with amounts as text', () => {
  const entry = {
    Opportunity: '006A',
    Product: 'Ultimate',
    Entity: 'GitLab Inc',
    Currency: 'USD',
    Period: '2026-04',
    Amount: '1234.5',
  };
  expect(read(JSON.stringify([entry]))).toEqual({ amounts: [{ ...READ, at: 'entry 1' }], problems: [] });
  expect(read(JSON.stringify([entry, { ...entry, Amount: 1234.5 }])).problems).toEqual([
    { line: 2, problem: 'Amount is missing or no text', mend: 'Write Amount as text, in quotes.' },
  ]);
});

it.each([
  [
    'another header',
    `${HEADER.replace('Amount', 'Ammount')}${ROW}`,
    1,
    'no column Amount',
    'Did you mean Ammount?',
  ],
  ['a column twice', `${HEADER.trim()},amount\n`, 1, 'the column Amount stands 2 times', ''],
  ['a decimal comma', `${HEADER}${ROW.replace('1234.50', '"1234,50"')}`, 2, 'a decimal comma', '1234.50'],
  ['thousands', `${HEADER}${ROW.replace('1234.50', '"1,234.50"')}`, 2, 'its amount is none in cents', ''],
  ['parts of a cent', `${HEADER}${ROW.replace('1234.50', '1234.505')}`, 2, 'its amount is none in cents', ''],
  [
    'an unknown currency',
    `${HEADER}${ROW.replace('USD', 'USB')}`,
    2,
    'a currency that we do not sell in',
    'Did you mean USD?',
  ],
  [
    'a period that is none',
    `${HEADER}${ROW.replace('2026-04', '04/2026')}`,
    2,
    'its period is no month',
    '2026-04',
  ],
  ['an empty cell', `${HEADER}${ROW.replace('006A', '')}`, 2, 'Opportunity is empty', ''],
  [
    'a line too long',
    `${HEADER}${ROW.replace('GitLab Inc', 'GitLab, Inc')}${ROW}`,
    2,
    '7 values where the header has 6',
    'quotes',
  ],
  ['half a line at its end', `${HEADER}${ROW}006B,Ulti`, 3, 'half a line at the end', 'Export it again'],
  [
    'half a number at its end',
    `${HEADER}${ROW}${ROW.slice(0, -3)}`,
    3,
    'the last line has no end',
    'Export it again',
  ],
  ['a quote without end', `${HEADER}${ROW}"006B,Ultimate\n`, 3, 'half a line at the end', ''],
  ['nothing in it', '\uFEFF \n', 1, 'the file is empty', ''],
  ['half of some JSON', '[{"Opportunity":"00', 1, 'none to its end', ''],
  ['JSON of something else', '{"rows":[]}', 1, 'it is no list of rows', ''],
])('%s is named with its line and its mend', (_name, text, line, problem, mend) => {
  expect(read(text).problems).toEqual([
    { line, problem: expect.stringContaining(problem), mend: expect.stringContaining(mend) },
  ]);
});

it('names every problem of every line, and reads the others', () => {
  const { amounts, problems } = read(
    `${HEADER}${ROW.replace('USD', 'GBP').replace('1234.50', '5,5').replace(',5,5', ',"5,5"')}${ROW}`,
  );
  expect(problems.map(({ line }) => line)).toEqual([2, 2]);
  expect(amounts).toEqual([{ ...READ, at: 'line 3' }]);
});

it('reads every amount of whole cents as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
      const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
      expect(read(`${HEADER}${ROW.replace('1234.50', text)}`).amounts[0]?.cents).toBe(
        cents === 0 ? 0 : cents,
      );
    }),
  );
});

it('never reads a cut-off file as a whole one', () => {
  const whole = HEADER + ROW.repeat(3);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: ROW.length - 1 }), (cut) => {
      expect(read(whole.slice(0, -cut)).problems).not.toEqual([]);
    }),
  );
});
