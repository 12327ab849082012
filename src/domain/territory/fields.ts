/** Where the org keeps what territory planning reads and writes: which columns there are, and which field each is. */

/** Of an account itself. */
export const ACCOUNT_COLUMNS = [
  'name',
  'parentId',
  'relation',
  'isHoldingCompany',
  'isNamed',
  'isPublicSector',
  'isChannel',
  'overridesHierarchy',
  'isEmbargoed',
  'industry',
  'type',
  'carr',
  'openPipeline',
  'openOpportunities',
  'lastActivity',
  'hasAccountPlan',
  'manualUntil',
  'holdoverUntil',
  'confirmedSegment',
  'confirmedOn',
  'overrideStatus',
  'effectiveDate',
  'changedAt',
] as const;
export const ADDRESS_COLUMNS = ['street', 'city', 'state', 'postCode', 'country'] as const;
/** What a plan decides. */
export const PLACED_COLUMNS = [
  'segment',
  'employees',
  'maxFamilyEmployees',
  ...ADDRESS_COLUMNS,
  'geoStory',
  'territory',
  'region',
  'subRegion',
  'area',
  'nextOwnerId',
] as const;
/** What a plan writes: what it decided, when and why. */
export const STAGING_COLUMNS = [...PLACED_COLUMNS, 'updatedAt', 'transferDate', 'reasons'] as const;
export const ACTUAL_COLUMNS = ['ownerId', 'segment', 'territory', 'maxFamilyEmployees'] as const;
export const REVIEW_COLUMNS = [
  'employees',
  'employeesSource',
  ...ADDRESS_COLUMNS,
  'addressSource',
  'requestedOwnerId',
  'ownerEvidence',
  'requestedBy',
  'requestedAt',
  'status',
  'rationale',
  'effectiveDate',
  'reassignmentStatus',
] as const;

export type AddressColumn = (typeof ADDRESS_COLUMNS)[number];
export type StagingColumn = (typeof STAGING_COLUMNS)[number];
export type ActualColumn = (typeof ACTUAL_COLUMNS)[number];
export type ReviewColumn = (typeof REVIEW_COLUMNS)[number];

/** What a source of data is asked for; null where it doesn't know it. */
export interface SourceFields {
  readonly employees: string | null;
  readonly address: Readonly<Record<AddressColumn, string>> | null;
}

/** The fields of the org, by their names in SOQL (`config/territory/fields.yml`). */
export interface TerritoryFields {
  readonly account: Readonly<Record<(typeof ACCOUNT_COLUMNS)[number], string>>;
  /** By the name of the source. */
  readonly sources: Readonly<Record<string, SourceFields>>;
  readonly staging: Readonly<Record<StagingColumn, string>>;
  readonly actual: Readonly<Record<ActualColumn, string>>;
  readonly review: Readonly<Record<ReviewColumn, string>>;
}

/** A column of what is read of an account: its name in tables (`staging_post_code`), and the field. */
export interface ReadColumn {
  readonly name: string;
  readonly field: string;
}

/**
 * The columns of an account in the order in which they are read, whichever way: the id, the account's own, those of each source
 * (`zoominfo_post_code`), `staging_…` and `actual_…`.
 */
export function readColumns(fields: TerritoryFields): readonly ReadColumn[] {
  const own = ACCOUNT_COLUMNS.map((column) => ({ name: written(column), field: fields.account[column] }));
  const ofSources = Object.entries(fields.sources).flatMap(([source, { employees, address }]) => [
    ...(employees === null ? [] : [{ name: sourceColumn(source, 'employees'), field: employees }]),
    ...(address === null
      ? []
      : ADDRESS_COLUMNS.map((part) => ({ name: sourceColumn(source, part), field: address[part] }))),
  ]);
  const staging = PLACED_COLUMNS.map((column) => ({
    name: `staging_${written(column)}`,
    field: fields.staging[column],
  }));
  const actual = ACTUAL_COLUMNS.map((column) => ({
    name: `actual_${written(column)}`,
    field: fields.actual[column],
  }));
  return [{ name: 'id', field: 'Id' }, ...own, ...ofSources, ...staging, ...actual];
}

/** `manual-admin` and `postCode`: `manual_admin_post_code`. */
export const sourceColumn = (source: string, column: string): string =>
  `${source.replace(/-/g, '_')}_${written(column)}`;

/** Columns are written in tables as in all of `config/`: `post_code`. */
const written = (column: string): string => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
