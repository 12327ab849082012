import type { IssueRef } from '../domain/access-request';
import { needsList } from '../domain/territory/owner-change';
import { fiscalQuarterOf } from '../domain/territory/next-window';
import type { Review } from '../domain/territory/review';
import { whoNow } from '../domain/territory/review-desk';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { raiseOpsTask } from './ops-task';
import { movesAskedWith } from './review-scene';
import type { Visit } from './review-visit';
import { pinnedPolicy, type World } from './world';

/** "24-48 h": whoever it waits on is reminded on the issue, and then it goes further. Once each. */
export async function tellOfReview(
  { world, scene, now }: Visit,
  issue: DeskIssue | null,
  bot: string,
  review: Review,
): Promise<Review> {
  if (!issue || review.phase !== 'asked') return review;
  const { round, remindAt, escalateAt } = review;
  const due: readonly (readonly [string, string, readonly string[], string])[] = [
    [`remind/${round}`, remindAt, whoNow(review, scene), waits(scene.policy.remindBusinessDays)],
    [
      `escalate/${round}`,
      escalateAt,
      [...whoNow(review, scene), ...scene.policy.escalateTo],
      'This review was not decided in time.',
    ],
  ];
  let { told } = review;
  for (const [key, at, who, words] of due) {
    if (now < at || told[key] !== undefined) continue;
    const names = [...new Set(who)].filter((name) => name !== review.asker);
    await postOnce(
      world,
      issue,
      { bot },
      `review:${key}`,
      `${names.map((name) => `@${name}`).join(' ')} ${words}`.trim(),
    );
    told = { ...told, [key]: now };
  }
  return { ...review, told };
}

/** ">10 accounts: issue": one issue lists them all; null while there are fewer. */
export async function listOfMany(world: World, review: Review): Promise<IssueRef | null> {
  const { territoryReview } = pinnedPolicy(world.handbook(), review.policyVersion);
  const asked = await movesAskedWith(world, review);
  if (!needsList(asked.length, territoryReview)) return null;
  const [first] = fiscalQuarterOf(review.openedAt.slice(0, 10));
  return raiseOpsTask(world, {
    key: `account-reviews:${review.form.by ?? ''}:${first}`,
    title: `More than ${territoryReview.mostAccounts} accounts are asked to change hands`,
    problems: asked.map(({ accountId }) => `account ${accountId}`),
    mend: 'Look at them together: one who asks for so many may have another reason, such as a change of a territory. Each is still decided on its own issue.',
  });
}

const waits = (days: number): string =>
  `This review waits on you since ${days === 1 ? 'a business day' : `${days} business days`}.`;
