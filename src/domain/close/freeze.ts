import { endsQuarter } from './calendar';
import { dateOf, type CloseCase } from './close';
import type { Period } from './period';
import type { QuarterPeople } from './quarter';

/** What is said of changes of the systems, once for each key. */
export interface FreezeNotice {
  readonly key: 'care' | 'freeze_begins' | 'freeze_ends';
  /** Null where the issue alone says it. */
  readonly subject: string | null;
  readonly text: string;
}

/**
 * "No system changes 2 weeks either side of quarter end; heightened care, no freeze, at the two other month ends." Null where nothing is
 * to be said now.
 */
export function freezeNotice(
  close: Pick<CloseCase, 'dates' | 'phase'>,
  period: Period,
  { systems, exceptionsBy }: Pick<QuarterPeople['freeze'], 'systems' | 'exceptionsBy'>,
  now: string,
): FreezeNotice | null {
  const named = systems.join(', ') || 'the systems of the close';
  if (!endsQuarter(period))
    return close.phase === 'open'
      ? {
          key: 'care',
          subject: null,
          text: `At the end of ${period.key} nothing is frozen, but changes of ${named} are made with heightened care: none that touches bookings before the period is locked.`,
        }
      : null;
  const [begins, ends] = [dateOf(close, 'freeze_begins'), dateOf(close, 'freeze_ends')];
  if (!begins || !ends || now < begins.at) return null;
  return now < ends.at
    ? {
        key: 'freeze_begins',
        subject: `Change freeze from ${begins.date} to ${ends.date}`,
        text: `Change freeze until ${ends.date}, since the quarter ends with ${period.key}: no changes of ${named}. An exception is let pass by ${exceptionsBy}.`,
      }
    : {
        key: 'freeze_ends',
        subject: `The change freeze has ended on ${ends.date}`,
        text: `The change freeze of ${period.key} has ended: ${named} may be changed again.`,
      };
}
