import { countryOf } from '../../src/domain/territory/countries';
import { knownCountries } from '../../src/handbook/countries';

const known = knownCountries();

test.each([
  ['DE', 'DE'],
  ['deu', 'DE'],
  ['Germany', 'DE'],
  [' Deutschland ', 'DE'],
  ['Allemagne', 'DE'],
  ['ドイツ', 'DE'],
  ['The Netherlands', 'NL'],
  ['Pays-Bas', 'NL'],
  ['UK', 'GB'],
  ['U.S.A.', 'US'],
  ['united states', 'US'],
  ['ESTADOS UNIDOS', 'US'],
  ['Korea, Republic of', 'KR'],
  ['Cote d’Ivoire', 'CI'],
  ["Côte d'Ivoire", 'CI'],
  ['Österreich', 'AT'],
  ['Osterreich', 'AT'],
  ['Czech Republic', 'CZ'],
  ['日本', 'JP'],
  ['대한민국', 'KR'],
])('%s is %s', (text, code) => {
  expect(countryOf(text, known)).toBe(code);
});

test.each(['', 'Germanyy', 'Atlantis', 'XX', '123', 'D', '=HYPERLINK("x")'])('%p is no country', (text) => {
  expect(countryOf(text, known)).toBeNull();
});

test('every country of ISO 3166-1 has its two codes and no two share one', () => {
  const codes = [...known].filter(([name, code]) => name === code.toLowerCase());
  expect(codes).toHaveLength(249);
  const long = [...known].filter(([name]) => /^[a-z]{3}$/.test(name));
  expect(long.length).toBeGreaterThanOrEqual(249);
  expect(known.get('aut')).toBe('AT');
  expect(known.get('aus')).toBe('AU');
});
