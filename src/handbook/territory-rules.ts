import { z } from 'zod';
import {
  ACCOUNT_COLUMNS,
  ACTUAL_COLUMNS,
  ADDRESS_COLUMNS,
  OPPORTUNITY_COLUMNS,
  REVIEW_COLUMNS,
  STAGING_COLUMNS,
  TERRITORY_COLUMNS,
  type FieldsOf,
  type SourceFields,
  type TerritoryFields,
} from '../domain/territory/fields';
import type { TerritoryRules } from '../domain/territory/rules';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import { mapOf } from './shape-problems';
import { channels, amount, apiName, date, key, text, username, wholeNumber } from './values';

export const TERRITORY_RULES_FILE = 'territory/rules.yml';
export const TERRITORY_FIELDS_FILE = 'territory/fields.yml';

const sources = z.array(key).min(1, { error: 'is empty: nothing would ever be known' });
const quarter = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)], {
  error: 'is no quarter',
});
const rulesShape = mapOf({
  effective_from: date,
  segments: z
    .array(mapOf({ name: text, from: wholeNumber(0, 1e8), to: wholeNumber(0, 1e8).nullable() }))
    .min(1, { error: 'is empty' }),
  unknown: mapOf({ segment: text, employees: wholeNumber(-1, 1e8) }),
  most_employees: wholeNumber(1, 1e8),
  precedence: mapOf({ employees: sources, address: sources }),
  manual_source: key,
  not_parents: z.array(text).default([]),
  protects: z.boolean(),
  stale_weeks: wholeNumber(1, 520),
  windows: z.array(mapOf({ quarter, kind: z.enum(['reactive', 'proactive']) })),
  window_days: wholeNumber(1, 90),
  threshold: mapOf({
    accounts: wholeNumber(0, 1e8),
    carr: amount,
    approved_by: z.array(username).min(1, { error: 'is empty: nobody could approve' }),
    channels,
  }),
  opportunities: mapOf({
    immediate_up_to: wholeNumber(-1, 9),
    window_up_to: wholeNumber(-1, 9),
    holdover_days: wholeNumber(0, 365),
  }),
});
const versionsShape = mapOf({ versions: z.array(z.unknown()).min(1, { error: 'is empty' }) });

const rulesOf = (said: z.output<typeof rulesShape>): TerritoryRules => ({
  effectiveFrom: said.effective_from,
  segments: said.segments,
  unknown: said.unknown,
  mostEmployees: said.most_employees,
  precedence: said.precedence,
  manualSource: said.manual_source,
  notParents: said.not_parents,
  protects: said.protects,
  staleWeeks: said.stale_weeks,
  windows: said.windows,
  windowDays: said.window_days,
  threshold: {
    accounts: said.threshold.accounts,
    carrCents: said.threshold.carr,
    approvedBy: said.threshold.approved_by,
    channels: said.threshold.channels,
  },
  opportunities: {
    immediateUpTo: said.opportunities.immediate_up_to,
    windowUpTo: said.opportunities.window_up_to,
    holdoverDays: said.opportunities.holdover_days,
  },
});

export interface TerritoryRulesReading {
  readonly file: ConfigFile;
  readonly versions: readonly { readonly index: number; readonly rules: TerritoryRules }[];
}

export function readTerritoryRules(dir: string, problems: Problem[]): TerritoryRulesReading | null {
  const file = ConfigFile.read(dir, TERRITORY_RULES_FILE, problems);
  const list = file?.shape(versionsShape);
  if (!file || !list) return null;
  const versions = list.versions.flatMap((_, index) => {
    const entry = file.shape(rulesShape, ['versions', index]);
    return entry ? [{ index, rules: rulesOf(entry) }] : [];
  });
  return { file, versions };
}

/** Columns are written as all of `config/` is: `parent_id`. */
const written = (column: string): string => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnsShape = (columns: readonly string[]) =>
  mapOf(Object.fromEntries(columns.map((column) => [written(column), apiName])));
const columnsOf = <C extends readonly string[]>(
  columns: C,
  said: Readonly<Record<string, string>>,
): FieldsOf<C> =>
  Object.fromEntries(columns.map((column) => [column, said[written(column)] ?? ''])) as FieldsOf<C>;

const sourceShape = mapOf({
  employees: apiName.nullable().default(null),
  address: columnsShape(ADDRESS_COLUMNS).nullable().default(null),
});
const fieldsShape = mapOf({
  account: columnsShape(ACCOUNT_COLUMNS),
  sources: z.record(key, sourceShape),
  staging: columnsShape(STAGING_COLUMNS),
  actual: columnsShape(ACTUAL_COLUMNS),
  review: columnsShape(REVIEW_COLUMNS),
  opportunity: columnsShape(OPPORTUNITY_COLUMNS),
  territory: mapOf({ object: apiName, fields: columnsShape(TERRITORY_COLUMNS) })
    .nullable()
    .default(null),
});

const sourceOf = ({ employees, address }: z.output<typeof sourceShape>): SourceFields => ({
  employees,
  address: address && columnsOf(ADDRESS_COLUMNS, address),
});

export interface TerritoryFieldsReading {
  readonly file: ConfigFile;
  readonly fields: TerritoryFields;
}

export function readTerritoryFields(dir: string, problems: Problem[]): TerritoryFieldsReading | null {
  const file = ConfigFile.read(dir, TERRITORY_FIELDS_FILE, problems);
  const said = file?.shape(fieldsShape);
  if (!file || !said) return null;
  const fields: TerritoryFields = {
    account: columnsOf(ACCOUNT_COLUMNS, said.account),
    sources: Object.fromEntries(
      Object.entries(said.sources).map(([name, source]) => [name, sourceOf(source)]),
    ),
    staging: columnsOf(STAGING_COLUMNS, said.staging),
    actual: columnsOf(ACTUAL_COLUMNS, said.actual),
    review: columnsOf(REVIEW_COLUMNS, said.review),
    opportunity: columnsOf(OPPORTUNITY_COLUMNS, said.opportunity),
    ...(said.territory
      ? {
          territory: {
            object: said.territory.object,
            fields: columnsOf(TERRITORY_COLUMNS, said.territory.fields),
          },
        }
      : {}),
  };
  return { file, fields };
}
