import fc from 'fast-check';
import { SalesforceError } from '../../src/sandbox/salesforce/errors';
import { makeId, to18 } from '../../src/sandbox/salesforce/ids';
import { Org } from '../../src/sandbox/salesforce/org';
import { dateRange } from '../../src/sandbox/salesforce/soql/dates';
import { parseSoql } from '../../src/sandbox/salesforce/soql/parse';
import { runSoql } from '../../src/sandbox/salesforce/soql/run';
import { Grounds } from './systems';

const grounds = new Grounds();
let org: Org;

/** Five accounts of two owners, so that every kind of condition has something to find. */
beforeAll(() => {
  org = new Org(grounds.world());
  const license = org.add('UserLicense', { Name: 'Salesforce', TotalLicenses: 10 }, null);
  const profile = org.add('Profile', { Name: 'Sales User', UserLicenseId: license.Id }, null);
  const owner = (Username: string, FirstName: string) =>
    org.add('User', { Username, FirstName, LastName: 'Ellis', ProfileId: profile.Id }, null).Id;
  const [erin, dana] = [owner('erin@example.com', 'Erin'), owner('dana@example.com', 'Dana')];
  const account = (Name: string, OwnerId: string, AnnualRevenue: number | null, Industry: string | null) =>
    org.add('Account', { Name, OwnerId, AnnualRevenue, Industry }, null);
  const acme = account('Acme', erin, 100, 'Retail');
  account("O'Brien & Sons", erin, 300, 'Retail');
  account('100% Sure', dana, 200, 'Energy');
  account('under_score', dana, null, null);
  account('Zürich Bank', dana, 400, 'Banking');
  org.add('Contact', { LastName: 'Child', AccountId: acme.Id }, null);
});
afterAll(() => grounds.close());

const run = (text: string) => {
  const found = runSoql({ org, version: '62.0' }, text, parseSoql(text));
  return { totalSize: found.totalSize, records: found.page(0, 2000) };
};
const names = (where: string) =>
  run(`SELECT Name FROM Account WHERE ${where}`).records.map((record) => record['Name']);
const refused = (text: string): SalesforceError => {
  try {
    run(text);
  } catch (error) {
    if (error instanceof SalesforceError) return error;
    throw error;
  }
  throw new Error(`not refused: ${text}`);
};

describe('a condition', () => {
  test.each([
    ["Name = 'aCME'", ['Acme']],
    ["Name != 'acme' AND AnnualRevenue > 200", ["O'Brien & Sons", 'Zürich Bank']],
    ["Name <> 'acme' AND Industry = 'retail'", ["O'Brien & Sons"]],
    ["Name = 'O\\'Brien & Sons'", ["O'Brien & Sons"]],
    ["Name LIKE 'ac%'", ['Acme']],
    ["Name LIKE '%\\%%'", ['100% Sure']],
    ["Name LIKE '%\\_%'", ['under_score']],
    ["Name LIKE '_cme'", ['Acme']],
    ["NOT Name LIKE '%e%'", ['Zürich Bank']],
    ['AnnualRevenue = null', ['under_score']],
    ['AnnualRevenue != null AND (AnnualRevenue <= 100 OR AnnualRevenue >= 400)', ['Acme', 'Zürich Bank']],
    ["Industry IN ('energy', 'BANKING')", ['100% Sure', 'Zürich Bank']],
    ["Industry NOT IN ('Retail', 'Energy') AND Industry != null", ['Zürich Bank']],
    ["Owner.Username = 'ERIN@example.com'", ['Acme', "O'Brien & Sons"]],
    [
      "Owner.Profile.UserLicense.Name = 'Salesforce' AND Owner.FirstName = 'Dana'",
      ['100% Sure', 'under_score', 'Zürich Bank'],
    ],
    ["Account.Owner.FirstName = 'Erin' AND Account.AnnualRevenue < 200", ['Acme']],
    ["OwnerId IN (SELECT Id FROM User WHERE FirstName = 'Erin')", ['Acme', "O'Brien & Sons"]],
    ["Id NOT IN (SELECT AccountId FROM Contact) AND Owner.FirstName = 'Erin'", ["O'Brien & Sons"]],
    ['CreatedDate = LAST_N_DAYS:2 AND AnnualRevenue > 300', ['Zürich Bank']],
    ['CreatedDate < YESTERDAY', []],
    ["CreatedDate > 2020-01-01T00:00:00Z AND Name = 'Acme'", ['Acme']],
    ["CreatedDate >= LAST_N_DAYS:7 AND Name = 'Acme'", ['Acme']],
  ])('%s', (where, found) => {
    expect(names(where)).toEqual(found);
  });
});

