/** Seconds of each unit: a day is 8 hours of work, a week 5 days, a month 4 weeks (https://docs.gitlab.com/user/project/time_tracking/). */
const UNITS = { mo: 576_000, w: 144_000, d: 28_800, h: 3_600, m: 60, s: 1 } as const;
const NAMES = Object.keys(UNITS) as (keyof typeof UNITS)[];

/** The seconds of `1w 2d 3h30m`, which may begin with a minus; undefined where it is no duration. */
export function secondsIn(duration: string): number | undefined {
  const text = duration.trim();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(mo|w|d|h|m|s)/g)];
  if (!/^-?(?:\d+(?:\.\d+)?\s*(?:mo|w|d|h|m|s)\s*)+$/.test(text)) return undefined;
  const sum = parts.reduce((total, part) => {
    const unit = NAMES.find((name) => name === part[2]);
    return total + Number(part[1]) * (unit ? UNITS[unit] : 0);
  }, 0);
  return Math.round(text.startsWith('-') ? -sum : sum);
}

/** As GitLab writes it: `1w 2d 3h 30m`, or null for nothing. */
export function durationText(seconds: number): string | null {
  const parts: string[] = [];
  let rest = seconds;
  for (const name of NAMES) {
    const count = Math.floor(rest / UNITS[name]);
    if (count > 0) parts.push(`${count}${name}`);
    rest -= count * UNITS[name];
  }
  return parts.length > 0 ? parts.join(' ') : null;
}
