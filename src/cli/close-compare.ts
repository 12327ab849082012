import { compareCloses } from '../activities/close-report';
import {
  checksCompared,
  compared,
  datesCompared,
  differenceOf,
  figureText,
  policyChanges,
  variancesCompared,
  type Compared,
} from '../domain/close/report/compared';
import type { Figures } from '../domain/close/report/figures';
import type { Handbook } from '../domain/handbook';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import { periodNamed } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { table } from './words';

/** `daytwo close compare <period> <other>`: two periods side by side, each by the policy that it keeps. */
export function closeCompare(
  asked: string,
  other: string,
  options: Spoken,
  around: Surroundings,
): Promise<number> {
  return withProcesses(around, async ({ settings, store }) =>
    compareFrom(
      await store(),
      readHandbook(settings.configDir),
      [periodNamed(asked), periodNamed(other)],
      options,
      around,
    ),
  );
}

export async function compareFrom(
  store: Store,
  handbook: Handbook,
  periods: readonly [string, string],
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  const [one, other] = periods;
  if (one === other) throw new WrongUsage(`${one} is named twice: name two periods.`);
  for (const period of periods)
    if (!(await store.closes.get(period)))
      throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
  const figures = await compareCloses({ store, handbook: () => handbook }, periods);
  if (json) for (const period of figures) around.out(jsonLine(period));
  else show(figures, around);
  return 0;
}

function show(figures: readonly Figures[], around: Surroundings): void {
  const { bold, dim } = around.colours;
  const head = figures.map(({ period }) => period);
  around.out(bold(`The closes of ${head.join(' and ')}`));
  const changed = policyChanges(figures);
  for (const words of changed.length > 0 ? changed : ['Both by the same policy.']) around.out(dim(words));
  const parts: readonly (readonly [string, readonly Compared[]])[] = [
    ['', [...compared(figures), ...variancesCompared(figures)]],
    ['Findings by check', checksCompared(figures)],
    ['Dates', datesCompared(figures)],
  ];
  for (const [name, rows] of parts) {
    if (rows.length === 0) continue;
    around.out('');
    for (const line of table([name, ...head, 'Difference'], rows.map(lineOf), bold)) around.out(line);
  }
}

function lineOf(row: Compared): readonly string[] {
  const difference = differenceOf(row);
  const text = difference === null || difference === 0 ? '' : figureText(row.unit, difference);
  return [
    row.name,
    ...row.values.map((value) => figureText(row.unit, value)),
    difference !== null && difference > 0 ? `+${text}` : text,
  ];
}
