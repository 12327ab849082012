import type { Actual, Staging, TerritoryAccount } from './account';
import type { TerritoryFields } from './fields';
import { isDue } from './held';
import type { FieldReason, Held, Placement, PlanFinding } from './placement';
import { PLACED_COLUMNS } from './read-columns';
import type { Counted, RunFigures, RunSummary } from './run';

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
    readonly isExcluded: boolean;
  } | null;
}

const ADDRESS: readonly PlacedColumn[] = ['street', 'city', 'state', 'postCode', 'country'];

const valueOf = (staging: Staging, column: PlacedColumn): string | number | null => {
  switch (column) {
    case 'street':
    case 'city':
    case 'state':
    case 'postCode':
    case 'country':
      return staging.address[column];
    default:
      return staging[column];
  }
};

/** The columns in which two differ; nothing and an empty text are the same to an org. */
export const changedColumns = (from: Staging, to: Staging): readonly PlacedColumn[] =>
  PLACED_COLUMNS.filter((column) => (valueOf(from, column) ?? '') !== (valueOf(to, column) ?? ''));

/** Nobody ever staged it. */
export const isUnstaged = (staging: Staging): boolean =>
  staging.segment === null && staging.territory === null;

/** The fields of these columns, as staging wants them. */
export const stagedValues = (
  { staging }: Pick<TerritoryFields, 'staging'>,
  columns: readonly PlacedColumn[],
  to: Staging,
): Record<string, string | number | null> =>
  Object.fromEntries(columns.map((column) => [staging[column], valueOf(to, column)]));

/** Rules and where values came from, in a few words for each field: `segment: segment-bounds (Large)`. */
export const whyText = (reasons: readonly FieldReason[]): string =>
  reasons
    .map(
      ({ field, rule, from, value, lost }) =>
        `${field}: ${value ?? '-'} by ${rule}${from === null ? '' : ` from ${from}`}${lost.length > 0 ? `, before ${lost.map((one) => `${one.value} from ${one.from}`).join(', ')}` : ''}`,
    )
    .join('; ');

/** "Excluded on purpose": assigned by hand, never moved by itself (domain.md 5.5). */
const isExcluded = (account: TerritoryAccount): boolean =>
  account.isNamed ||
  account.isPublicSector ||
  account.isChannel ||
  account.isHoldingCompany ||
  account.overridesHierarchy ||
  account.isEmbargoed;

/** What a placement changes of its account on a day; null: nothing. */
export function changeOf(account: TerritoryAccount, placement: Placement, on: string): AccountChange | null {
  const due = isDue(account, on);
  if (!due && changedColumns(account.staging, placement.staging).length === 0) return null;
  return {
    accountId: account.id,
    changedAt: account.changedAt,
    from: account.staging,
    to: placement.staging,
    carrCents: account.carrCents,
    why: whyText(placement.reasons),
    transfer: due ? { actual: account.actual, held: placement.held, isExcluded: isExcluded(account) } : null,
  };
}

/** What a plan comes to, in numbers and by group, as accounts are looked at one after the other. */
export class RunTally {
  #accounts = 0;
  #added = 0;
  #changed = 0;
  #carrCents = 0;
  #moves = 0;
  #held = 0;
  #due = 0;
  readonly #fields = new Map<string, Counted>();
  readonly #reasons = new Map<string, Counted>();
  readonly #territories = new Map<string, Counted>();
  readonly #heldBy = new Map<string, Counted>();

  take(account: TerritoryAccount, placement: Placement, change: AccountChange | null): void {
    const { carrCents } = account;
    this.#accounts += 1;
    if (placement.moves) this.#moves += 1;
    if (placement.held.length > 0) this.#held += 1;
    for (const why of placement.held.slice(0, 1)) count(this.#heldBy, why, carrCents);
    if (change?.transfer?.held.length === 0) this.#due += 1;
    const columns = change ? changedColumns(change.from, change.to) : [];
    if (columns.length === 0) return;
    this.#carrCents += carrCents;
    if (isUnstaged(account.staging)) this.#added += 1;
    else this.#changed += 1;
    const fields = fieldsOf(columns);
    for (const field of fields) count(this.#fields, field, carrCents);
    const rules = new Set(
      placement.reasons.filter(({ field }) => fields.has(REASONED[field] ?? field)).map(({ rule }) => rule),
    );
    for (const rule of rules) count(this.#reasons, rule, carrCents);
    if (fields.has('territory'))
      count(this.#territories, placement.staging.territory ?? 'no territory', carrCents);
  }

  /** Of what is put back: by field and by the territory into which accounts come again. */
  putBack({ from, to, carrCents }: AccountChange): void {
    this.#changed += 1;
    this.#carrCents += carrCents;
    for (const field of fieldsOf(changedColumns(from, to))) count(this.#fields, field, carrCents);
    if (from.territory !== to.territory) count(this.#territories, to.territory ?? 'no territory', carrCents);
  }

  figures(findings: readonly PlanFinding[]): RunFigures {
    return {
      accounts: this.#accounts,
      added: this.#added,
      changed: this.#changed,
      unchanged: this.#accounts - this.#added - this.#changed,
      carrCents: this.#carrCents,
      moves: this.#moves,
      held: this.#held,
      due: this.#due,
      findings: findings.length,
    };
  }

  /** @param drifting territories that Salesforce, the tables and the router don't say the same of */
  summary(findings: readonly PlanFinding[], drifting = 0): RunSummary {
    const kinds = new Map<string, Counted>();
    for (const { kind } of findings) count(kinds, kind, 0);
    return {
      fields: sorted(this.#fields),
      reasons: sorted(this.#reasons),
      territories: sorted(this.#territories),
      held: sorted(this.#heldBy),
      findings: [
        ...sorted(kinds),
        ...(drifting > 0 ? [{ name: 'drift', accounts: drifting, carrCents: 0 }] : []),
      ],
    };
  }
}

/** An address is one field to people. */
const fieldsOf = (columns: readonly PlacedColumn[]): ReadonlySet<string> =>
  new Set(columns.map((column) => (ADDRESS.includes(column) ? 'address' : column)));

/** Reasons speak of the owner; the column is whom staging proposes. */
const REASONED: Readonly<Record<string, PlacedColumn>> = { owner: 'nextOwnerId' };

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
