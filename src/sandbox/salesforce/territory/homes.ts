import type { Handbook } from '../../../domain/handbook';
import { rulesOn } from '../../../domain/territory/handbook';
import type { TerritoryRow } from '../../../domain/territory/table';
import type { Org } from '../org';

/** Where a family can be at home: a territory of the tables with who works it, and how large a family of it is. */
export interface Home {
  readonly segment: string;
  readonly territory: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly state: string | null;
  /** What a post code of it begins with. */
  readonly postCode: string;
  readonly ownerId: string;
  /** Employees of its largest member. */
  readonly from: number;
  readonly to: number;
}

const LARGEST = 200_000;
/** Without tables: large, and anywhere. */
const NOWHERE = { segment: 'Large', territory: null, country: 'US', state: 'NY', postCode: '1' };

/** Homes by the tables of the handbook; without any, all people of the handbook own accounts. */
export function homesOf(org: Org, handbook: Handbook, on: string): readonly Home[] {
  const { members } = handbook.people;
  const userOf = (email: string | undefined) => org.where('User', 'Username', email)[0]?.Id;
  const rules = rulesOn(handbook.territory?.rules ?? [], on);
  const byName = new Map(members.map(({ name, email }) => [name, userOf(email)]));
  const homes = (handbook.territory?.rows ?? []).flatMap((row): readonly Home[] => {
    const bounds = rules?.segments.find(({ name }) => name === row.place.segment);
    const ownerId = byName.get(row.owner.name ?? row.owner.cover ?? '');
    if (!bounds || ownerId === undefined || row.place.accountId !== null) return [];
    const { from, to } = bounds;
    return [
      { ...placeOf(row), segment: row.place.segment, ownerId, from: Math.max(from, 1), to: to ?? LARGEST },
    ];
  });
  if (homes.length > 0) return homes;
  return members.flatMap(({ email }) => {
    const ownerId = userOf(email);
    return ownerId === undefined ? [] : [{ ...NOWHERE, ownerId, from: 2_001, to: LARGEST }];
  });
}

const placeOf = ({ territory, place: { country, state, postCodes } }: TerritoryRow) => ({
  territory,
  country: country ?? 'US',
  state,
  postCode: postCodes === null ? '' : 'prefix' in postCodes ? postCodes.prefix : postCodes.from,
});
