import type { FiledPlan, IssueRef } from '../domain/access-request';
import type { Policy } from '../domain/handbook';
import { REGIONS } from '../domain/handbook';
import type { PersonFacts } from '../domain/hr-event';
import { ACTION_NEEDED } from '../domain/labels';
import { moveIssueText, moveMarker, moveMarkersOf, moveTitle } from '../domain/move-text';
import { isUnchanged, planMove, roleFactsOf, type MovePlan, type RoleFacts } from '../domain/moves';
import { unreadPlan, type AccessRequestInput } from '../domain/request-start';
import { resolveRole, type FoundRole } from '../domain/roles';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import type { DeskIssue } from '../systems/gitlab';
import { recordOfHire } from './hire-record';
import { holdingsOf } from './holdings';
import type { Move } from './moves';
import { closeOpsTask, createOnce, refOf } from './ops-task';
import { userNameOf, type World } from './world';

const DAY_MS = 86_400_000;

interface Filing {
  readonly move: Move;
  readonly person: PersonRecord;
  /** HR's facts now. */
  readonly facts: PersonFacts;
  readonly role: FoundRole;
  readonly policy: Policy;
}

/**
 * Files the access change of a new role as a request and starts its workflow; null where the systems hold what the new role
 * gives and nothing else. An earlier change that isn't done is taken up in this one, and its request ends.
 */
export async function fileMove(world: World, filing: Filing): Promise<IssueRef | null> {
  const { move, person, facts, policy } = filing;
  const marker = moveMarker(move.employeeId, move.since.slice(0, 10), keyOf(move));
  const earlier = await openMovesOf(world, move.employeeId, marker);
  const known = await ourMove(world, marker);
  if (known) {
    await start(world, known, filing);
    await endEarlier(world, earlier, known);
    return refOf(known);
  }
  const { systems } = world.handbook();
  const roles = [move.before, ...(await rolesOf(world, move.employeeId, earlier))];
  const plan = planMove(
    roles.map((role) => entitlementsOf(world, role)),
    filing.role.entitlements,
    await holdingsOf(world.connector, person, systems),
    systems,
  );
  if (isUnchanged(plan)) {
    await keep(world, filing, 'move.nothing', 'found nothing to give or to take away', plan, null);
    await endEarlier(world, earlier, null);
    return null;
  }
  const issue = await createOnce(world, world.projects.accessRequests, marker, {
    title: moveTitle(person.name, move.employeeId),
    description: moveIssueText({
      marker,
      email: person.email,
      from: roleFactsOf(move.before),
      to: roleFactsOf(facts),
      plan,
      bornApproved: filing.role.bornApproved,
      systems,
      date: move.since.slice(0, 10),
      graceDate: graceUntil(policy, move.now).slice(0, 10),
      tell: await toTell(world, move.before.manager_email, facts.manager_email),
    }),
    labels: [...world.handbook().labels.newFiledRequest, ACTION_NEEDED],
    confidential: true,
  });
  await keep(world, filing, 'move.filed', 'filed the access change of another role', plan, refOf(issue));
  await start(world, issue, filing);
  await endEarlier(world, earlier, issue);
  return refOf(issue);
}

const keyOf = ({ event }: Move): string => digestOf(event).slice('sha256:'.length, 'sha256:'.length + 8);

const graceUntil = (policy: Policy, from: string): string =>
  new Date(Date.parse(from) + policy.moves.graceDays * DAY_MS).toISOString();

/** User names of both managers and of the DRIs, each once. */
export async function toTell(
  world: World,
  before: string | null,
  after: string | null,
): Promise<readonly string[]> {
  const names = [await userNameOf(world, after), await userNameOf(world, before)];
  return [...new Set([...names, ...world.handbook().people.provisioningDris])].filter(
    (name): name is string => name !== null,
  );
}

async function start(world: World, issue: DeskIssue, { move, role, policy }: Filing): Promise<void> {
  const oldManagerEmail = move.before.manager_email;
  const given = role.bornApproved ? role.entitlements : [];
  await world.hints.startRequest(await moveInput(world, issue, { policy, oldManagerEmail, given }));
}

