import { codeSpan, markdown } from '../escape';
import { money } from './cents';
import type { Reconciled } from './variances';

/** What the issue of a period says of billing: counts and amounts by kind, or what is wrong with the export. */
export function billingLines(reconciled: Reconciled | null | undefined): readonly string[] {
  if (!reconciled) return [];
  const { at, exportedAt, problems, open, explained, holding, byKind } = reconciled;
  if (problems.length > 0)
    return [
      `- billing: **not compared** at ${at}, so the green light is held`,
      ...problems.map(
        ({ place, problem, mend }) => `  - ${markdown(place)}: ${markdown(problem)}. ${markdown(mend)}`,
      ),
    ];
  const kinds = byKind.map(
    ({ kind, currency, count, cents }) => `${codeSpan(kind)} ${count} (${markdown(money(cents, currency))})`,
  );
  return [
    `- billing, exported ${exportedAt ?? ''}: ${open} variances open, ${holding} of them hold the green light, ${explained} explained${kinds.length > 0 ? `; ${kinds.join(', ')}` : ''}`,
  ];
}
