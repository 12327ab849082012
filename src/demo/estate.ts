import { soql } from '../domain/escape';
import { textAt, type Accounts } from './accounts';

/** What Salesforce itself shows of somebody who leaves: their user, and what it owns. */
export interface EstateSeen {
  readonly active: boolean;
  readonly frozen: boolean;
  readonly accounts: number;
  readonly leads: number;
  readonly open: number;
  readonly closed: number;
}

/** Null where there is no user with this address, or more than one. */
export async function estateOf(accounts: Accounts, email: string): Promise<EstateSeen | null> {
  const [user, another] = await accounts.rows(`SELECT Id, IsActive FROM User WHERE Email = ${soql(email)}`);
  if (!user || another) return null;
  const id = soql(textAt(user, 'Id'));
  const owned = (object: string, more = ''): Promise<number> =>
    accounts.count(`SELECT COUNT() FROM ${object} WHERE OwnerId = ${id}${more}`);
  const [logins, ofAccounts, leads, open, closed] = await Promise.all([
    accounts.rows(`SELECT IsFrozen FROM UserLogin WHERE UserId = ${id}`),
    owned('Account'),
    owned('Lead'),
    owned('Opportunity', ' AND IsClosed = false'),
    owned('Opportunity', ' AND IsClosed = true'),
  ]);
  return {
    active: Reflect.get(user, 'IsActive') === true,
    frozen: logins.length > 0 && logins.every((login) => Reflect.get(login, 'IsFrozen') === true),
    accounts: ofAccounts,
    leads,
    open,
    closed,
  };
}
