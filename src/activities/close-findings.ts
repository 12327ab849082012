import type { CloseCase } from '../domain/close/close';
import type { Booking } from '../domain/close/booking';
import type { BookingPolicy } from '../domain/close/booking-policy';
import {
  acceptFinding,
  afterLook,
  checksOf,
  foundIn,
  openOf,
  PAST_DATED,
  type Acceptance,
  type Finding,
  type Found,
} from '../domain/close/findings';
import type { Close } from '../domain/close/check';
import { concernOf } from '../domain/close/concern';
import { closeAfterLook } from '../domain/close/look';
import type { CloseTask } from '../domain/close/tasks';
import { policyOn } from '../domain/day-two';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { conditionOf, withBookings, type ReadBookings } from './bookings';
import type { DeskMessage } from '../domain/desk-acts';
import { noteOfClose } from './close-record';
import { keepDay, recountDay } from './close-trend';
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
  const { period } = plan;
  const judged = new Map<string, readonly Found[]>();
  const submitted: Pick<Booking, 'submissions'>[] = [];
  await withBookings(
    reader,
    handbook.bookingFields,
    [conditionOf(handbook.bookingFields, period)],
    async (read) => {
      const close = await judgedIn(world, plan, now, read);
      for await (const part of read.parts())
        for (const booking of part) {
          if (concernOf(booking, period) !== 'of_next') judged.set(booking.id, foundIn(booking, close));
          const { submissions } = booking;
          if (submissions.some(({ at }) => at !== null && at >= period.lastDay))
            submitted.push({ submissions });
        }
    },
  );
  return keepLook(world, plan, { now, judged, submitted });
}

/** What the bookings of a look are judged in. */
export async function judgedIn(
  world: Pick<ReadWorld, 'handbook'>,
  { period, policy }: ClosePlan,
  now: string,
  read: ReadBookings,
): Promise<Close> {
  const { zone } = policy.close;
  const handbook = world.handbook();
  return {
    period,
    today: localTime(now, zone).date,
    policyOn: (day: string) => policyOn(handbook, day).close.booking,
    dayOf: dayIn(zone),
    others: await read.others(),
  };
}

interface JudgedLook {
  readonly now: string;
  readonly judged: ReadonlyMap<string, readonly Found[]>;
  /** What of a whole look was submitted on the last day or later; null where not all were looked at. */
  readonly submitted: readonly Pick<Booking, 'submissions'>[] | null;
}

/** Keeps what a look found, and its day in numbers. @returns every finding of the period */
export async function keepLook(
  { store }: Pick<ReadWorld, 'store'>,
  plan: ClosePlan,
  { now, judged, submitted }: JudgedLook,
): Promise<readonly Finding[]> {
  const { period, policy } = plan;
  const known = await store.closes.findings(period.key);
  const on = localTime(now, policy.close.zone).date;
  const findings = afterLook(known, { on, judged, whole: submitted !== null });
  const before = new Set(known);
  await store.closes.keepFindings(
    period.key,
    findings.filter((finding) => !before.has(finding)),
  );
  await keepDay({ store }, plan, { findings, submitted, now });
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

/** How a message names a finding: `finding/<check>/<record>/<time>`; or all open ones of a check: `finding/<check>`. */
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
    const name = task?.slice(FINDING.length) ?? '';
    const meant = (await world.store.closes.findings(close.period)).filter(
      (one) => one.id === name || (one.check === name && one.state === 'open'),
    );
    const accepted = acceptAll(
      meant,
      kind,
      { by, on: localTime(at, policy.close.zone).date, reason: reason ?? '' },
      policy.close.booking,
    );
    answers[id] = 'refused' in accepted ? accepted.refused : null;
    if ('findings' in accepted) await world.store.closes.keepFindings(close.period, accepted.findings);
    await noteOfClose(
      world,
      close,
      `finding/${id}`,
      at,
      'refused' in accepted ? 'decision.refused' : 'close.accepted',
      'refused' in accepted
        ? { what: 'was not allowed: accepting a finding', why: accepted.refused }
        : {
            what: `accepted ${name}`,
            why: reason ?? '',
            after: accepted.findings.map((finding) => finding.id),
          },
      { actor: by, channel },
    );
  }
  return answers;
}

/** What an acceptance makes of a close, by the look before: the records needn't be read for it. */
export async function afterAcceptance(
  { store }: ReadWorld,
  close: CloseCase,
  tasks: readonly CloseTask[],
): Promise<CloseCase> {
  const { look } = close;
  if (!look?.checks) return close;
  const findings = await store.closes.findings(close.period);
  await recountDay({ store }, close.period, findings);
  const now = { ...look, open: openOf(findings, PAST_DATED), checks: checksOf(findings) };
  return closeAfterLook(close, now, [], tasks).close;
}

/** All of them, or none where one can't be. */
function acceptAll(
  meant: readonly Finding[],
  kind: DeskMessage['kind'],
  acceptance: Acceptance,
  policy: BookingPolicy,
): { readonly findings: readonly Finding[] } | { readonly refused: string } {
  if (kind !== 'approve') return { refused: 'a finding is accepted by approve' };
  if (meant.length === 0) return { refused: 'there is no such finding: daytwo close findings names them' };
  const findings: Finding[] = [];
  for (const finding of meant) {
    const accepted = acceptFinding(finding, acceptance, policy);
    if ('refused' in accepted) return accepted;
    findings.push(accepted.finding);
  }
  return { findings };
}
