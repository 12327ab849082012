import { read, table } from './tables';
import type { TableColumn } from '../../../src/domain/territory/table-cells';

type Line = Partial<Record<TableColumn, string>>;

test('a line is its territory, who works it and what it matches', () => {
  const { rows, problems } = read(
    table({
      'Inside Sales Rep': 'TBH / Bo Jensen',
      Country: 'US',
      State: 'ca',
      'Post Codes': '940-945',
      Industry: 'Energy',
    }),
  );
  expect(problems).toEqual([]);
  expect(rows).toEqual([
    {
      file: 't.csv',
      line: 2,
      territory: 'Large-EMEA-North-1',
      region: 'EMEA',
      subRegion: 'DACH',
      area: 'North',
      owner: { name: 'Ada Miles', cover: null },
      place: {
        segment: 'Large',
        country: 'US',
        state: 'CA',
        postCodes: { from: '940', to: '945' },
        industry: 'Energy',
        accountId: null,
      },
    },
  ]);
});

test('a line that lists several places is a row for each', () => {
  const { rows } = read(
    table(
      { 'Post Codes': '0x; 1*;sw1a 1aa' },
      { Country: '', Account: '0013t00001aAa01;0013t00001aAa02AAC' },
    ),
  );
  expect(rows.map(({ line, place }) => [line, place.postCodes ?? place.accountId])).toEqual([
    [2, { prefix: '0' }],
    [2, { prefix: '1' }],
    [2, { prefix: 'SW1A1AA' }],
    [3, '0013t00001aAa01AAC'],
    [3, '0013t00001aAa02AAC'],
  ]);
});

test.each<[what: string, line: Line, problem: RegExp, mend: RegExp]>([
  ['an unknown owner', { Sales: 'Somebody Else' }, /Sales: unknown person/, /member of people.yml/],
  ['a misspelt owner', { Sales: 'Ada Mile' }, /Sales: unknown person/, /Did you mean Ada Miles\?/],
  ['no owner', { Sales: '' }, /Sales: is empty/, /TBH \/ <name>/],
  ['nobody who covers', { Sales: 'TBH' }, /nobody covers/, /TBH \/ <who covers>/],
  ['an unknown cover', { Sales: 'TBH / Boo Jensen' }, /unknown person/, /Did you mean Bo Jensen\?/],
  ['another case', { Sales: 'ada  MILES' }, /another spelling/, /Write Ada Miles\./],
  ['no accent', { Sales: 'Jules Lefevre' }, /another spelling/, /Write Jules Lefèvre\./],
  ['the last name first', { Sales: 'Miles, Ada' }, /another spelling/, /Write Ada Miles\./],
  ['a name of two people', { Sales: 'Kim Twin' }, /several people of that name/, /Tell them apart/],
  ['an address', { Sales: 'ada-miles@daytwo.example' }, /another spelling/, /Write Ada Miles\./],
  [
    'an unknown inside sales rep',
    { 'Inside Sales Rep': 'Nobody' },
    /Inside Sales Rep: unknown person/,
    /people.yml/,
  ],
  ['an unknown SDR', { SDR: 'Nobody' }, /SDR: unknown person/, /people.yml/],
  ['a formula', { Area: '=HYPERLINK("http://x","y")' }, /Area: a formula/, /the value itself/],
  ['a formula behind a quote', { Area: "'+1" }, /Area: a formula/, /the value itself/],
  ['a backslash', { Area: 'North\\East' }, /Area: a \\ within it/, /Write \/ for it: North\/East/],
  ['a line break', { Area: 'North\nEast' }, /a line break/, /on one line/],
  [
    'a name with spaces for hyphens',
    { 'Territory Name': 'Large AMER-PNW/MW-1' },
    /not a name of a territory/,
    /Is it Large-AMER-PNW-MW-1\?/,
  ],
  [
    'a number after a space',
    { 'Territory Name': 'Large-AMER-Bay Area 3' },
    /not a name/,
    /Is it Large-AMER-Bay Area-3\?/,
  ],
  ['a name without a segment', { 'Territory Name': 'Largo-AMER-1' }, /not a name/, /Is it Large-AMER-1\?/],
  ['a name of a segment alone', { 'Territory Name': 'Large' }, /not a name/, /Large-AMER-East-1/],
  ['an unknown segment', { Segment: 'Lage' }, /Segment: not a segment/, /Did you mean Large\?/],
  ['a country by name', { Country: 'Germany' }, /Country: not a country/, /Write DE\./],
  ['a country in small letters', { Country: 'de' }, /Country: not a country/, /Write DE\./],
  ['an unknown country', { Country: 'QQ' }, /Country: not a country/, /two capital letters|Did you mean/],
  [
    'a state of no country',
    { Country: '', State: 'CA' },
    /states without their one country/,
    /Split the line/,
  ],
  [
    'post codes of two countries',
    { Country: 'DE;US', 'Post Codes': '1x' },
    /post codes without/,
    /Split the line/,
  ],
  ['a range that ends before it begins', { 'Post Codes': '945-940' }, /ends before it begins/, /940-945/],
  ['a range of two lengths', { 'Post Codes': '94-945' }, /differ in length/, /range such as/],
  ['no post code', { 'Post Codes': '9?' }, /no post codes/, /prefix such as 3x/],
  [
    'a named account with a geography',
    { Account: '0013t00001aAa01AAC' },
    /a named account and a geography/,
    /empty the others/,
  ],
  ['an id that was typed', { Country: '', Account: '0013t00001aAa01AAA' }, /not an id/, /Copy it/],
])('%s is named', (_what, line, problem, mend) => {
  const { rows, problems } = read(table(line));
  expect(rows).toEqual([]);
  expect(problems).toEqual([
    expect.objectContaining({
      file: 't.csv',
      line: 2,
      problem: expect.stringMatching(problem),
      mend: expect.stringMatching(mend),
    }),
  ]);
});

