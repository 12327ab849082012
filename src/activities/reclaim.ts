import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import { codeSpan, markdown } from '../domain/escape';
import type { Channel } from '../domain/handbook';
import { isIdle } from '../domain/seat-reclaim';
import type { EvidenceDetail } from '../evidence/row';
import type { SeatCounter, SeatUser } from '../systems/connector';
import { postOnce } from './desk-comments';
import { living } from './faults';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
import { seatPolicy } from './seat-reading';
import { seatsCameFree } from './seats';
import type { World } from './world';

/** What a reclaim is about: nobody's name, only the system's ids. */
export interface ReclaimList {
  readonly ref: IssueRef | null;
  readonly users: readonly string[];
  readonly noticeDays: number;
}

export interface ReclaimDecision {
  readonly quarter: string;
  readonly kind: 'approve' | 'reject';
  readonly by: string;
  readonly channel: Channel;
  readonly at: string;
}

export interface ReclaimActivities {
  /** Lists who hasn't signed in, opens the issue for ops, and tells each of them. */
  listIdleSeats(input: { readonly quarter: string; readonly now: string }): Promise<ReclaimList>;
  /** Why somebody may not decide on it; null where they may. */
  judgeReclaim(input: ReclaimDecision): Promise<string | null>;
  /** Deactivates those who still haven't signed in, and says on the issue what became of each. */
  reclaimSeats(
    input: ReclaimList & { readonly quarter: string; readonly now: string },
  ): Promise<ReclaimResult>;
}

export interface ReclaimResult {
  readonly inactive: number;
  readonly frozen: number;
  readonly unchanged: number;
  /** Signed in meanwhile, or changed in another way. */
  readonly spared: number;
}

export function reclaimActivities(world: World): ReclaimActivities {
  return {
    listIdleSeats: living((input) => listIdle(world, input)),
    judgeReclaim: living((input) => judge(world, input)),
    reclaimSeats: living((input) => reclaim(world, input)),
  };
}

async function listIdle(
  world: World,
  { quarter, now }: { readonly quarter: string; readonly now: string },
): Promise<ReclaimList> {
  const { idleDays, noticeDays } = seatPolicy(world).reclaim;
  const idle = await idleUsers(world, now);
  if (idle.length === 0) return { ref: null, users: [], noticeDays };
  const ref = await raiseOpsTask(world, {
    key: `reclaim:${quarter}`,
    title: `Licence reclaim ${quarter}: ${idle.length} users without a sign-in for ${idleDays} days`,
    problems: idle.map(
      ({ id, employeeId, lastSignInAt }) =>
        `${employeeId ? `employee ${employeeId}` : `Salesforce user ${id}`}: ${lastSignInAt ? `last sign-in ${lastSignInAt.slice(0, 10)}` : 'never signed in'}`,
    ),
    mend: `Each was told by mail. After ${noticeDays} days a provisioning DRI approves: daytwo approve ${activityInfo().workflowExecution?.workflowId ?? `reclaim/${quarter}`} --by <user name>. Who signs in meanwhile keeps the seat.`,
  });
  for (const { id, email } of world.mailer ? idle : [])
    await world.mailer?.send({
      to: email,
      subject: 'Your Salesforce licence is not used',
      text: `You have not signed in to Salesforce for ${idleDays} days. Sign in within ${noticeDays} days to keep your licence; else it goes to somebody who waits for one. You can ask for it again at any time.\n`,
      messageId: `<daytwo-reclaim-${quarter}-${id}@daytwo>`,
    });
  await note(world, ref, `reclaim/${quarter}/listed`, 'reclaim.listed', now, {
    what: `listed ${idle.length} users without a sign-in for ${idleDays} days, and told them`,
    after: idle.map(({ id }) => id),
  });
  return { ref, users: idle.map(({ id }) => id), noticeDays };
}

async function judge(
  world: World,
  { quarter, kind, by, channel, at }: ReclaimDecision,
): Promise<string | null> {
  const { people } = world.handbook();
  const why = people.provisioningDris.includes(by)
    ? null
    : `only the provisioning DRIs decide on a reclaim: ${people.provisioningDris.join(', ')}`;
  await keepEvidence(world, [
    {
      id: `reclaim/${quarter}/${kind}/${by}/${at}`,
      at,
      zone: 'UTC',
      subject: null,
      request: null,
      workflowId: activityInfo().workflowExecution?.workflowId ?? null,
      kind: why === null ? `decision.${kind}` : 'decision.refused',
      actor: by,
      channel,
      detail: {
        what: why === null ? `${kind}: licence reclaim ${quarter}` : `was not allowed: ${kind}`,
        ...(why === null ? {} : { why }),
      },
    },
  ]);
  return why;
}

async function reclaim(
  world: World,
  { quarter, users, ref, now }: ReclaimList & { readonly quarter: string; readonly now: string },
): Promise<ReclaimResult> {
  const idle = await idleUsers(world, now);
  const named = idle.filter(({ id }) => users.includes(id));
  const done = await counter(world).deactivate(named.map(({ id }) => id));
  const count = (became: (typeof done)[number]['became']): number =>
    done.filter((one) => one.became === became).length;
  const result = {
    inactive: count('inactive'),
    frozen: count('frozen'),
    unchanged: count('unchanged'),
    spared: users.length - named.length,
  };
  const stuck = done.filter(({ became }) => became !== 'inactive');
  const words = `deactivated ${result.inactive}, spared ${result.spared} who signed in or changed meanwhile`;
  await note(world, ref, `reclaim/${quarter}/done/${activityInfo().activityId}`, 'reclaim.done', now, {
    what: words,
    after: done.map(({ id, became }) => `${id} ${became}`),
    proof: 'verified',
  });
  const issue = ref && (await world.gitlab.issue(ref.project, ref.iid));
  if (issue) {
    const { username: bot } = await world.gitlab.self();
    const lines = stuck.map(
      ({ id, became, code }) =>
        `- [ ] Salesforce user ${codeSpan(id)} could not be deactivated (${markdown(code ?? '')})${became === 'frozen' ? ' and is frozen, which keeps the seat' : ''}: free it of what depends on it, then deactivate it.`,
    );
    await postOnce(world, issue, { bot }, `reclaim:${quarter}`, [`Done: ${words}.`, ...lines].join('\n'));
  }
  await seatsCameFree(world, [{ kind: 'salesforce-user' }]);
  return result;
}

async function idleUsers(world: World, now: string): Promise<readonly SeatUser[]> {
  const policy = seatPolicy(world).reclaim;
  return (await counter(world).users()).filter((user) => isIdle(user, policy, now));
}

function counter(world: World): SeatCounter {
  const { seats } = world.connector('salesforce');
  if (!seats) throw new Error('the Salesforce connector counts no seats');
  return seats;
}

const note = (
  world: World,
  ref: IssueRef | null,
  id: string,
  kind: string,
  at: string,
  detail: EvidenceDetail,
): Promise<void> =>
  keepEvidence(world, [
    {
      id,
      at,
      zone: 'UTC',
      subject: null,
      request: ref && `${ref.project}#${ref.iid}`,
      workflowId: activityInfo().workflowExecution?.workflowId ?? null,
      kind,
      actor: 'daytwo',
      channel: 'daytwo',
      detail,
    },
  ]);
