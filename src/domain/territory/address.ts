import type { Address, TerritoryAccount } from './account';
import { countryOf, type Countries } from './countries';
import { counts, firstOf, whatOf, type Picked } from './employees';
import type { PlanFinding } from './placement';
import type { TerritoryRules } from './rules';
import { filled, postCodeOf } from './texts';

export const NO_ADDRESS: Address = { street: null, city: null, state: null, postCode: null, country: null };

/** An address in normal form: the country as its code, the post code in upper case without spaces. */
function normalAddress(address: Address, country: string): Address {
  return {
    street: filled(address.street),
    city: filled(address.city),
    state: filled(address.state),
    postCode: postCodeOf(address.postCode),
    country,
  };
}

/**
 * Where an account is, by the first source whose country can be read (handbook, Go to Market: sources; nothing can be routed without a country). A
 * country that nobody knows is named, and the next source is asked.
 */
export function addressOf(
  account: TerritoryAccount,
  rules: TerritoryRules,
  countries: Countries,
  on: string,
): { readonly picked: Picked<Address> | null; readonly findings: readonly PlanFinding[] } {
  const findings: PlanFinding[] = [];
  const values = rules.precedence.address.map((source) => {
    const address = account.sources[source]?.address;
    const text = filled(address?.country);
    if (!address || text === null) return [source, null] as const;
    const country = countryOf(text, countries);
    if (country === null)
      findings.push({ kind: 'country-unknown', accountId: account.id, what: whatOf(source, text) });
    const stands = country !== null && counts(source, account, rules, on);
    return [source, stands ? normalAddress(address, country) : null] as const;
  });
  return { picked: firstOf(values), findings };
}

/** What of an address decides on a territory, in a line. */
export const placeText = ({ country, state, postCode }: Address): string =>
  [country, state, postCode].filter((part) => part !== null).join(' ');
