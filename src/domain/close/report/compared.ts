import { dollars, grouped } from '../cents';
import type { Figures, PinnedPolicy } from './figures';

type Value = number | string | null;

/** One figure of several periods, in their order. */
export interface Compared {
  readonly name: string;
  /** `cents` are of the currency that the name says. */
  readonly unit: 'count' | 'cents' | 'dollars' | 'words';
  readonly values: readonly Value[];
}

/** The same figures of each period, by the policy that each keeps. */
export const compared = (all: readonly Figures[]): readonly Compared[] =>
  FIGURES.map(([name, unit, of]) => ({ name, unit, values: all.map(of) }));

const FIGURES: readonly (readonly [string, Compared['unit'], (one: Figures) => Value])[] = [
  ['Policy in force since', 'words', ({ policy }) => policy.version],
  ['Day of the lock', 'count', ({ policy }) => policy.lockDay],
  ['Booking window, days', 'count', ({ policy }) => policy.bookingWindowDays],
  ['Late renewals, days', 'count', ({ policy }) => policy.lateRenewalDays],
  ['Stands', 'words', ({ phase }) => phase],
  ['Closed opportunities', 'count', ({ records }) => records],
  ['Amount', 'dollars', ({ cents }) => cents],
  ['Findings', 'count', ({ found }) => found],
  [
    'Findings in 100 opportunities',
    'count',
    ({ found, records }) => (records ? Math.round((found * 1000) / records) / 10 : null),
  ],
  ['Mended', 'count', ({ mended }) => mended],
  ['Accepted', 'count', ({ accepted }) => accepted],
  ['Still open', 'count', ({ open }) => open],
  ['Days to mend, median', 'count', ({ daysToMend }) => daysToMend],
  [
    'Variances with billing',
    'count',
    ({ variances }) => variances?.reduce((sum, { count }) => sum + count, 0) ?? null,
  ],
  ['Green lights that went out', 'count', ({ lightsOut }) => lightsOut],
  ['Locks on', 'words', ({ lockDate }) => lockDate],
  ['Days from cut-off to lock', 'count', ({ daysToLock }) => daysToLock],
  ['Found changed after the lock', 'count', ({ drifts }) => drifts],
];

/** A row for each thing that any of the periods has, in the order in which they are met. */
function rowsBy<T>(
  all: readonly Figures[],
  of: (one: Figures) => readonly T[],
  keyOf: (one: T) => string,
  row: (key: string, first: T) => Pick<Compared, 'name' | 'unit'>,
  valueOf: (ofPeriod: readonly T[], period: Figures) => Value,
): readonly Compared[] {
  const first = new Map<string, T>();
  for (const one of all.flatMap(of)) if (!first.has(keyOf(one))) first.set(keyOf(one), one);
  return [...first].map(([key, one]) => ({
    ...row(key, one),
    values: all.map((period) =>
      valueOf(
        of(period).filter((other) => keyOf(other) === key),
        period,
      ),
    ),
  }));
}

/** When each date of the close was. */
export const datesCompared = (all: readonly Figures[]): readonly Compared[] =>
  rowsBy<Figures['dates'][number]>(
    all,
    ({ dates }) => dates,
    ({ kind }) => kind,
    (_, { name }) => ({ name, unit: 'words' }),
    ([one]) => one?.date ?? null,
  );

/** How many findings of each check there were, mended and accepted ones too. */
export const checksCompared = (all: readonly Figures[]): readonly Compared[] =>
  rowsBy<Figures['byCheck'][number]>(
    all,
    ({ byCheck }) => byCheck,
    ({ check }) => check,
    (name) => ({ name, unit: 'count' }),
    ([one]) => one?.count ?? 0,
  );

/** By how much CRM and billing differed, currency by currency; null where billing wasn't asked. */
export const variancesCompared = (all: readonly Figures[]): readonly Compared[] =>
  rowsBy<{ readonly currency: string; readonly cents: number }>(
    all,
    ({ variances }) => variances ?? [],
    ({ currency }) => currency,
    (currency) => ({ name: `Variances, ${currency}`, unit: 'cents' }),
    (ofCurrency, { variances }) =>
      variances === null ? null : ofCurrency.reduce((sum, { cents }) => sum + cents, 0),
  );

/** By how much the second is other than the first; null where they can't be reckoned with. */
export function differenceOf({ values: [first, second], unit }: Compared): number | null {
  if (unit === 'words' || typeof first !== 'number' || typeof second !== 'number') return null;
  return unit === 'count' ? Math.round((second - first) * 10) / 10 : second - first;
}

/** A value as people read it. */
export function figureText(unit: Compared['unit'], value: Value): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (unit === 'count') return value.toLocaleString('en-US');
  return unit === 'dollars' ? dollars(value) : grouped(value);
}

const POLICY_WORDS: readonly (readonly [string, keyof PinnedPolicy])[] = [
  ['day of the lock', 'lockDay'],
  ['booking window, days', 'bookingWindowDays'],
  ['late renewals, days', 'lateRenewalDays'],
];

/** What changed in the rules between the periods: figures are comparable only as far as these are. */
export const policyChanges = (all: readonly Figures[]): readonly string[] =>
  all.slice(1).flatMap((one, at) => {
    const before = all[at];
    if (!before || before.policy.version === one.policy.version) return [];
    const fields = POLICY_WORDS.filter(([, field]) => before.policy[field] !== one.policy[field]).map(
      ([name, field]) => `${name} ${before.policy[field]} → ${one.policy[field]}`,
    );
    return [
      `From ${before.period} to ${one.period} the policy changed (${before.policy.version} → ${one.policy.version})${fields.length > 0 ? `: ${fields.join(', ')}` : ', in nothing that is compared here'}.`,
    ];
  });
