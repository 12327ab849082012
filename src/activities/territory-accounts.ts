import type { TerritoryAccount } from '../domain/territory/account';
import { name } from '../domain/sql-text';
import { RowTables } from '../evidence/row-tables';
import { SystemFault } from '../systems/fault';
import { accountsOfOrg, type PlanningWorld } from './territory-world';

/** All accounts by their ids; one that comes twice counts as it was read last. */
export async function readAllAccounts(world: PlanningWorld): Promise<readonly TerritoryAccount[]> {
  const org = accountsOfOrg(world);
  const tables = await RowTables.open();
  try {
    const { files, rows } = await org.accounts.all(org.fields, tables.dir);
    const taken = await tables.take('account', org.columns, files);
    // A page that was cut off, or an account that was made in between: nothing is planned by half of an org.
    if (rows !== null && taken !== rows)
      throw new SystemFault('salesforce', 'ROWS', true, 'a bulk query gave other rows than it counted');
    const found = new Map<string, TerritoryAccount>();
    for (const row of await tables.rows(
      `SELECT ${org.columns.map(name).join(', ')} FROM account ORDER BY id`,
    )) {
      const account = org.read(row);
      found.set(account.id, account);
    }
    return [...found.values()];
  } finally {
    await tables.close();
  }
}
