const DAY = 86_400_000;

/** Midnight UTC of the first day of a unit, `n` units away from the one that `now` is in. */
function start(now: Date, unit: string, n: number): number {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (unit) {
    case 'WEEK':
      return Date.UTC(year, month, day - now.getUTCDay() + 7 * n);
    case 'MONTH':
      return Date.UTC(year, month + n, 1);
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3) + 3 * n, 1);
    case 'YEAR':
      return Date.UTC(year + n, 0, 1);
    default:
      return Date.UTC(year, month, day + n);
  }
}

/**
 * What a date literal stands for: from (inclusive) to (exclusive), in milliseconds, in UTC (the org's time zone here).
 * Weeks begin on Sunday, as for the locale en_US.
 */
export function dateRange(
  name: string,
  n: number,
  now: Date,
): { readonly from: number; readonly to: number } {
  const fixed: Readonly<Record<string, readonly [string, number]>> = {
    YESTERDAY: ['DAY', -1],
    TODAY: ['DAY', 0],
    TOMORROW: ['DAY', 1],
  };
  const day = fixed[name];
  if (day) return { from: start(now, 'DAY', day[1]), to: start(now, 'DAY', day[1] + 1) };
  const today = start(now, 'DAY', 0);
  if (name === 'LAST_90_DAYS') return { from: today - 90 * DAY, to: today + DAY };
  if (name === 'NEXT_90_DAYS') return { from: today + DAY, to: today + 91 * DAY };
  const ago = /^N_(\w+)S_AGO$/.exec(name)?.[1];
  if (ago) return { from: start(now, ago, -n), to: start(now, ago, -n + 1) };
  const counted = /^(LAST|NEXT)_N_(\w+)S$/.exec(name);
  if (counted) {
    const unit = counted[2] ?? 'DAY';
    // LAST_N_DAYS includes today, the longer units end before the present one.
    if (counted[1] === 'LAST')
      return { from: start(now, unit, -n), to: start(now, unit, unit === 'DAY' ? 1 : 0) };
    return { from: start(now, unit, 1), to: start(now, unit, n + 1) };
  }
  const [, which, unit = 'DAY'] = /^(LAST|THIS|NEXT)_(\w+)$/.exec(name) ?? [];
  const shift = which === 'LAST' ? -1 : which === 'NEXT' ? 1 : 0;
  return { from: start(now, unit, shift), to: start(now, unit, shift + 1) };
}
