import { codeSpan, mailHeader, mailLine, markdown } from '../escape';
import { DAYTWO_WRITES } from '../owned-block';
import { dollars } from '../close/cents';
import { IMMEDIATE, immediateCase, occasionOf } from './owner-change';
import type { FormProblem } from './override-form';
import { noHoldover, type ReviewScene } from './review-outcome';
import { openParts, PART_WORDS, partsOf, whoMaySettle } from './review-parts';
import type { Review, ReviewForm, ReviewPhase } from './review';

/** Mark of the issue of a review, by which it is found again. */
export const reviewMarker = ({ accountId, n }: Pick<Review, 'accountId' | 'n'>): string =>
  `daytwo:review:${accountId}:${n}:end`;
const MARKER = /<!-- daytwo:review:([0-9A-Za-z]{15,18}):(\d{1,6}):end -->/;

/** Which review an issue is of; null for another issue. */
export function reviewMarkOf(description: string): { readonly accountId: string; readonly n: number } | null {
  const found = MARKER.exec(description);
  return found?.[1] ? { accountId: found[1], n: Number(found[2]) } : null;
}

export const reviewTitle = ({ kind, accountId }: Pick<Review, 'kind' | 'accountId'>): string =>
  `Account review ${accountId}: ${kind === 'override' ? 'other employees or address' : 'another owner'}`;