/** What a mover's request is started with: what HR said, which its text can't be trusted to say. */
export async function moveInput(
  world: World,
  issue: DeskIssue,
  {
    policy,
    oldManagerEmail,
    given,
  }: Pick<FiledMove, 'oldManagerEmail' | 'given'> & { readonly policy: Policy },
): Promise<AccessRequestInput> {
  const { username: requester } = await world.gitlab.self();
  const unread = unreadPlan({ requester, order: 'move', policyVersion: policy.effectiveFrom });
  if (!unread.filed) throw new Error('a plan without its form');
  const openedAt = new Date(issue.createdAt).toISOString();
  const move: FiledMove = { oldManagerEmail, graceUntil: graceUntil(policy, openedAt), given };
  return {
    ref: refOf(issue),
    openedAt,
    plan: { ...unread, filed: { ...unread.filed, kind: 'change', move } },
  };
}

type FiledMove = NonNullable<FiledPlan['move']>;

async function ourMove(world: World, marker: string): Promise<DeskIssue | undefined> {
  const { username } = await world.gitlab.self();
  const found = await world.gitlab.byMarker(`<!-- ${marker} -->`, world.projects.accessRequests);
  return found.find(({ author }) => author === username);
}

/** Requests of earlier changes of role that are still open: what they were to do is done by the new one. */
async function openMovesOf(world: World, employeeId: string, but: string): Promise<readonly DeskIssue[]> {
  const { username } = await world.gitlab.self();
  const found = await world.gitlab.byMarker(
    `<!-- ${moveMarkersOf(employeeId)}`,
    world.projects.accessRequests,
  );
  return found.filter(
    ({ author, state, description }) =>
      author === username && state === 'opened' && !description.includes(`<!-- ${but} -->`),
  );
}

async function endEarlier(
  world: World,
  earlier: readonly DeskIssue[],
  instead: DeskIssue | null,
): Promise<void> {
  const { username: by } = await world.gitlab.self();
  const reason = instead
    ? `HR told of another role since; what is left is asked in ${instead.project}#${instead.iid}`
    : 'HR told of another role since, and nothing is left to do';
  for (const issue of earlier) {
    const workflowId = `access-request/${issue.project}/${issue.iid}`;
    if (!(await world.hints.cancel(workflowId, { by, reason })))
      await closeOpsTask(world, refOf(issue), reason);
  }
}

/** The roles that earlier changes were about, as they were kept when those were filed. */
async function rolesOf(
  world: World,
  employeeId: string,
  earlier: readonly DeskIssue[],
): Promise<readonly RoleFacts[]> {
  if (earlier.length === 0) return [];
  const requests = new Set(earlier.map(({ project, iid }) => `${project}#${iid}`));
  const story = await world.store.story({ employeeId });
  return story
    .filter(({ kind, request }) => kind === 'move.filed' && request !== null && requests.has(request))
    .flatMap(({ detail }) => [detail.before, detail.after])
    .flatMap((kept) => roleIn(kept) ?? []);
}

/** A role as `keep` wrote it. */
export function roleIn(kept: unknown): RoleFacts | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const text = (fact: string): string => {
    const value: unknown = Reflect.get(kept, fact);
    return typeof value === 'string' ? value : '';
  };
  const specialty = text('specialty');
  return {
    title: text('title'),
    department: text('department'),
    region: text('region'),
    specialty: specialty === '' ? null : specialty,
  };
}

function entitlementsOf(world: World, role: RoleFacts): FoundRole['entitlements'] {
  const region = REGIONS.find((one) => one === role.region);
  const found = region && resolveRole(world.handbook(), { ...role, region });
  return found?.kind === 'found' ? found.entitlements : [];
}

async function keep(
  world: World,
  { move, person, facts, role, policy }: Filing,
  kind: 'move.filed' | 'move.nothing',
  what: string,
  plan: MovePlan,
  ref: IssueRef | null,
): Promise<void> {
  const keysOf = (entitlements: readonly { readonly system: string }[]): string[] =>
    entitlements.map(({ system }) => system);
  return recordOfHire(
    world,
    move.employeeId,
    person.timeZone,
    kind,
    what,
    {
      policy: policy.effectiveFrom,
      templateDigest: role.digest,
      before: { ...roleFactsOf(move.before) },
      after: { ...roleFactsOf(facts) },
      added: keysOf(plan.add),
      changed: keysOf(plan.change.map(({ to }) => to)),
      removed: keysOf(plan.remove),
      kept: keysOf(plan.keep),
      besides: keysOf(plan.besides),
      review: [...plan.review],
      // Asked to agree to what goes, also where the request must be taken up again.
      managerBefore: await userNameOf(world, move.before.manager_email),
    },
    ref,
    keyOf(move),
  );
}
