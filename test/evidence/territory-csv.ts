import { writeFile } from 'node:fs/promises';
import type { Address, TerritoryAccount } from '../../src/domain/territory/account';
import type { TerritoryFields } from '../../src/domain/territory/fields';
import { readColumns, sourceColumn } from '../../src/domain/territory/read-columns';

type Cell = string | number | boolean | null;

const addressOf = (source: string, { street, city, state, postCode, country }: Address): [string, Cell][] => [
  [sourceColumn(source, 'street'), street],
  [sourceColumn(source, 'city'), city],
  [sourceColumn(source, 'state'), state],
  [sourceColumn(source, 'postCode'), postCode],
  [sourceColumn(source, 'country'), country],
];

function cellsOf(account: TerritoryAccount): ReadonlyMap<string, Cell> {
  const { staging, actual } = account;
  return new Map<string, Cell>([
    ['id', account.id],
    ['name', account.name],
    ['parent_id', account.parentId],
    ['relation', account.relation],
    ['is_holding_company', account.isHoldingCompany],
    ['is_named', account.isNamed],
    ['is_public_sector', account.isPublicSector],
    ['is_channel', account.isChannel],
    ['overrides_hierarchy', account.overridesHierarchy],
    ['is_embargoed', account.isEmbargoed],
    ['industry', account.industry],
    ['type', account.isCustomer ? 'Customer' : 'Prospect'],
    ['carr', account.carrCents / 100],
    ['open_pipeline', account.openPipelineCents / 100],
    ['open_opportunities', account.openOpportunities],
    ['last_activity', account.lastActivity],
    ['has_account_plan', account.hasAccountPlan],
    ['manual_until', account.manualUntil],
    ['holdover_until', account.holdoverUntil],
    ['confirmed_segment', account.confirmedSegment],
    ['confirmed_on', account.confirmedOn],
    ['override_status', account.overrideStatus],
    ['effective_date', account.effectiveDate],
    ['changed_at', account.changedAt],
    ...Object.entries(account.sources).flatMap(([source, facts]) => [
      [sourceColumn(source, 'employees'), facts.employees] as [string, Cell],
      ...addressOf(source, facts.address),
    ]),
    ['staging_segment', staging.segment],
    ['staging_employees', staging.employees],
    ['staging_max_family_employees', staging.maxFamilyEmployees],
    ...addressOf('staging', staging.address),
    ['staging_geo_story', staging.geoStory],
    ['staging_territory', staging.territory],
    ['staging_region', staging.region],
    ['staging_sub_region', staging.subRegion],
    ['staging_area', staging.area],
    ['staging_next_owner_id', staging.nextOwnerId],
    ['actual_owner_id', actual.ownerId],
    ['actual_segment', actual.segment],
    ['actual_territory', actual.territory],
    ['actual_max_family_employees', actual.maxFamilyEmployees],
  ]);
}

/** Writes accounts as a bulk query answers them: a header of field names, every cell in quotes, nothing where there is nothing. */
export async function writeAccounts(
  file: string,
  fields: TerritoryFields,
  accounts: readonly TerritoryAccount[],
): Promise<void> {
  const columns = readColumns(fields);
  const lines = accounts.map((account) => {
    const cells = cellsOf(account);
    return columns.map(({ name }) => quoted(cells.get(name) ?? null)).join(',');
  });
  await writeFile(file, [columns.map(({ field }) => quoted(field)).join(','), ...lines, ''].join('\n'));
}

const quoted = (cell: Cell): string => (cell === null ? '' : `"${String(cell).replaceAll('"', '""')}"`);
