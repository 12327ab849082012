import { csvCell } from '../domain/escape';
import {
  forecastOf,
  moreInWords,
  sparkline,
  type Forecast,
  type ForecastLine,
} from '../domain/close/forecast';
import { dollars } from '../domain/close/text';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import { periodNamed, thisPeriod } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface ForecastOptions extends Spoken {
  readonly csv?: boolean;
}

/** `daytwo close forecast [period]`: without a period the one that today belongs to. */
export function closeForecast(
  asked: string | undefined,
  options: ForecastOptions,
  around: Surroundings,
): Promise<number> {
  return withProcesses(around, async ({ settings, store }) => {
    const period =
      asked === undefined
        ? thisPeriod(readHandbook(settings.configDir), around.now().toISOString())
        : periodNamed(asked);
    return forecastFrom(await store(), period, options, around);
  });
}

export async function forecastFrom(
  store: Pick<Store, 'closes' | 'trend'>,
  period: string,
  options: ForecastOptions,
  around: Surroundings,
): Promise<number> {
  if (!(await store.closes.get(period)))
    throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
  const forecast = forecastOf(await store.trend.days(period));
  if (!forecast) throw new Refused(`The bookings of ${period} were not checked yet.`);
  if (options.json) around.out(jsonLine({ period, ...forecast }));
  else if (options.csv) for (const line of csvOf(forecast)) around.out(line);
  else show(period, forecast, around);
  return 0;
}

type Part = 'check' | 'region' | 'owner';
const PARTS = [
  ['check', 'byCheck'],
  ['region', 'byRegion'],
  ['owner', 'byOwner'],
] as const satisfies readonly (readonly [Part, keyof Forecast])[];

function csvOf(forecast: Forecast): readonly string[] {
  const head = 'by,part,bookings,more,findings,amount,new,mended,accepted';
  const lines = PARTS.flatMap(([by, lines]) =>
    forecast[lines].map(({ part, bookings, more, findings, cents, fresh, mended, accepted }) =>
      [
        by,
        csvCell(part ?? ''),
        bookings,
        more ?? '',
        findings,
        (cents / 100).toFixed(2),
        fresh,
        mended,
        accepted,
      ].join(','),
    ),
  );
  return [head, ...lines];
}

/** Owners that are shown; all of them by --csv or --json. */
const SHOWN = 15;
const NOBODY: Readonly<Record<Part, string>> = { check: '', region: '(no region)', owner: '(nobody)' };

function show(period: string, forecast: Forecast, around: Surroundings): void {
  const { bold, dim, green } = around.colours;
  const { all, before, trend, day, at } = forecast;
  around.out(
    all.bookings === 0
      ? green(`No booking of ${period} would fail today.`)
      : bold(`${plural(all.bookings, 'booking')} of ${period} would fail today, ${dollars(all.cents)}`),
  );
  around.out(
    `${plural(all.findings, 'finding')} open, ${all.accepted} accepted; on ${day} ${all.fresh} new, ${all.mended} mended` +
      (before
        ? `; ${moreInWords(all.bookings - before.all.bookings)} bookings since ${before.day} (${dollars(all.cents - before.all.cents)})`
        : ''),
  );
  if (trend.length > 1)
    around.out(
      `${sparkline(trend.map(({ bookings }) => bookings))}  ${plural(trend.length, 'day')}, at most ${Math.max(...trend.map(({ bookings }) => bookings))} a day`,
    );
  around.out(dim(`Looked at ${at}.`));
  for (const [by, lines] of PARTS) {
    const open = forecast[lines].filter(({ bookings }) => bookings > 0);
    if (open.length === 0) continue;
    around.out('');
    const head = [`By ${by}`, 'Bookings', 'Since', 'Amount', 'New', 'Mended'];
    const rows = open.slice(0, SHOWN).map((line) => rowOf(line, NOBODY[by]));
    for (const line of table(head, rows, bold)) around.out(line);
    if (open.length > SHOWN) around.out(dim(`… and ${open.length - SHOWN} more: --csv or --json shows all.`));
  }
}

const rowOf = ({ part, bookings, more, cents, fresh, mended }: ForecastLine, nobody: string) => [
  part ?? nobody,
  `${bookings}`,
  moreInWords(more),
  dollars(cents),
  `${fresh}`,
  `${mended}`,
];
