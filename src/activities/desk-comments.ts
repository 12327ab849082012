import { isApproved, type RequestState } from '../domain/access-request';
import type { DeskReading } from '../domain/desk-acts';
import type { PutBack } from '../domain/desk-rules';
import { codeSpan, markdown } from '../domain/escape';
import { markerPart } from '../domain/request-text';
import type { DeskIssue } from '../systems/gitlab';
import { cancelText } from './cancelled';
import type { World } from './world';

/** A comment that is there once, however often this is repeated: its mark is looked for among the issue's notes first. */
export async function postOnce(
  world: World,
  issue: Pick<DeskIssue, 'project' | 'iid'>,
  reading: Pick<DeskReading, 'bot'>,
  key: string,
  text: string,
): Promise<void> {
  const mark = `<!-- daytwo:note:${markerPart(key)} -->`;
  const notes = await world.gitlab.notes(issue.project, issue.iid);
  if (notes.some((note) => note.author === reading.bot && note.body.includes(mark))) return;
  await world.gitlab.comment(issue.project, issue.iid, `${text}\n\n${mark}`);
}

/**
 * Why a change was put back, and who may make it. Only the one who made it is mentioned, and only where GitLab knows that
 * it was them: what came by a signal or a command may name anybody, or `all`.
 */
export function putBackText(putBack: PutBack): string {
  const who = putBack.who.length > 0 ? ` It may be done by ${putBack.who.map(codeSpan).join(', ')}.` : '';
  const by = putBack.channel === 'gitlab' ? `@${putBack.by}` : `${codeSpan(putBack.by)} (${putBack.channel})`;
  return `${by}: ${markdown(putBack.what)} was put back: ${markdown(putBack.why)}.${who}`;
}

/** What people must hear of, beside what the issue shows: said once, when it happened. */
export async function tellWhatHappened(
  world: World,
  issue: DeskIssue,
  reading: DeskReading,
  before: RequestState,
  after: RequestState,
  managers: readonly string[],
): Promise<void> {
  const say = (key: string, text: string): Promise<void> => postOnce(world, issue, reading, key, text);
  // Of a filed request each approver is told what is asked of them, elsewhere.
  const ofTemplate = !after.plan.filed && after.approval.status === 'waiting';
  if (ofTemplate && !isApproved(after) && before.cursor.note === 0) {
    const [manager] = managers;
    await say(
      'approval',
      `${manager ? `@${manager}` : 'To whom it concerns'}: this request waits for \`approve\` or \`reject\` (with a reason). Its role template is not as it was approved, so nothing is granted yet. Set the label ~"AR-Approval::Manager Approved", or ~"AR-Approval::Rejected" after a comment with the reason.`,
    );
  }
  if (after.approval.status === 'rejected' && before.approval.status !== 'rejected') {
    await say(
      'rejected',
      `Rejected by ${codeSpan(after.approval.deed?.by ?? '')}: ${markdown(after.approval.reason ?? '')}. Nothing was granted. A new request can be filed with less, or the role template mended and approved.`,
    );
  }
  for (const task of after.plan.tasks) {
    const now = after.tasks[task.id];
    if (now?.status !== 'needs_person') continue;
    const holder = after.claim ? `@${after.claim.by} ` : '';
    await say(
      `needs:${task.id}:${now.since}`,
      `${holder}**${markdown(task.name)}**: ${markdown(now.problem)}. ${markdown(now.mend)}`,
    );
  }
  if (after.cancelled && after.closedAt && !before.closedAt)
    await say('cancelled', await cancelText(world, after));
}
