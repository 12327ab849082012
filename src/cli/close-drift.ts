import { driftOf } from '../activities/close-drift';
import { periodsOf } from '../activities/periods-of';
import { isLocked } from '../domain/close/close';
import { becameInWords, fieldInWords, type RecordChange } from '../domain/close/records';
import { csvLine } from '../domain/escape';
import { planClose } from '../handbook/close-time';
import { periodNamed } from './close-calendar';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface DriftOptions extends Spoken {
  readonly csv?: boolean;
}

const COLUMNS = ['record', 'became', 'field', 'from', 'to', 'by', 'name', 'at'];

/**
 * `daytwo close drift <period>`: where a locked period isn't what was locked, or approved since, read from Salesforce now; with who
 * changed each record last. Ends with 1 where there is any.
 */
export function closeDrift(asked: string, options: DriftOptions, around: Surroundings): Promise<number> {
  return withReadWorld(around, async (world) => {
    const period = periodNamed(asked);
    const kept = await world.store.closes.get(period);
    if (!kept || !isLocked(kept.close))
      throw new Refused(`${period} is not locked, so nothing of it was kept: daytwo close lock ${period}.`);
    const { firstDay, lastDay } = planClose(world.handbook(), period).period;
    const periods = periodsOf(world);
    const drift = await driftOf(world, period, await periods.closedIn(firstDay, lastDay));
    const names = await periods.userNames([...new Set(drift.flatMap(({ by }) => by ?? []))]);
    const lines = drift.flatMap((change) => linesOf(change, names));
    if (options.json) for (const change of drift) around.out(jsonLine(inJson(change, names)));
    else if (options.csv) for (const line of [COLUMNS, ...lines]) around.out(csvLine(line));
    else show(period, drift, lines, around);
    return drift.length === 0 ? 0 : 1;
  });
}

function linesOf(change: RecordChange, names: ReadonlyMap<string, string>): readonly string[][] {
  const { id, fields, by, at } = change;
  const who = [by ?? '', (by && names.get(by)) ?? '', at ?? ''];
  if (fields.length === 0) return [[id, becameInWords(change), '', '', '', ...who]];
  return fields
    .map(fieldInWords)
    .map(({ field, from, to }) => [id, becameInWords(change), field, from, to, ...who]);
}

const inJson = (change: RecordChange, names: ReadonlyMap<string, string>) => ({
  record: change.id,
  became: becameInWords(change),
  fields: change.fields.map(fieldInWords),
  by: change.by,
  name: (change.by && names.get(change.by)) ?? null,
  at: change.at,
});

function show(
  period: string,
  drift: readonly RecordChange[],
  lines: readonly string[][],
  around: Surroundings,
): void {
  const { bold, green, dim } = around.colours;
  if (drift.length === 0)
    return around.out(green(`${period} is as it was locked, and as approved changes made it since.`));
  around.out(
    bold(`${plural(drift.length, 'opportunity', 'opportunities')} of ${period} changed since it was locked`),
  );
  around.out('');
  const rows = lines.map(
    ([record = '', became = '', field = '', from = '', to = '', by = '', name = '', at = '']) => [
      record,
      became,
      field,
      from,
      to,
      name || by,
      at,
    ],
  );
  const head = ['Record', 'Became', 'Field', 'From', 'To', 'Last changed by', 'At'];
  for (const line of table(head, rows, bold)) around.out(line);
  around.out('');
  around.out(
    dim(`Put it back, or ask for it: daytwo close change ${period} --record <id> --set Field=value.`),
  );
}
