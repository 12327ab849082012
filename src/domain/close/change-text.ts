import { codeSpan, markdown } from '../escape';
import { changeName, editInWords, type ChangePhase, type PeriodChange } from './change';
import { waitsInWords } from './change-approval';
import type { ChangeRules } from './change-desk';
import { closeMark } from './text';
import { DAYTWO_WRITES } from '../owned-block';
import { box } from '../task-list';

export const changeMarker = ({ period, n }: Pick<PeriodChange, 'period' | 'n'>): string =>
  `${closeMark(period)}change:${n}:end`;
const MARKER = /<!-- daytwo:close:(\d{4}-\d{2}):change:(\d{1,6}):end -->/;

/** Which change an issue is of; null for another issue. */
export function changeMarkOf(description: string): { readonly period: string; readonly n: number } | null {
  const found = MARKER.exec(description);
  return found?.[1] ? { period: found[1], n: Number(found[2]) } : null;
}

export const changeTitle = ({ period, n }: Pick<PeriodChange, 'period' | 'n'>): string =>
  `${period}: change ${n} of the locked period`;

/** The boxes of a change. */
export const CHANGE_BOXES = {
  reject: 'Reject',
  approve: 'Approve',
  commission: 'Commissions were calculated anew',
} as const;
export type ChangeBox = keyof typeof CHANGE_BOXES;

/** Whether a box is ticked, as daytwo shows it. */
export function isTicked(box: ChangeBox, { phase, decided, commission }: PeriodChange): boolean {
  if (box === 'commission') return commission !== null && commission.done !== null;
  if (box === 'reject') return phase === 'rejected';
  return decided !== null && phase !== 'rejected' && phase !== 'withdrawn';
}

/** What is to be changed, as approvers see it. The same change gives the same text. */
export function editsTable({ edits }: Pick<PeriodChange, 'edits'>): string {
  const cell = (text: string): string => (text === '' ? '_nothing_' : codeSpan(text));
  return [
    '| record | field | from | to |',
    '| --- | --- | --- | --- |',
    ...edits
      .map(editInWords)
      .map(
        ({ record, field, from, to }) => `| ${codeSpan(record)} | ${field} | ${cell(from)} | ${cell(to)} |`,
      ),
  ].join('\n');
}

/** How a change stands. */
export const CHANGE_WORDS: Readonly<Record<ChangePhase, string>> = {
  asked: 'Waits for its approval.',
  approved: 'Approved: daytwo makes it now.',
  applied: 'Made, and read back.',
  rejected: 'Rejected: nothing was changed.',
  withdrawn: 'Withdrawn: nothing was changed.',
  expired: 'Over: nobody decided in time. Nothing was changed.',
  stale: 'Not made: a record no longer said what it was to be changed from.',
  refused: 'Not made: Salesforce refused it.',
};

/** What daytwo writes on the issue of a change. Pure: the same state gives the same text. */
export function changeBlock(change: PeriodChange, rules: ChangeRules, parent: number | null): string {
  const {
    asked,
    decided,
    managers = [],
    approvals = [],
    outcome,
    phase,
    commission,
    expiresAt,
    policyVersion,
  } = change;
  const boxOf = (name: ChangeBox): string => box(isTicked(name, change), CHANGE_BOXES[name]);
  const status = [
    `- **${CHANGE_WORDS[phase]}**${outcome?.why && phase !== 'applied' ? ` ${markdown(outcome.why)}` : ''}`,
    ...(phase === 'asked'
      ? [
          `- waits for ${waitsInWords(change, rules, codeSpan)}, until ${expiresAt}`,
          ...managers.map((name) => `- ${codeSpan(name)} is asked as the manager of a deal's inside rep`),
        ]
      : []),
    ...approvals
      .filter((word) => word !== decided)
      .map(({ by, at }) => `- approved by ${codeSpan(by)} at ${at}`),
    ...(decided ? [`- ${DECIDED[phase] ?? 'approved'} by ${codeSpan(decided.by)} at ${decided.at}`] : []),
    ...(phase === 'applied' && outcome ? [`- made at ${outcome.at}`] : []),
    ...(commission
      ? [
          commission.done
            ? `- commissions: calculated anew, says ${codeSpan(commission.done.by)} at ${commission.done.at}`
            : `- **commissions must be calculated anew**, by ${rules.policy.commission.by.map(codeSpan).join(' or ') || 'those who do'}`,
        ]
      : []),
    `- by the policy of ${policyVersion}`,
  ];
  return [
    `<!-- ${changeMarker(change)} -->`,
    DAYTWO_WRITES,
    `${parent === null ? '' : `Of #${parent}: `}${codeSpan(changeName(change))}, asked for by ${codeSpan(asked.by)} (${asked.channel}) at ${asked.at}.\n\n**Why:** ${markdown(asked.reason)}`,
    `## Status\n\n${status.join('\n')}`,
    `## What is to be changed\n\n${editsTable(change)}`,
    `## Decision\n\n${boxOf('approve')}\n${boxOf('reject')}`,
    ...(commission ? [`## Commissions\n\n${boxOf('commission')}`] : []),
  ].join('\n\n');
}

const DECIDED: Partial<Record<ChangePhase, string>> = { rejected: 'rejected', withdrawn: 'withdrawn' };

/** Said on the issue of the period when a change of it is asked for, and once it was made. */
export const askedInWords = (change: PeriodChange): string =>
  `A change of this locked period was asked for: #${change.issue?.iid ?? ''}, of ${change.edits.length === 1 ? 'one field' : `${change.edits.length} fields`}.`;

export function appliedInWords(change: PeriodChange): string {
  const records = [...new Set(change.edits.map(({ record }) => record))];
  const named = records.slice(0, 10).map(codeSpan).join(', ');
  const more = records.length > 10 ? ` and ${records.length - 10} more` : '';
  return `This locked period was changed as approved in #${change.issue?.iid ?? ''}: ${named}${more}.${change.commission ? ' **Its commissions must be calculated anew.**' : ''}`;
}

export const commissionInWords = (change: PeriodChange): string =>
  `The commissions that hang on #${change.issue?.iid ?? ''} were calculated anew, says ${codeSpan(change.commission?.done?.by ?? '')}.`;
