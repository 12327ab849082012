import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFrom } from '../../src/activities/close-billing';
import { readBillingText } from '../../src/systems/billing';
import { sampleHandbook } from '../handbook/sample';

const PERIOD = '2026-10';
const CUT_OFF = '2026-11-01T06:59:59.000Z';
const NOW = '2026-11-06T12:00:00.000Z';
const HEADER = 'Opportunity ID,Product,Entity,Currency,Period,Amount\n';
const ROW = `006000000000001AAA,Ultimate,GitLab Inc,USD,${PERIOD},1.00\n`;
const { billing } = sampleHandbook();

const dir = mkdtempSync(join(tmpdir(), 'daytwo-billing-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(text: string | Buffer, madeAt = NOW): string {
  const path = join(dir, 'billing.csv');
  writeFileSync(path, text);
  utimesSync(path, new Date(madeAt), new Date(madeAt));
  return path;
}

test.each([
  ['another header', HEADER.replace('Amount', 'Betrag') + ROW, 'line 1', 'no column Amount'],
  ['a decimal comma', `${HEADER}006000000000001AAA,P,E,USD,${PERIOD},"1,50"\n`, 'line 2', 'a decimal comma'],
  ['an unknown currency', HEADER + ROW.replace('USD', 'USX'), 'line 2', 'a currency that we do not sell in'],
  ['half a line', HEADER + ROW + ROW.slice(0, 30), 'line 3', 'half a line at the end: the file was cut off'],
  ['no UTF-8', Buffer.from(`\ufeff${HEADER}${ROW}`, 'utf16le'), 'the export', 'it is not UTF-8'],
  ['an empty file', '', 'line 1', 'the file is empty'],
  [
    'a login page',
    '<!DOCTYPE html><title>Sign in</title>',
    'the export',
    'it is a page and no export, as one is shown to those who must sign in',
  ],
])('%s is named with its place, and nothing is read of it', async (_name, text, place, problem) => {
  const read = exportFrom(await readBillingText(file(text)), billing!, CUT_OFF);
  expect(read.problems).toHaveLength(1);
  expect(read.problems[0]).toMatchObject({ place, problem });
  expect(read.problems[0]?.mend).toBeTruthy();
});

test.each([
  ['before the cut-off', CUT_OFF, 1],
  ['a second later', '2026-11-01T07:00:00.000Z', 0],
])('an export made %s has so many problems', async (_name, madeAt, problems) => {
  const read = await readBillingText(file(HEADER + ROW, madeAt));
  expect(exportFrom(read, billing!, CUT_OFF).problems).toHaveLength(problems);
});
