import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { territoryTable } from '../../../src/domain/territory/place';
import { queriesText } from '../../../src/domain/territory/sql/queries-text';
import { rowOf, RULES } from './account-of';

const table = territoryTable([
  rowOf('SMB-DE-Berlin', { country: 'DE', postCodes: { prefix: '1' } }),
  rowOf('SMB-US-East', { country: 'US', state: 'NY' }),
  rowOf('SMB-Mining', { industry: 'Mining' }),
  rowOf('SMB-World', {}),
  rowOf('Large-Named-1', { segment: 'Large', accountId: '0013t00001aAa01AAC' }),
]);

test('docs/territory-queries.sql is what a night runs', () => {
  const text = readFileSync(join(__dirname, '../../../docs/territory-queries.sql'), 'utf8');
  expect(text).toBe(queriesText({ on: '2026-11-26', rules: RULES, table }));
});
