import { listedDeals } from '../activities/close-lists';
import { planOf } from '../activities/close-visit';
import type { ReadWorld } from '../activities/world';
import { decimal, dollars } from '../domain/close/cents';
import { cellsOf, LIST_COLUMNS, taskListOf, type ListedDeal } from '../domain/close/task-lists';
import { csvLine } from '../domain/escape';
import { planClose } from '../handbook/close-time';
import { periodNamed } from './close-calendar';
import type { FindingsOptions } from './close-findings';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Surroundings } from './surroundings';
import { plural, spaced, table } from './words';

/** `daytwo close findings <period> --list <task>`: the deals that a task of the checklist shows, as they are now. */
export function closeList(
  asked: string,
  task: string,
  options: FindingsOptions,
  around: Surroundings,
): Promise<number> {
  return withReadWorld(around, async (world) => {
    const period = periodNamed(asked);
    const deals = await dealsOf(world, period, task);
    if (options.json) for (const deal of deals) around.out(jsonLine(deal));
    else if (options.csv) {
      around.out(csvLine(LIST_COLUMNS));
      for (const deal of deals) around.out(csvLine(cellsOf(deal, decimal)));
    } else show(period, task, deals, around);
    return 0;
  });
}

async function dealsOf(world: ReadWorld, period: string, task: string): Promise<readonly ListedDeal[]> {
  const { checklist } = world.handbook();
  const kind = checklist.find(({ key }) => key === task)?.shows;
  if (!kind) {
    const keys = checklist.flatMap(({ key, shows }) => (shows ? [key] : []));
    throw new Refused(`${task} is no task with a list. Those with one: ${keys.join(', ') || 'none'}.`);
  }
  const close = await world.store.closes.get(period);
  const plan = close ? planOf(world, close.close) : planClose(world.handbook(), period);
  const deals = await listedDeals(world, plan, [kind]);
  if (!deals) throw new Refused('config/ does not say where Salesforce keeps what is listed.');
  return deals.get(kind) ?? [];
}

function show(period: string, task: string, deals: readonly ListedDeal[], around: Surroundings): void {
  const { bold, green } = around.colours;
  if (deals.length === 0) return around.out(green(`No deal is on the list of ${task} in ${period} now.`));
  const { count, netArrCents } = taskListOf(deals);
  around.out(bold(`${plural(count, 'deal')} of ${task} in ${period}, ${dollars(netArrCents)} net ARR`));
  around.out('');
  const rows = deals.map((deal) => cellsOf(deal, dollars));
  for (const line of table(LIST_COLUMNS.map(spaced), rows, bold)) around.out(line);
}
