import { digestOfRecords } from '../activities/close-look';
import { periodsOf } from '../activities/periods-of';
import { isLocked } from '../domain/close/close';
import { lockConditions } from '../domain/close/lock-plan';
import { planClose } from '../handbook/close-time';
import { periodNamed } from './close-calendar';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { systemTime } from './system-time';

/**
 * `daytwo close lock <period>`: what keeps it from being locked now, one by one; the records are read anew. It locks nothing: that
 * does its close, on its day, and never without both lights.
 */
export function closeLock(asked: string, { json }: Spoken, around: Surroundings): Promise<number> {
  return withReadWorld(around, async (world, settings) => {
    const period = periodNamed(asked);
    const kept = await world.store.closes.get(period);
    if (!kept) throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
    const { close } = kept;
    const { green, red, bold, dim } = around.colours;
    if (isLocked(close)) {
      if (json) around.out(jsonLine({ period, locked: close.lock, conditions: [] }));
      else
        around.out(
          green(`${period} is locked through ${close.lock?.through ?? ''}, since ${close.lock?.at ?? ''}.`),
        );
      return 0;
    }
    const { firstDay, lastDay } = planClose(world.handbook(), period).period;
    const records = await periodsOf(world).closedIn(firstDay, lastDay);
    const now = await systemTime(settings, around);
    const conditions = lockConditions(close, { digest: digestOfRecords(records), now });
    const missing = conditions.filter(({ isMet }) => !isMet).length;
    if (json) around.out(jsonLine({ period, locked: null, conditions }));
    else {
      around.out(bold(`What ${period} needs to be locked`));
      for (const { what, isMet, why } of conditions)
        around.out(`  ${isMet ? green('[x]') : red('[ ]')} ${what}: ${why}`);
      around.out('');
      around.out(
        missing === 0
          ? green('Nothing keeps it: its close locks it by itself.')
          : `${missing} of ${conditions.length} are missing. ${dim('Nothing was changed.')}`,
      );
    }
    return missing === 0 ? 0 : 1;
  });
}
