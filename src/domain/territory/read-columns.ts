import {
  ACCOUNT_COLUMNS,
  ACTUAL_COLUMNS,
  ADDRESS_COLUMNS,
  STAGING_COLUMNS,
  type TerritoryFields,
} from './fields';
import type { TerritoryRules } from './rules';

/** What a plan decides, of what it writes: the rest says when and why. */
export const PLACED_COLUMNS = STAGING_COLUMNS.filter(
  (column) => column !== 'updatedAt' && column !== 'transferDate' && column !== 'reasons',
);

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

const of = (whose: string, columns: readonly string[]): readonly string[] =>
  columns.map((column) => sourceColumn(whose, column));

/** Columns of `account` that are told of an ultimate parent. */
export const parentColumns = ({ precedence }: TerritoryRules): readonly string[] => [
  'n',
  'id',
  'manual_until',
  ...precedence.address.flatMap((source) => of(source, ADDRESS_COLUMNS)),
];

/** Columns of `account` that are told of an account. */
export const saidColumns = (rules: TerritoryRules): readonly string[] => [
  ...parentColumns(rules),
  'carr_cents',
  'changed_at',
  ...rules.precedence.employees.map((source) => sourceColumn(source, 'employees')),
  ...of('staging', PLACED_COLUMNS),
  ...of('actual', ACTUAL_COLUMNS),
];
