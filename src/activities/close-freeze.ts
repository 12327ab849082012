import { freezeNotice } from '../domain/close/freeze';
import { markdown } from '../domain/escape';
import { noteOfClose } from './close-record';
import { extrasOf, mailOnce, mentions, sayOnce, type ExtrasDone, type ExtrasVisit } from './close-telling';

/** Said on the period's issue and by mail when a change freeze begins and when it ends, once each. */
export async function tellOfFreeze(visit: ExtrasVisit): Promise<ExtrasDone['extras']> {
  const { world, close, plan, now } = visit;
  const extras = extrasOf(visit);
  const freeze = world.handbook().quarter?.freeze;
  const notice = freeze && freezeNotice(close, plan.period, freeze, now);
  if (!notice) return extras;
  const { key, subject, text } = notice;
  const to = subject === null ? '' : mentions(freeze.tell);
  let told = await sayOnce(visit, extras.told, key, `${markdown(text)} ${to}`.trim());
  if (subject !== null) told = await mailOnce(visit, told, key, freeze.tell, { subject, text: `${text}\n` });
  if (told === extras.told) return extras;
  await noteOfClose(world, close, `freeze/${key}`, now, 'close.freeze', { what: text, to: freeze.tell });
  return { ...extras, told };
}
