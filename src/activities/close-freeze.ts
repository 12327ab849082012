import { endsQuarter } from '../domain/close/calendar';
import { dateOf } from '../domain/close/close';
import { markdown } from '../domain/escape';
import { noteOfClose } from './close-record';
import { extrasOf, mailOnce, mentions, sayOnce, type ExtrasDone, type ExtrasVisit } from './close-telling';

/**
 * "No system changes 2 weeks either side of quarter end; heightened care, no freeze, at the two other month ends." Said on the
 * period's issue and by mail when it begins and when it ends, once each.
 */
export async function tellOfFreeze(visit: ExtrasVisit): Promise<ExtrasDone['extras']> {
  const { world, close, plan, now } = visit;
  const extras = extrasOf(visit);
  const freeze = world.handbook().quarter?.freeze;
  const notice = noticeOf(visit);
  if (!freeze || !notice) return extras;
  const { key, subject, text } = notice;
  const systems = freeze.systems.join(', ') || 'the systems of the close';
  const said = text
    .replace('{systems}', systems)
    .replace('{exceptions}', freeze.exceptionsBy)
    .replace('{period}', plan.period.key);
  let told = await sayOnce(
    visit,
    extras.told,
    key,
    `${markdown(said)} ${notice.mails ? mentions(freeze.tell) : ''}`.trim(),
  );
  if (notice.mails) told = await mailOnce(visit, told, key, freeze.tell, { subject, text: `${said}\n` });
  if (told === extras.told) return extras;
  await noteOfClose(world, close, `freeze/${key}`, now, 'close.freeze', { what: said, to: freeze.tell });
  return { ...extras, told };
}

function noticeOf({ close, plan, now }: ExtrasVisit) {
  const [begins, ends] = [dateOf(close, 'freeze_begins'), dateOf(close, 'freeze_ends')];
  if (!endsQuarter(plan.period))
    return close.phase === 'open'
      ? {
          key: 'care',
          mails: false,
          subject: '',
          text: 'At the end of {period} nothing is frozen, but changes of {systems} are made with heightened care: none that touches bookings before the period is locked.',
        }
      : null;
  if (!begins || !ends || now < begins.at) return null;
  return now < ends.at
    ? {
        key: 'freeze_begins',
        mails: true,
        subject: `Change freeze from ${begins.date} to ${ends.date}`,
        text: `Change freeze until ${ends.date}, since the quarter ends with {period}: no changes of {systems}. An exception is let pass by {exceptions}.`,
      }
    : {
        key: 'freeze_ends',
        mails: true,
        subject: `The change freeze has ended on ${ends.date}`,
        text: `The change freeze of {period} has ended: {systems} may be changed again.`,
      };
}
