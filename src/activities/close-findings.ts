import type { CloseCase } from '../domain/close/close';
import { acceptFinding, afterLook, foundIn, type Finding, type Found } from '../domain/close/findings';
import { othersOf } from '../domain/close/others';
import { policyOn } from '../domain/day-two';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { conditionOf, readBookings } from './bookings';
import type { DeskMessage } from '../domain/desk-acts';
import { noteOfClose } from './close-record';
import type { ReadWorld, World } from './world';

/**
 * Reads every booking of the period and lets all checks judge it. The findings stay who they are from look to look, close by themselves
 * and stand in the store. Null where `config/` doesn't say where Salesforce keeps what the checks look at.
 */
export async function checkBookings(
  world: ReadWorld,
  plan: ClosePlan,
  now: string,
): Promise<readonly Finding[] | null> {
  const handbook = world.handbook();
  const { bookings: reader } = world.connector('salesforce');
  if (!reader || !handbook.bookingFields) return null;
  const { period, policy } = plan;
  const { zone } = policy.close;
  const read = await readBookings(
    reader,
    handbook.bookingFields,
    conditionOf(handbook.bookingFields, period),
  );
  const today = localTime(now, zone).date;
  const close = {
    period,
    today,
    policyOn: (day: string) => policyOn(handbook, day).close.booking,
    dayOf: dayIn(zone),
    others: othersOf(read),
  };
  const judged = new Map<string, readonly Found[]>(
    read.map((booking) => [booking.id, foundIn(booking, close)]),
  );
  const known = await world.store.closes.findings(period.key);
  const findings = afterLook(known, { on: today, judged, whole: true });
  await world.store.closes.keepFindings(period.key, findings);
  return findings;
}

/** The day of an instant in a zone: one and the same for a whole hour, so that a calendar isn't asked for every record. */
function dayIn(zone: string): (at: string) => string {
  const days = new Map<string, string>();
  return (at) => {
    const hour = at.slice(0, 13);
    const known = days.get(hour);
    if (known !== undefined) return known;
    const { date } = localTime(`${hour}:00:00Z`, zone);
    days.set(hour, date);
    return date;
  };
}

/** How a message names a finding: `finding/<check>/<record>/<time>`. */
const FINDING = 'finding/';
export const isAboutFinding = ({ task }: Pick<DeskMessage, 'task'>): boolean =>
  task?.startsWith(FINDING) ?? false;

/** Findings that somebody accepts with a reason. @returns by message, why not; null where it is accepted */
export async function acceptFindings(
  world: World,
  close: CloseCase,
  { policy }: ClosePlan,
  messages: readonly DeskMessage[],
): Promise<Record<string, string | null>> {
  const answers: Record<string, string | null> = {};
  for (const { id, kind, by, at, channel, task, reason } of messages) {
    const known = await world.store.closes.findings(close.period);
    const finding = known.find((one) => one.id === task?.slice(FINDING.length));
    const accepted = !finding
      ? { refused: 'there is no such finding: daytwo close findings names them' }
      : kind !== 'approve'
        ? { refused: 'a finding is accepted by approve' }
        : acceptFinding(
            finding,
            { by, on: localTime(at, policy.close.zone).date, reason: reason ?? '' },
            policy.close.booking,
          );
    answers[id] = 'refused' in accepted ? accepted.refused : null;
    if ('finding' in accepted) await world.store.closes.keepFindings(close.period, [accepted.finding]);
    await noteOfClose(
      world,
      close,
      `finding/${id}`,
      at,
      'refused' in accepted ? 'decision.refused' : 'close.accepted',
      'refused' in accepted
        ? { what: 'was not allowed: accepting a finding', why: accepted.refused }
        : { what: `accepted ${accepted.finding.id}`, why: reason ?? '' },
      { actor: by, channel },
    );
  }
  return answers;
}
