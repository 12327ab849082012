import { z } from 'zod';
import { isCalendarDate } from '../../../domain/dates';
import type { Handbook } from '../../../domain/handbook';
import { makeId } from '../ids';
import type { Org } from '../org';
import { Dice } from './dice';
import { dealsOf } from './deals';
import { draftFamily, type AccountDraft } from './draft';
import { spoil, type Planted } from './faults';
import { homesOf, type Home } from './homes';
import { drift, stageAsPlanned } from './staged';
import { treesOf } from './trees';

export const territoriesWanted = z.strictObject({
  count: z.int().min(1).max(1_000_000).default(20_000),
  seed: z.int().min(0).default(1),
  today: z.string().refine(isCalendarDate),
  /** False: nothing is spoilt. */
  faults: z.boolean().default(true),
  /** One in so many accounts is spoilt or special. */
  spoilt_one_in: z.int().min(2).max(10_000).default(20),
  /** False: the staging fields are empty, as before the first night. */
  staged: z.boolean().default(true),
  /** So many accounts came to be another since they were staged: the next night has that to write. */
  drifted: z.int().min(0).max(100_000).default(200),
});

export interface MadeTerritories {
  readonly accounts: number;
  readonly families: number;
  readonly opportunities: number;
  readonly planted: readonly Planted[];
}

/** Fills the org with families of accounts and what is sold to them; what is wrong with which account is written down. */
export function fillTerritories(
  org: Org,
  handbook: Handbook,
  wanted: z.infer<typeof territoriesWanted>,
): MadeTerritories {
  const { count, seed, today, faults, staged, drifted } = wanted;
  const dice = new Dice(seed);
  const homes = homesOf(org, handbook, today);
  if (homes.length === 0) throw new Error('nobody of the handbook is a user of the org');
  // A territory of many countries has no more families than one of a city.
  const territories = [...groupsOf(homes).values()];
  const idOf = (prefix: string, object: string): string => makeId(prefix, org.world.next(`sf:${object}`));
  const families = treesOf(count, dice).map((tree) => {
    const ids = tree.map(() => idOf('001', 'Account'));
    return draftFamily(tree, ids, dice.pick(dice.pick(territories)), dice);
  });
  const planted = faults ? [...spoil(families, wanted.spoilt_one_in, dice)] : [];
  const accounts: readonly AccountDraft[] = families.flat();
  const deals = accounts.flatMap((draft) => dealsOf(draft, today, dice));
  org.loadAll(
    'Opportunity',
    deals.map((values) => ({ id: idOf('006', 'Opportunity'), values })),
  );
  if (staged) {
    stageAsPlanned(org, handbook, accounts, today);
    planted.push(...drift(accounts, drifted, dice));
  }
  org.loadAll('Account', accounts);
  return { accounts: accounts.length, families: families.length, opportunities: deals.length, planted };
}

function groupsOf(homes: readonly Home[]): ReadonlyMap<string, readonly Home[]> {
  const groups = new Map<string, Home[]>();
  for (const home of homes) {
    const key = home.territory ?? home.ownerId;
    groups.set(key, [...(groups.get(key) ?? []), home]);
  }
  return groups;
}
