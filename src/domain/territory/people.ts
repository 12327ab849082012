import { driftOf, holderOf, type Drift, type Holder, type Holders } from './order';
import type { TableOwner, TerritoryPeople, TerritoryRow } from './table';

/** A user of the org, as far as territories name them. */
export interface OrgUser {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly isActive: boolean;
}

/** A territory's own record in the org. */
export interface OrgTerritory {
  readonly name: string;
  readonly ownerId: string | null;
  /** Its owner only covers. */
  readonly isToBeHired: boolean;
}

export interface PeopleSources {
  readonly rows: readonly TerritoryRow[];
  /** Addresses in lower case, by the name that tables use. */
  readonly emails: ReadonlyMap<string, string>;
  readonly users: readonly OrgUser[];
  /** Null: the org keeps no records of territories, so the tables alone say it. */
  readonly territories: readonly OrgTerritory[] | null;
  /** What the router was given last; null: it isn't known. */
  readonly router: Holders | null;
}

/** Names in the tables, owners and who covers, each once: their users are to be read. */
export const namesIn = (rows: readonly TerritoryRow[]): readonly string[] => [
  ...new Set(rows.flatMap(({ owner: { name, cover } }) => [name, cover].filter((one) => one !== null))),
];

/** Who works each territory as the tables say it, by the users of the org. */
function tableHolders({ rows, emails, users }: Omit<PeopleSources, 'territories' | 'router'>): Holders {
  // An address may be of several users, most often of one who came back: the active one is meant.
  const inOrder = [...users].sort((a, b) => Number(a.isActive) - Number(b.isActive));
  const byEmail = new Map(inOrder.map((user) => [user.email, user.id]));
  const userOf = ({ name, cover }: TableOwner): string | null =>
    byEmail.get(emails.get(name ?? cover ?? '') ?? '') ?? null;
  return new Map(
    rows.map(({ territory, owner }): [string, Holder] => [
      territory,
      holderOf(userOf(owner), owner.name === null),
    ]),
  );
}

/**
 * The people of each territory on the day of a plan, and where Salesforce, table and router disagree. Where the table says another
 * than Salesforce, Salesforce is used: it comes first, so a table that was changed alone moves no account.
 */
export function territoryPeople(sources: PeopleSources): {
  readonly people: ReadonlyMap<string, TerritoryPeople>;
  readonly drift: readonly Drift[];
  /** As the tables say it. */
  readonly holders: Holders;
} {
  const { users, territories, router } = sources;
  const table = tableHolders(sources);
  const active = new Set(users.filter(({ isActive }) => isActive).map(({ id }) => id));
  const inOrg =
    territories && new Map(territories.map((one) => [one.name, holderOf(one.ownerId, one.isToBeHired)]));
  const people = [...table].map(([territory, holder]): [string, TerritoryPeople] => [
    territory,
    peopleOf(territory, inOrg ? (inOrg.get(territory) ?? null) : holder, active),
  ]);
  return {
    people: new Map(people),
    drift: inOrg ? driftOf(table, inOrg, router) : [],
    holders: table,
  };
}

function peopleOf(territory: string, holder: Holder, active: ReadonlySet<string>): TerritoryPeople {
  const [, tbh, id = null] = /^(TBH )?(.*)$/.exec(holder ?? '') ?? [];
  const userId = id === '' ? null : id;
  const isToBeHired = tbh !== undefined;
  const isActive = userId !== null && active.has(userId);
  return isToBeHired
    ? { territory, ownerId: null, ownerIsActive: false, isToBeHired, coverId: isActive ? userId : null }
    : { territory, ownerId: userId, ownerIsActive: isActive, isToBeHired, coverId: null };
}
