import type { CloseCase } from '../domain/close/close';
import { NO_EXTRAS } from '../domain/close/extras';
import { overdueWaits } from '../domain/close/overdue';
import type { DeskMessage } from '../domain/desk-acts';
import { tellOfFreeze } from './close-freeze';
import { isAboutLetter, workLetters } from './close-letters';
import { isAboutOverdue, workOverdue } from './close-overdue';
import { watchPromises } from './close-promises';
import type { ExtrasDone, ExtrasVisit } from './close-telling';

/** Whether a message is about something that is done beside tasks and lights. */
export const isAboutExtras = (message: DeskMessage): boolean =>
  isAboutLetter(message) || isAboutOverdue(message);

/**
 * What a close does beside its tasks, each on its day, once: notices of the change freeze, representation letters, overdue opportunities,
 * promised purchase orders. A close doesn't end while something of it waits.
 */
export async function workExtras(
  visit: ExtrasVisit,
): Promise<{ readonly close: CloseCase; readonly answers: ExtrasDone['answers'] }> {
  const before = visit.close;
  let close: CloseCase = before;
  const answers: Record<string, string | null> = {};
  const after = ({ extras, answers: said }: ExtrasDone): void => {
    // A close without any of it stays as it is.
    if (extras !== (close.extras ?? NO_EXTRAS)) close = { ...close, extras };
    Object.assign(answers, said);
  };
  after({ extras: await tellOfFreeze({ ...visit, close }), answers: {} });
  after(await workLetters({ ...visit, close }));
  after({ extras: await watchPromises({ ...visit, close }), answers: {} });
  after(await workOverdue({ ...visit, close }));
  return { close: heldOpen(visit.world, close), answers };
}

/** All its dates are over, but what waits is still to be decided or done; what couldn't be read isn't forgotten. */
function heldOpen(world: ExtrasVisit['world'], close: CloseCase): CloseCase {
  if (close.phase !== 'ended') return close;
  const move = close.extras?.overdue ?? null;
  const isUnplanned = move === null && world.connector('salesforce').overdue !== undefined;
  return isUnplanned || overdueWaits(move) ? { ...close, phase: 'locked' } : close;
}
