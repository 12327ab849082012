import type { Address, TerritoryAccount } from '../../../src/domain/territory/account';
import { valuesEnd, valuesUntil } from '../../../src/domain/territory/approved-values';
import { isWeekDue, movedMail, movesByOwner, weekMail } from '../../../src/domain/territory/moves-mail';
import { rulesOn } from '../../../src/domain/territory/handbook';
import { knownCountries } from '../../../src/handbook/countries';
import { sampleHandbook } from '../../handbook/sample';

const RULES = rulesOn(sampleHandbook().territory!.rules, '2026-11-26')!;
const COUNTRIES = knownCountries();
const NOWHERE: Address = { street: null, city: null, state: null, postCode: null, country: null };
const facts = (employees: string | null, address: Partial<Address> = {}) => ({
  employees,
  address: { ...NOWHERE, ...address },
});
const BERLIN = { city: 'Berlin', postCode: '10115', country: 'Germany' };

test.each<[string, TerritoryAccount['sources'], string | null, string | null]>([
  ['nothing is approved', { zoominfo: facts('50') }, null, null],
  ['the day is over', { 'manual-admin': facts('50') }, '2026-11-25', 'expired'],
  ['it is the last day', { 'manual-admin': facts('50') }, '2026-11-26', null],
  ['the data says something else', { 'manual-admin': facts('50'), zoominfo: facts('60') }, null, null],
  ['the data says nothing', { 'manual-admin': facts('50'), zoominfo: facts(null) }, null, null],
  ['the data says the same', { 'manual-admin': facts('1200'), zoominfo: facts('1,200') }, null, 'agrees'],
  [
    'an address in other words',
    {
      'manual-admin': facts(null, BERLIN),
      zoominfo: facts('9', { ...BERLIN, country: 'Deutschland', postCode: ' 10115' }),
    },
    null,
    'agrees',
  ],
  [
    'another city',
    { 'manual-admin': facts(null, BERLIN), zoominfo: facts('9', { ...BERLIN, city: 'Bonn' }) },
    null,
    null,
  ],
  [
    'employees agree and the address does not',
    { 'manual-admin': facts('9', BERLIN), zoominfo: facts('9') },
    null,
    null,
  ],
])('values where %s', (_name, sources, manualUntil, end) => {
  expect(valuesEnd({ sources, manualUntil }, '2026-11-26', RULES, COUNTRIES)).toBe(end);
});

test('values stand as many days as policy says', () => {
  expect(valuesUntil('2026-11-26', 365)).toBe('2027-11-26');
});

describe('mails of moves', () => {
  const move = { on: '2026-11-26', why: 'Effective Date 2026-11-26' };
  const moves = [
    { ...move, accountId: '001a', from: 'old', to: 'new' },
    { ...move, accountId: '001b', from: 'new', to: 'old' },
    { ...move, accountId: '001c', from: '', to: 'new' },
  ];
  const to = {
    nameOf: (id: string) => `Acme ${id} http://evil.example`,
    linkOf: (id: string) => `https://crm.example/${id}`,
  };

  test('both owners of an account are told, and nobody of what had no owner', () => {
    const byOwner = movesByOwner(moves);
    expect([...byOwner.keys()].sort()).toEqual(['new', 'old']);
    expect(byOwner.get('new')).toEqual({ came: [moves[0], moves[2]], went: [moves[1]] });
  });

  test('a mail says what came and went, why, and where to look; names are no links', () => {
    const { subject, text } = movedMail(movesByOwner(moves).get('new')!, to);
    expect(subject).toBe('Accounts: 2 came, 1 went');
    expect(text).toContain('https://crm.example/001a');
    expect(text).toContain('Effective Date 2026-11-26');
    expect(text).not.toContain('http://evil.example');
    expect(weekMail(movesByOwner(moves).get('old')!, to, '2026-11-23').text).toContain('since 2026-11-23');
  });

  test('many are counted', () => {
    const many = Array.from({ length: 51 }, (_, at) => ({
      ...move,
      accountId: `001${at}`,
      from: 'old',
      to: 'new',
    }));
    expect(movedMail(movesByOwner(many).get('new')!, to).text).toContain('… and 1 more.');
  });

  test.each([
    [1, null, true],
    [1, '2026-11-23', false],
    [1, '2026-11-16', true],
    [5, '2026-11-16', false],
  ])('on Thursday, policy day %i, last of %s: due %p', (policyDay, last, due) => {
    const today = { weekday: 4, monday: '2026-11-23' };
    expect(isWeekDue(today, policyDay, last)).toBe(due);
  });
});
