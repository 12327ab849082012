import {
  step,
  type AccessOutcome,
  type AccessWay,
  type Account,
  type Begin,
  type Connector,
  type GrantItem,
  type SeatCounter,
} from '../connector';
import type { BookKeeper, LeaverAccess } from '../leavers';
import type { OwnerFinder } from '../owners';
import type { OverdueKeeper } from '../overdue';
import type { PeriodKeeper } from '../periods';
import type { TerritoryKeeper } from '../territories';
import { BookingReader } from './bookings';
import { BookingSearch } from './booking-search';
import { bookKeeper } from './books';
import { BulkIngest } from './bulk-ingest';
import { BulkQueries } from './bulk-query';
import { deactivateSeats, seatUsers } from './idle';
import { grantLicences, revokeLicences } from './licences';
import { leaverAccess } from './leavers';
import { seatHolders, seatsOf } from './seats';
import { Org } from './org';
import { ownerFinder } from './owners';
import { overdueKeeper } from './overdue';
import { periodKeeper } from './period-lock';
import { holdersOf, licenceNameOf } from './pools';
import type { SalesforceSettings } from './session';
import type { AccountReviewKeeper } from '../account-reviews';
import { accountReviewKeeper } from './account-reviews';
import { TerritoryAccounts } from './territory-accounts';
import { TerritoryStaging } from './territory-staging';
import { TerritoryTransfers } from './territory-transfers';
import { textOf, type Row } from './soql';
import { territoryKeeper } from './territory-people';
import { usersOf } from './user-look';
import { deactivateUsers, grantUsers } from './users';

export type { SalesforceSettings } from './session';

/** Users, permission-set licences and package licences of one org. Users come first: the rest hangs on them. */
export class Salesforce implements Connector {
  readonly #org: Org;
  readonly seats: SeatCounter;
  readonly leavers: LeaverAccess;
  readonly books: BookKeeper;
  readonly periods: PeriodKeeper;
  readonly overdue: OverdueKeeper;
  readonly bookings: BookingReader;
  readonly bookingSearch: BookingSearch;
  readonly owners: OwnerFinder;
  readonly territories: TerritoryKeeper;
  readonly accountReviews: AccountReviewKeeper;
  readonly territoryAccounts: TerritoryAccounts;
  readonly territoryStaging: TerritoryStaging;
  readonly territoryTransfers: TerritoryTransfers;
  constructor(settings: SalesforceSettings) {
    const org = new Org(settings);
    this.#org = org;
    this.seats = {
      count: (licences) => seatsOf(org, licences),
      holders: (items) => seatHolders(org, items),
      users: () => seatUsers(org),
      deactivate: (ids) => deactivateSeats(org, ids),
    };
    this.leavers = leaverAccess(org);
    this.books = bookKeeper(org);
    this.periods = periodKeeper(org);
    this.owners = ownerFinder(org);
    this.territories = territoryKeeper(org);
    this.overdue = overdueKeeper(org);
    const bulk = new BulkQueries(settings);
    this.bookings = new BookingReader(bulk);
    this.territoryAccounts = new TerritoryAccounts(bulk, org);
    this.territoryTransfers = new TerritoryTransfers(org);
    this.accountReviews = accountReviewKeeper(org);
    this.territoryStaging = new TerritoryStaging(new BulkIngest(settings), org);
    this.bookingSearch = new BookingSearch(org);
  }

  /** Users; of a licence's way those who hold it. */
  async find(way: AccessWay, emails: readonly string[]): Promise<readonly Account[]> {
    const rows = await this.#org.queryIn(
      'SELECT Id, Username, Email, IsActive, LastLoginDate, Profile.Name, UserRole.Name FROM User',
      'Email',
      emails,
    );
    if (way.kind === 'salesforce-user') return rows.map((row) => accountOf(row));
    const holders = await holdersOf(
      this.#org,
      way,
      rows.map((row) => textOf(row, 'Id')),
    );
    return rows
      .filter((row) => holders.has(textOf(row, 'Id')))
      .map((row) => ({ ...accountOf(row), licence: licenceNameOf(way) }));
  }

  async emailsOf(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#org.queryIn('SELECT Id, Email FROM User', 'IsActive = true AND Id', userIds);
    return new Map(rows.map((row) => [textOf(row, 'Id'), textOf(row, 'Email')]));
  }

  async grant(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    const people = of(batch, 'salesforce-user');
    const granted = await grantUsers(this.#org, people, begin);
    const outcomes = new Map(granted.outcomes);
    const without = new Set(
      people.filter((item) => !isThere(outcomes.get(item.id))).map((item) => item.person.employeeId),
    );
    // Whose user did not come about is not asked for: the licence is tried once the user is there.
    const rest = [...of(batch, 'salesforce-psl'), ...of(batch, 'salesforce-package')].filter(
      (item) => !without.has(item.person.employeeId),
    );
    await step(rest, outcomes, async (asked) => {
      const unknown = asked
        .map(({ person }) => person)
        .filter(({ employeeId }) => !granted.users.has(employeeId));
      const users = new Map([...granted.users, ...(await usersOf(this.#org, unknown))]);
      const holders = { users, made: granted.made };
      for (const [id, outcome] of await grantLicences(this.#org, asked, holders, begin))
        outcomes.set(id, outcome);
    });
    return outcomes;
  }

  async revoke(batch: readonly GrantItem[], begin: Begin): Promise<ReadonlyMap<string, AccessOutcome>> {
    const outcomes = new Map<string, AccessOutcome>();
    await step(batch, outcomes, async () => {
      const users = await usersOf(
        this.#org,
        batch.map((item) => item.person),
      );
      const licences = [...of(batch, 'salesforce-psl'), ...of(batch, 'salesforce-package')];
      for (const [id, outcome] of await revokeLicences(this.#org, licences, users, begin))
        outcomes.set(id, outcome);
      const people = of(batch, 'salesforce-user');
      for (const [id, outcome] of await deactivateUsers(this.#org, people, users, begin))
        outcomes.set(id, outcome);
    });
    return outcomes;
  }
}

function accountOf(row: Row): Account {
  const [profile, role] = [nameIn(row, 'Profile'), nameIn(row, 'UserRole')];
  return {
    system: 'salesforce',
    email: textOf(row, 'Email'),
    id: textOf(row, 'Id'),
    state: row['IsActive'] === true ? 'active' : 'inactive',
    ...(profile ? { profile } : {}),
    ...(role ? { role } : {}),
    ...(typeof row['LastLoginDate'] === 'string' ? { lastLogin: row['LastLoginDate'] } : {}),
  };
}

const nameIn = (row: Row, field: string): string => textOf(row[field] as Row | undefined, 'Name');

const isThere = (outcome: AccessOutcome | undefined): boolean =>
  outcome?.kind === 'granted' || outcome?.kind === 'already';

const of = (batch: readonly GrantItem[], kind: AccessWay['kind']): readonly GrantItem[] =>
  batch.filter((item) => item.access.way.kind === kind);
