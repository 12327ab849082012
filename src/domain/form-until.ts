import { isCalendarDate } from './dates';
import type { FormProblem } from './form';
import { problemAt } from './form-problem';

/** Until when access is needed, as one line says. */
export interface UntilLine {
  readonly value: string;
  readonly line: { readonly number: number; readonly raw: string };
  /** It stands on the line of one system. */
  readonly ofSystem: boolean;
}

const FOR_GOOD =
  /^(?:for good|for ever|forever|permanent(?:ly)?|indefinite(?:ly)?|no end(?: date)?|none|never|open(?:[- ]ended)?)$/iu;
const A_DATE = 'Write the last day on which access is needed as a date of the form YYYY-MM-DD';

/**
 * One date for the whole request; null where access is for good. A duration can't be read, since the text doesn't tell from
 * when it counts.
 *
 * @param systems how many systems the request names
 */
export function readUntil(
  lines: readonly UntilLine[],
  systems: number,
): { readonly until: string | null; readonly problems: readonly FormProblem[] } {
  const problems: FormProblem[] = [];
  const dates = new Map<string, UntilLine>();
  for (const one of lines) {
    if (FOR_GOOD.test(one.value)) continue;
    const found = one.value.match(/(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)/g) ?? [];
    const [date, another] = found;
    if (date === undefined || another !== undefined) problems.push(problemAt(one.line, `${A_DATE}.`));
    else if (!isCalendarDate(date))
      problems.push(problemAt(one.line, `${A_DATE}; the calendar has no ${date}.`));
    else if (!dates.has(date)) dates.set(date, one);
  }
  const [first, second]: readonly (UntilLine | undefined)[] = [...dates.values()];
  const ofSystems = lines.filter(({ ofSystem }) => ofSystem).length;
  const onSome = ofSystems > 0 && ofSystems < systems && lines.every(({ ofSystem }) => ofSystem);
  const unclear = second ?? (onSome ? first : undefined);
  if (unclear)
    problems.push(
      problemAt(
        unclear.line,
        'One last day holds for the whole request. File another request for access that ends on another day, or not at all.',
      ),
    );
  const [until] = dates.keys();
  return { until: problems.length === 0 ? (until ?? null) : null, problems };
}
