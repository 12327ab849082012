import { policyOn } from '../domain/day-two';
import { REGIONS } from '../domain/handbook';
import type { PersonFacts } from '../domain/hr-event';
import { whatMoved } from '../domain/moves';
import type { MoveStep } from '../domain/role-change';
import { resolveRole } from '../domain/roles';
import type { PersonRecord } from '../evidence/store';
import { living } from './faults';
import { recordOfHire } from './hire-record';
import { fileMove } from './move-filing';
import { filedSince, remindOfMove, settleWaiting, tellNoTemplate } from './move-template';
import { refOfKey, refOfRequest } from './request-keys';
import { factsOf, type World } from './world';

export interface Move {
  readonly employeeId: string;
  /** HR's facts before the change that has not been dealt with. */
  readonly before: PersonFacts;
  /** The newest HR event of the change: by it the request is found again. */
  readonly event: string;
  /** When HR told of it first. */
  readonly since: string;
  /** It waited for a template before. */
  readonly waited: boolean;
  readonly now: string;
}

export interface MoveActivities {
  /** What is known of a person, before a change is kept; null for an unknown person. */
  factsOfKnown(input: { employeeId: string }): Promise<PersonFacts | null>;
  /**
   * Everything that may be done now about a change of role: compares the roles with what the systems hold, files the access
   * change, tells open requests of another manager, or tells people that there is no template.
   */
  openMove(move: Move): Promise<Exclude<MoveStep, { kind: 'new' | 'reminded' }>>;
  /** Reminds both managers, unless somebody filed a request meanwhile. */
  remindOfMove(input: {
    employeeId: string;
    before: PersonFacts;
    since: string;
    waiting: Extract<MoveStep, { kind: 'no_template' }>;
  }): Promise<Extract<MoveStep, { kind: 'filed_by_hand' | 'reminded' }>>;
}

export function moveActivities(world: World): MoveActivities {
  return {
    factsOfKnown: living(async ({ employeeId }) => {
      const person = await world.store.personById(employeeId);
      return person && withoutId(factsOf(person));
    }),
    openMove: living((move) => open(world, move)),
    remindOfMove: living((input) => remindOfMove(world, input)),
  };
}

const withoutId = ({ employee_id: _, ...facts }: PersonFacts & { employee_id: string }): PersonFacts => facts;

async function open(world: World, move: Move): ReturnType<MoveActivities['openMove']> {
  const { employeeId, before } = move;
  const person = await world.store.personById(employeeId);
  if (!person || person.status === 'left' || person.status === 'rescinded')
    return ended(world, move, 'the person is not here any longer');
  const facts = withoutId(factsOf(person));
  const moved = whatMoved(before, facts);
  if (moved.manager) await tellOpenRequests(world, person, move);
  const region = REGIONS.find((one) => one === facts.region);
  if (!moved.role || !region) {
    await ended(world, move, 'HR took the change back');
    return { kind: moved.manager ? 'manager_moved' : 'nothing' };
  }
  const handbook = world.handbook();
  const role = resolveRole(handbook, { ...facts, region });
  if (role.kind === 'none') {
    const filed = move.waited ? await filedSince(world, person, move.since) : null;
    if (filed === null) return tellNoTemplate(world, person, move, role.paths);
    await ended(world, move, 'a request was filed by hand');
    return { kind: 'filed_by_hand', ref: filed };
  }
  const policy = policyOn(handbook, move.now.slice(0, 10));
  const ref = await fileMove(world, { move, person, facts, role, policy });
  await ended(world, move, 'the new role has a template now');
  return ref ? { kind: 'filed', ref, facts } : { kind: 'nothing' };
}

async function ended(world: World, { employeeId, waited }: Move, why: string): Promise<{ kind: 'nothing' }> {
  if (waited) await settleWaiting(world, employeeId, why);
  return { kind: 'nothing' };
}

/** "A moved manager changes who approves what is open": the requests that name the person look again who may. */
async function tellOpenRequests(world: World, person: PersonRecord, move: Move): Promise<void> {
  const { employeeId } = person;
  const single = (await world.hints.requestsOf(employeeId)).flatMap(refOfRequest);
  const many = (await world.store.crowd.requestsNaming(employeeId)).flatMap(refOfKey);
  const all = new Map([...single, ...many].map((ref) => [`access-request/${ref.project}/${ref.iid}`, ref]));
  for (const [workflowId, ref] of all) await world.hints.issueChanged(workflowId, ref);
  await recordOfHire(
    world,
    employeeId,
    person.timeZone,
    'person.manager_changed',
    'told the open requests of this person that another manager decides now',
    {},
    null,
    move.event,
  );
}
