import type { CloseCase } from '../domain/close/close';
import { NO_EXTRAS } from '../domain/close/extras';
import { overdueWaits } from '../domain/close/overdue';
import type { DeskMessage } from '../domain/desk-acts';
import { tellOfFreeze } from './close-freeze';
import { isAboutLetter, workLetters } from './close-letters';
import { isAboutOverdue, workOverdue } from './close-overdue';
import { watchLists } from './close-lists';
import { watchPromises } from './close-promises';
import type { ExtrasDone, ExtrasVisit } from './close-telling';

/** Whether a message is about something that is done beside tasks and lights. */
export const isAboutExtras = (message: DeskMessage): boolean =>
  isAboutLetter(message) || isAboutOverdue(message);

/** What came of it. */
interface ExtrasWorked {
  readonly close: CloseCase;
  readonly answers: ExtrasDone['answers'];
  /** Something of it is still to be read, decided or done: the close doesn't end before. */
  readonly waits: boolean;
}

/**
 * What a close does beside its tasks, each on its day, once: notices of the change freeze, representation letters, overdue opportunities,
 * promised purchase orders; and the lists of deals that tasks show.
 */
export async function workExtras(visit: ExtrasVisit): Promise<ExtrasWorked> {
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
  after({ extras: await watchLists({ ...visit, close }), answers: {} });
  after(await workOverdue({ ...visit, close }));
  const move = close.extras?.overdue ?? null;
  const isUnread = move === null && visit.world.connector('salesforce').overdue !== undefined;
  return { close, answers, waits: isUnread || overdueWaits(move) };
}
