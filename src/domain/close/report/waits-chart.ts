import { timeSpans, type SpanRow } from './charts';
import { markup, tableOf, type Markup } from './markup';
import type { PeriodReport } from './page';
import { hoursBy, waitsOf, type Wait } from './waits';

const STEPS: readonly Wait['step'][] = ['prepared', 'reviewed', 'green light'];
const DAY_MS = 86_400_000;

/** Who waited on whom: from what a task needs, to prepared, to reviewed; and the green lights. */
export function waiting({ close, tasks, greenLight, madeAt, clock }: PeriodReport): Markup {
  const heading = markup`<h2 id="waits">Who waited on whom</h2>`;
  const waits = waitsOf(close, tasks, greenLight, madeAt);
  if (waits.length === 0) return markup`${heading}<p>There is no task yet.</p>`;
  const chart = timeSpans(
    'From ready to prepared to reviewed, by task',
    rowsOf(waits, madeAt, clock),
    STEPS,
    ticksOf(waits, madeAt, clock),
  );
  return markup`${heading}<p>A task can be prepared once what it needs is signed, and where it is due after the cut-off, from then on; it is reviewed once it is prepared. Hours are those of the clock, nights and weekends too.</p>
<figure>${chart}</figure>
${tableOf(
  'Step by step',
  [
    { name: 'Task' },
    { name: 'Step' },
    { name: 'Waited on' },
    { name: 'Waiting' },
    { name: 'From' },
    { name: 'Until' },
    { name: 'Hours', numbers: true },
  ],
  waits.map(({ of, step, on, waited, from, to, hours }) => [
    of,
    step,
    on,
    waited.join(', ') || (step === 'green light' ? 'the lock' : 'the green lights'),
    clock(from),
    to === null ? 'not yet' : clock(to),
    hours,
  ]),
)}
${sums('By whom it was', 'on', waits)}
${sums('By team', 'team', waits)}`;
}

const sums = (caption: string, by: 'on' | 'team', waits: readonly Wait[]): Markup =>
  tableOf(
    caption,
    [
      { name: by === 'on' ? 'Person' : 'Team' },
      { name: 'Steps', numbers: true },
      { name: 'Hours that others waited', numbers: true },
    ],
    hoursBy(waits, by).map(({ who, steps, hours }) => [who, steps, hours]),
  );

function rowsOf(waits: readonly Wait[], madeAt: string, clock: (at: string) => string): readonly SpanRow[] {
  const rows = new Map<string, Wait[]>();
  for (const wait of waits) rows.set(wait.of, [...(rows.get(wait.of) ?? []), wait]);
  return [...rows].map(([label, its]) => ({
    label,
    spans: its.map(({ from, to, step, on, hours }) => ({
      from: Date.parse(from),
      to: Math.max(Date.parse(from), Date.parse(to ?? madeAt)),
      kind: STEPS.indexOf(step),
      words: `${step} by ${on}, ${hours} hours from ${clock(from)}`,
    })),
  }));
}

/** Each day of the waits, by its date. */
function ticksOf(waits: readonly Wait[], madeAt: string, clock: (at: string) => string) {
  const from = Math.min(...waits.map((wait) => Date.parse(wait.from)));
  const to = Math.max(...waits.map((wait) => Date.parse(wait.to ?? madeAt)));
  const ticks: { readonly at: number; readonly label: string }[] = [];
  for (let at = from; at <= to; at += DAY_MS)
    ticks.push({ at, label: clock(new Date(at).toISOString()).slice(5, 10) });
  return ticks;
}
