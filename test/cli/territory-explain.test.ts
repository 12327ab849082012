import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longId } from '../../src/domain/close/record-id';
import { run } from '../../src/cli/program';
import { TerritoryNights } from '../../src/evidence/territory-nights';
import { readHandbook } from '../../src/handbook';
import { accountOf, addressIn, rowOf, source, worldOf } from '../domain/territory/account-of';
import { writeAccounts } from '../evidence/territory-csv';
import { Reader } from './fakes';

const PARENT = longId('0010000000000P1')!;
const CHILD = longId('0010000000000C1')!;
const RING = longId('0010000000000R1')!;
const { territory } = readHandbook(join(__dirname, '../../config'));
const ROW = rowOf('Large-DE', { segment: 'Large', country: 'DE' });

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-explain-'));
  const file = join(dir, 'accounts.csv');
  const { fields } = territory!;
  await writeAccounts(file, fields, [
    accountOf(PARENT, { sources: { zoominfo: source('3000', addressIn('DE', { postCode: '10115' })) } }),
    accountOf(CHILD, { parentId: PARENT, isNamed: true, sources: { zoominfo: source('1,200') } }),
    accountOf(RING, { parentId: RING }),
  ]);
  await new TerritoryNights(join(dir, 'snapshots')).make({
    night: '2026-11-20',
    rows: { csv: [file] },
    fields,
    world: worldOf([ROW], { on: '2026-11-20' }),
    plannedAt: '2026-11-20T02:00:00.000Z',
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function explain(...args: readonly string[]) {
  const reader = new Reader({ DAYTWO_STATE_DIR: dir });
  const code = await run(['territory', 'explain', ...args], reader);
  return { code, out: reader.text, err: reader.complaints };
}

test('an account is explained in sentences: each field, its source, and what lost; by its short id, too', async () => {
  const { code, out } = await explain(CHILD.slice(0, 15), '--on', '2026-11-25');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    `${CHILD} on 2026-11-20`,
    `By the rules of 2026-02-01. Its ultimate parent is ${PARENT}.`,
    'Employees of its own: 1200, from zoominfo, the first source that has a number.',
    `The most in its family: 3000, of ${PARENT}. Lost: 1200 (${CHILD}).`,
    `Segment Large, by the most in its family. Lost: Mid-Market (${CHILD}).`,
    'Address: DE 10115, that of its ultimate parent.',
    `Territory Large-DE, by the row that says most of its place (tables/all.csv:${ROW.line}).`,
    'Owner 005000000000BobAAA, whose territory Large-DE is. Now: 005000000000AnnAAA.',
    'The address came from zoominfo: DE 10115.',
    'It stays with its owner: it is a named account, which is assigned by hand; no window is open in which accounts move unasked, and no day is agreed on.',
  ]);
});

test('as data; in a cycle; nobody, no night, no id', async () => {
  const json = JSON.parse((await explain(PARENT, '--json')).out);
  expect(json).toMatchObject({ night: '2026-11-20', placement: { accountId: PARENT, moves: false } });
  expect((await explain(RING)).out).toContain('Nothing is planned, and all stays as it is');
  expect(await explain('0010000000000X1AAA')).toMatchObject({ code: 1 });
  expect((await explain(PARENT, '--on', '2026-11-19')).err).toContain(
    'No night is kept of 2026-11-19 or before.',
  );
  expect((await explain('Acme')).code).toBe(2);
});
