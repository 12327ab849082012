/** The mapping file of territories: what each matches, and whose it is. One source for routing; tables of CSV that Sales Ops edits. */

/**
 * The segment of tables for the public sector: "a flag, not a size; follows its own rules". A family whose ultimate parent is public
 * sector is placed by these rows, whatever its size; its owner is given by hand ("manual assignment, never auto-moved").
 */
export const PUBLIC_SECTOR = 'PubSec';

/** Who works a territory, as the table says it. */
export interface TableOwner {
  /** The person's name as the table writes it; null: to be hired. */
  readonly name: string | null;
  /** Who covers until somebody is hired. */
  readonly cover: string | null;
}

/** As the table writes it: `TBH / <cover>` while somebody is to be hired. */
export const ownerText = ({ name, cover }: TableOwner): string => name ?? `TBH / ${cover ?? ''}`;

/** What of an account's family a row matches; null: any. The more of it is said, the more specific. */
export interface Place {
  readonly segment: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly state: string | null;
  /** Post codes in normal form (upper case, no spaces): a prefix, or from one to another of equal length, both included. */
  readonly postCodes: { readonly prefix: string } | { readonly from: string; readonly to: string } | null;
  readonly industry: string | null;
  /** The ultimate parent's id: a named account of this territory. */
  readonly accountId: string | null;
}

export interface TerritoryRow {
  readonly file: string;
  readonly line: number;
  readonly territory: string;
  readonly region: string;
  readonly subRegion: string;
  readonly area: string;
  readonly owner: TableOwner;
  readonly place: Place;
}

/** A territory's people as the CRM knows them on the day of the plan. */
export interface TerritoryPeople {
  readonly territory: string;
  /** Salesforce ids; null: nobody, or nobody who can be found. */
  readonly ownerId: string | null;
  readonly ownerIsActive: boolean;
  readonly isToBeHired: boolean;
  readonly coverId: string | null;
}
