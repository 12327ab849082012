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
