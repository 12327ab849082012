import type { Address, TerritoryAccount } from './account';
import { placeText } from './address';
import type { Picked } from './employees';
import { nextOwner } from './held';
import type { FieldReason } from './placement';
import { rowName, TOLD } from './place';
import { segmentOf } from './segment';
import type { TerritoryRules } from './rules';
import type { TerritoryPeople, TerritoryRow } from './table';

/** What the rules found for an account: all that its reasons are told from. Kept nights hold this, and no more. */
export interface PlanFacts {
  readonly account: Pick<TerritoryAccount, 'id' | 'actual'>;
  readonly ultimateParentId: string;
  readonly employees: Picked<number> | null;
  /** The most in the family, and whose it is: of several, the smallest id. */
  readonly most: { readonly id: string; readonly employees: number } | null;
  readonly segment: string;
  readonly ownAddress: Picked<Address> | null;
  readonly parentAddress: Picked<Address> | null;
  /** Null: no row of the table asks for it, or no member has one. */
  readonly industry: string | null;
  /** Rows for the family, the winner first, and those that lost most closely. */
  readonly rows: readonly TerritoryRow[];
  readonly people: TerritoryPeople | null;
}

/** Why each field is as it is, as data. */
export function reasonsOf(facts: PlanFacts, rules: TerritoryRules): readonly FieldReason[] {
  return [
    employeesReason(facts, rules),
    familyReason(facts, rules),
    segmentReason(facts, rules),
    addressReason(facts),
    ...(facts.industry === null ? [] : [reason('industry', 'most-frequent', null, facts.industry)]),
    territoryReason(facts),
    ownerReason(facts),
  ];
}

const reason = (
  field: string,
  rule: string,
  from: string | null,
  value: string | null,
  lost: FieldReason['lost'] = [],
): FieldReason => ({ field, rule, from, value, lost });

/** The first source by precedence; the placeholder where none knows (handbook, Go to Market: sources, unknown employees). */
function employeesReason({ employees }: PlanFacts, { unknown }: TerritoryRules): FieldReason {
  if (!employees) return reason('employees', 'unknown', null, String(unknown.employees));
  const lost = employees.lost.map(({ from, value }) => ({ from, value: String(value) }));
  return reason('employees', 'first-source', employees.from, String(employees.value), lost);
}

/** The most of the family; an account's own number loses against it. */
function familyReason({ account, employees, most }: PlanFacts, { unknown }: TerritoryRules): FieldReason {
  if (!most) return reason('maxFamilyEmployees', 'unknown', null, String(unknown.employees));
  const isLess = employees !== null && employees.value < most.employees;
  const lost = isLess ? [{ from: account.id, value: String(employees.value) }] : [];
  return reason('maxFamilyEmployees', 'family-maximum', most.id, String(most.employees), lost);
}

/** By the bounds of this version; the segment that the account would have alone loses. */
function segmentReason({ account, employees, most, segment }: PlanFacts, rules: TerritoryRules): FieldReason {
  if (!most) return reason('segment', 'unknown-as-smb', null, segment);
  const own = segmentOf(employees?.value ?? null, rules);
  const lost = own === segment ? [] : [{ from: account.id, value: own }];
  return reason('segment', 'segment-bounds', rules.effectiveFrom, segment, lost);
}

/** Where the ultimate parent is, by its first source; a member's own address loses against it. */
function addressReason({ account, ultimateParentId, ownAddress, parentAddress }: PlanFacts): FieldReason {
  const value = parentAddress && placeText(parentAddress.value);
  if (ultimateParentId !== account.id) {
    const own = ownAddress && placeText(ownAddress.value);
    const lost = ownAddress && own !== null && own !== value ? [{ from: ownAddress.from, value: own }] : [];
    return reason('address', 'ultimate-parent', ultimateParentId, value, lost);
  }
  if (!parentAddress) return reason('address', 'unknown', null, null);
  const lost = parentAddress.lost.map(({ from, value: other }) => ({ from, value: placeText(other) }));
  return reason('address', 'first-source', parentAddress.from, value, lost);
}

/** The most specific row of the table; rows that match as well, but say less, lose. */
function territoryReason({ rows }: PlanFacts): FieldReason {
  const [won, ...others] = rows.slice(0, TOLD);
  if (!won) return reason('territory', 'no-row', null, null);
  const rule = won.place.accountId === null ? 'most-specific' : 'named-account';
  const lost = others.map((row) => ({ from: rowName(row), value: row.territory }));
  return reason('territory', rule, rowName(won), won.territory, lost);
}

/** Whose the territory is; who owns the account now loses where that is another. */
function ownerReason({ account, rows, people }: PlanFacts): FieldReason {
  const nextOwnerId = nextOwner(people);
  const now = account.actual.ownerId;
  const lost = nextOwnerId !== null && nextOwnerId !== now ? [{ from: 'actual', value: now }] : [];
  const [won] = rows;
  if (!won) return reason('owner', 'no-territory', null, null);
  const known = people?.isToBeHired === true ? 'to-be-hired' : 'territory-owner';
  const rule = nextOwnerId !== null || people?.isToBeHired === true ? known : 'owner-inactive';
  return reason('owner', rule, won.territory, nextOwnerId, lost);
}
