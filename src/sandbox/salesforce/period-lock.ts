import { timeIn } from '../clock';
import { CLOSED_STAGES } from './computed';
import { SalesforceError } from './errors';
import type { Org } from './org';
import type { Row, Scalar } from './schema';

/**
 * Fields by which a period is counted: what commissions, reports and the board stand on. The owner isn't one: what moved along with
 * an account must be put back.
 */
const BOOKING_FIELDS = ['StageName', 'Amount', 'CloseDate', 'AccountId', 'Type'];

/** The day through which periods are locked for this user; null: none is. */
function lockedThrough(org: Org, userId: string | null): string | null {
  const openUntil = settingFor(org, userId, 'Open_Until__c');
  if (openUntil !== null && Date.parse(openUntil) > timeIn(org.world).getTime()) return null;
  return settingFor(org, userId, 'Locked_Through__c');
}

/** A field of a hierarchy custom setting, as `$Setup` shows it: the user's before the profile's before the organization's, field by field. */
function settingFor(org: Org, userId: string | null, field: string): string | null {
  const rows = org.rows('Close_Lock__c');
  const levels = [userId, org.get('User', userId)?.['ProfileId'], org.rows('Organization')[0]?.Id];
  for (const level of levels) {
    const value = rows.find((row) => row['SetupOwnerId'] === level)?.[field];
    if (typeof value === 'string') return value;
  }
  return null;
}

const isClosed = (row: Readonly<Record<string, Scalar>> | undefined): boolean =>
  CLOSED_STAGES.includes(String(row?.['StageName'] ?? ''));

/**
 * The validation rule "Closed period": a closed opportunity of a locked period keeps its booking fields, none is moved into it or
 * out of it, and none is added to it. What a change of an account's owner takes along isn't asked: a rule sees only what is saved.
 * @throws SalesforceError
 */
export function refuseLockedPeriod(
  org: Org,
  next: Readonly<Record<string, Scalar>>,
  before: Row | undefined,
  userId: string | null,
): void {
  const locked = lockedThrough(org, userId);
  if (locked === null) return;
  const isOf = (row: Readonly<Record<string, Scalar>> | undefined): boolean =>
    isClosed(row) && String(row?.['CloseDate'] ?? '') <= locked;
  if (!isOf(before) && !isOf(next)) return;
  if (before && !BOOKING_FIELDS.some((field) => (before[field] ?? null) !== (next[field] ?? null))) return;
  throw new SalesforceError(
    'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    `This period is locked through ${locked}. Ask for a change of the period.`,
    [],
  );
}
