import { dollars } from '../cents';
import type { Figures, PinnedPolicy } from './figures';
import { markup, tableOf, type Content, type Markup } from './markup';

/** The period beside those before it, each by the policy that it keeps. */
export function comparison(figures: Figures, earlier: readonly Figures[]): Markup {
  const heading = markup`<h2 id="comparison">Beside the periods before</h2>`;
  if (earlier.length === 0) return markup`${heading}<p>There is no earlier period to compare with.</p>`;
  const all = [...earlier, figures];
  const row = (name: string, of: (one: Figures) => Content | null): readonly Content[] => [
    name,
    ...all.map((one) => of(one) ?? '–'),
  ];
  return markup`${heading}${policyWords(all)}
<div class="wide">${tableOf(
    'The same figures of each',
    [{ name: '' }, ...all.map(({ period }) => ({ name: period, numbers: true }))],
    [
      row('Policy in force since', ({ policy }) => policy.version),
      ...POLICY_ROWS.map(([name, field]) => row(name, ({ policy }) => policy[field])),
      row('Stands', ({ phase }) => phase),
      row('Closed opportunities', ({ records }) => records?.toLocaleString('en-US') ?? null),
      row('Amount', ({ cents }) => (cents === null ? null : dollars(cents))),
      row('Findings', ({ found }) => found),
      row('Findings in 100 opportunities', ({ found, records }) =>
        records ? (Math.round((found * 1000) / records) / 10).toFixed(1) : null,
      ),
      row('Mended', ({ mended }) => mended),
      row('Accepted', ({ accepted }) => accepted),
      row('Still open', ({ open }) => open),
      row('Days to mend, median', ({ daysToMend }) => daysToMend),
      row('Green lights that went out', ({ lightsOut }) => lightsOut),
      row('Locks on', ({ lockDate }) => lockDate),
      row('Days from cut-off to lock', ({ daysToLock }) => daysToLock),
      row('Found changed after the lock', ({ drifts }) => drifts),
    ],
  )}</div>`;
}

const POLICY_ROWS: readonly (readonly [string, keyof PinnedPolicy])[] = [
  ['Day of the lock', 'lockDay'],
  ['Booking window, days', 'bookingWindowDays'],
  ['Late renewals, days', 'lateRenewalDays'],
];

/** What changed in the rules between the periods: figures are comparable only as far as these are. */
function policyWords(all: readonly Figures[]): Markup {
  const changed = all.slice(1).flatMap((one, at) => {
    const before = all[at];
    if (!before || before.policy.version === one.policy.version) return [];
    const fields = POLICY_ROWS.filter(([, field]) => before.policy[field] !== one.policy[field]).map(
      ([name, field]) => `${name.toLowerCase()} ${before.policy[field]} → ${one.policy[field]}`,
    );
    return [
      `From ${before.period} to ${one.period} the policy changed (${before.policy.version} → ${one.policy.version})${fields.length > 0 ? `: ${fields.join(', ')}` : ', in nothing that is compared here'}.`,
    ];
  });
  return changed.length === 0
    ? markup`<p>All by the same policy.</p>`
    : markup`${changed.map((words) => markup`<p>${words}</p>`)}`;
}
