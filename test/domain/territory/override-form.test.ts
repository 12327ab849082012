import { readOverride, whyNoSource, type OverrideForm } from '../../../src/domain/territory/override-form';

const RULES = { notSources: ['linkedin.com', 'lnkd.in'], mostEmployees: 10_000_000 };
const BLANK = { street: null, city: null, state: null, postCode: null, country: null };
const form: OverrideForm = {
  employees: '1,200',
  employeesSource: 'https://sec.example/10-k?year=2026',
  address: BLANK,
  addressSource: null,
};
const problemsOf = (of: Partial<OverrideForm>) =>
  readOverride({ ...form, ...of }, 'acme.example', RULES).problems.map(
    ({ field, problem }) => `${field} ${problem}`,
  );

test.each([
  ['1200', 1200],
  ['1,200', 1200],
  ['1.200', 1200],
  ["12'345'678".replace('12', '1'), 1_345_678],
  ['1 200', 1200],
  ['0', 0],
])('reads %s employees as %i', (employees, count) => {
  const { values, problems } = readOverride({ ...form, employees }, null, RULES);
  expect(problems).toEqual([]);
  expect(values.employees).toEqual({ count, source: form.employeesSource });
});

test.each(['-1', '1,20', '12,00', 'about 500', '1e9', '１２', '1200.5', '1,200.300'])(
  'does not read %s',
  (employees) => {
    expect(problemsOf({ employees })).toEqual(['Employee Count is not a whole number']);
  },
);

test.each<[string, Partial<OverrideForm>, readonly string[]]>([
  ['nothing', { employees: null, employeesSource: null }, ['User Input nothing is asked for']],
  ['too many', { employees: '1000000000' }, ['Employee Count is more than 10000000']],
  ['no source', { employeesSource: null }, ['Employee Source is empty']],
  ['an address without source', { address: { ...BLANK, country: 'DE' } }, ['Address Source is empty']],
  [
    'an address without country',
    { address: { ...BLANK, city: 'Bonn' }, addressSource: 'https://press.example/' },
    ['Address Country is empty'],
  ],
  ["a source for what isn't asked", { addressSource: 'https://linkedin.com/x' }, []],
])('a form with %s', (_name, of, problems) => {
  expect(problemsOf(of)).toEqual(problems);
});

test.each([
  ['https://press.example/a', null],
  ['http://sub.press.example:8080/a#b', null],
  ['press.example/a', 'is no address of a page'],
  ['javascript:alert(1)', 'is no address of a page'],
  ['https://press.example@linkedin.com/', 'is no address of a page'],
  ['https://press.example/ https://other.example/', 'is no address of a page'],
  ['https://localhost/x', 'is no address of a page'],
  ['https://www.linkedin.com/company/acme', 'linkedin.com does not count as a source'],
  ['https://DE.LinkedIn.com./company/acme', 'linkedin.com does not count as a source'],
  ['https://notlinkedin.com/x', null],
  ['https://lnkd.in/abc', 'lnkd.in does not count as a source'],
  ['https://acme.example/about', "the account's own site does not count as a source"],
  ['https://news.acme.example/about', "the account's own site does not count as a source"],
  ['https://pacme.example/about', null],
  [`https://press.example/${'x'.repeat(255)}`, 'is no address of a page'],
])('the source %s', (source, problem) => {
  for (const website of ['acme.example', 'https://www.acme.example/en'])
    expect(whyNoSource(source, website, RULES)?.problem ?? null).toBe(problem);
});
