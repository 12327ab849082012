import { sourceColumn } from '../read-columns';
import type { TerritoryRules } from '../rules';
import { day, name } from './words';

export const ADDRESS_PARTS = ['street', 'city', 'state', 'post_code', 'country'] as const;
export type AddressPart = (typeof ADDRESS_PARTS)[number];

/** Expressions over a row of `account`, called `a` where nothing else is said: what it says of itself, by precedence of the sources. */
export class OwnSql {
  constructor(
    private readonly rules: TerritoryRules,
    private readonly on: string,
    private readonly alias = 'a',
  ) {}

  /** The source says something, and it still counts (`counts` of `../employees.ts`). */
  #stands(source: string, part: string): string {
    const has = `${this.alias}.${name(sourceColumn(source, part))} IS NOT NULL`;
    if (source !== this.rules.manualSource) return has;
    return `${has} AND (${this.alias}.manual_until IS NULL OR ${this.alias}.manual_until >= ${day(this.on)})`;
  }

  /** Which source of the precedence is the first that has this part, from 1; null: none. */
  #firstAt(sources: readonly string[], part: string): string {
    const cases = sources.map((source, at) => `WHEN ${this.#stands(source, part)} THEN ${at + 1}`);
    return cases.length === 0 ? 'NULL::TINYINT' : `CAST(CASE ${cases.join(' ')} END AS TINYINT)`;
  }

  employeesAt(): string {
    return this.#firstAt(this.rules.precedence.employees, 'employees');
  }

  /** An address counts where its country is known. */
  addressAt(): string {
    return this.#firstAt(this.rules.precedence.address, 'country');
  }

  employees(): string {
    return taken('a.employees_at', this.rules.precedence.employees, 'employees', 'INTEGER');
  }

  address(part: AddressPart): string {
    return taken('a.address_at', this.rules.precedence.address, part, 'VARCHAR');
  }

  /** Every source, with what it says where that counts. */
  standing(
    sources: readonly string[],
    part: string,
    value: (column: (part: string) => string) => string,
  ): string {
    const each = sources.map((source) => {
      const column = (one: string): string => `${this.alias}.${name(sourceColumn(source, one))}`;
      return `CASE WHEN ${this.#stands(source, part)} THEN ${value(column)} END`;
    });
    return each.length === 0 ? '[]' : `[${each.join(', ')}]`;
  }
}

/** What the chosen source says. */
function taken(at: string, sources: readonly string[], part: string, type: string): string {
  const cases = sources.map(
    (source, index) => `WHEN ${index + 1} THEN a.${name(sourceColumn(source, part))}`,
  );
  return cases.length === 0 ? `NULL::${type}` : `CASE ${at} ${cases.join(' ')} END`;
}
