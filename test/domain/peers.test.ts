import { codeSpan } from '../../src/domain/escape';
import { peersInWords, tallySystem, type Peers } from '../../src/domain/peers';

const salesforce = tallySystem({ key: 'salesforce', name: 'Salesforce' }, [
  { role: 'Enterprise AE - EMEA', profile: 'Sales User' },
  { role: 'Commercial AE - EMEA', profile: 'Sales User' },
  { role: 'Enterprise AE - EMEA', profile: 'Sales User' },
]);
const peers = (changes: Partial<Peers> = {}): Peers => ({
  title: 'Account Executive',
  region: 'EMEA',
  people: 4,
  systems: [salesforce, tallySystem({ key: 'clari', name: 'Clari' }, null)],
  ...changes,
});

test('how many have which role, the most frequent first', () => {
  expect(salesforce).toMatchObject({
    have: 3,
    roles: [
      { value: 'Enterprise AE - EMEA', people: 2 },
      { value: 'Commercial AE - EMEA', people: 1 },
    ],
    profiles: [{ value: 'Sales User', people: 3 }],
    teams: [],
  });
});

test('in words: counts, each system on a line, and where no API tells', () => {
  expect(peersInWords(peers())).toBe(
    [
      'What the 4 active colleagues of the same title and region have (Account Executive, EMEA):',
      '',
      '- Salesforce: 3 of 4 have access; role Enterprise AE - EMEA (2), Commercial AE - EMEA (1); profile Sales User (3)',
      '- Clari: no API says who has what',
    ].join('\n'),
  );
});

test.each([0, 1])('%d people are too few to compare: nothing of what they have is told', (people) => {
  const text = peersInWords(peers({ people }));
  expect(text).toContain('too few');
  expect(text).not.toContain('Enterprise');
});

test('values from outside are made safe for the place', () => {
  expect(peersInWords(peers({ title: '@all' }), codeSpan)).toContain('(`@all`, EMEA)');
});
