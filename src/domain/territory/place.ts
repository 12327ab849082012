import type { Address } from './account';
import type { PlanFinding } from './placement';
import type { Place, TerritoryRow } from './table';
import { byCode, upper } from './texts';

/** What of a family decides on its territory, as far as the table asks for it: what no row names is null. */
export interface PlaceKey {
  readonly segment: string;
  readonly country: string | null;
  readonly state: string | null;
  /** No longer than the longest that the table has for this country. */
  readonly post: string | null;
  readonly industry: string | null;
}

/** The table, made ready for looking up. */
export interface TerritoryTable {
  /** In order of territory, file and line: of two that are as specific, the first wins. */
  readonly rows: readonly TerritoryRow[];
  /** Rows that name an ultimate parent, by its id. */
  readonly named: ReadonlyMap<string, readonly TerritoryRow[]>;
  /** Countries of which rows name states; `''`: rows that name a state of any. */
  readonly stateCountries: ReadonlySet<string>;
  readonly industries: ReadonlySet<string>;
  /** Signs of post codes that matter: in this country, and in any (`''`). */
  readonly postLengths: ReadonlyMap<string, number>;
}

export function territoryTable(rows: readonly TerritoryRow[]): TerritoryTable {
  const ordered = [...rows].sort(
    (a, b) => byCode(a.territory, b.territory) || byCode(a.file, b.file) || a.line - b.line,
  );
  const named = new Map<string, TerritoryRow[]>();
  const postLengths = new Map<string, number>();
  for (const row of ordered) {
    const { accountId, country, postCodes } = row.place;
    if (accountId !== null) named.set(accountId, [...(named.get(accountId) ?? []), row]);
    else if (postCodes)
      postLengths.set(country ?? '', Math.max(postLengths.get(country ?? '') ?? 0, lengthOf(postCodes)));
  }
  const places = ordered.flatMap(({ place }) => (place.accountId === null ? [place] : []));
  return {
    rows: ordered,
    named,
    postLengths,
    stateCountries: new Set(places.flatMap(({ state, country }) => (state === null ? [] : [country ?? '']))),
    industries: new Set(places.flatMap(({ industry }) => (industry === null ? [] : [industry]))),
  };
}

const lengthOf = (postCodes: NonNullable<Place['postCodes']>): number =>
  'prefix' in postCodes ? postCodes.prefix.length : postCodes.from.length;

/** A family's place, cut down to what the table asks for, so that equal places are looked up once. */
export function placeKey(
  table: TerritoryTable,
  segment: string,
  { country, state, postCode }: Address,
  industry: string | null,
): PlaceKey {
  const longest = Math.max(table.postLengths.get(country ?? '') ?? 0, table.postLengths.get('') ?? 0);
  const hasStates = table.stateCountries.has(country ?? '') || table.stateCountries.has('');
  return {
    segment,
    country,
    state: state !== null && hasStates ? upper(state) : null,
    post: postCode !== null && longest > 0 ? postCode.slice(0, longest) : null,
    industry: industry !== null && table.industries.has(industry) ? industry : null,
  };
}

/** Whether a row is of this place; one that names an account is of that account's family alone, whatever its size and place. */
export function isOf({ place }: TerritoryRow, key: PlaceKey): boolean {
  if (place.accountId !== null || place.segment !== key.segment) return false;
  if (place.country !== null && place.country !== key.country) return false;
  if (place.state !== null && upper(place.state) !== key.state) return false;
  if (place.industry !== null && place.industry !== key.industry) return false;
  return place.postCodes === null || (key.post !== null && isIn(place.postCodes, key.post));
}

function isIn(postCodes: NonNullable<Place['postCodes']>, post: string): boolean {
  if ('prefix' in postCodes) return post.startsWith(postCodes.prefix);
  const start = post.slice(0, postCodes.from.length);
  return start.length === postCodes.from.length && postCodes.from <= start && start <= postCodes.to;
}

/**
 * How specific a row is: specific before general: the longer post code first, a prefix before a range as long, then
 * state, country, and industry.
 */
export function specificity({ place }: TerritoryRow): number {
  const { postCodes, state, country, industry } = place;
  const post = postCodes === null ? 0 : lengthOf(postCodes) * 2 + ('prefix' in postCodes ? 1 : 0);
  return post * 8 + (state === null ? 0 : 4) + (country === null ? 0 : 2) + (industry === null ? 0 : 1);
}

/** So many rows are told of: the one that won, and those that lost most closely. */
export const TOLD = 4;

/** Rows for a family, the winner first: those that name its ultimate parent, then the more specific ones. */
export function rowsFor(
  table: TerritoryTable,
  key: PlaceKey,
  ultimateParentId: string,
): readonly TerritoryRow[] {
  return [...(table.named.get(ultimateParentId) ?? []), ...rowsOfPlace(table, key)];
}

export function rowsOfPlace(table: TerritoryTable, key: PlaceKey): readonly TerritoryRow[] {
  const of = table.rows.filter((row) => isOf(row, key));
  return of.sort((a, b) => specificity(b) - specificity(a)); // a stable sort: those as specific keep the table's order
}

export const rowName = ({ file, line }: TerritoryRow): string => `${file}:${line}`;

/** A place in a line, for a finding. */
export const keyText = ({ segment, country, state, post, industry }: PlaceKey): string =>
  [segment, country, state, post, industry].filter((part) => part !== null).join(' ');

/** Nobody's place, or two rows that claim it with the same right: then the first by name of the territory is used, and it is said. */
export function placeFindings(rows: readonly TerritoryRow[], key: PlaceKey): readonly PlanFinding[] {
  const [first] = rows;
  if (!first) return [{ kind: 'no-row', accountId: null, what: keyText(key) }];
  const rank = (row: TerritoryRow): number => (row.place.accountId === null ? specificity(row) : Infinity);
  const rival = rows.find((row) => row.territory !== first.territory && rank(row) === rank(first));
  if (!rival) return [];
  return [{ kind: 'overlap', accountId: null, what: `${rowName(first)} ${rowName(rival)}` }];
}