test.each([
  [
    'an unknown column',
    'Sub-Region,Area,Territory Name,Sales,Region,Segment,Contry\n',
    /unknown column/,
    /Did you mean Country\?/,
  ],
  [
    'a missing column',
    'Sub-Region,Area,Territory Name,Region,Segment\n',
    /the column Sales is missing/,
    /first line/,
  ],
  [
    'a column twice',
    'Sub-Region,Area,Territory Name,Sales,Region,Segment,area\n',
    /the same column twice/,
    /Keep one/,
  ],
  [
    'a cell too many',
    `${table()}\nDACH,N,Large-A-1,Ada Miles,,,,EMEA,Large,DE,,,,,x`,
    /more cells than columns/,
    /double quotes/,
  ],
  ['a quote that is not closed', `${table()}\n"DACH,N`, /never closed/, /Close it/],
])('%s is named', (_what, text, problem, mend) => {
  expect(read(text).problems).toEqual([
    expect.objectContaining({ problem: expect.stringMatching(problem), mend: expect.stringMatching(mend) }),
  ]);
});

test('all faults of all lines are named at once, and the good lines are read', () => {
  const { rows, problems } = read(table({ Sales: 'Nobody', Segment: 'Huge' }, {}, { Country: 'XX' }));
  expect(problems.map(({ line }) => line)).toEqual([2, 2, 4]);
  expect(rows.map(({ line }) => line)).toEqual([3]);
});

describe('what hangs together', () => {
  const north = { 'Territory Name': 'Large-EMEA-North-1' };
  const south = { 'Territory Name': 'Large-EMEA-South-1' };

  test.each<[what: string, lines: readonly Line[], problem: RegExp]>([
    ['two lines for one place', [north, south], /the same place as t\.csv:2/],
    ['one place of one territory twice', [north, north], /the same place as t\.csv:2/],
    [
      'two owners of one territory',
      [north, { ...north, Country: 'GB', Sales: 'Bo Jensen' }],
      /t\.csv:2 names another owner/,
    ],
    [
      'one territory in two areas',
      [north, { ...north, Country: 'GB', Area: 'South' }],
      /t\.csv:2 puts the same territory into another area/,
    ],
    [
      'a territory in another spelling',
      [north, { 'Territory Name': 'Large-EMEA-NORTH-1', Country: 'GB' }],
      /t\.csv:2 in another spelling/,
    ],
    [
      'an area outside its sub-region',
      [
        north,
        { ...south, Country: 'GB' },
        { 'Territory Name': 'Large-EMEA-East-1', Country: 'US', 'Sub-Region': 'UK' },
      ],
      /Area: lies in another sub-region at t\.csv:2/,
    ],
    [
      'a sub-region outside its region',
      [
        north,
        { ...south, Country: 'GB' },
        { 'Territory Name': 'Large-EMEA-East-1', Country: 'US', Region: 'AMER' },
      ],
      /Sub-Region: lies in another region at t\.csv:2/,
    ],
    [
      'a part of a country in another region than the country',
      [north, { ...south, Region: 'AMER', 'Sub-Region': 'US', Area: 'East', 'Post Codes': '1x' }],
      /Region: its country lies in EMEA by t\.csv:2/,
    ],
    [
      'ranges of post codes that run into each other',
      [
        { ...north, 'Post Codes': '10-19' },
        { ...south, 'Post Codes': '15-25' },
      ],
      /run into those of t\.csv:2, and neither is more specific/,
    ],
  ])('%s is named once', (_what, lines, problem) => {
    expect(read(table(...lines)).problems.map((one) => one.problem)).toEqual([
      expect.stringMatching(problem),
    ]);
  });

  test.each<[what: string, lines: readonly Line[]]>([
    [
      'a longer range wins',
      [
        { ...north, 'Post Codes': '10-19' },
        { ...south, 'Post Codes': '150-155' },
      ],
    ],
    [
      'a prefix wins over a range as long',
      [
        { ...north, 'Post Codes': '10-19' },
        { ...south, 'Post Codes': '15x' },
      ],
    ],
    [
      'ranges of two states are apart',
      [
        { ...north, Country: 'US', State: 'NY', 'Post Codes': '10-19' },
        { ...south, Country: 'US', State: 'CA', 'Post Codes': '15-25' },
      ],
    ],
    ['a country wins over none', [{ ...north, Country: '' }, south]],
    ['an industry wins over none', [north, { ...south, Industry: 'Energy' }]],
  ])('%s', (_what, lines) => {
    expect(read(table(...lines)).problems).toEqual([]);
  });
});
