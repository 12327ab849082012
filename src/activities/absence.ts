import { log } from '@temporalio/activity';
import {
  absenceOfStatus,
  absencesOfEvents,
  timeAwayAt,
  type Absence,
  type AbsencesByName,
  type AbsenceSource,
} from '../domain/absence';
import type { RequestState } from '../domain/access-request';
import { policyOn } from '../domain/day-two';
import type { AbsencePolicy, Person } from '../domain/handbook';
import { handoverMail, type HandoverReason } from '../domain/handover-text';
import { markerPart } from '../domain/request-text';
import { daysAway } from '../handbook/business-time';
import { SystemFault } from '../systems/fault';
import { GitlabRefusal } from '../systems/gitlab';
import { eventsOf, fetchCalendar } from '../systems/icalendar';
import { bounded } from './bounded';
import { userNameOf, type World } from './world';

/** Readings at one time, of each source. */
const AT_ONCE = 4;
/** People whose status one round reads at most; those who were read longest ago come first. */
const MOST_READ = 200;
/** How far ahead a calendar is read. */
const AHEAD_MS = 60 * 86_400_000;

/**
 * When these people are away, by all sources together. What was last read long ago, or never, is read first: somebody on whom
 * nothing waited until now is known to nobody.
 *
 * @param at the instant, ISO 8601
 */
export async function absencesOf(
  world: World,
  usernames: readonly string[],
  at: string,
): Promise<AbsencesByName> {
  const { deskWatchPeopleSeconds } = policyOn(world.handbook(), at.slice(0, 10));
  await readAbsences(world, usernames, at, 2 * deskWatchPeopleSeconds * 1000);
  return knownAbsences(world, usernames, at);
}

/** The same as it was read last, without asking anybody. */
export async function knownAbsences(
  world: Pick<World, 'store' | 'handbook'>,
  usernames: readonly string[],
  at: string,
): Promise<AbsencesByName> {
  const stored = await world.store.work.absences.of(usernames, at);
  const members = membersByName(world);
  return new Map(
    usernames.map((name) => {
      const member = members.get(name);
      return [name, [...(stored.get(name) ?? []), ...(member ? daysAway(member) : [])]];
    }),
  );
}

/** Whether HR said that somebody leaves, and their last working day is over. */
export async function hasLeft(world: World, username: string, at: string): Promise<boolean> {
  const known = (await world.store.work.absences.of([username], at)).get(username) ?? [];
  return timeAwayAt(known, at)?.sources.includes('left') ?? false;
}

/**
 * Reads GitLab's status and the calendars of these people, unless that was done within `freshMs`, a calendar within the
 * policy's minutes. A source that can't be read is passed over, and what it said last stands: a request waits for nobody's
 * calendar.
 */
export async function readAbsences(
  world: World,
  usernames: readonly string[],
  at: string,
  freshMs: number,
): Promise<void> {
  const { absence: policy } = policyOn(world.handbook(), at.slice(0, 10));
  const known = await world.store.work.absences.of(usernames, at);
  await readAll(world, 'gitlab', usernames, at, freshMs, known, (name, before) =>
    statusOf(world, name, before, at, policy),
  );
  const members = membersByName(world);
  const owners = usernames.filter((name) => members.get(name)?.calendarUrl !== undefined);
  await readAll(world, 'calendar', owners, at, policy.calendarMinutes * 60_000, known, async (name) => {
    const member = members.get(name);
    return member?.calendarUrl ? calendarOf(member, member.calendarUrl, at) : [];
  });
}

type Reading = (username: string, before: readonly Absence[]) => Promise<readonly Absence[]>;

