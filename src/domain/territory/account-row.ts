import { centsOf } from '../close/cents';
import type { Address, SourceFacts, TerritoryAccount } from './account';
import type { TerritoryFields } from './fields';
import { readColumns, sourceColumn } from './read-columns';

/** A row as an org tells it: texts in the order of `readColumns`; null or empty where there is nothing. */
export type AccountRow = readonly (string | null)[];

/** The type of an account that has bought something. */
export const CUSTOMER = 'Customer';

/** Reads accounts from their rows: the same account, whether it came in a file of all or alone. */
export function accountReader(fields: TerritoryFields): (row: AccountRow) => TerritoryAccount {
  const places = new Map(readColumns(fields).map(({ name }, at) => [name, at]));
  const sources = Object.keys(fields.sources);
  return (row) => {
    const text = (column: string): string | null => {
      const at = places.get(column);
      return at === undefined ? null : row[at] || null;
    };
    const flag = (column: string): boolean => text(column) === 'true';
    const day = (column: string): string | null => text(column)?.slice(0, 10) ?? null;
    const address = (of: (column: string) => string): Address => ({
      street: text(of('street')),
      city: text(of('city')),
      state: text(of('state')),
      postCode: text(of('postCode')),
      country: text(of('country')),
    });
    const factsOf = (source: string): SourceFacts => ({
      employees: text(sourceColumn(source, 'employees')),
      address: address((column) => sourceColumn(source, column)),
    });
    return {
      id: text('id') ?? '',
      name: text('name') ?? '',
      parentId: text('parent_id'),
      relation: text('relation'),
      isHoldingCompany: flag('is_holding_company'),
      isNamed: flag('is_named'),
      isPublicSector: flag('is_public_sector'),
      isChannel: flag('is_channel'),
      overridesHierarchy: flag('overrides_hierarchy'),
      isEmbargoed: flag('is_embargoed'),
      industry: text('industry'),
      isCustomer: text('type') === CUSTOMER,
      carrCents: centsIn(text('carr')),
      openPipelineCents: centsIn(text('open_pipeline')),
      openOpportunities: whole(text('open_opportunities')) ?? 0,
      lastActivity: day('last_activity'),
      hasAccountPlan: flag('has_account_plan'),
      sources: Object.fromEntries(sources.map((source) => [source, factsOf(source)])),
      manualUntil: day('manual_until'),
      holdoverUntil: day('holdover_until'),
      confirmedSegment: text('confirmed_segment'),
      confirmedOn: day('confirmed_on'),
      overrideStatus: text('override_status'),
      effectiveDate: day('effective_date'),
      staging: {
        segment: text('staging_segment'),
        employees: whole(text('staging_employees')),
        maxFamilyEmployees: whole(text('staging_max_family_employees')),
        address: address((column) => sourceColumn('staging', column)),
        geoStory: text('staging_geo_story'),
        territory: text('staging_territory'),
        region: text('staging_region'),
        subRegion: text('staging_sub_region'),
        area: text('staging_area'),
        nextOwnerId: text('staging_next_owner_id'),
      },
      actual: {
        ownerId: text('actual_owner_id') ?? '',
        segment: text('actual_segment'),
        territory: text('actual_territory'),
        maxFamilyEmployees: whole(text('actual_max_family_employees')),
      },
      // A query and a file of the same org write the zone in two ways.
      changedAt: text('changed_at')?.replace(/\+0000$/, 'Z') ?? '',
    };
  };
}

/** An org may write a whole number as `120.0`. */
function whole(text: string | null): number | null {
  const number = text === null ? NaN : Number(text);
  return Number.isInteger(number) ? number : null;
}

/** A sum of the org may have a fraction of a cent. */
export function centsIn(text: string | null): number {
  if (text === null) return 0;
  const rounded = Math.round(Number(text) * 100);
  return centsOf(text) ?? (Number.isSafeInteger(rounded) ? rounded : 0);
}
