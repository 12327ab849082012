import { csvCell } from '../domain/escape';
import {
  forecastOf,
  moreInWords,
  sparkline,
  type Forecast,
  type ForecastLine,
} from '../domain/close/forecast';
import { decimal, dollars } from '../domain/close/cents';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import type { RecordOwner } from '../systems/owners';
import { periodNamed, thisPeriod } from './close-calendar';
import { withProcesses } from './open';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface ForecastOptions extends Spoken {
  readonly csv?: boolean;
  readonly names?: boolean;
}

/** The address of an owner by the CRM's id; whom it doesn't know is left out. */
export type OwnersOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** `daytwo close forecast [period]`: without a period the one that today belongs to. */
export function closeForecast(
  asked: string | undefined,
  options: ForecastOptions,
  around: Surroundings,
): Promise<number> {
  const periodIn = (configDir: string): string =>
    asked === undefined
      ? thisPeriod(readHandbook(configDir), around.now().toISOString())
      : periodNamed(asked);
  if (options.names)
    return withReadWorld(around, ({ store, connector }, { configDir }) =>
      forecastFrom(store, periodIn(configDir), options, around, async (ids) => {
        const owners = (await connector('salesforce').owners?.find(ids)) ?? new Map<string, RecordOwner>();
        return new Map([...owners.values()].map(({ id, email }) => [id, email]));
      }),
    );
  return withProcesses(around, async ({ settings, store }) =>
    forecastFrom(await store(), periodIn(settings.configDir), options, around),
  );
}

export async function forecastFrom(
  store: Pick<Store, 'closes' | 'trend'>,
  period: string,
  options: ForecastOptions,
  around: Surroundings,
  ownersOf: OwnersOf = () => Promise.resolve(new Map()),
): Promise<number> {
  if (!(await store.closes.get(period)))
    throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
  const found = forecastOf(await store.trend.days(period));
  if (!found) throw new Refused(`The bookings of ${period} were not checked yet.`);
  const forecast = await named(found, ownersOf);
  if (options.json) around.out(jsonLine({ period, ...forecast }));
  else if (options.csv) for (const line of csvOf(forecast)) around.out(line);
  else show(period, forecast, around);
  return 0;
}

/** Owners by their addresses, where those are known. */
async function named(forecast: Forecast, ownersOf: OwnersOf): Promise<Forecast> {
  const names = await ownersOf(forecast.byOwner.flatMap(({ part }) => part ?? []));
  return {
    ...forecast,
    byOwner: forecast.byOwner.map((line) => ({
      ...line,
      part: line.part === null ? null : (names.get(line.part) ?? line.part),
    })),
  };
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
      [by, csvCell(part ?? ''), bookings, more ?? '', findings, decimal(cents), fresh, mended, accepted].join(
        ',',
      ),
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
