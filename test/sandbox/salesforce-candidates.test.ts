import { Org } from '../../src/sandbox/salesforce/org';
import type { Row } from '../../src/sandbox/salesforce/schema';
import { parseSoql } from '../../src/sandbox/salesforce/soql/parse';
import { runSoql } from '../../src/sandbox/salesforce/soql/run';
import { World } from '../../src/sandbox/world';

const COUNT = 60;
const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const deal = (n: number): Row => {
  const found = org.find('Opportunity', (row) => row['Name'] === `deal ${n}`);
  if (!found) throw new Error('the record is gone');
  return found;
};
let world: World;
let org: Org;

/** Sixty accounts with an opportunity each, of which one in six is of a kind; they close a day apart. */
beforeEach(() => {
  world = World.unkept();
  org = new Org(world);
  for (let n = 0; n < COUNT; n++) {
    const account = org.add(
      'Account',
      { Name: `account ${n}`, Industry: n % 10 === 0 ? 'Rare' : null },
      null,
    );
    const values = { Name: `deal ${n}`, StageName: 'Closed Won', AccountId: account.Id, CloseDate: day(n) };
    org.add('Opportunity', { ...values, Type: n % 6 === 0 ? 'Renewal' : 'New' }, null);
  }
});
afterEach(() => world.close());

const names = (object: string, where: string): unknown[] => {
  const text = `SELECT Name FROM ${object} WHERE ${where}`;
  const found = runSoql({ org, version: '62.0' }, text, parseSoql(text));
  return found.page(0, 2000).map((record) => record['Name']);
};
/** What is denied twice is looked for in every record. */
const everyOne = (object: string, where: string): unknown[] => names(object, `NOT (NOT (${where}))`);

const CONDITIONS: readonly [object: string, where: string, count: number][] = [
  ['Opportunity', `CloseDate >= ${day(50)}`, 10],
  ['Opportunity', `CloseDate > ${day(50)}`, 9],
  ['Opportunity', `CloseDate <= ${day(3)}`, 4],
  ['Opportunity', `CloseDate < ${day(3)}`, 3],
  ['Opportunity', `CloseDate = ${day(7)}`, 1],
  ['Opportunity', `CloseDate >= ${day(20)} AND CloseDate < ${day(25)} AND IsClosed = true`, 5],
  ['Opportunity', `(CloseDate < ${day(2)}) OR (CloseDate > ${day(57)}) OR Name = 'deal 1'`, 4],
  ['Opportunity', `Type = 'Renewal' AND CloseDate >= ${day(1)}`, 9],
  ['Opportunity', "Account.Name IN ('Account 3', 'account 4')", 2],
  ['Opportunity', "AccountId IN (SELECT Id FROM Account WHERE Name = 'account 5')", 1],
  ['Opportunity', "AccountId IN (SELECT Id FROM Account WHERE Name = 'nobody')", 0],
  ['Account', `Id IN (SELECT AccountId FROM Opportunity WHERE CloseDate > ${day(55)})`, 4],
  ['Account', "Industry != null AND Name != 'account 0'", 5],
];

test.each(CONDITIONS)('%s WHERE %s looks at few records and finds %i', (object, where, count) => {
  const expected = everyOne(object, where);
  const all = jest.spyOn(org, 'rows');
  expect(names(object, where)).toEqual(expected);
  expect(expected).toHaveLength(count);
  expect(all).not.toHaveBeenCalled();
});

test('records that moved, came, went or were put back are found where they are now', () => {
  const ends = [`CloseDate < ${day(3)}`, `CloseDate > ${day(56)}`, 'SystemModstamp >= 2000-01-01T00:00:00Z'];
  for (const where of ends) names('Opportunity', where);
  org.change('Opportunity', deal(30), { CloseDate: day(1) }, null);
  org.change('Opportunity', deal(1), { CloseDate: day(59) }, null);
  org.change('Opportunity', deal(1), { CloseDate: day(1) }, null);
  org.change('Opportunity', deal(2), { CloseDate: null }, null);
  org.add('Opportunity', { Name: 'another', StageName: 'Closed Won', CloseDate: day(58) }, null);
  expect(() =>
    org.transaction(() => {
      org.change('Opportunity', deal(0), { CloseDate: day(59) }, null);
      org.remove('Opportunity', deal(57).Id);
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  org.remove('Opportunity', deal(59).Id);
  expect(names('Opportunity', ends[0] ?? '')).toEqual(['deal 0', 'deal 1', 'deal 30']);
  expect(names('Opportunity', ends[1] ?? '')).toEqual(['deal 57', 'deal 58', 'another']);
});

test('a record that changes again and again is found once', () => {
  expect(names('Opportunity', `CloseDate = ${day(9)}`)).toEqual(['deal 9']);
  for (let n = 0; n < 3_000; n++) org.change('Opportunity', deal(9), { CloseDate: day(100 + (n % 2)) }, null);
  expect(names('Opportunity', `CloseDate >= ${day(100)}`)).toEqual(['deal 9']);
});
