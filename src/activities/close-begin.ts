import type { CloseDateKind } from '../domain/close/calendar';
import { newClose } from '../domain/close/close';
import type { CloseVisit } from '../domain/close/status';
import { rolledFrom } from '../domain/close/roll-forward';
import { addDays } from '../domain/dates';
import { planClose } from '../handbook/close-time';
import type { BeginClose } from './close';
import { noteOfClose } from './close-record';
import { closeBefore } from './close-issues';
import { visitClose } from './close-visit';
import type { World } from './world';

/** Begins the close of a period, or takes up the one that there is. */
export async function beginClose(world: World, { period, by, now }: BeginClose): Promise<CloseVisit> {
  const plan = planClose(world.handbook(), period);
  const rolled = rolledFrom(
    await closeBefore(world, period),
    plan.tasks.map(({ task }) => task),
  );
  const { close } = await world.store.closes.begin(
    newClose({
      period,
      policyVersion: plan.policy.effectiveFrom,
      dates: plan.dates,
      due: plan.tasks.map(({ task: { key }, dueAt }) => ({ key, dueAt })),
      openedAt: now,
      openedBy: by,
      ...(rolled ? { rolled } : {}),
    }),
  );
  await noteOfClose(
    world,
    close,
    'opened',
    close.openedAt,
    'close.opened',
    {
      what: `opened the close of ${period}`,
      after: Object.fromEntries(close.dates.map(({ kind, at }) => [kind, at])),
    },
    close.openedBy === 'daytwo' ? undefined : { actor: close.openedBy, channel: 'cli' },
  );
  return visitClose(world, { period, messages: [], look: true, now });
}

/**
 * Begins the closes whose day has come and that are not locked yet by their dates: a schedule that comes late, after an outage, still finds
 * its close. @returns the periods that were begun
 */
export async function openDue(world: World, now: string): Promise<readonly string[]> {
  const today = now.slice(0, 10);
  const months = [addDays(`${today.slice(0, 7)}-01`, -1), today, addDays(`${today.slice(0, 7)}-01`, 31)];
  const begun: string[] = [];
  for (const period of months.map((day) => day.slice(0, 7))) {
    const { dates } = planClose(world.handbook(), period);
    const at = (kind: CloseDateKind): string => dates.find((date) => date.kind === kind)?.at ?? '';
    const isDue = Date.parse(at('opens')) <= Date.parse(now) && Date.parse(now) < Date.parse(at('lock'));
    if (!isDue || (await world.store.closes.get(period))) continue;
    await world.hints.startClose({ period, by: 'daytwo' });
    begun.push(period);
  }
  return begun;
}
