import { overdueStanding } from '../activities/close-overdue';
import { planOf } from '../activities/close-visit';
import type { OverdueMove, OverdueRow } from '../domain/close/overdue';
import { decimal, dollars } from '../domain/close/cents';
import { csvLine } from '../domain/escape';
import { planClose } from '../handbook/close-time';
import { periodNamed } from './close-calendar';
import { withReadWorld } from './read-world';
import { jsonLine, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface OverdueOptions extends Spoken {
  readonly csv?: boolean;
}

/**
 * `daytwo close overdue <period>`: which open opportunities get which close date on the 15th: the plan that was made, with what each came to;
 * before it is made, what it would be now. It changes nothing.
 */
export async function closeOverdue(
  asked: string,
  options: OverdueOptions,
  around: Surroundings,
): Promise<number> {
  const period = periodNamed(asked);
  return withReadWorld(around, async (world) => {
    const close = await world.store.closes.get(period);
    const plan = close ? planOf(world, close.close) : planClose(world.handbook(), period);
    const { move, rows, kept } = await overdueStanding(world, period, plan, around.now().toISOString());
    if (options.json) for (const row of rows) around.out(jsonLine(row));
    else if (options.csv) for (const line of csvOf(rows)) around.out(line);
    else show(period, move, rows, kept, around);
    return 0;
  });
}

const COLUMNS = [
  'opportunity',
  'stage',
  'owner',
  'amount',
  'close_date',
  'becomes',
  'outcome',
  'code',
] as const;

export const csvOf = (rows: readonly OverdueRow[]): readonly string[] =>
  [
    COLUMNS,
    ...rows.map((row) => [
      row.id,
      row.stage,
      row.ownerId,
      row.amountCents === null ? '' : decimal(row.amountCents),
      row.closeDate,
      row.to,
      row.outcome ?? '',
      row.code ?? '',
    ]),
  ].map(csvLine);

/** So many are shown one by one; all of them by --csv or --json. */
const SHOWN = 40;

function show(
  period: string,
  move: OverdueMove,
  rows: readonly OverdueRow[],
  kept: boolean,
  around: Surroundings,
): void {
  const { bold, dim, green } = around.colours;
  if (rows.length === 0)
    return around.out(green('No open opportunity has a close date in a month that is over.'));
  const standing = kept ? `the plan of ${move.plannedAt} is ${move.state}` : 'what the plan would be now';
  around.out(
    bold(
      `${plural(rows.length, 'overdue opportunity', 'overdue opportunities')}, ${dollars(move.totalCents)}`,
    ) + dim(`, ${standing}`),
  );
  if (move.decided) around.out(`Decided by ${move.decided.by} at ${move.decided.at}.`);
  around.out('');
  const lines = rows
    .slice(0, SHOWN)
    .map(({ id, stage, amountCents, closeDate, to, outcome }) => [
      id,
      stage,
      amountCents === null ? '' : dollars(amountCents),
      closeDate,
      to,
      outcome ?? '',
    ]);
  const head = ['Opportunity', 'Stage', 'Amount', 'Close date', 'Becomes', ''];
  for (const line of table(head, lines, bold)) around.out(line);
  if (rows.length > SHOWN) around.out(dim(`… and ${rows.length - SHOWN} more: --csv or --json shows all.`));
  if (move.state === 'planned' && kept)
    around.out(
      dim(
        `Approve it: daytwo approve ${period} --task overdue-move --digest ${move.digest.slice(0, 12)} --by <username>.`,
      ),
    );
}
