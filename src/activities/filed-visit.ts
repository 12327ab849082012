import type { ApprovalPart, Fact, RequestState, Task } from '../domain/access-request';
import { lapsed } from '../domain/approval-rules';
import { timesOf } from '../domain/batches';
import type { DeskMessage, DeskReading } from '../domain/desk-acts';
import { waitingParts } from '../domain/filed-request';
import type { Person, Policy } from '../domain/handbook';
import type { FiledReaders } from '../domain/request-text';
import { addBusinessDays, calendarOf } from '../handbook';
import type { DeskIssue } from '../systems/gitlab';
import { approversFor, type Around } from './approvers';
import { requestKey, type Edit, type Moment } from './filed-reading';
import { userNameOf, type World } from './world';

/** Who wrote the text as it stands: whoever edited it last, else its author. */
export function editOf(issue: DeskIssue, reading: DeskReading): Edit {
  const edit = reading.notes
    .filter(
      (note) => note.system && note.author !== reading.bot && /^changed the description/.test(note.body),
    )
    .at(-1);
  return edit ? { by: edit.author, at: iso(edit.at) } : { by: issue.author, at: iso(issue.createdAt) };
}
const iso = (instant: string): string => new Date(instant).toISOString();

/** Those who act on a request now: only of them it matters whether it is for them. */
export const actorsOf = (reading: DeskReading, messages: readonly DeskMessage[]): readonly string[] => [
  ...new Set([
    ...reading.notes.filter(({ system }) => system).map(({ author }) => author),
    ...reading.labelEvents.map(({ user }) => user),
    ...reading.issue.assignees,
    ...messages.map(({ by }) => by),
  ]),
];

/** Which of these people are among those whom the request is for. */
export async function subjectsAmong(
  world: World,
  state: RequestState,
  usernames: readonly string[],
): Promise<readonly string[]> {
  const { filed, employeeId } = state.plan;
  if (!filed || filed.version === '') return [];
  const { members } = world.handbook().people;
  if (employeeId !== '') {
    const person = await world.store.personById(employeeId);
    const name = person && (await userNameOf(world, person.email));
    return name === null ? [] : usernames.filter((username) => username === name);
  }
  const rows = await world.store.crowd.everybody(requestKey(state), filed.version);
  const emails = new Set(rows.filter(({ problem }) => problem === null).map(({ email }) => email));
  return usernames.filter((username) =>
    emails.has(members.find((member) => member.username === username)?.email.toLowerCase() ?? ''),
  );
}

/** The manager of those whom it is for, as HR has them now: who moves changes who approves what is open. */
export async function managerOf(world: World, state: RequestState): Promise<string | null> {
  const { filed, employeeId } = state.plan;
  if (!filed) return null;
  if (employeeId !== '') return (await world.store.personById(employeeId))?.managerEmail ?? null;
  const [first] = await world.store.crowd.people(requestKey(state), filed.version, { limit: 1 });
  return first?.employeeId ? ((await world.store.personById(first.employeeId))?.managerEmail ?? null) : null;
}

/**
 * What time and people's coming and going bring about on a visit: who may approve has changed, somebody is reminded, the next
 * in line is asked, a grace has passed, the requester is asked whether it still stands.
 */
export async function dueFacts(
  world: World,
  state: RequestState,
  { policy, now, away }: Moment,
): Promise<readonly Fact[]> {
  const { filed } = state.plan;
  if (state.closedAt || state.cancelled) return [];
  const facts: Fact[] = timesOf(state)
    .filter(({ at }) => at <= now)
    .map(({ fact }) => fact);
  if (!filed) return facts;
  if (filed.unread === 0) facts.push(...(await movedParts(world, state, now, away)));
  facts.push(...lapsed(state, now));
  for (const part of waitingParts(state).filter(({ lapsesAt = '' }) => lapsesAt === '' || lapsesAt > now)) {
    const stage = stageDue(world, part, policy, now);
    if (stage) facts.push({ kind: 'part_reminded', part: part.key, at: now, stage });
  }
  const asked = askAgainAt(state, policy);
  if (asked !== null && asked <= now) facts.push({ kind: 'requester_asked', at: now });
  return facts;
}

