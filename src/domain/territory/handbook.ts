import type { TerritoryFields } from './fields';
import type { TerritoryRules } from './rules';
import type { TerritoryRow } from './table';

/** What `config/territory/` says, checked. */
export interface TerritoryHandbook {
  /** Oldest first. */
  readonly rules: readonly TerritoryRules[];
  readonly fields: TerritoryFields;
  /** Of all tables, by file and line. A line that names several places is as many rows. */
  readonly rows: readonly TerritoryRow[];
}

/** The rules that hold on a day; undefined before the first of them. */
export const rulesOn = (versions: readonly TerritoryRules[], day: string): TerritoryRules | undefined =>
  versions.findLast(({ effectiveFrom }) => effectiveFrom <= day);

/** The rules that a run was planned by; where that version is gone, those of its day, or else the oldest. */
export const rulesOfRun = (
  versions: readonly TerritoryRules[],
  { id, rulesVersion }: { readonly id: string; readonly rulesVersion: string },
): TerritoryRules | undefined =>
  versions.find(({ effectiveFrom }) => effectiveFrom === rulesVersion) ??
  rulesOn(versions, id.slice(0, 10)) ??
  versions[0];
