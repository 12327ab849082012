import { addDays } from '../dates';
import { ADDRESS_COLUMNS } from './fields';
import type { Address, TerritoryAccount } from './account';
import { countryOf, type Countries } from './countries';
import { readEmployees } from './employees';
import type { TerritoryRules } from './rules';
import { filled, postCodeOf } from './texts';

/** Why approved values stand no longer: their day has come, or the data says the same by now. */
export type ValuesEnd = 'expired' | 'agrees';

/** The last day on which approved values stand. */
export const valuesUntil = (from: string, days: number): string => addDays(from, days);

/**
 * "Approved values stand as manual-admin source until they expire or the data agrees." The data agrees where the next source that says
 * anything says the same of everything that was approved; the manual source is then cleared, so that the data leads again. Null: they
 * stand, or there are none.
 */
export function valuesEnd(
  { sources, manualUntil }: Pick<TerritoryAccount, 'sources' | 'manualUntil'>,
  day: string,
  { precedence, manualSource, mostEmployees }: TerritoryRules,
  countries: Countries,
): ValuesEnd | null {
  const manual = sources[manualSource];
  if (!manual) return null;
  const countIn = (text: string | null): number | null => {
    const read = readEmployees(text, mostEmployees);
    return read.kind === 'number' ? read.number : null;
  };
  const count = countIn(manual.employees);
  const hasAddress = !isBlank(manual.address);
  if (count === null && !hasAddress) return null;
  if (manualUntil !== null && manualUntil < day) return 'expired';
  const others = (names: readonly string[]) =>
    names.filter((name) => name !== manualSource).flatMap((name) => sources[name] ?? []);
  const nextCount = others(precedence.employees)
    .map(({ employees }) => countIn(employees))
    .find((one) => one !== null);
  const nextAddress = others(precedence.address).find(({ address }) => !isBlank(address))?.address;
  const countAgrees = count === null || count === nextCount;
  const addressAgrees =
    !hasAddress || (nextAddress !== undefined && isSame(manual.address, nextAddress, countries));
  return countAgrees && addressAgrees ? 'agrees' : null;
}

const isBlank = (address: Address): boolean =>
  ADDRESS_COLUMNS.every((part) => filled(address[part]) === null);

/** What was approved, as a reader sees it; what was not asked for may be anything. */
const isSame = (approved: Address, data: Address, countries: Countries): boolean =>
  ADDRESS_COLUMNS.every((part) => {
    const [wanted, there] = [filled(approved[part]), filled(data[part])];
    if (wanted === null) return true;
    if (there === null) return false;
    if (part === 'postCode') return postCodeOf(wanted) === postCodeOf(there);
    const isSameText = plain(wanted) === plain(there);
    if (part !== 'country' || isSameText) return isSameText;
    const code = countryOf(wanted, countries);
    return code !== null && code === countryOf(there, countries);
  });

const plain = (text: string): string => text.toLowerCase().replace(/[\s.,]+/g, '');
