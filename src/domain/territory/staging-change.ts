import type { Actual, Address, Staging } from './account';
import { ADDRESS_COLUMNS, type TerritoryFields } from './fields';
import type { FieldReason, Held, Placement } from './placement';
import { PLACED_COLUMNS } from './read-columns';
import type { Counted, RunSummary } from './run';

export type PlacedColumn = (typeof PLACED_COLUMNS)[number];

/** What a plan changes of an account: its staging, and whether it is transferred now. */
export interface AccountChange {
  readonly accountId: string;
  /** The org's stamp of the account as it was read. */
  readonly changedAt: string;
  readonly from: Staging;
  readonly to: Staging;
  readonly carrCents: number;
  /** Why, for the account's own field: rules and where values came from. */
  readonly why: string;
  /** Its day has come: how it stood, and what holds it all the same. Null: it stays with its owner. */
  readonly transfer: {
    readonly actual: Actual;
    readonly held: readonly Held[];
  } | null;
}

const isOfAddress = (column: PlacedColumn): column is keyof Address =>
  ADDRESS_COLUMNS.some((one) => one === column);

const valueOf = (staging: Staging, column: PlacedColumn): string | number | null =>
  isOfAddress(column) ? staging.address[column] : staging[column];

/** The columns in which two differ; nothing and an empty text are the same to an org. */
export const changedColumns = (from: Staging, to: Staging): readonly PlacedColumn[] =>
  PLACED_COLUMNS.filter((column) => (valueOf(from, column) ?? '') !== (valueOf(to, column) ?? ''));

/** The fields of these columns, as staging wants them. */
export const stagedValues = (
  { staging }: Pick<TerritoryFields, 'staging'>,
  columns: readonly PlacedColumn[],
  to: Staging,
): Record<string, string | number | null> =>
  Object.fromEntries(columns.map((column) => [staging[column], valueOf(to, column)]));

/** Rules and where values came from, in a few words for each field: `segment: segment-bounds (Large)`. */
const whyText = (reasons: readonly FieldReason[]): string =>
  reasons
    .map(
      ({ field, rule, from, value, lost }) =>
        `${field}: ${value ?? '-'} by ${rule}${from === null ? '' : ` from ${from}`}${lost.length > 0 ? `, before ${lost.map((one) => `${one.value} from ${one.from}`).join(', ')}` : ''}`,
    )
    .join('; ');

/** What a placement changes of its account, whose day has come or not; null: nothing. */
export function changeOf(
  planned: {
    readonly placement: Placement;
    readonly before: Staging;
    readonly actual: Actual;
    readonly carrCents: number;
    readonly changedAt: string;
  },
  isDue: boolean,
): AccountChange | null {
  const { placement, before: from, actual, carrCents, changedAt } = planned;
  const { accountId, staging: to, held, reasons } = placement;
  if (!isDue && changedColumns(from, to).length === 0) return null;
  const transfer = isDue ? { actual, held } : null;
  return { accountId, changedAt, from, to, carrCents, why: whyText(reasons), transfer };
}

/** What is put back, by field and by the territory into which accounts come again, as they are looked at one after the other. */
export class BackTally {
  accounts = 0;
  carrCents = 0;
  readonly #fields = new Map<string, Counted>();
  readonly #territories = new Map<string, Counted>();

  take({ from, to, carrCents }: AccountChange): void {
    this.accounts += 1;
    this.carrCents += carrCents;
    for (const field of fieldsOf(changedColumns(from, to))) count(this.#fields, field, carrCents);
    if (from.territory !== to.territory) count(this.#territories, to.territory ?? 'none', carrCents);
  }

  summary(): RunSummary {
    const [fields, territories] = [sorted(this.#fields), sorted(this.#territories)];
    return { fields, territories, reasons: [], held: [], findings: [] };
  }
}

/** An address is one field to people. */
const fieldsOf = (columns: readonly PlacedColumn[]): ReadonlySet<string> =>
  new Set(columns.map((column) => (isOfAddress(column) ? 'address' : column)));

function count(counts: Map<string, Counted>, name: string, carrCents: number): void {
  const known = counts.get(name);
  counts.set(name, {
    name,
    accounts: (known?.accounts ?? 0) + 1,
    carrCents: (known?.carrCents ?? 0) + carrCents,
  });
}

const sorted = (counts: ReadonlyMap<string, Counted>): readonly Counted[] =>
  [...counts.values()].sort((a, b) => b.accounts - a.accounts || (a.name < b.name ? -1 : 1));
