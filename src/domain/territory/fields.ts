import type { Address } from './account';

/** Columns of territory planning, whose fields `fields.yml` names. Written there as all of `config/` is: `parent_id`. */

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

export const ADDRESS_COLUMNS = [
  'street',
  'city',
  'state',
  'postCode',
  'country',
] as const satisfies readonly (keyof Address)[];

export const STAGING_COLUMNS = [
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
  'updatedAt',
  'transferDate',
  'reasons',
] as const;

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

/** Of an opportunity: what a holdover asks of it, and until when it is held. */
export const OPPORTUNITY_COLUMNS = ['netArr', 'holdoverUntil'] as const;

/** Of a territory's own record: first in the order of a change. */
export const TERRITORY_COLUMNS = ['name', 'ownerId', 'isToBeHired'] as const;

/** Names of Salesforce fields, by column. */
export type FieldsOf<C extends readonly string[]> = Readonly<Record<C[number], string>>;

/** Fields of one source; null: it knows no employees, or no address. */
export interface SourceFields {
  readonly employees: string | null;
  readonly address: FieldsOf<typeof ADDRESS_COLUMNS> | null;
}

/** Where Salesforce keeps what territory planning reads and writes: `config/territory/fields.yml`. */
export interface TerritoryFields {
  readonly account: FieldsOf<typeof ACCOUNT_COLUMNS>;
  /** By the name of the source. */
  readonly sources: Readonly<Record<string, SourceFields>>;
  /** Written by a plan. */
  readonly staging: FieldsOf<typeof STAGING_COLUMNS>;
  /** Written by a transfer. */
  readonly actual: FieldsOf<typeof ACTUAL_COLUMNS>;
  /** Filled by people who ask, and by the answer. */
  readonly review: FieldsOf<typeof REVIEW_COLUMNS>;
  readonly opportunity: FieldsOf<typeof OPPORTUNITY_COLUMNS>;
  /** Absent: the org keeps no records of territories. */
  readonly territory?: {
    readonly object: string;
    readonly fields: FieldsOf<typeof TERRITORY_COLUMNS>;
  };
}
