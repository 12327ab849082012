import type { TerritoryPeople } from '../../../src/domain/territory/table';
import { driftOf, type DriftKind } from '../../../src/domain/territory/order';
import { territoryPeople, type OrgTerritory } from '../../../src/domain/territory/people';
import { gapsOf } from '../../../src/domain/territory/gaps';
import { read, table } from './tables';

const holders = (said: string | null | undefined): ReadonlyMap<string, string | null> =>
  new Map(said === undefined ? [] : [['T', said]]);

test.each<
  [
    what: string,
    table: string | undefined,
    org: string | undefined,
    router: string | undefined,
    kind: DriftKind | null,
  ]
>([
  ['all say the same', 'a', 'a', 'a', null],
  ['the table alone changed', 'b', 'a', 'a', 'table-alone'],
  ['Salesforce changed, as it should first', 'a', 'b', 'a', 'table-behind'],
  ['both changed, and the router is next', 'b', 'b', 'a', 'router-behind'],
  ['each says something else', 'c', 'b', 'a', 'apart'],
  ['a new territory in the table alone', 'a', undefined, undefined, 'table-alone'],
  ['a new territory in Salesforce', undefined, 'a', undefined, 'table-behind'],
  ['a new territory that the router lacks', 'a', 'a', undefined, 'router-behind'],
  ['a territory that only the router still has', undefined, undefined, 'a', 'router-behind'],
])('%s', (_what, inTable, inOrg, inRouter, kind) => {
  expect(driftOf(holders(inTable), holders(inOrg), holders(inRouter))).toEqual(
    kind ? [{ territory: 'T', kind }] : [],
  );
});

test('where the router is not known, a difference counts against the table', () => {
  expect(driftOf(holders('b'), holders('a'), null)).toEqual([{ territory: 'T', kind: 'table-alone' }]);
  expect(driftOf(holders(undefined), holders('a'), null)).toEqual([{ territory: 'T', kind: 'table-behind' }]);
  expect(driftOf(holders('a'), holders('a'), null)).toEqual([]);
});

describe('who works a territory', () => {
  const { rows } = read(
    table(
      { 'Territory Name': 'Large-A-1' },
      { 'Territory Name': 'Large-B-1', Sales: 'TBH / Bo Jensen', Country: 'GB' },
    ),
  );
  const emails = new Map([
    ['Ada Miles', 'ada@daytwo.example'],
    ['Bo Jensen', 'bo@daytwo.example'],
  ]);
  const users = [
    { id: '005A', email: 'ada@daytwo.example', isActive: true },
    { id: '005B', email: 'bo@daytwo.example', isActive: true },
    { id: '005X', email: 'xi@daytwo.example', isActive: false },
  ];
  const planned = (territories: readonly OrgTerritory[] | null) =>
    territoryPeople({ rows, emails, users, territories, router: null });
  const onA: OrgTerritory = { name: 'Large-A-1', ownerId: '005A', isToBeHired: false };
  const onB: OrgTerritory = { name: 'Large-B-1', ownerId: '005B', isToBeHired: true };
  const A = {
    territory: 'Large-A-1',
    ownerId: '005A',
    ownerIsActive: true,
    isToBeHired: false,
    coverId: null,
  };
  const B = {
    territory: 'Large-B-1',
    ownerId: null,
    ownerIsActive: false,
    isToBeHired: true,
    coverId: '005B',
  };

  test('is as the table says it, where Salesforce keeps no records of territories or says the same', () => {
    for (const territories of [null, [onA, onB]])
      expect(planned(territories)).toMatchObject({
        people: new Map<string, TerritoryPeople>([
          ['Large-A-1', A],
          ['Large-B-1', B],
        ]),
        drift: [],
      });
  });

  test('is as Salesforce says it, where the table was changed alone', () => {
    const { people, drift } = planned([{ ...onB, name: 'Large-A-1' }, onB]);
    expect(people.get('Large-A-1')).toMatchObject({ ownerId: null, isToBeHired: true, coverId: '005B' });
    expect(drift).toEqual([{ territory: 'Large-A-1', kind: 'table-alone' }]);
  });

  test('is nobody, while Salesforce does not have the territory', () => {
    const { people, drift } = planned([onA]);
    expect(people.get('Large-B-1')).toEqual({ ...B, isToBeHired: false, coverId: null });
    expect(drift).toEqual([{ territory: 'Large-B-1', kind: 'table-alone' }]);
  });

  test('is told where they have left', () => {
    const { people } = planned([{ ...onA, ownerId: '005X' }, onB]);
    expect(people.get('Large-A-1')).toMatchObject({ ownerId: '005X', ownerIsActive: false });
  });
});

test('places without a row are counted, those with most accounts first, and a claim of two rows is named', () => {
  const { rows } = read(
    table(
      { 'Territory Name': 'Large-A-1', 'Post Codes': '10-19' },
      { 'Territory Name': 'Large-B-1', 'Post Codes': '15-25' },
      { 'Territory Name': 'Large-C-1', Country: '', Account: '0013t00001aAa01' },
    ),
  );
  const at = (country: string | null, postCode: string | null, ultimateParentId = '001') => ({
    ultimateParentId,
    segment: 'Large',
    address: { country, state: null, postCode },
    industry: null,
    accounts: 2,
    carrCents: 500,
    pipelineCents: 0,
  });
  expect(
    gapsOf(rows, [
      at('DE', '80331'),
      at('DE', '90402'),
      at('FR', '75001'),
      at('DE', '16000'),
      at('DE', '11000'),
      at('FR', null, '0013t00001aAa01AAC'),
    ]),
  ).toEqual([
    { place: 'Large DE', kind: 'no-row', accounts: 4, carrCents: 1000 },
    { place: 'Large FR', kind: 'no-row', accounts: 2, carrCents: 500 },
    { place: 't.csv:2 t.csv:3', kind: 'overlap', accounts: 2, carrCents: 500 },
  ]);
});
