import {
  step,
  type AccessOutcome,
  type AccessWay,
  type Account,
  type Connector,
  type GrantItem,
  type SeatCounter,
} from '../connector';
import { deactivateSeats, seatUsers } from './idle';
import { grantLicences, revokeLicences } from './licences';
import { Org, textOf } from './org';
import { seatHolders, seatsOf } from './seats';
import type { SalesforceSettings } from './session';
import { deactivateUsers, grantUsers, usersOf } from './users';

export type { SalesforceSettings } from './session';

/** Users, permission-set licences and package licences of one org. Users come first: the rest hangs on them. */
export class Salesforce implements Connector {
  readonly #org: Org;
  readonly seats: SeatCounter;
  constructor(settings: SalesforceSettings) {
    const org = new Org(settings);
    this.#org = org;
    this.seats = {
      count: (licences) => seatsOf(org, licences),
      holders: (items) => seatHolders(org, items),
      users: () => seatUsers(org),
      deactivate: (ids) => deactivateSeats(org, ids),
    };
  }

  async find(_way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    const rows = await this.#org.queryIn(
      'SELECT Id, Username, Email, IsActive, LastLoginDate, Profile.Name FROM User',
      'Email',
      emails,
    );
    return rows.map((row) => ({
      system: 'salesforce',
      email: textOf(row, 'Email'),
      id: textOf(row, 'Id'),
      state: row['IsActive'] === true ? 'active' : 'inactive',
      role: textOf(row['Profile'] as Record<string, unknown> | undefined, 'Name'),
      ...(typeof row['LastLoginDate'] === 'string' ? { lastLogin: row['LastLoginDate'] } : {}),
    }));
  }

  async grant(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map(await grantUsers(this.#org, of(batch, 'salesforce-user')));
    const without = new Set(
      of(batch, 'salesforce-user')
        .filter((item) => !isThere(outcomes.get(item.id)))
        .map((item) => item.person.employeeId),
    );
    // Whose user did not come about is not asked for: the licence is tried once the user is there.
    const rest = [...of(batch, 'salesforce-psl'), ...of(batch, 'salesforce-package')].filter(
      (item) => !without.has(item.person.employeeId),
    );
    await step(rest, outcomes, async (asked) => {
      const users = await usersOf(
        this.#org,
        asked.map((item) => item.person),
      );
      for (const [id, outcome] of await grantLicences(this.#org, asked, users)) outcomes.set(id, outcome);
    });
    return outcomes;
  }

  async revoke(batch: readonly GrantItem[]): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    await step(batch, outcomes, async () => {
      const users = await usersOf(
        this.#org,
        batch.map((item) => item.person),
      );
      const licences = [...of(batch, 'salesforce-psl'), ...of(batch, 'salesforce-package')];
      for (const [id, outcome] of await revokeLicences(this.#org, licences, users)) outcomes.set(id, outcome);
      const people = of(batch, 'salesforce-user');
      for (const [id, outcome] of await deactivateUsers(this.#org, people, users)) outcomes.set(id, outcome);
    });
    return outcomes;
  }
}

const isThere = (outcome: AccessOutcome | undefined): boolean =>
  outcome?.kind === 'granted' || outcome?.kind === 'already';

const of = (batch: readonly GrantItem[], kind: AccessWay['kind']): readonly GrantItem[] =>
  batch.filter((item) => item.access.way.kind === kind);
