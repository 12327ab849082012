/**
 * A change of a territory is made in Salesforce first, then in the table, then in the router: "Salesforce → territory doc → LeanData
 * upload; editing the table alone makes routing wrong" (handbook, Rules of Engagement).
 */

/** Who works a territory, the same text wherever it is said: a user's id, after `TBH ` where they only cover. Null: nobody. */
export type Holder = string | null;
export const holderOf = (userId: string | null, isToBeHired: boolean): Holder =>
  userId === null ? null : `${isToBeHired ? 'TBH ' : ''}${userId}`;

/** By the name of the territory; a territory that isn't there isn't known there. */
export type Holders = ReadonlyMap<string, Holder>;

export const DRIFTS = {
  'table-alone': 'changed in the table alone: Salesforce comes first, and what it has is used',
  'table-behind': "changed in Salesforce, and the table doesn't say it yet",
  'router-behind': 'changed in Salesforce and in the table, and the router was not given it yet',
  apart: 'Salesforce, the table and the router each say something else',
} as const;
export type DriftKind = keyof typeof DRIFTS;

export const DRIFT_MENDS: Readonly<Record<DriftKind, string>> = {
  'table-alone': "Change the territory's record in Salesforce, or take the line back.",
  'table-behind': 'Write it into the table.',
  'router-behind': 'Upload it: daytwo territory router, then --uploaded.',
  apart: 'Agree on one, and write it in Salesforce, the table and the router, in this order.',
};

/** One territory that isn't the same everywhere. */
export interface Drift {
  readonly territory: string;
  readonly kind: DriftKind;
}

/** @param router what the router was given last; null: it isn't known */
export function driftOf(table: Holders, salesforce: Holders, router: Holders | null): readonly Drift[] {
  const names = new Set([...table.keys(), ...salesforce.keys(), ...(router?.keys() ?? [])]);
  return [...names].sort().flatMap((territory) => {
    const kind = driftIn(
      table.get(territory),
      salesforce.get(territory),
      router && { says: router.get(territory) },
    );
    return kind ? [{ territory, kind }] : [];
  });
}

/** The router is last, so what it says is what all said before the change. */
function driftIn(
  table: Holder | undefined,
  salesforce: Holder | undefined,
  router: { readonly says: Holder | undefined } | null,
): DriftKind | null {
  if (table === salesforce) return router === null || router.says === table ? null : 'router-behind';
  if (router === null) return table === undefined ? 'table-behind' : 'table-alone';
  if (router.says === salesforce) return 'table-alone';
  return router.says === table ? 'table-behind' : 'apart';
}

/** Whether what was kept is what a router was given: holders by the name of the territory. */
export const isHolders = (kept: unknown): kept is Readonly<Record<string, Holder>> =>
  typeof kept === 'object' &&
  kept !== null &&
  !Array.isArray(kept) &&
  Object.values(kept).every((holder) => holder === null || typeof holder === 'string');