describe('a query', () => {
  test('orders with nulls first unless told otherwise, and takes a part', () => {
    const ordered = (by: string) =>
      run(`SELECT Name FROM Account ORDER BY ${by}`).records.map((record) => record['Name']);
    expect(ordered('AnnualRevenue')).toEqual([
      'under_score',
      'Acme',
      '100% Sure',
      "O'Brien & Sons",
      'Zürich Bank',
    ]);
    expect(ordered('AnnualRevenue DESC NULLS LAST LIMIT 2 OFFSET 1')).toEqual([
      "O'Brien & Sons",
      '100% Sure',
    ]);
    expect(ordered('Owner.FirstName, Name DESC')).toEqual([
      'Zürich Bank',
      'under_score',
      '100% Sure',
      "O'Brien & Sons",
      'Acme',
    ]);
  });

  test('groups, counts and sums', () => {
    const attributes = { type: 'AggregateResult' };
    expect(
      run(
        'SELECT Owner.FirstName, COUNT(Id), SUM(AnnualRevenue) total, AVG(AnnualRevenue) FROM Account GROUP BY Owner.FirstName ORDER BY COUNT(Id) DESC',
      ).records,
    ).toEqual([
      { attributes, FirstName: 'Dana', expr0: 3, total: 600, expr1: 300 },
      { attributes, FirstName: 'Erin', expr0: 2, total: 400, expr1: 200 },
    ]);
    expect(run('SELECT Industry FROM Account GROUP BY Industry HAVING COUNT(Id) > 1').records).toEqual([
      { attributes, Industry: 'Retail' },
    ]);
    expect(
      run('SELECT MIN(Name), MAX(AnnualRevenue), COUNT_DISTINCT(Industry), COUNT(AnnualRevenue) FROM Account')
        .records,
    ).toEqual([{ attributes, expr0: '100% Sure', expr1: 400, expr2: 3, expr3: 4 }]);
    expect(run("SELECT COUNT() FROM Account WHERE Industry = 'Retail'")).toEqual({
      totalSize: 2,
      records: [],
    });
  });

  test('shows parents and children inside the record', () => {
    const [record] = run(
      "SELECT Owner.Name, Parent.Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Acme'",
    ).records;
    expect(record).toMatchObject({
      attributes: { type: 'Account' },
      Owner: { attributes: { type: 'User' }, Name: 'Erin Ellis' },
      Parent: null,
      Contacts: { totalSize: 1, done: true, records: [{ LastName: 'Child' }] },
    });
  });

  test('may ask for all fields, 200 records at most', () => {
    expect(Object.keys(run('SELECT FIELDS(ALL) FROM Account LIMIT 1').records[0] ?? {})).toContain(
      'External_Id__c',
    );
    expect(Object.keys(run('SELECT FIELDS(STANDARD) FROM Account').records[0] ?? {})).not.toContain(
      'External_Id__c',
    );
    expect(refused('SELECT FIELDS(ALL) FROM Account')).toMatchObject({ errorCode: 'MALFORMED_QUERY' });
  });

  test('writes a date with time as Salesforce does', () => {
    const [record] = run('SELECT CreatedDate FROM Account LIMIT 1').records;
    expect(record?.['CreatedDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  });
});

describe('a wrong query is refused', () => {
  test('with the place, as the real one shows it', () => {
    expect(refused('SELECT Foo FROM User')).toMatchObject({
      errorCode: 'INVALID_FIELD',
      message: expect.stringMatching(
        /^\nSELECT Foo FROM User\n {7}\^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'User'\. If you are attempting/,
      ),
    });
    expect(refused('SELECT Id\nFORM User').message).toContain(
      "\nFORM User\n^\nERROR at Row:2:Column:1\nunexpected token: 'FORM'",
    );
  });

  test.each([
    ['SELECT Id FROM Nothing', 'INVALID_TYPE'],
    ['SELECT Boss.Name FROM User', 'INVALID_FIELD'],
    ["SELECT Id FROM User WHERE IsActive = 'true'", 'INVALID_FIELD'],
    ['SELECT Id FROM User WHERE Name = 5', 'INVALID_FIELD'],
    ["SELECT Id FROM User WHERE CreatedDate > '2026-01-01'", 'INVALID_FIELD'],
    ["SELECT Id FROM User WHERE Id = 'nobody'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ['SELECT Id FROM User WHERE IsActive > true', 'INVALID_QUERY_FILTER_OPERATOR'],
    ['SELECT FROM User', 'MALFORMED_QUERY'],
    ['SELECT * FROM User', 'MALFORMED_QUERY'],
    ['SELECT Id FROM User WHERE', 'MALFORMED_QUERY'],
    ["SELECT Id FROM User WHERE Name = 'x", 'MALFORMED_QUERY'],
    ["SELECT Id FROM User WHERE Name = '\\q'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM User WHERE Name = "x"', 'MALFORMED_QUERY'],
    ["SELECT Id FROM User WHERE Name = 'a' AND Title = 'b' OR Alias = 'c'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM User LIMIT x', 'MALFORMED_QUERY'],
    ['SELECT Id FROM User OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
    ['SELECT Name, COUNT(Id) FROM User', 'MALFORMED_QUERY'],
    ['SELECT Id FROM User; DELETE FROM User', 'MALFORMED_QUERY'],
    ['UPDATE User SET Name', 'MALFORMED_QUERY'],
  ])('%s', (text, errorCode) => {
    expect(refused(text).errorCode).toBe(errorCode);
  });
});

test('a query nested without end is refused', () => {
  expect(refused(`SELECT Id FROM User WHERE ${'('.repeat(50_000)}`).errorCode).toBe('MALFORMED_QUERY');
});

/** A text as a careful client writes it into SOQL. */
const quoted = (text: string) =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;

describe('properties', () => {
  test('an escaped text is found as itself and never ends the literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const { where } = parseSoql(`SELECT Id FROM User WHERE Name = ${quoted(text)}`);
        expect(where).toMatchObject({ kind: 'compare', value: { kind: 'string', value: text } });
      }),
    );
  });

  test('no text makes the parser fail otherwise than by refusing', () => {
    const word = fc.constantFrom(
      'SELECT',
      'Id',
      'FROM',
      'User',
      'WHERE',
      'Name',
      '=',
      "'x'",
      '(',
      ')',
      ',',
      'AND',
      'NOT',
      'IN',
      'LIMIT',
      '1',
      '.',
      'COUNT',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (query) => {
        try {
          parseSoql(query);
        } catch (error) {
          expect(error).toBeInstanceOf(SalesforceError);
        }
      }),
    );
  });

  test('a condition and its negation part the records', () => {
    const conditions = fc.constantFrom(
      "Name LIKE '%e%'",
      'AnnualRevenue > 150',
      "Industry IN ('Retail', 'Energy')",
      "Owner.FirstName = 'Dana'",
    );
    fc.assert(
      fc.property(conditions, conditions, fc.constantFrom('AND', 'OR'), (a, b, joint) => {
        const both = names(`${a} ${joint} ${b}`).length + names(`NOT (${a} ${joint} ${b})`).length;
        expect(both).toBe(5);
      }),
    );
  });
});

describe('an id', () => {
  test('has the checksum that makes 15 characters safe where case is lost', () => {
    expect(to18('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
    expect(to18('001D000000IqhSLIAZ')).toBe('001D000000IqhSLIAZ');
    expect(to18('001D000000IqhSLAAA')).toBeUndefined();
    expect(to18('nobody')).toBeUndefined();
  });

  test('is different for each record, also without its case', () => {
    const ids = Array.from({ length: 5000 }, (_, n) => makeId('005', n + 1));
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
  });
});

describe('a date literal', () => {
  const now = new Date('2026-11-24T10:30:00Z');
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
  test.each([
    ['TODAY', 1, '2026-11-24', '2026-11-25'],
    ['YESTERDAY', 1, '2026-11-23', '2026-11-24'],
    ['THIS_WEEK', 1, '2026-11-22', '2026-11-29'],
    ['LAST_MONTH', 1, '2026-10-01', '2026-11-01'],
    ['THIS_QUARTER', 1, '2026-10-01', '2027-01-01'],
    ['NEXT_YEAR', 1, '2027-01-01', '2028-01-01'],
    ['LAST_N_DAYS', 3, '2026-11-21', '2026-11-25'],
    ['NEXT_N_DAYS', 2, '2026-11-25', '2026-11-27'],
    ['LAST_N_MONTHS', 2, '2026-09-01', '2026-11-01'],
    ['N_DAYS_AGO', 3, '2026-11-21', '2026-11-22'],
  ])('%s:%i', (name, n, from, to) => {
    expect(dateRange(name, n, now)).toEqual({ from: day(from), to: day(to) });
  });
});
