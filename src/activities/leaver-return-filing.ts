import type { IssueRef, RequestPlan } from '../domain/access-request';
import { policyOn } from '../domain/day-two';
import { REGIONS } from '../domain/handbook';
import { ACTION_NEEDED } from '../domain/labels';
import type { LeaverCase } from '../domain/leaving';
import { moveMarker, returnIssueText } from '../domain/move-text';
import { unreadPlan } from '../domain/request-start';
import { resolveRole } from '../domain/roles';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import { toTell } from './move-filing';
import { createOnce, raiseOpsTask, refOf } from './ops-task';
import { factsOf, type World } from './world';

/**
 * "Given back by an approved request": asks for what the person's role gives of the systems that they held; what was held beyond
 * that is listed for those who file a request of their own. Nothing comes back without its approvers.
 */
export async function fileReturn(
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  event: string,
  now: string,
): Promise<IssueRef> {
  const handbook = world.handbook();
  const facts = factsOf(person);
  const region = REGIONS.find((name) => name === facts.region);
  const role = region && resolveRole(handbook, { ...facts, region });
  const held = new Set(
    (await world.store.leavers.items(one.leaving))
      .filter(({ kind, found, status }) => kind === 'system' && (found.length > 0 || status === 'revoked'))
      .map(({ id }) => id),
  );
  const entitlements =
    role?.kind === 'found' ? role.entitlements.filter(({ system }) => held.has(system)) : [];
  const beyond = [...held].filter((key) => !entitlements.some(({ system }) => system === key));
  if (entitlements.length === 0)
    return raiseOpsTask(world, {
      key: `leaving-return:${one.leaving}`,
      title: `Employee ${one.employeeId} stays after all: give access back`,
      problems: [
        `employee ${one.employeeId}: held ${beyond.join(', ') || 'nothing that daytwo knows of'} before it was taken`,
      ],
      mend: 'File an access request for what they are to have; nothing comes back without its approvers.',
    });
  const marker = moveMarker(one.employeeId, now.slice(0, 10), digestOf(event).slice(0, 8));
  const policy = policyOn(handbook, now.slice(0, 10));
  const issue = await createOnce(world, world.projects.accessRequests, marker, {
    title: `Employee ${one.employeeId} stays after all: access again`,
    description: returnIssueText({
      marker,
      email: person.email,
      plan: { add: entitlements, change: [], remove: [], keep: [], besides: [], review: beyond },
      systems: handbook.systems,
      date: now.slice(0, 10),
      tell: await toTell(world, facts.manager_email, facts.manager_email),
      taken: await takenBesides(world, one),
    }),
    labels: [...handbook.labels.newFiledRequest, ACTION_NEEDED],
    confidential: true,
  });
  const { username: requester } = await world.gitlab.self();
  const unread = unreadPlan({ requester, order: 'move', policyVersion: policy.effectiveFrom });
  if (!unread.filed) throw new Error('a plan without its form');
  const openedAt = new Date(issue.createdAt).toISOString();
  const plan: RequestPlan = {
    ...unread,
    filed: {
      ...unread.filed,
      kind: 'change',
      move: { oldManagerEmail: facts.manager_email, graceUntil: openedAt, given: [] },
    },
  };
  await world.hints.startRequest({ ref: refOf(issue), openedAt, plan });
  return refOf(issue);
}

/** What no entitlement names: it is listed, and comes back only by people. */
async function takenBesides(
  world: World,
  { leaving, employeeId }: LeaverCase,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { leavers } = world.store;
  const story = await world.store.story({ employeeId });
  const groups = story
    .filter(({ id, kind }) => kind === 'leaver.handed_over' && id.startsWith(`${leaving}/`))
    .flatMap(
      ({ detail }) => (detail.before as { readonly groups?: readonly string[] } | undefined)?.groups ?? [],
    );
  const rights = (await leavers.records(leaving)).filter(({ object }) => object.startsWith('right/'));
  const records = (await leavers.recordCounts(leaving)).filter(
    ({ what, state }) => what === 'move' && state === 'done',
  );
  return {
    'Taken out of queues and groups': [...new Set(groups)].sort(),
    'Rights over others’ access that were taken': rights.map(({ recordId }) =>
      recordId.split('/').slice(1).join('/'),
    ),
    'Handed over, and with others now': records.map(({ object, count }) => `${count} ${object}`),
  };
}
