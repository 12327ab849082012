import type { IssueRef } from '../domain/access-request';
import { codeSpan } from '../domain/escape';
import {
  applyChange,
  PERSON_FACTS,
  type ChangedEvent,
  type LeavingEvent,
  type PersonFacts,
} from '../domain/hr-event';
import { digestOf } from '../evidence';
import { postOnce } from './desk-comments';
import { problemsOfFacts } from './hire-problems';
import { raiseOpsTask } from './ops-task';
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

/** HR's word on a leaving goes to the process that holds it. */
export async function leaving(world: World, { leaving: event }: { leaving: LeavingEvent }): Promise<void> {
  await world.hints.leaving(event);
}

/** The same for a leaving that was taken back. Which event said so isn't known here: it is one for each day. */
export async function stays(world: World, { employeeId }: { employeeId: string }): Promise<void> {
  await world.hints.leaving({
    type: 'employee.rescinded',
    event_id: `stays:${employeeId}:${new Date().toISOString().slice(0, 10)}`,
    employee_id: employeeId,
    what: 'leaving',
  });
}
