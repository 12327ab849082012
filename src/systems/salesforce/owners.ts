import type { OwnerFinder, RecordOwner } from '../owners';
import type { Org } from './org';
import { textOf } from './soql';

/** Ids of users begin so; of anything else (a queue, what isn't an id) Salesforce refuses the whole call. */
const USER_ID = /^005[0-9A-Za-z]{12}([0-9A-Za-z]{3})?$/;

export const ownerFinder = (org: Org): OwnerFinder => ({
  find: async (ids) => {
    const users = ids.filter((id) => USER_ID.test(id));
    if (users.length === 0) return new Map();
    const rows = await org.retrieve('User', users, ['Id', 'Email', 'IsActive']);
    return new Map(
      rows.map((row): [string, RecordOwner] => {
        const id = textOf(row, 'Id');
        return [id, { id, email: textOf(row, 'Email'), active: row['IsActive'] === true }];
      }),
    );
  },
  address: async () => `${(await org.instanceUrl()).replace(/\/+$/, '')}/`,
});
