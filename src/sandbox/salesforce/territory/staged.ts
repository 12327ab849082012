import type { Handbook } from '../../../domain/handbook';
import { accountReader } from '../../../domain/territory/account-row';
import type { Staging } from '../../../domain/territory/account';
import type { TerritoryFields } from '../../../domain/territory/fields';
import { rulesOn } from '../../../domain/territory/handbook';
import { territoryTable } from '../../../domain/territory/place';
import { planAccounts } from '../../../domain/territory/plan-family';
import { readColumns } from '../../../domain/territory/read-columns';
import { territoryPeople } from '../../../domain/territory/people';
import { knownCountries } from '../../../handbook/countries';
import type { Org } from '../org';
import type { Scalar } from '../schema';
import type { AccountDraft } from './draft';
import type { Dice } from './dice';
import type { Planted } from './faults';

/** Gives accounts the staging that the night before would have written; without a handbook of territories, none. */
export function stageAsPlanned(
  org: Org,
  handbook: Handbook,
  drafts: readonly AccountDraft[],
  on: string,
): void {
  const { territory } = handbook;
  const rules = rulesOn(territory?.rules ?? [], on);
  if (!territory || !rules) return;
  const columns = readColumns(territory.fields);
  const read = accountReader(territory.fields);
  const accounts = drafts.map(({ id, values }) =>
    read(columns.map(({ field }) => (field === 'Id' ? id : textOf(values[field])))),
  );
  const { members } = handbook.people;
  const users = org.rows('User').map(({ Id, Email, IsActive }) => ({
    id: Id,
    email: String(Email).toLowerCase(),
    isActive: IsActive === true,
  }));
  const { people } = territoryPeople({
    rows: territory.rows,
    emails: new Map(members.map(({ name, email }) => [name, email.toLowerCase()])),
    users,
    territories: null,
    router: null,
  });
  const table = territoryTable(territory.rows);
  const world = { on, rules, table, people, countries: knownCountries() };
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  for (const { accountId, staging } of planAccounts(accounts, world).placements)
    Object.assign(byId.get(accountId)?.values ?? {}, stagingFields(territory.fields, staging));
}

function stagingFields({ staging: fields }: TerritoryFields, staging: Staging): Record<string, Scalar> {
  const { address, ...own } = staging;
  return Object.fromEntries(
    Object.entries({ ...own, ...address }).map(([column, value]) => [
      fields[column as keyof typeof fields],
      value,
    ]),
  );
}

const textOf = (value: Scalar | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** Lets accounts grow since they were staged. */
export function drift(drafts: readonly AccountDraft[], count: number, dice: Dice): readonly Planted[] {
  if (drafts.length === 0) return [];
  return Array.from({ length: Math.min(count, drafts.length) }, (): Planted => {
    const { id, values } = dice.pick(drafts);
    values['ZoomInfo_Employees__c'] = String(dice.magnitude(1, 50_000));
    return { account: id, kind: 'drifted' };
  });
}