async function readAll(
  world: World,
  source: AbsenceSource,
  usernames: readonly string[],
  at: string,
  freshMs: number,
  known: AbsencesByName,
  read: Reading,
): Promise<void> {
  const { absences } = world.store.work;
  if (usernames.length === 0) return;
  const seenAt = await absences.seenAt(source);
  const seen = (name: string): number => Date.parse(seenAt.get(name) ?? '1970-01-01T00:00:00Z');
  const due = usernames
    .filter((name) => Date.parse(at) - seen(name) >= freshMs)
    .sort((a, b) => seen(a) - seen(b))
    .slice(0, MOST_READ);
  const same: string[] = [];
  const failures: string[] = [];
  await bounded(due, AT_ONCE, async (name) => {
    const before = (known.get(name) ?? []).filter((one) => one.source === source);
    try {
      const now = await read(name, before);
      if (isSame(before, now) && seenAt.has(name)) same.push(name);
      else await absences.put(name, source, now, at);
    } catch (error) {
      if (!(error instanceof SystemFault) && !(error instanceof GitlabRefusal)) throw error;
      failures.push(error instanceof SystemFault ? error.code : String(error.status));
      same.push(name);
    }
  });
  await absences.seen(same, source, at);
  if (failures.length > 0)
    log.warn('some absences could not be read; what was known of them stands', {
      source,
      count: failures.length,
      codes: [...new Set(failures)].join(' '),
    });
}

const isSame = (before: readonly Absence[], now: readonly Absence[]): boolean =>
  before.length === now.length &&
  before.every(
    (one, index) =>
      Date.parse(one.from) === Date.parse(now[index]?.from ?? '') && one.until === now[index]?.until,
  );

async function statusOf(
  world: World,
  username: string,
  before: readonly Absence[],
  at: string,
  { busyHours }: AbsencePolicy,
): Promise<readonly Absence[]> {
  const status = await world.gitlab.userStatus(username);
  const absence = status ? absenceOfStatus(status, before, at, busyHours) : null;
  return absence ? [absence] : [];
}

async function calendarOf({ timeZone }: Person, url: string, at: string): Promise<readonly Absence[]> {
  const text = await fetchCalendar(url);
  const span = { from: at, until: new Date(Date.parse(at) + AHEAD_MS).toISOString() };
  return [...absencesOfEvents(eventsOf(text, timeZone, span))].sort(
    (a, b) => Date.parse(a.from) - Date.parse(b.from),
  );
}

/** Keeps that somebody is away for good from an instant on: all that waits on them goes on without them. */
export async function noteGoneFrom(world: World, email: string, from: string, at: string): Promise<void> {
  const username = await userNameOf(world, email);
  if (!username) return;
  await world.store.work.absences.put(
    username,
    'left',
    [{ from, until: null, source: 'left', note: null }],
    at,
  );
}

/** HR took a leaving back. */
export async function noteStaying(world: World, email: string, at: string): Promise<void> {
  const username = await userNameOf(world, email);
  if (username) await world.store.work.absences.put(username, 'left', [], at);
}

/**
 * Mail to those of the Sales Ops team who are there, once for each time that a claim goes back: its Message-ID is made of the
 * request, the claim and who reads it.
 *
 * @param state the request as it was while the claim still stood
 */
export async function tellTeam(
  world: World,
  state: RequestState,
  why: HandoverReason,
  at: string,
): Promise<void> {
  const { mailer } = world;
  const { claim } = state;
  if (!mailer || !claim) return;
  const { people } = world.handbook();
  const team = (people.teams[people.salesOpsTeam]?.members ?? []).filter((name) => name !== claim.by);
  const absences = await knownAbsences(world, team, at);
  const members = membersByName(world);
  const { subject, text } = handoverMail(state, claim.by, why);
  for (const name of team) {
    const member = members.get(name);
    if (!member || timeAwayAt(absences.get(name) ?? [], at)) continue;
    const id = [state.ref.project, state.ref.iid, 'handover', claim.at, name].map(String).map(markerPart);
    await mailer.send({ to: member.email, subject, text, messageId: `<${id.join('.')}@daytwo>` });
  }
}

const membersByName = ({ handbook }: Pick<World, 'handbook'>): ReadonlyMap<string, Person> =>
  new Map(handbook().people.members.map((member) => [member.username, member]));
