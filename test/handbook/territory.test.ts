import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rulesOn } from '../../src/domain/territory/handbook';
import { loadHandbook } from '../../src/handbook';
import { Copy, sampleHandbook } from './sample';

let copy: Copy;
beforeEach(() => {
  copy = new Copy();
});
afterEach(() => copy.remove());

const problems = () => {
  const loaded = loadHandbook(copy.dir);
  return loaded.ok ? [] : loaded.problems;
};

it('reads rules by their day, fields by column, and every row of every table', () => {
  const { territory } = sampleHandbook();
  const rules = territory?.rules ?? [];
  expect(rulesOn(rules, '2021-01-31')).toBeUndefined();
  expect(rulesOn(rules, '2022-01-31')?.precedence.employees).toEqual(['manual-admin', 'datafox', 'zoominfo']);
  expect(rulesOn(rules, '2022-02-01')).toMatchObject({
    precedence: { employees: ['manual-admin', 'zoominfo'] },
    threshold: { accounts: 500, carrCents: 100_000_000 },
  });
  expect(territory?.fields).toMatchObject({
    account: { parentId: 'ParentId' },
    sources: { 'ship-to': { employees: null, address: { postCode: 'ShippingPostalCode' } } },
    staging: { maxFamilyEmployees: 'TSP_Max_Family_Employees__c' },
  });
  expect(new Set(territory?.rows.map(({ place }) => place.segment))).toEqual(
    new Set(['Large', 'Mid-Market', 'SMB', 'PubSec']),
  );
});

it('gives accounts of a leaver to the owner of their territory, else to who covers it', () => {
  expect(sampleHandbook().territories).toEqual(
    expect.arrayContaining([
      { name: 'Large-AMER-East-Named-1', owner: null, cover: 'dana.whitfield@daytwo.example' },
      {
        name: 'MM-EMEA-Benelux-1',
        owner: 'clara.neumann@daytwo.example',
        cover: 'eva.lindgren@daytwo.example',
      },
    ]),
  );
});

const RULES = 'territory/rules.yml';
it.each([
  ['effective_from: 2022-02-01', 'effective_from: 2021-02-01', 'not later than the version before'],
  ['{ name: Large, from: 2001, to: null }', '{ name: Large, from: 2002, to: null }', 'does not begin where'],
  ['{ name: Large, from: 2001, to: null }', '{ name: Large, from: 2001, to: 9000 }', 'the last segment ends'],
  ['{ name: Large, from: 2001, to: null }', '{ name: SMB, from: 2001, to: null }', 'the same segment twice'],
  ['unknown: { segment: SMB,', 'unknown: { segment: SNB,', 'not a segment'],
  ['most_employees: 5000000', 'most_employees: 2000', 'the last segment begins above it'],
  ['employees: [manual-admin, zoominfo]', 'employees: [manual-admin, zoom-info]', 'unknown source'],
  ['employees: [manual-admin, zoominfo]', 'employees: [manual-admin, bill-to]', 'a source without employees'],
  ['manual_source: manual-admin', 'manual_source: admin', 'unknown source'],
  ['{ quarter: 4, kind: reactive }', '{ quarter: 3, kind: reactive }', 'two windows of one quarter'],
  ['window_up_to: 3', 'window_up_to: 1', 'fewer stages move at a window'],
  ['approved_by: [amber, meri, vera-vp]', 'approved_by: [ambar]', 'nobody of that user name'],
  ["carr: '1000000.00'", "carr: '1,000,000'", 'not an amount'],
])('%s: %s is named', (from, to, problem) => {
  const text = copy.text(RULES);
  const at = text.lastIndexOf(from);
  copy.write(RULES, `${text.slice(0, at)}${to}${text.slice(at + from.length)}`);
  expect(problems()).toContainEqual(
    expect.objectContaining({ file: RULES, problem: expect.stringContaining(problem) }),
  );
});

it('names problems of fields and of all tables at once, with file and line', () => {
  copy.replace('territory/fields.yml', 'parent_id: ParentId', "parent_id: 'Id FROM User --'");
  const large = copy.text('territory/tables/large.csv').split('\n');
  copy.write('territory/tables/large.csv', [...large.slice(0, 3), 'x,=1+1', ...large.slice(3)].join('\n'));
  copy.write('territory/tables/latin.csv', 'x');
  expect(problems().map(({ file, line, problem }) => [file, line, problem])).toEqual([
    ['territory/fields.yml', expect.any(Number), 'not a name of Salesforce'],
    ['territory/tables/large.csv', 4, 'Area: a formula'],
    ['territory/tables/latin.csv', 1, 'unknown column'],
    ...Array.from({ length: 6 }, () => [
      'territory/tables/latin.csv',
      1,
      expect.stringMatching(/is missing/),
    ]),
  ]);
});

it('may be left out as a whole: then nothing is planned, and nobody owns a territory', () => {
  rmSync(join(copy.dir, 'territory'), { recursive: true });
  const loaded = loadHandbook(copy.dir);
  expect(loaded.ok && [loaded.handbook.territory, loaded.handbook.territories]).toEqual([undefined, []]);
});
