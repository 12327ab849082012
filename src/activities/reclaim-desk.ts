import { activityInfo } from '@temporalio/activity';
import type { IssueRef } from '../domain/access-request';
import { policyOn } from '../domain/day-two';
import type { Channel } from '../domain/handbook';
import { isLed, labelChange } from '../domain/labels';
import {
  labelsOfReclaim,
  refusedReclaim,
  wordOfLabel,
  type ReclaimStanding,
  type ReclaimWord,
} from '../domain/seat-reclaim';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce, putBackText } from './desk-comments';
import { keepEvidence } from './keep';
import type { World } from './world';

/** Which reclaim is meant, and how it stands. */
export interface ReclaimDesk {
  readonly quarter: string;
  /** Absent in processes that began before it was led by its issue; null while it is being listed. */
  readonly ref?: IssueRef | null;
  /** What was decided before. */
  readonly decided?: ReclaimWord | null;
}

export interface ReclaimDecision extends ReclaimDesk {
  readonly kind: ReclaimWord;
  readonly by: string;
  readonly channel: Channel;
  readonly at: string;
}

export interface ReclaimVisit {
  readonly decided: ReclaimWord | null;
  /** The last label event that was judged. */
  readonly cursor: number;
}

/** Judges what somebody said by command, signal or console; why not, or null where it is taken and shown on the issue. */
export async function judgeWord(world: World, asked: ReclaimDecision): Promise<string | null> {
  const refused = await judge(world, asked);
  if (refused) return refused.who.length > 0 ? `${refused.why}: ${refused.who.join(', ')}` : refused.why;
  const issue = asked.ref && (await world.gitlab.issue(asked.ref.project, asked.ref.iid));
  if (issue) await showStanding(world, issue, standingAfter(asked.kind));
  return null;
}

/**
 * Reads what people did on the issue of a reclaim since it was read last: the labels of approvals decide, as on a request. What
 * isn't allowed is put back, with a comment and evidence, and so is closing it undecided.
 */
export async function visitReclaim(
  world: World,
  { quarter, ref, decided, cursor }: ReclaimDesk & { readonly ref: IssueRef; readonly cursor: number },
): Promise<ReclaimVisit> {
  const issue = await world.gitlab.issue(ref.project, ref.iid);
  if (!issue) return { decided: decided ?? null, cursor };
  const { username: bot } = await world.gitlab.self();
  const events = (await world.gitlab.labelEvents(ref.project, ref.iid)).filter(({ id }) => id > cursor);
  let said = decided ?? null;
  for (const event of events) {
    const kind = event.action === 'add' ? wordOfLabel(event.label, world.handbook().labels) : null;
    if (event.user === bot || kind === null || kind === said) continue;
    const at = new Date(event.at).toISOString();
    const asked = { quarter, ref, kind, by: event.user, channel: 'gitlab', at, decided: said } as const;
    const refused = await judge(world, asked);
    if (refused === null) said = kind;
    else
      await postOnce(
        world,
        issue,
        { bot },
        `reclaim:label:${event.id}`,
        putBackText({ ...asked, ...refused, key: '', what: wordsOf(kind) }),
      );
  }
  const shown = await showStanding(world, issue, standingAfter(said));
  await world.store.seenIssue(ref.project, ref.iid, shown.updatedAt);
  return { decided: said, cursor: Math.max(cursor, ...events.map(({ id }) => id)) };
}

const standingAfter = (said: ReclaimWord | null): ReclaimStanding =>
  said === null ? 'undecided' : said === 'approve' ? 'approved' : 'rejected';

const wordsOf = (kind: ReclaimWord): string => (kind === 'approve' ? 'the approval' : 'the rejection');

/** Makes the issue show how the reclaim stands: its labels, and open until it is rejected or done. */
export async function showStanding(
  world: World,
  issue: DeskIssue,
  standing: ReclaimStanding,
): Promise<DeskIssue> {
  const { add, remove } = labelChange(issue.labels, labelsOfReclaim(standing), world.handbook().labels);
  const wanted = standing === 'rejected' || standing === 'done' ? 'closed' : 'opened';
  const turn = issue.state === wanted ? null : wanted === 'closed' ? 'close' : 'reopen';
  if (turn === 'reopen') {
    const { username: bot } = await world.gitlab.self();
    const why =
      'Closing it was put back: this reclaim is not over. To stop it, set ~"AR-Approval::Rejected" before the notice is over.';
    await postOnce(world, issue, { bot }, `reclaim:closed:${issue.updatedAt}`, why);
  }
  if (add.length === 0 && !remove.some(isLed) && turn === null) return issue;
  return world.gitlab.change(issue.project, issue.iid, {
    addLabels: add,
    removeLabels: remove,
    ...(turn ? { stateEvent: turn } : {}),
  });
}

async function judge(world: World, asked: ReclaimDecision): Promise<ReturnType<typeof refusedReclaim>> {
  const { quarter, kind, by, channel, at, ref } = asked;
  const handbook = world.handbook();
  const policy = policyOn(handbook, at.slice(0, 10));
  const refused = refusedReclaim({ ...asked, decided: asked.decided ?? null }, policy, handbook.people);
  await keepEvidence(world, [
    {
      id: `reclaim/${quarter}/${kind}/${by}/${at}`,
      at,
      zone: 'UTC',
      subject: null,
      request: ref ? `${ref.project}#${ref.iid}` : null,
      workflowId: activityInfo().workflowExecution?.workflowId ?? null,
      kind: refused === null ? `decision.${kind}` : 'decision.refused',
      actor: by,
      channel,
      detail: {
        what: refused === null ? `${kind}: licence reclaim ${quarter}` : `was not allowed: ${kind}`,
        policy: policy.effectiveFrom,
        ...(refused === null ? {} : { why: refused.why }),
      },
    },
  ]);
  return refused;
}
