import { policyOn } from '../domain/day-two';
import type { Handbook } from '../domain/handbook';
import { poolOf } from '../domain/seat-queue';
import { ordinal, seatReport, type SeatReport, type WaitingLine } from '../domain/seat-report';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import type { Engine } from './engine';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { age, onClock, plural, table, zoneNote } from './words';

export interface SeatsOptions extends Spoken {
  readonly pool?: string;
}

/** `daytwo seats` */
export function seats(options: SeatsOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ settings, store }) =>
    seatsFrom(await store(), readHandbook(settings.configDir), options, around),
  );
}

/** `daytwo seats check <pool>` */
export function checkSeats(pool: string, options: Spoken, around: Surroundings): Promise<number> {
  return withProcesses(around, ({ settings, engine }) =>
    checkSeatsFrom(engine, readHandbook(settings.configDir), pool, options, around),
  );
}

export async function seatsFrom(
  store: Pick<Store, 'seats'>,
  handbook: Handbook,
  options: SeatsOptions,
  around: Surroundings,
): Promise<number> {
  const reports = await reportsOf(store, handbook, around.now());
  const wanted = options.pool;
  const shown = wanted === undefined ? reports : reports.filter(({ pool }) => isCalled(pool, wanted));
  if (wanted !== undefined && shown.length === 0)
    throw unknownPool(
      wanted,
      reports.map(({ pool }) => pool),
    );
  if (options.json) for (const report of shown) around.out(jsonLine(report));
  else show(shown, around);
  return 0;
}

export async function checkSeatsFrom(
  engine: Pick<Engine, 'seatFreed'>,
  handbook: Handbook,
  name: string,
  options: Spoken,
  around: Surroundings,
): Promise<number> {
  const known = poolsOf(handbook);
  const pool = known.find((key) => isCalled(key, name));
  if (pool === undefined) throw unknownPool(name, known);
  await engine.seatFreed(pool);
  if (options.json) around.out(jsonLine({ pool, told: true }));
  else
    around.out(
      `The pool ${pool} looks now, and offers what is free to the first in its queue: daytwo seats.`,
    );
  return 0;
}

async function reportsOf(store: Pick<Store, 'seats'>, handbook: Handbook, now: Date): Promise<SeatReport[]> {
  const at = now.toISOString();
  const policy = policyOn(handbook, at.slice(0, 10)).seats;
  const seen = new Map((await store.seats.pools()).map((pool) => [pool.key, pool.seen]));
  const keys = [...new Set([...seen.keys(), ...poolsOf(handbook)])].sort();
  const reports: SeatReport[] = [];
  for (const key of keys)
    reports.push(
      seatReport(
        key,
        seen.get(key) ?? null,
        await store.seats.wants(key),
        await store.seats.held(key, at),
        policy,
        at,
      ),
    );
  return reports;
}

const poolsOf = ({ systems }: Handbook): readonly string[] => [
  ...new Set(systems.flatMap(({ ways }) => ways.flatMap((way) => poolOf(way)?.key ?? []))),
];

/** A pool by its whole name or its licence, in any case. */
const isCalled = (pool: string, name: string): boolean =>
  [pool, pool.replace(/^[^/]+\//, '')].some((one) => one.toLowerCase() === name.toLowerCase());

const unknownPool = (name: string, known: readonly string[]): Refused =>
  new Refused(`There is no pool ${name}. There are: ${known.join(', ') || 'none'}.`);

function show(reports: readonly SeatReport[], around: Surroundings): void {
  const { dim } = around.colours;
  const lines = table(
    ['POOL', 'TOTAL', 'USED', 'RESERVED', 'FREE', 'WAITING', 'AS OF'],
    reports.map((report) => [
      report.pool,
      report.asOf === null ? '?' : String(report.total ?? 'no limit'),
      String(report.used ?? '?'),
      String(report.reserved),
      report.asOf === null ? '?' : String(report.free ?? 'no limit'),
      String(report.waiting.length),
      report.asOf === null ? 'not read yet' : onClock(report.asOf, around.zone),
    ]),
    dim,
  );
  for (const line of lines) around.out(line);
  for (const { pool, waiting } of reports.filter((report) => report.waiting.length > 0)) {
    around.out('');
    around.out(`${pool}: ${plural(waiting.length, 'want')}`);
    const rows = waiting.map((line) => [
      turnOf(line, around.zone),
      age(line.since, around.now()),
      line.class,
      line.request,
      `employee ${line.employeeId}`,
    ]);
    for (const row of table(['TURN', 'WAITS', 'CLASS', 'REQUEST', 'FOR'], rows, dim)) around.out(row);
  }
  around.out('');
  around.out(dim(`${zoneNote(around.zone)} daytwo seats check <pool> reads a pool now.`));
}

const turnOf = ({ turn, offeredUntil }: WaitingLine, zone: string): string =>
  turn === null ? `kept for them until ${onClock(offeredUntil ?? '', zone)}` : ordinal(turn);
