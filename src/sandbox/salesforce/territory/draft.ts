import { PARENTED } from '../objects-territory';
import type { Scalar } from '../schema';
import type { Dice } from './dice';
import type { Home } from './homes';
import type { Tree } from './trees';

/** An account that isn't in the org yet, by field. */
export interface AccountDraft {
  readonly id: string;
  readonly home: Home;
  readonly values: Record<string, Scalar>;
}

const FIRST = [
  'Alder',
  'Birch',
  'Cedar',
  'Delta',
  'Ember',
  'Fjord',
  'Grove',
  'Harbor',
  'Ivory',
  'Juniper',
  'Kestrel',
  'Larch',
];
const SECOND = [
  'Analytics',
  'Bank',
  'Components',
  'Energy',
  'Foods',
  'Health',
  'Logistics',
  'Media',
  'Robotics',
  'Systems',
];
const FORMS = ['Inc', 'Ltd', 'GmbH', 'SA', 'KK', 'Pty'];
const INDUSTRIES = ['Banking', 'Education', 'Energy', 'Healthcare', 'Manufacturing', 'Retail', 'Technology'];
/** Spellings that sources use of a country; of all others the English name and the code. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  US: ['United States', 'USA', 'US', 'United States of America', 'united states'],
  GB: ['United Kingdom', 'UK', 'GB', 'Great Britain'],
  DE: ['Germany', 'Deutschland', 'DE', 'Allemagne'],
  JP: ['Japan', 'JP', '日本'],
  FR: ['France', 'FR', 'Frankreich'],
};
const ENGLISH = new Intl.DisplayNames('en', { type: 'region' });

/** The accounts of a family: sized and placed as its home wants, told by sources that know more or less of it. */
export function draftFamily(
  tree: Tree,
  ids: readonly string[],
  home: Home,
  dice: Dice,
): readonly AccountDraft[] {
  const family = `${dice.pick(FIRST)} ${dice.pick(SECOND)}`;
  const most = dice.magnitude(home.from, home.to);
  const largest = dice.between(0, tree.length - 1);
  const industry = dice.pick(INDUSTRIES);
  return tree.map((above, at) => {
    const employees = at === largest ? most : dice.between(1, Math.max(1, Math.floor(most / 3)));
    const id = ids[at] ?? '';
    const isCustomer = dice.chance(0.4);
    const values: Record<string, Scalar> = {
      Name: `${family} ${dice.pick(FORMS)} ${id.slice(8, 15)}`,
      ParentId: above === null ? null : (ids[above] ?? null),
      Parent_Relation__c: above === null || dice.chance(0.7) ? null : dice.pick(PARENTED),
      Website: `https://${family.toLowerCase().replace(' ', '-')}.example`,
      Type: isCustomer ? 'Customer' : 'Prospect',
      CARR__c: isCustomer ? dice.magnitude(500, 400_000) : null,
      Industry: dice.chance(0.8) ? industry : dice.pick(INDUSTRIES),
      OwnerId: home.ownerId,
      Account_Territory__c: home.territory,
      Ultimate_Parent_Sales_Segment_Employees__c: home.segment,
      Max_Family_Employees__c: most,
      ZoomInfo_Employees__c: String(employees),
      ...sourcesOf(home, employees, dice),
    };
    return { id, home, values };
  });
}

function sourcesOf(home: Home, employees: number, dice: Dice): Record<string, Scalar> {
  const values: Record<string, Scalar> = addressFields('ZoomInfo', home, dice);
  if (dice.chance(0.3))
    Object.assign(
      values,
      { DataFox_Employees__c: String(Math.ceil(employees * 1.1)) },
      addressFields('DataFox', home, dice),
    );
  const [street, city, state, code, country] = Object.values(addressFields('', home, dice));
  for (const kind of ['Billing', 'Shipping'])
    if (dice.chance(kind === 'Billing' ? 0.9 : 0.4))
      Object.assign(values, {
        [`${kind}Street`]: street,
        [`${kind}City`]: city,
        [`${kind}State`]: state,
        [`${kind}PostalCode`]: code,
        [`${kind}Country`]: country,
      });
  return values;
}

export function addressFields(prefix: string, home: Home, dice: Dice): Record<string, Scalar> {
  return {
    [`${prefix}_Street__c`]: `${dice.between(1, 300)} Main Street`,
    [`${prefix}_City__c`]: `${home.state ?? home.country} City`,
    [`${prefix}_State__c`]: home.state,
    [`${prefix}_Post_Code__c`]: home.postCode === '' ? null : home.postCode.padEnd(5, '0'),
    [`${prefix}_Country__c`]: dice.pick(
      SPELLINGS[home.country] ?? [ENGLISH.of(home.country) ?? home.country, home.country],
    ),
  };
}
