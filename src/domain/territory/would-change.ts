import type { Address, TerritoryAccount } from './account';
import { NO_ADDRESS } from './address';
import type { OverrideValues } from './override-form';
import type { Placement } from './placement';
import type { WouldChange } from './review-text';

/**
 * An account as it would be with the asked values as those of Sales Operations: "approved values stand as manual-admin source". What
 * isn't asked for stays as it is.
 */
export function withValues(
  account: TerritoryAccount,
  { employees, address }: OverrideValues,
  manualSource: string,
): TerritoryAccount {
  const before = account.sources[manualSource];
  const manual = {
    employees: employees ? String(employees.count) : (before?.employees ?? null),
    address: address?.address ?? before?.address ?? NO_ADDRESS,
  };
  return { ...account, manualUntil: null, sources: { ...account.sources, [manualSource]: manual } };
}

/** What two plans of the same accounts say differently, account by account. */
export function differences(
  before: readonly Placement[],
  after: readonly Placement[],
): readonly WouldChange[] {
  const known = new Map(before.map((placement) => [placement.accountId, shown(placement)]));
  return after.flatMap((placement) => {
    const was = known.get(placement.accountId) ?? {};
    return Object.entries(shown(placement)).flatMap(([field, to]): WouldChange[] => {
      const from = was[field] ?? null;
      return from === to ? [] : [{ accountId: placement.accountId, field, from, to }];
    });
  });
}

const shown = ({ staging, held }: Placement): Readonly<Record<string, string | null>> => ({
  'Sales Segment': staging.segment,
  'Account Employees': numberText(staging.employees),
  'MAX Family Employees': numberText(staging.maxFamilyEmployees),
  Address: addressText(staging.address),
  'Geo Story': staging.geoStory,
  Territory: staging.territory,
  Region: staging.region,
  'Sub-Region': staging.subRegion,
  Area: staging.area,
  'Proposed Owner': staging.nextOwnerId,
  'Held because': held.length === 0 ? null : held.join(', '),
});

const numberText = (number: number | null): string | null => (number === null ? null : String(number));

function addressText({ street, city, state, postCode, country }: Address): string | null {
  const parts = [street, city, state, postCode, country].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
