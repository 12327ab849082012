import type { Finding } from '../findings';
import { dollars } from '../cents';
import type { DayOfClose } from '../trend';
import { COLOURS, stackedBars, type Series } from './charts';
import { daysToMend, median, mendedWithin } from './figures';
import { markup, tableOf, type Column, type Markup } from './markup';

/** What has a colour of its own; the others are one. */
const NAMED = COLOURS - 1;
const numbers = (names: readonly string[]): readonly Column[] =>
  names.map((name) => ({ name, numbers: true }));
const dayName = (day: string): string => day.slice(5);

/** Open findings at each look, by the checks that had the most. */
export function findingsOverTime(days: readonly DayOfClose[]): Markup {
  const heading = markup`<h2 id="findings">Findings over the month, by check</h2>`;
  if (days.length === 0) return markup`${heading}<p>The bookings were not checked.</p>`;
  const sums = new Map<string, number>();
  for (const { byCheck } of days)
    for (const { part, findings } of byCheck)
      if (part !== null) sums.set(part, (sums.get(part) ?? 0) + findings);
  const checks = [...sums]
    .filter(([, sum]) => sum > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([check]) => check);
  const open = ({ byCheck }: DayOfClose, check: string): number =>
    byCheck.find(({ part }) => part === check)?.findings ?? 0;
  const named = checks
    .slice(0, NAMED)
    .map((check): Series => ({ name: check, values: days.map((day) => open(day, check)) }));
  const rest = checks.slice(NAMED);
  const series: readonly Series[] =
    rest.length === 0
      ? named
      : [
          ...named,
          {
            name: `${rest.length} other checks`,
            values: days.map((day) => rest.reduce((sum, check) => sum + open(day, check), 0)),
          },
        ];
  const chart = stackedBars(
    'Open findings day by day, by check',
    days.map(({ day }) => dayName(day)),
    series,
  );
  return markup`${heading}<p>Findings that were neither mended nor accepted, at the last look of each day.</p>
<figure>${chart}</figure>
<div class="wide">${tableOf(
    'Bookings that would have failed, and open findings by check',
    [
      { name: 'Day' },
      ...numbers(['Bookings', 'Amount', 'New', 'Mended', 'Accepted', ...series.map(({ name }) => name)]),
    ],
    days.map(({ day, all }, at) => [
      day,
      all.bookings,
      dollars(all.cents),
      all.fresh,
      all.mended,
      all.accepted,
      ...series.map(({ values }) => values[at] ?? 0),
    ]),
  )}</div>`;
}

/** What each check found in all. */
export function foundByCheck(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return markup``;
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) {
    const its = byCheck.get(finding.check);
    if (its) its.push(finding);
    else byCheck.set(finding.check, [finding]);
  }
  const rows = [...byCheck]
    .sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .map(([check, its]) => {
      const inState = (state: Finding['state']): number => its.filter((one) => one.state === state).length;
      return [
        check,
        its.length,
        inState('open'),
        inState('accepted'),
        inState('closed'),
        median(daysToMend(its)) ?? '–',
      ];
    });
  return tableOf(
    'In all, by check',
    [{ name: 'Check' }, ...numbers(['Found', 'Open', 'Accepted', 'Mended', 'Days to mend, median'])],
    rows,
  );
}

/** How long it took to mend what was found. */
export function mending(findings: readonly Finding[]): Markup {
  const heading = markup`<h2 id="mending">Days to mend</h2>`;
  const days = daysToMend(findings);
  if (days.length === 0) return markup`${heading}<p>Nothing was mended yet.</p>`;
  const within = mendedWithin(days);
  const chart = stackedBars(
    'Findings by the days that it took to mend them',
    within.map(({ label }) => label),
    [{ name: 'mended', values: within.map(({ count }) => count) }],
  );
  return markup`${heading}<p>From the look that found it to the one that found it gone, of ${days.length} findings: ${median(days) ?? 0} days in the median, ${days.reduce((most, one) => Math.max(most, one), 0)} at most. A record that left the period counts as mended.</p>
<figure>${chart}</figure>
${tableOf(
  'Findings by the days that it took to mend them',
  [{ name: 'Days' }, ...numbers(['Findings'])],
  within.map(({ label, count }) => [label, count]),
)}`;
}

/** The rush of the last day. */
export function submissions(days: readonly DayOfClose[]): Markup {
  const heading = markup`<h2 id="submissions">Submissions by hour on the last day</h2>`;
  const hours = days.findLast(({ submissions: counted }) => counted !== null)?.submissions ?? null;
  if (hours === null) return markup`${heading}<p>The last day is still to come.</p>`;
  const labels = hours.map((_, hour) => `${String(hour).padStart(2, '0')}:00`);
  const chart = stackedBars('Submissions by hour on the last day', labels, [
    { name: 'submitted', values: hours },
  ]);
  const all = hours.reduce((sum, count) => sum + count, 0);
  return markup`${heading}<p>${all} submissions for approval, by the CRM's own stamps, in the hour where the business is.</p>
<figure>${chart}</figure>
<div class="wide">${tableOf(
    'Submissions in the hour from',
    [{ name: '' }, ...numbers(labels.map((label) => label.slice(0, 2)))],
    [['Submitted', ...hours]],
  )}</div>`;
}
