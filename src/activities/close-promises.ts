import { endsQuarter } from '../domain/close/calendar';
import { othersOf } from '../domain/close/others';
import { promisesOf, type Promised } from '../domain/close/promises';
import { dollars } from '../domain/close/cents';
import { policyOn } from '../domain/day-two';
import { codeSpan } from '../domain/escape';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { readPromised } from './bookings-named';
import { orTask } from './close-fault';
import { noteOfClose } from './close-record';
import {
  extrasOf,
  mailAddresses,
  mentions,
  sayOnce,
  tellOnce,
  type ExtrasDone,
  type ExtrasVisit,
} from './close-telling';
import { postOnce } from './desk-comments';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

type PromisesVisit = Omit<ExtrasVisit, 'rules' | 'issues' | 'messages'> & {
  readonly issues: Pick<ExtrasVisit['issues'], 'period'>;
};

/**
 * Purchase orders that were promised at a quarter's end: with each whole look they stand on the period's issue with their day; days ahead
 * their owner and Deal Desk are told once; on day 11 the take-back is a task with the exact edit. The period is locked by then, so that it
 * is a change of the period by people, never silent.
 */
export async function watchPromises(visit: PromisesVisit): Promise<ExtrasDone['extras']> {
  const { world, close, plan, now, look } = visit;
  const before = extrasOf(visit);
  if (!look || !endsQuarter(plan.period)) return before;
  const promises = await orTask(world, close, 'look', now, () => readPromises(world, plan, now));
  if (promises === null || (promises.length === 0 && before.promises.length === 0)) return before;
  let extras = { ...before, promises };
  for (const promised of promises) {
    if (promised.state === 'warned') extras = { ...extras, told: await warn(visit, extras.told, promised) };
    if (promised.state === 'over') extras = { ...extras, told: await askBack(visit, extras.told, promised) };
  }
  return extras;
}

async function readPromises(
  world: Pick<World, 'connector' | 'handbook'>,
  { period, policy }: ClosePlan,
  now: string,
): Promise<readonly Promised[]> {
  const handbook = world.handbook();
  const { bookings: reader } = world.connector('salesforce');
  if (!reader || !handbook.bookingFields) return [];
  const { zone } = policy.close;
  return promisesOf(await readPromised(reader, handbook.bookingFields, period), {
    period,
    today: localTime(now, zone).date,
    policyOn: (day) => policyOn(handbook, day).close.booking,
    dayOf: (at) => localTime(at, zone).date,
    others: othersOf([]),
  });
}

type Told = ExtrasDone['extras']['told'];

async function warn(visit: PromisesVisit, before: Told, promised: Promised): Promise<Told> {
  const { world, close, plan } = visit;
  const { record, lastDay, backOn, ownerId } = promised;
  const key = `promise/${record}`;
  const mail = {
    subject: `The purchase order of ${record} is due by ${lastDay ?? ''}`,
    text: `A purchase order was promised for opportunity ${record} of ${close.period}. Where it has not come by ${lastDay ?? ''}, the booking is taken back on ${backOn ?? ''} and all credit reversed.\n`,
  };
  const told = await tellOnce(visit, before, key, {
    to: plan.policy.close.greenLight.by.deal_desk,
    mail,
    words: `the purchase order promised for ${codeSpan(record)} is due by ${lastDay ?? ''}; else it is taken back on ${backOn ?? ''}.`,
    kind: 'close.promise',
    what: `told Deal Desk and the owner that the purchase order of ${record} is due by ${lastDay ?? ''}`,
  });
  if (ownerId === null || told[`${key}/${ownerId}`] !== undefined) return told;
  const found = await world.connector('salesforce').owners?.find([ownerId]);
  const owner = [...(found?.values() ?? [])].flatMap(({ id, email, active }) =>
    active && email ? [{ name: id, email }] : [],
  );
  return mailAddresses(visit, told, key, owner, mail);
}

/** On day 11. */
async function askBack(visit: PromisesVisit, before: Told, promised: Promised): Promise<Told> {
  const { world, close, plan, now } = visit;
  const { record, lastDay, stage, amountCents } = promised;
  const key = `promise/${record}/back`;
  if (before[key] !== undefined) return before;
  const { stage: to, by } = plan.policy.close.quarter.promises;
  const edit = `StageName of ${record}: ${stage} becomes ${to}`;
  const ref = await raiseOpsTask(world, {
    key: `close-promise:${close.period}:${record}`,
    title: `Take back opportunity ${record}: its promised purchase order did not come`,
    problems: [
      `It was promised by ${lastDay ?? ''} and is not there`,
      `The edit: ${edit}`,
      `All credit of it is reversed${amountCents === null ? '' : ` (${dollars(amountCents)})`}: the commission of ${close.period} is run again`,
    ],
    mend: `Ask for a change of the locked period with this very edit: daytwo close change ${close.period} --record ${record} --set "StageName=${to}" --reason "the promised purchase order did not come" --by <you>. Whoever approves it isn't who asks. Asked to do so: ${by.join(', ') || 'nobody is named in policy'}. daytwo changes nothing of it by itself.`,
    ...(close.issue ? { link: close.issue.url } : {}),
  });
  await postOnce(world, ref, visit, key, `${mentions(by)} please take it back.`.trim());
  const told = await sayOnce(
    visit,
    before,
    key,
    `${mentions(by)} the purchase order promised for ${codeSpan(record)} did not come by ${lastDay ?? ''}: it is to be taken back, and all credit reversed: #${ref.iid}.`,
  );
  await noteOfClose(world, close, key, now, 'close.promise', {
    what: `asked for ${record} to be taken back: its promised purchase order did not come`,
    to: by,
    after: { edit, credit_reversed: true, commission_again: true },
  });
  return told;
}
