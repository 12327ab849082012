import type { TerritoryKeeper, TerritoryUser } from '../territories';
import type { Org } from './org';
import { textOf, type Row } from './soql';

const USER = 'SELECT Id, Email, IsActive FROM User';

export const territoryKeeper = (org: Org): TerritoryKeeper => ({
  users: async (emails, ids) => {
    const [byEmail = [], byId = []] = await org.queriesIn([
      { select: USER, field: 'Email', values: emails },
      { select: USER, field: 'Id', values: ids },
    ]);
    const all = [...byEmail, ...byId].map(userOf);
    return [...new Map(all.map((user) => [user.id, user])).values()];
  },
  records: async ({ object, fields }) => {
    const rows = await org.query(
      `SELECT ${fields.name}, ${fields.ownerId}, ${fields.isToBeHired} FROM ${object} ORDER BY ${fields.name}`,
    );
    return rows.map((row) => ({
      name: textOf(row, fields.name),
      ownerId: textOf(row, fields.ownerId) || null,
      isToBeHired: row[fields.isToBeHired] === true,
    }));
  },
});

const userOf = (row: Row): TerritoryUser => ({
  id: textOf(row, 'Id'),
  email: textOf(row, 'Email').toLowerCase(),
  isActive: row['IsActive'] === true,
});