async function movedParts(
  world: World,
  state: RequestState,
  now: string,
  away: ReadonlyMap<string, string>,
): Promise<readonly Fact[]> {
  const waiting = waitingParts(state);
  if (waiting.length === 0) return [];
  const { systems, people } = world.handbook();
  const managerEmail = await managerOf(world, state);
  const subjects = await subjectsAmong(
    world,
    state,
    people.members.map(({ username }) => username),
  );
  const around: Around = {
    requester: state.plan.filed?.requester ?? '',
    subjects: new Set(subjects),
    away,
  };
  const found = await Promise.all(
    waiting.map(async (part): Promise<Fact[]> => {
      const system = systems.find(({ key }) => key === part.system);
      // Whoever had to agree to a change of role is asked still, though the new manager is HR's now.
      if (!system || part.role === 'old_manager') return [];
      const approvers = await approversFor(world, part.role, system, managerEmail, around);
      const who = approvers.map(({ username }) => username);
      if (who.length === 0 || who.join() === part.who.join()) return [];
      const authorities = Object.fromEntries(approvers.map((one) => [one.username, one.authority]));
      return [{ kind: 'part_moved', part: part.key, at: now, who, authorities }];
    }),
  );
  return found.flat();
}

/** In the approver's own zone and holidays: "reminders after two business days, escalation after five". */
function stageInstants(
  world: World,
  part: ApprovalPart,
  policy: Policy,
): { readonly remindAt: string; readonly escalateAt: string } {
  const handbook = world.handbook();
  const approver: Pick<Person, 'timeZone' | 'country'> = handbook.people.members.find(
    ({ username }) => username === part.who[0],
  ) ?? { timeZone: 'UTC', country: 'US' };
  const calendar = calendarOf(handbook, policy, approver);
  return {
    remindAt: addBusinessDays(part.since, policy.approvals.remindBusinessDays, calendar),
    escalateAt: addBusinessDays(part.since, policy.approvals.escalateBusinessDays, calendar),
  };
}

function stageDue(
  world: World,
  part: ApprovalPart,
  policy: Policy,
  now: string,
): 'reminded' | 'escalated' | null {
  const { remindAt, escalateAt } = stageInstants(world, part, policy);
  if (part.reminded !== 'escalated' && before(escalateAt, now)) return 'escalated';
  return part.reminded === 'no' && before(remindAt, now) ? 'reminded' : null;
}

/** Instants of different precision compare by what they mean. */
const before = (one: string, other: string): boolean => Date.parse(one) <= Date.parse(other);

const DAY_MS = 86_400_000;

/** "At 30 days ask, do not auto-close silently": and again as many days later. */
function askAgainAt(state: RequestState, policy: Policy): string | null {
  const { filed } = state.plan;
  if (!filed || filed.order !== 'filed' || (waitingParts(state).length === 0 && filed.unread === 0))
    return null;
  const from = filed.askedAt ?? state.openedAt;
  return new Date(Date.parse(from) + policy.approvals.askRequesterDays * DAY_MS).toISOString();
}

/** When this request is to be looked at again though nothing moves; null where only people can move it. */
export function nextLook(
  world: World,
  state: RequestState,
  policy: Policy,
  idleAt: string | null,
): string | null {
  if (state.closedAt) return null;
  const stages = waitingParts(state).flatMap((part) => {
    const { remindAt, escalateAt } = stageInstants(world, part, policy);
    const due = part.reminded === 'no' ? [remindAt] : part.reminded === 'reminded' ? [escalateAt] : [];
    return [...due, ...(part.lapsesAt === undefined ? [] : [part.lapsesAt])];
  });
  const all = [...stages, askAgainAt(state, policy), idleAt].filter((at): at is string => at !== null);
  return all.map((at) => new Date(at).toISOString()).sort()[0] ?? null;
}

/** As many exceptions as the issue lists. */
const MOST_EXCEPTIONS = 20;
const MOST_EMAILS = 500;

/** What the block shows of the people: who is left out, who needs a look, and addresses for the steps. */
export async function filedReaders(world: World, state: RequestState): Promise<FiledReaders> {
  const version = state.plan.filed?.version ?? '';
  if (version === '') return { emails: [], exceptions: [], more: 0 };
  const rows = await world.store.crowd.people(requestKey(state), version, {
    limit: MOST_EMAILS,
    takingPart: true,
  });
  const found = await world.store.crowd.exceptions(requestKey(state), version, 10_000);
  const exceptions = found.map(({ email, task, why }) => ({
    who: email,
    where: task === null ? 'left out' : taskName(state.plan.tasks, task),
    why,
  }));
  return {
    emails: rows.map(({ email }) => email),
    exceptions: exceptions.slice(0, MOST_EXCEPTIONS),
    more: Math.max(0, exceptions.length - MOST_EXCEPTIONS),
  };
}

const taskName = (tasks: readonly Task[], id: string): string =>
  tasks.find((task) => task.id === id)?.name ?? id;
