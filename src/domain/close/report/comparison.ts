import { compared, figureText, policyChanges } from './compared';
import type { Figures } from './figures';
import { markup, tableOf, type Markup } from './markup';

/** The period beside those before it, each by the policy that it keeps. */
export function comparison(figures: Figures, earlier: readonly Figures[]): Markup {
  const heading = markup`<h2 id="comparison">Beside the periods before</h2>`;
  if (earlier.length === 0) return markup`${heading}<p>There is no earlier period to compare with.</p>`;
  const all = [...earlier, figures];
  const changed = policyChanges(all);
  return markup`${heading}${(changed.length === 0 ? ['All by the same policy.'] : changed).map((words) => markup`<p>${words}</p>`)}
<div class="wide">${tableOf(
    'The same figures of each',
    [{ name: '' }, ...all.map(({ period }) => ({ name: period, numbers: true }))],
    compared(all).map(({ name, unit, values }) => [name, ...values.map((value) => figureText(unit, value))]),
  )}</div>`;
}
