import type { Staging } from './account';

/** Why an account stays with its owner although staging says another. In this order: the first that holds is said first. */
export const HELD = [
  'cycle',
  'embargo',
  'named',
  'public-sector',
  'channel',
  'holding-company',
  'hierarchy-override',
  'holdover',
  'protected',
  'request-pending',
  'no-territory',
  'to-be-hired',
  'owner-inactive',
  'window-closed',
] as const;
export type Held = (typeof HELD)[number];

/** Why a field is as it is: the rule, what went in, and what lost against it. */
export interface FieldReason {
  /** `employees`, `maxFamilyEmployees`, `segment`, `address`, `territory`, `owner`. */
  readonly field: string;
  /** Name of the rule: `first-source`, `family-maximum`, `segment-bounds`, `unknown-as-smb`, `ultimate-parent`, `own-family`, … */
  readonly rule: string;
  /** Where the value came from: a source, an account's id, or a table's `file:line`. */
  readonly from: string | null;
  readonly value: string | null;
  readonly lost: readonly { readonly from: string; readonly value: string }[];
}

/** What a plan says of one account. */
export interface Placement {
  readonly accountId: string;
  readonly ultimateParentId: string;
  /** Version of the rules: the day from which they hold. */
  readonly version: string;
  readonly staging: Staging;
  readonly reasons: readonly FieldReason[];
  /** Whether its owner would change, and may: all that hold, in the order of `HELD`. */
  readonly held: readonly Held[];
  /** Owner now and proposed differ, and nothing holds it. */
  readonly moves: boolean;
}

/** Something wrong with what was read: it is named, and nothing is guessed from it. */
export interface PlanFinding {
  readonly kind:
    | 'cycle'
    | 'missing-parent'
    | 'employees-unreadable'
    | 'employees-too-many'
    | 'country-unknown'
    | 'twice'
    | 'no-row'
    | 'overlap'
    | 'owner-unknown'
    | 'owner-inactive'
    | 'without-owner';
  readonly accountId: string | null;
  /** The value, or members of a cycle; never a name or address of a person. */
  readonly what: string;
}