/** What would change, as the plan of the account's family has it: a field, from what, to what. */
export interface WouldChange {
  readonly accountId: string;
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What the issue shows of the account: text from outside, and confidential. */
export interface ShownAccount {
  readonly name: string;
  readonly link: string;
  /** Null: it can't be said, and why. */
  readonly changes: readonly WouldChange[] | null;
  readonly whyNoChanges: string | null;
  /** Whose it is by the rules of engagement, and the sentences that say so; null: not known. */
  readonly engagement?: { readonly ownerId: string; readonly sentences: readonly string[] } | null;
}

const IN_WORDS: Readonly<Record<ReviewPhase, string>> = {
  asked: 'Waits for a decision.',
  needs_info: 'Waits for more information from who asked.',
  approved: 'Approved.',
  rejected: 'Rejected.',
  refused: 'Refused: the form was wrong.',
  withdrawn: 'Withdrawn by who asked.',
};

/** What daytwo writes on the issue of a review. Pure: the same state gives the same text. */
export function reviewBlock(review: Review, scene: ReviewScene, account: ShownAccount): string {
  return [
    `<!-- ${reviewMarker(review)} -->`,
    DAYTWO_WRITES,
    `**${markdown(account.name)}** (${codeSpan(review.accountId)}): ${account.link}`,
    `## Status\n\n${statusLines(review, scene).join('\n')}`,
    `## What is asked\n\n${askedLines(review.form).join('\n')}`,
    ...(review.kind === 'owner-change'
      ? [`## By the rules\n\n${ruleLines(review, scene, account).join('\n')}`]
      : []),
    `## What would change\n\n${changesText(account)}`,
    `## To decide\n\nComment \`Approved\` (with a day: \`Approved from 2027-05-01\`), \`Rejected: <why>\`, \`Needs more info: <what>\`${review.kind === 'owner-change' ? ', `Agreed` or `Disagreed: <why>` as area manager, `Hold over: <why>`' : ''}; or set the label.`,
  ].join('\n\n');
}

function statusLines(review: Review, scene: ReviewScene): readonly string[] {
  const { phase, outcome, words, holdover, round } = review;
  const open = phase === 'asked' ? openParts(review, scene) : [];
  return [
    `- **${IN_WORDS[phase]}**${outcome ? ` ${markdown(outcome.rationale)}` : ''}`,
    ...(phase === 'asked' && review.asker === null
      ? ['- **who asks is nobody whom GitLab knows**: so only those decide to whom it is escalated']
      : []),
    ...open.map((part) => {
      const who = whoMaySettle(part, review, scene);
      return `- open: ${PART_WORDS[part]}, ${who.map(codeSpan).join(' or ') || 'nobody whom policy names'}`;
    }),
    ...partsOf(review, scene).flatMap((part) => {
      const word = words[part];
      if (!word) return [];
      const why = word.reason === null ? '' : `: ${markdown(word.reason)}`;
      return [
        `- ${word.agrees ? 'yes' : 'no'} by ${codeSpan(word.by)} (${word.channel}) at ${word.at}, ${PART_WORDS[part]}${why}`,
      ];
    }),
    ...(holdover
      ? [`- to be held over, says ${codeSpan(holdover.by)}: ${markdown(holdover.reason ?? '')}`]
      : []),
    ...(outcome?.effectiveDate ? [`- in force from ${outcome.effectiveDate}`] : []),
    ...(outcome?.valuesUntil ? [`- the values stand to ${outcome.valuesUntil}`] : []),
    ...(phase === 'asked' ? [`- reminder ${review.remindAt}, goes further ${review.escalateAt}`] : []),
    ...(round > 1 ? [`- filled in ${round} times`] : []),
    `- by the policy of ${review.policyVersion}`,
  ];
}

/** What is asked for, field by field as people see it; what isn't filled is left out. */
export function askedLines(form: ReviewForm): readonly string[] {
  const { address } = form;
  const fields: readonly (readonly [string, string | null])[] = [
    ['Employee Count', form.employees],
    ['Employee Source', form.employeesSource],
    ['Address Street', address.street],
    ['Address City', address.city],
    ['Address State', address.state],
    ['Address Post Code', address.postCode],
    ['Address Country', address.country],
    ['Address Source', form.addressSource],
    ['Account Owner', form.ownerId],
    ['Owner Evidence', form.evidence],
  ];
  return fields.flatMap(([field, value]) => (value === null ? [] : [`- ${field}: ${codeSpan(value)}`]));
}

function ruleLines(review: Review, scene: ReviewScene, { engagement }: ShownAccount): readonly string[] {
  const facts = { ...scene.move, found: null };
  const noHold = noHoldover(scene);
  const why = immediateCase(facts);
  const moves =
    occasionOf(facts) === 'window'
      ? 'moves in the next window: a customer, or a prospect with open opportunities'
      : why
        ? `moves at once: ${IMMEDIATE[why]}`
        : 'moves at once: a prospect without open opportunities';
  const rightful = engagement
    ? [
        `- by the rules it is ${codeSpan(engagement.ownerId)}'s`,
        ...engagement.sentences.map((sentence) => `- ${sentence}`),
      ]
    : [];
  return [
    ...rightful,
    `- ${moves}`,
    `- CARR ${dollars(review.carrCents)}${scene.isLarge ? '; the moves of who asks come to more than Strategy lets pass' : ''}`,
    ...(noHold === null ? [] : [`- not to be held over: ${markdown(noHold)}`]),
    ...(scene.holdoversBefore > 0 ? [`- held over before: ${scene.holdoversBefore} times`] : []),
  ];
}

const MOST_SHOWN = 40;

function changesText({ changes, whyNoChanges }: ShownAccount): string {
  if (changes === null) return `_It can not be said: ${markdown(whyNoChanges ?? 'not known')}._`;
  if (changes.length === 0) return '_Nothing._';
  const cell = (text: string | null): string => (text === null ? '_nothing_' : codeSpan(text));
  const rows = changes
    .slice(0, MOST_SHOWN)
    .map(
      ({ accountId, field, from, to }) =>
        `| ${codeSpan(accountId)} | ${field} | ${cell(from)} | ${cell(to)} |`,
    );
  const more = changes.length > MOST_SHOWN ? [`\n… and ${changes.length - MOST_SHOWN} more.`] : [];
  return ['| account | field | now | then |', '| --- | --- | --- | --- |', ...rows, ...more].join('\n');
}

/** What is wrong with a form, as it is written to the account and by mail: all of it at once. */
export const refusalText = (problems: readonly FormProblem[]): string =>
  problems.map(({ field, problem, mend }) => `${field} ${problem}. ${mend}`).join(' ');

const SUBJECTS: Readonly<Record<ReviewPhase, string>> = {
  asked: 'is being looked at',
  needs_info: 'needs more information',
  approved: 'was approved',
  rejected: 'was rejected',
  refused: 'can not be looked at as it is',
  withdrawn: 'was withdrawn',
};

/** The answer to who asked. */
export function answerMail(
  review: Pick<Review, 'phase' | 'accountId' | 'outcome' | 'kind'>,
  account: { readonly name: string; readonly address: string },
): { readonly subject: string; readonly text: string } {
  const { phase, outcome } = review;
  const lines = [
    `What you asked for about ${mailLine(account.name)} ${SUBJECTS[phase]}.`,
    ...(outcome ? [mailLine(outcome.rationale)] : []),
    ...(outcome?.effectiveDate ? [`In force from ${outcome.effectiveDate}.`] : []),
    ...(phase === 'needs_info' || phase === 'refused'
      ? ['Mend it in the Account Review section, and set the status to Requested again.']
      : []),
    account.address,
  ];
  return {
    subject: mailHeader(`Account review: what you asked for ${SUBJECTS[phase]}`),
    text: `${lines.join('\n\n')}\n`,
  };
}
