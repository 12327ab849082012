import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import { codeSpan, markdown } from '../domain/escape';
import { isIdle, labelsOfReclaim } from '../domain/seat-reclaim';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import type { SeatCounter, SeatUser } from '../systems/connector';
import { postOnce } from './desk-comments';
import { living } from './faults';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
import {
  judgeWord,
  showStanding,
  visitReclaim,
  type ReclaimDecision,
  type ReclaimDesk,
  type ReclaimVisit,
} from './reclaim-desk';
import { earlierRuns, reclaimKey } from './reclaim-earlier';
import { seatPolicy } from './seat-reading';
import { seatsCameFree } from './seats';
import type { World } from './world';

/** What a reclaim is about: nobody's name, only the system's ids. */
export interface ReclaimList {
  readonly ref: IssueRef | null;
  readonly users: readonly string[];
  readonly noticeDays: number;
}

export interface ReclaimActivities {
  /** Lists who hasn't signed in, opens the issue for ops, and tells each of them. `by`: who started it by hand. */
  listIdleSeats(input: ReclaimStart): Promise<ReclaimList>;
  /** Why somebody may not decide on it; null where they may. */
  judgeReclaim(input: ReclaimDecision): Promise<string | null>;
  /** What people decided on its issue by a label since it was read last. */
  visitReclaim(
    input: ReclaimDesk & { readonly ref: IssueRef; readonly cursor: number },
  ): Promise<ReclaimVisit>;
  /** Deactivates those who still haven't signed in, and says on the issue what became of each. */
  reclaimSeats(
    input: ReclaimList & { readonly quarter: string; readonly now: string },
  ): Promise<ReclaimResult>;
}

export interface ReclaimStart {
  readonly quarter: string;
  readonly now: string;
  readonly by?: string;
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
    judgeReclaim: living((input) => judgeWord(world, input)),
    visitReclaim: living((input) => visitReclaim(world, input)),
    reclaimSeats: living((input) => reclaim(world, input)),
  };
}

async function listIdle(world: World, { quarter, now, by }: ReclaimStart): Promise<ReclaimList> {
  const { idleDays, noticeDays } = seatPolicy(world).reclaim;
  const idle = await idleUsers(world, now);
  if (idle.length === 0 || (await earlierRuns(world, quarter))) return { ref: null, users: [], noticeDays };
  const told = world.mailer
    ? 'Each was told by mail.'
    : 'Nobody was told, since no mail is set up (SMTP_URL): tell them.';
  const ref = await raiseOpsTask(world, {
    key: reclaimKey(quarter),
    title: `Licence reclaim ${quarter}: ${idle.length} users without a sign-in for ${idleDays} days`,
    problems: idle.map(inWords),
    mend: `${told} After ${noticeDays} days, once it is approved, their seats are taken back. Set the label "AR-Approval::Manager Approved", or "AR-Approval::Rejected" to stop it; or: daytwo approve ${activityInfo().workflowExecution?.workflowId ?? ''} --by <user name>. Who signs in meanwhile keeps the seat.`,
    labels: labelsOfReclaim('undecided'),
  });
  for (const { id, email } of world.mailer ? idle : [])
    await world.mailer?.send({
      to: email,
      subject: 'Your Salesforce licence is not used',
      text: `You have not signed in to Salesforce for ${idleDays} days. Sign in within ${noticeDays} days to keep your licence; else it goes to somebody who waits for one. You can ask for it again at any time.\n`,
      messageId: `<daytwo-reclaim-${quarter}-${ref.iid}-${id}@daytwo>`,
    });
  const doer = by === undefined ? DAYTWO : { actor: by, channel: 'cli' as const };
  await note(world, ref, `reclaim/${quarter}/${ref.iid}/listed`, 'reclaim.listed', now, doer, {
    what: `listed ${idle.length} users without a sign-in for ${idleDays} days${world.mailer ? ', and told them' : ''}`,
    after: idle.map(({ id }) => id),
  });
  return { ref, users: idle.map(({ id }) => id), noticeDays };
}

/** Whom it is about without a name: `employee 104711: last sign-in 2026-08-01`. */
export const inWords = ({
  id,
  employeeId,
  lastSignInAt,
}: Pick<SeatUser, 'id' | 'employeeId' | 'lastSignInAt'>): string =>
  `${employeeId ? `employee ${employeeId}` : `Salesforce user ${id}`}: ${lastSignInAt ? `last sign-in ${lastSignInAt.slice(0, 10)}` : 'never signed in'}`;

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
  const id = `reclaim/${quarter}/${ref?.iid ?? ''}/done/${activityInfo().activityId}`;
  await note(world, ref, id, 'reclaim.done', now, DAYTWO, {
    what: words,
    after: done.map((one) => `${one.id} ${one.became}`),
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
    // What is left for people keeps it open.
    await showStanding(world, issue, stuck.length > 0 ? 'approved' : 'done');
  }
  await seatsCameFree(world, [{ kind: 'salesforce-user' }]);
  return result;
}

/** Whom a reclaim would be about now. */
export async function idleUsers(
  world: Pick<World, 'handbook' | 'connector'>,
  now: string,
): Promise<readonly SeatUser[]> {
  const policy = seatPolicy(world).reclaim;
  return (await counter(world).users()).filter((user) => isIdle(user, policy, now));
}

function counter(world: Pick<World, 'connector'>): SeatCounter {
  const { seats } = world.connector('salesforce');
  if (!seats) throw new Error('the Salesforce connector counts no seats');
  return seats;
}

type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;
const DAYTWO: Doer = { actor: 'daytwo', channel: 'daytwo' };

const note = (
  world: World,
  ref: IssueRef | null,
  id: string,
  kind: string,
  at: string,
  doer: Doer,
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
      ...doer,
      detail,
    },
  ]);
