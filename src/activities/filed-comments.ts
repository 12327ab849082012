import type { ApprovalPart, RequestState } from '../domain/access-request';
import { scopeOf } from '../domain/approval-rules';
import { lowerThan } from '../domain/approvals';
import type { DeskReading } from '../domain/desk-acts';
import { codeSpan, markdown } from '../domain/escape';
import { partsOf } from '../domain/filed-request';
import { askBackText } from '../domain/form-questions';
import { loweringInWords, loweringsOf } from '../domain/lowering';
import { nameOfSystem, roleInWords } from '../domain/request-status';
import { accessInWords } from '../domain/tasks';
import { digestOf } from '../evidence';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import type { World } from './world';

/** What people must hear of a request that people filed: each once, and each approver only of what is theirs. */
export async function tellOfFiled(
  world: World,
  issue: DeskIssue,
  reading: DeskReading,
  before: RequestState,
  after: RequestState,
): Promise<void> {
  const { filed } = after.plan;
  if (!filed) return;
  const say = (key: string, text: string): Promise<void> => postOnce(world, issue, reading, key, text);
  if (filed.unread > 0 && filed.text !== before.plan.filed?.text) {
    const asked =
      filed.order === 'filed' ? filed.requester : (world.handbook().people.provisioningDris[0] ?? '');
    await say(`ask:${digestOf(filed.problems).slice(0, 16)}`, askBackText(filed.problems, asked));
  }
  await tellApprovers(after, before, say);
  for (const part of partsOf(after)) {
    const was = partsOf(before).find(({ key }) => key === part.key);
    if (part.status === 'rejected' && was?.status !== 'rejected')
      await say(`rejected:${part.key}:${part.deed?.at ?? ''}`, rejectionText(world, after, part));
    if (part.reminded !== (was?.reminded ?? 'no') && part.reminded !== 'no' && part.status === 'waiting')
      await say(`${part.reminded}:${part.key}:${part.digest}`, reminderText(after, part));
  }
  for (const lowering of loweringsOf(after))
    if (!loweringsOf(before).some(({ system, at }) => system === lowering.system && at === lowering.at))
      await say(
        `lowered:${lowering.system}:${lowering.at}`,
        `@${filed.requester}: **${markdown(nameOfSystem(after, lowering.system))}** was lowered by ${codeSpan(lowering.by)}, who approves it so: ${markdown(loweringInWords(lowering))}. The text above may stay as it is.`,
      );
  if (filed.askedAt !== null && filed.askedAt !== before.plan.filed?.askedAt)
    await say(
      `still:${filed.askedAt}`,
      `@${filed.requester}: this request still waits. Does it still stand? If not, close it, and nothing is granted. If so, there is nothing to do.`,
    );
  const { end } = after;
  if (end?.remindedAt && !before.end?.remindedAt && filed.until)
    await say(
      `ends:${filed.until.date}`,
      `@${filed.requester}: the access of this request ends on ${filed.until.date}. To keep it longer, write a later date in the text above; that needs an approval again.`,
    );
  if (end?.endedAt && !before.end?.endedAt)
    await say(
      `ended:${end.endedAt}`,
      `The time of this access is over: it is taken back now, and read back.`,
    );
}

/** One comment for each who has to decide something new: it names their systems, and nobody else's. */
async function tellApprovers(
  after: RequestState,
  before: RequestState,
  say: (key: string, text: string) => Promise<void>,
): Promise<void> {
  if (after.plan.filed && after.plan.filed.unread > 0) return;
  const fresh = partsOf(after).filter(
    (part) =>
      part.status === 'waiting' &&
      !partsOf(before).some(
        (one) =>
          one.key === part.key &&
          one.status === 'waiting' &&
          one.digest === part.digest &&
          one.who[0] === part.who[0],
      ),
  );
  const byFirst = new Map<string, ApprovalPart[]>();
  for (const part of fresh) {
    const first = part.who[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), part]);
  }
  for (const [first, parts] of byFirst)
    await say(
      `approve:${first}:${parts.map(({ digest }) => digest.slice(0, 8)).join('.')}`,
      first === '' ? nobodyText(after, parts) : askText(after, first, parts),
    );
}

function askText(state: RequestState, first: string, parts: readonly ApprovalPart[]): string {
  const people = state.plan.filed?.people ?? 0;
  const lines = parts.map((part) => `- ${systemLine(state, part)}, as ${roleInWords(part.role)}`);
  const others = [...new Set(parts.flatMap(({ who }) => who.slice(1)))];
  const takes = parts.every((part) => scopeOf(state, part).verb === 'remove');
  const less = takes ? '' : ' To approve less, edit the line first, or use \`daytwo approve … --as\`.';
  const also = others.length > 0 ? ` So may ${others.slice(0, 5).map(codeSpan).join(', ')}.` : '';
  return [
    `@${first}: your approval is asked for ${people === 1 ? 'one person' : `${people} people`}:`,
    lines.join('\n'),
    `Set ~"AR-Approval::Manager Approved" to approve what is yours, or comment why not (name the system, and what would do instead) and set ~"AR-Approval::Rejected".${less}${also}`,
  ].join('\n\n');
}

const nobodyText = (state: RequestState, parts: readonly ApprovalPart[]): string =>
  `Nobody is left who may approve ${parts.map((part) => markdown(nameOfSystem(state, part.system))).join(', ')}: whoever could asks for it, is asked for, or has left. Name somebody in \`config/\` (business owner, approvers, manager).`;

function systemLine(state: RequestState, part: ApprovalPart): string {
  const asked = scopeOf(state, part);
  const verb = asked.verb === 'remove' ? 'taken away' : accessInWords(asked.entitlement) || 'access';
  const until = state.plan.filed?.until;
  return `**${markdown(nameOfSystem(state, part.system))}**: ${markdown(verb)}${until ? `, until ${until.date}` : ''}`;
}

/** "Rejecting = name the service, say why excessive, offer a lower level." */
function rejectionText(world: World, state: RequestState, part: ApprovalPart): string {
  const system = world.handbook().systems.find(({ key }) => key === part.system);
  const less = system ? lowerThan(scopeOf(state, part).entitlement, system) : [];
  const instead =
    less.length > 0
      ? `What would do instead may be ${less.map((level) => markdown(level)).join(' or ')}`
      : 'What would do instead should stand in the reason; where it does not, ask them';
  return `@${state.plan.filed?.requester ?? ''}: **${markdown(nameOfSystem(state, part.system))}** was rejected by ${codeSpan(part.deed?.by ?? '')}: ${markdown(part.reason ?? '')}. ${instead}: edit its line above, or file another request. The rest goes on.`;
}

function reminderText(state: RequestState, part: ApprovalPart): string {
  const [first, second] = part.who;
  const system = markdown(nameOfSystem(state, part.system));
  const since = part.since.slice(0, 10);
  if (part.reminded === 'reminded' || second === undefined)
    return `@${first ?? ''}: **${system}** still waits for your approval, since ${since}.`;
  return `@${second}: **${system}** has waited for ${codeSpan(first ?? '')} since ${since}; you may decide it, too.`;
}
