import type { Address } from './account';
import { keyText, placeFindings, placeKey, rowsFor, territoryTable } from './place';
import type { TerritoryRow } from './table';

/** Accounts of one family's place, as they were found last. */
export interface PlacedAccounts {
  readonly ultimateParentId: string;
  readonly segment: string;
  readonly address: Pick<Address, 'country' | 'state' | 'postCode'>;
  readonly industry: string | null;
  readonly accounts: number;
  readonly carrCents: number;
  /** Of their open opportunities. */
  readonly pipelineCents: number;
}

/** A place with accounts that no row matches, or that two claim with the same right. */
export interface Gap {
  /** `Large DE 80331`; of an overlap the lines. */
  readonly place: string;
  readonly kind: 'no-row' | 'overlap';
  readonly accounts: number;
  readonly carrCents: number;
}

/** Where the tables leave accounts without a territory, or leave open which: the most accounts first. */
export function gapsOf(rows: readonly TerritoryRow[], placed: Iterable<PlacedAccounts>): readonly Gap[] {
  const table = territoryTable(rows);
  const gaps = new Map<string, Gap>();
  for (const { ultimateParentId, segment, address, industry, accounts, carrCents } of placed) {
    const key = placeKey(table, segment, { street: null, city: null, ...address }, industry);
    for (const { kind, what } of placeFindings(rowsFor(table, key, ultimateParentId), key)) {
      if (kind !== 'no-row' && kind !== 'overlap') continue;
      // By what can be written in a row: a post code of its own would make a gap of every street.
      const place = kind === 'no-row' ? keyText({ ...key, post: null }) : what;
      const gap = gaps.get(`${kind} ${place}`) ?? { place, kind, accounts: 0, carrCents: 0 };
      gaps.set(`${kind} ${place}`, {
        ...gap,
        accounts: gap.accounts + accounts,
        carrCents: gap.carrCents + carrCents,
      });
    }
  }
  return [...gaps.values()].sort((a, b) => b.accounts - a.accounts || (a.place < b.place ? -1 : 1));
}
