import { join } from 'node:path';
import type { PlacedAccounts } from '../domain/territory/gaps';
import type { TerritoryRow } from '../domain/territory/table';
import { TerritoryNights } from '../evidence/territory-nights';
import { readSettings } from '../settings';
import { contentOf } from './feed';
import { placedFrom } from './placed-accounts';
import { Refused, type Surroundings } from './surroundings';

/** The nights that are kept beside the store. */
export const nightsOf = (around: Pick<Surroundings, 'env'>): TerritoryNights =>
  new TerritoryNights(join(readSettings(around.env, 'cli').stateDir, 'snapshots'));

/** Whether a word means a kept night: its day, or the last one. */
export const isNight = (word: string): boolean => word === 'latest' || /^\d{4}-\d{2}-\d{2}(\.|$)/.test(word);

/** @throws Refused where it isn't kept */
export async function nightNamed(word: string, nights: TerritoryNights): Promise<string> {
  const night = word === 'latest' ? await nights.latest() : word;
  if (night === undefined)
    throw new Refused('No night of territory planning is kept yet: give --accounts a file.');
  if (!nights.has(night)) {
    const last = (await nights.nights()).slice(-5).join(', ');
    throw new Refused(
      `The night ${night} is not kept. ${last === '' ? 'None is.' : `The last ones: ${last}.`}`,
    );
  }
  return night;
}

/** Accounts by place: of a file, or of a kept night. @param tables by which named accounts are told apart */
export async function accountsByPlace(
  source: string,
  tables: readonly (readonly TerritoryRow[])[],
  around: Surroundings,
): Promise<{ readonly placed: readonly PlacedAccounts[]; readonly words: string }> {
  if (!isNight(source))
    return {
      placed: placedFrom((await contentOf(source, around)).toString()),
      words: source === '-' ? 'standard input' : source,
    };
  const nights = nightsOf(around);
  const night = await nightNamed(source, nights);
  const named = new Set(tables.flat().flatMap(({ place }) => place.accountId ?? []));
  const { placed } = await nights.placed(night, [...named]);
  return { placed, words: `the night of ${night}` };
}
