import type { Handbook } from '../../domain/handbook';
import type { Org } from './org';
import type { ObjectSource } from './schema';
import { sameText } from './values';

/** Territories' own records, as `config/territory/fields.yml` names them. */
export const TERRITORY_OBJECTS: readonly ObjectSource[] = [
  {
    name: 'Territory__c',
    label: 'Territory',
    keyPrefix: 'a0T',
    can: ['create', 'update', 'delete'],
    fields: [
      ['Name', 'string', { length: 80, required: true }],
      ['OwnerId', 'reference', { to: ['User'] }],
      ['To_Be_Hired__c', 'boolean', { initially: false, label: 'To Be Hired' }],
    ],
  },
];

/** The org as the tables say it: a record for each territory that isn't there yet. */
export function seedTerritories(org: Org, handbook: Handbook): void {
  const known = new Set(org.rows('Territory__c').map((row) => row['Name']));
  for (const { name, owner, cover } of handbook.territories) {
    if (known.has(name)) continue;
    const user = org.find('User', (row) => sameText(row['Username'], owner ?? cover));
    org.add('Territory__c', { Name: name, OwnerId: user?.Id ?? null, To_Be_Hired__c: owner === null }, null);
  }
}
