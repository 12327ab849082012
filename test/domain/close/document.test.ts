import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../../src/domain/close/checks';
import { lineOf } from './document';

it('the document says of every check what its code says, and of no other', () => {
  const text = readFileSync(join(__dirname, '../../../docs/booking-checks.md'), 'utf8');
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const written = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(written.map(cells)).toEqual(CHECKS.map(lineOf).map(cells));
});
