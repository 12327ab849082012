import type { IssueRef } from '../domain/access-request';
import { codeSpan } from '../domain/escape';
import {
  applyChange,
  PERSON_FACTS,
  type ChangedEvent,
  type LeavingEvent,
  type PersonFacts,
} from '../domain/hr-event';
import { isMarked } from '../domain/request-text';
import { digestOf } from '../evidence';
import { noteLeaving, noteStaying } from './absence';
import { postOnce } from './desk-comments';
import { problemsOfFacts } from './hire-problems';
import { closeOpsTask, opsMarker, opsMarkersOf, raiseOpsTask, refOf } from './ops-task';
import { factsOf, recordOf, type World } from './world';
import { recordOfHire } from './hire-record';

export interface KnownNews {
  readonly employeeId: string;
  readonly changes: readonly ChangedEvent[];
  readonly rescinded: boolean;
  readonly now: string;
}

export interface ChangeNews {
  readonly employeeId: string;
  readonly facts: PersonFacts;
  /** The request that was opened for them and is still open. */
  readonly request: IssueRef | null;
  readonly now: string;
}

/** What HR says of somebody whose onboarding ended before. False for an unknown person. */
export async function noteOfKnown(
  world: World,
  { employeeId, changes, rescinded, now }: KnownNews,
): Promise<boolean> {
  const person = await world.store.personById(employeeId);
  if (!person) return false;
  await noteOfChange(world, {
    employeeId,
    facts: changes.reduce<PersonFacts>(applyChange, factsOf(person)),
    request: null,
    now,
  });
  if (!rescinded) return true;
  const ref = await raiseOpsTask(world, {
    key: `rescinded:${employeeId}:${person.startDate}`,
    title: `Employee ${employeeId} did not join after all`,
    problems: [`employee ${employeeId}: HR took the hire back after the access request had ended`],
    mend: 'Take back what was granted: the closed request lists it.',
  });
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'hire.rescinded',
    'raised a task: the hire was taken back after its request had ended',
    {},
    ref,
    person.startDate,
  );
  const known = (await world.store.personById(employeeId)) ?? person;
  await world.store.putPerson({ ...known, status: 'rescinded', updatedAt: now });
  return true;
}

/** Facts on which the access depends that was approved. */
const DECIDES_ACCESS: readonly (keyof PersonFacts)[] = ['title', 'specialty', 'department', 'region'];

/**
 * Keeps what HR says of somebody whose request was opened already. What can't be right is asked about and not kept; the
 * request stays as it was approved, and its people are told where that may no longer fit.
 */
export async function noteOfChange(
  world: World,
  { employeeId, facts, request, now }: ChangeNews,
): Promise<void> {
  const person = await world.store.personById(employeeId);
  if (!person) return;
  const before = factsOf(person);
  const changed = PERSON_FACTS.filter((fact) => facts[fact] !== before[fact]);
  // Also where this is repeated after the change was kept: it stands in the evidence already.
  if (changed.length === 0) return;
  const key = digestOf({ ...facts }).slice('sha256:'.length, 'sha256:'.length + 12);
  const problems = await problemsOfFacts(world.store, employeeId, facts);
  if (problems.length > 0) {
    const ref = await raiseOpsTask(world, {
      key: `change:${employeeId}:${key}`,
      title: `HR event of employee ${employeeId} needs a look`,
      problems,
      mend: 'Correct it in the HR system, or send the correction: daytwo change. Nothing of it was kept; close this issue then.',
    });
    await recordOfHire(
      world,
      employeeId,
      person.timeZone,
      'person.questioned',
      `asked for a change of ${changed.join(', ')} to be corrected`,
      { why: problems.join('; ') },
      ref,
      key,
    );
    return;
  }
  await recordOfHire(
    world,
    employeeId,
    facts.time_zone,
    'person.changed',
    `noted that HR changed ${changed.join(', ')}`,
    {},
    request,
    key,
  );
  if (request) {
    const { username: bot } = await world.gitlab.self();
    const dris = world.handbook().people.provisioningDris.map((name) => `@${name}`);
    const decides = changed.some((fact) => DECIDES_ACCESS.includes(fact));
    await postOnce(
      world,
      request,
      { bot },
      `changed:${key}`,
      `${decides ? `${dris.join(' ')} ` : ''}HR changed ${changed.map(codeSpan).join(', ')} of this person. This request stays as it was approved${decides ? ': see whether it still fits, and cancel it where it does not' : ''}.`,
    );
  }
  await world.store.putPerson(recordOf(employeeId, facts, person.status, now));
}

export async function leaving(
  world: World,
  { employeeId, leaving: event }: { employeeId: string; leaving: LeavingEvent },
): Promise<void> {
  const key = `leaving:${employeeId}:${event.event_id}`;
  await closeLeavingTasks(world, employeeId, 'HR sent another date', key);
  const ref = await raiseOpsTask(world, {
    key,
    title: leavingTitle(employeeId),
    problems: [`employee ${employeeId}: ${event.kind}, last working day ${event.last_working_day}`],
    mend: 'Work through the systems of the handbook by hand, then close this issue: daytwo does not yet run offboarding by itself. Their access requests list what was granted.',
  });
  const person = await world.store.personById(employeeId);
  const now = new Date().toISOString();
  if (person) {
    await world.store.putPerson({ ...person, status: 'leaving', updatedAt: now });
    await noteLeaving(world, person.email, person.timeZone, event, now);
  }
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.announced',
    'raised a task for the offboarding',
    { after: { last_working_day: event.last_working_day } },
    ref,
    event.event_id,
  );
}

const leavingTitle = (employeeId: string): string => `Employee ${employeeId} leaves: take their access back`;

/** Closes what is still open of a person's leaving, but for the task of one key. */
async function closeLeavingTasks(
  world: World,
  employeeId: string,
  why: string,
  except?: string,
): Promise<void> {
  const { username } = await world.gitlab.self();
  const raised = await world.gitlab.byMarker(
    opsMarkersOf(`leaving:${employeeId}:`),
    world.projects.accessRequests,
  );
  for (const issue of raised)
    if (
      issue.author === username &&
      issue.state === 'opened' &&
      issue.title === leavingTitle(employeeId) &&
      !(except !== undefined && isMarked(issue.description, opsMarker(except)))
    )
      await closeOpsTask(world, refOf(issue), why);
}

export async function stays(world: World, { employeeId }: { employeeId: string }): Promise<void> {
  await closeLeavingTasks(world, employeeId, 'HR took the leaving back');
  const person = await world.store.personById(employeeId);
  const now = new Date().toISOString();
  if (person?.status === 'leaving') {
    await world.store.putPerson({ ...person, status: 'active', updatedAt: now });
    await noteStaying(world, person.email, now);
  }
  await recordOfHire(
    world,
    employeeId,
    person?.timeZone ?? 'UTC',
    'leaving.taken_back',
    'closed the task for the offboarding: HR took the leaving back',
    {},
    null,
    now.slice(0, 10),
  );
}
