import { addDays } from '../dates';
import type { Address, TerritoryAccount } from './account';
import type { TerritoryRules } from './rules';

/** Why approved values stand no longer: their day has come, or the data says the same by now. */
export type ValuesEnd = 'expired' | 'agrees';

/** The last day on which approved values stand. */
export const valuesUntil = (from: string, days: number): string => addDays(from, days);

type Manual = Pick<TerritoryAccount, 'sources' | 'manualUntil'>;

/**
 * "Approved values stand as manual-admin source until they expire or the data agrees." The data agrees where the next source that says
 * anything says the same of everything that was approved; the manual source is then cleared, so that the data leads again. Null: they stand.
 *
 * @param readCount employees as the engine reads them, null where nothing sensible stands there
 * @param readCountry the country's code, null where it isn't known
 */
export function valuesEnd(
  { sources, manualUntil }: Manual,
  day: string,
  { precedence, manualSource }: Pick<TerritoryRules, 'precedence' | 'manualSource'>,
  readCount: (text: string | null) => number | null,
  readCountry: (text: string | null) => string | null,
): ValuesEnd | null {
  const manual = sources[manualSource];
  if (!manual) return null;
  const count = readCount(manual.employees);
  const hasAddress = !isBlank(manual.address);
  if (count === null && !hasAddress) return null;
  if (manualUntil !== null && manualUntil < day) return 'expired';
  const others = (names: readonly string[]) =>
    names.filter((name) => name !== manualSource).flatMap((name) => sources[name] ?? []);
  const nextCount = others(precedence.employees)
    .map(({ employees }) => readCount(employees))
    .find((one) => one !== null);
  const nextAddress = others(precedence.address).find(({ address }) => !isBlank(address))?.address;
  const countAgrees = count === null || count === nextCount;
  const addressAgrees =
    !hasAddress || (nextAddress !== undefined && isSame(manual.address, nextAddress, readCountry));
  return countAgrees && addressAgrees ? 'agrees' : null;
}

const PARTS = ['street', 'city', 'state', 'postCode'] as const;

const isBlank = (address: Address): boolean =>
  address.country === null && PARTS.every((part) => address[part] === null);

/** What was approved, letter by letter as a reader sees it; what was not asked for may be anything. */
const isSame = (
  approved: Address,
  data: Address,
  readCountry: (text: string | null) => string | null,
): boolean =>
  PARTS.every((part) => approved[part] === null || plain(approved[part]) === plain(data[part] ?? '')) &&
  (approved.country === null ||
    plain(approved.country) === plain(data.country ?? '') ||
    (readCountry(approved.country) !== null && readCountry(approved.country) === readCountry(data.country)));

const plain = (text: string): string => text.toLowerCase().replace(/[\s.,]+/g, '');
