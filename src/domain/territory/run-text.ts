import { dollars } from '../close/cents';
import { codeSpan, markdown } from '../escape';
import { DAYTWO_WRITES } from '../owned-block';
import { box } from '../task-list';
import { readInWords } from './read';
import { territoryRunId, type Counted, type LeftAccount, type TerritoryRun } from './run';
import { OPPORTUNITY_REFUSED } from './transfer';

/** Begins the marks of all issues of territory planning. */
const MARK = 'daytwo:tsp:';

export const runMarker = (id: string): string => `${MARK}${id}:end`;
const MARKER = /<!-- daytwo:tsp:(\d{4}-\d{2}-\d{2}(?:\.\d{1,3})?(?:\/rollback)?):end -->/;

/** Which run an issue is of; null for another issue. */
export const runMarkOf = (description: string): string | null => MARKER.exec(description)?.[1] ?? null;

export const runTitle = ({ id, undoes }: Pick<TerritoryRun, 'id' | 'undoes'>): string =>
  undoes === null ? `Territory plan of ${id}` : `Put back the territory plan of ${undoes}`;

export const RUN_BOXES = { reject: 'Reject', approve: 'Approve' } as const;
export type RunBox = keyof typeof RUN_BOXES;

/** Whether a box is ticked, as daytwo shows it. */
export const isBoxTicked = (
  of: RunBox,
  { phase, decided }: Pick<TerritoryRun, 'phase' | 'decided'>,
): boolean =>
  of === 'reject' ? phase === 'rejected' : decided !== null && (phase === 'approved' || phase === 'done');

const IN_WORDS: Readonly<Record<TerritoryRun['phase'], string>> = {
  asked: 'Waits for its approval: nothing is written.',
  approved: 'Is being written.',
  done: 'Written, and read back.',
  rejected: 'Rejected: nothing was written.',
  withdrawn: 'Withdrawn: nothing was written.',
  expired: 'Over: nobody decided in time. Nothing was written; the next night plans anew.',
};

/** Rows of a table in an issue; the rest is on the page. */
const SHOWN = 20;

function tableOf(what: string, rows: readonly Counted[]): string {
  const hidden = rows.length - SHOWN;
  return [
    `| ${what} | accounts | CARR |`,
    '| --- | ---: | ---: |',
    ...rows
      .slice(0, SHOWN)
      .map(({ name, accounts, carrCents }) => `| ${markdown(name)} | ${accounts} | ${dollars(carrCents)} |`),
    ...(hidden > 0 ? [`| _${hidden} more_ | | |`] : []),
  ].join('\n');
}

/** What a run would do, as approvers see it. The same plan gives the same text. */
export function shownPlan({
  figures,
  summary,
  undoes,
}: Pick<TerritoryRun, 'figures' | 'summary' | 'undoes'>): string {
  const { accounts, added, changed, unchanged, carrCents, moves, held, due, findings } = figures;
  const line =
    undoes === null
      ? `Of ${accounts} accounts, ${added} get their first staging, ${changed} get another one and ${unchanged} stay as they are: ${dollars(carrCents)} CARR. ${due} are transferred now; ${moves} more could move, ${held} are held. ${findings} findings.`
      : `Of ${accounts} accounts that the run wrote, ${changed} are put back (${dollars(carrCents)} CARR), ${due} of them with their owner; ${unchanged} are left, since they changed since.`;
  const tables = [
    ['Field', summary.fields],
    ['Reason', summary.reasons],
    ['Into the territory', summary.territories],
    ['Held by', summary.held],
    ['Finding', summary.findings],
  ] as const;
  return [line, ...tables.flatMap(([what, rows]) => (rows.length > 0 ? [tableOf(what, rows)] : []))].join(
    '\n\n',
  );
}

const PAGE_LINK = (path: string): string =>
  `[The page](${path}): owners, territories and countries before and after, with a map. Save it, and open it in a browser.`;

/** What daytwo writes on the issue of a run. Pure: the same state gives the same text. */
export function runBlock(run: TerritoryRun, approvers: readonly string[]): string {
  const { id, undoes, by, begunAt, phase, above, decided, staging, transfers, left } = run;
  const { editors, editorsNotKnown } = run;
  const isWritten = phase === 'done';
  const status = [
    `- **${IN_WORDS[phase]}**`,
    ...above.map((why) => `- above the threshold: ${markdown(why)}`),
    ...(phase === 'asked'
      ? [
          `- by ${approvers.map(codeSpan).join(' or ') || 'nobody: policy names none who may'}, until ${run.expiresAt}`,
          ...(editors.length > 0
            ? [`- not by who edited rules and tables since: ${editors.map(codeSpan).join(', ')}`]
            : []),
          ...(editorsNotKnown
            ? [`- who edited rules and tables is not known: ${markdown(editorsNotKnown)}`]
            : []),
        ]
      : []),
    ...(decided
      ? [
          `- ${phase === 'rejected' || phase === 'withdrawn' ? phase : 'approved'} by ${codeSpan(decided.by)} at ${decided.at}${decided.reason ? `: ${markdown(decided.reason)}` : ''}`,
        ]
      : []),
    ...(isWritten
      ? [
          `- staging of ${staging.rows} accounts written, ${staging.left} left, ${staging.refused} refused`,
          `- ${transfers.rows} accounts transferred, ${transfers.left} left, ${transfers.refused} refused`,
        ]
      : []),
    ...(undoes !== null && run.figures.due > 0
      ? [
          '- accounts come back to the owners that they had; a day for their transfer that has passed stays empty, or the next night would transfer them again: set another day where one is wanted',
        ]
      : []),
    ...(run.read ? [`- ${readInWords(run.read)}`] : []),
    `- by the rules of ${run.rulesVersion}, the policy of ${run.policyVersion}`,
  ];
  return [
    `<!-- ${runMarker(id)} -->`,
    DAYTWO_WRITES,
    `${codeSpan(territoryRunId(id))}, begun by ${codeSpan(by)} at ${begunAt}.${undoes === null ? '' : ` It puts back ${codeSpan(territoryRunId(undoes))}.`}`,
    `## Status\n\n${status.join('\n')}`,
    `## What it would do\n\n${run.page ? `${PAGE_LINK(run.page)}\n\n` : ''}${shownPlan(run)}`,
    ...(above.length > 0
      ? [
          `## Decision\n\n${box(isBoxTicked('approve', run), RUN_BOXES.approve)}\n${box(isBoxTicked('reject', run), RUN_BOXES.reject)}`,
        ]
      : []),
    ...(left.length > 0 ? [`## Not written\n\n${leftList(left)}`] : []),
  ].join('\n\n');
}

const WHY: Readonly<Record<string, string>> = {
  'changed-meanwhile': 'changed by somebody since it was planned: planned again the next night',
  'changed-since': 'changed since the run wrote it',
  closed: 'an opportunity of it was closed since',
  gone: 'no longer there',
  'owner-not-approved':
    'the account asks for another owner than the one who was approved: put the approved one back, or have the other one reviewed',
};

/** Why an account was left, in words. */
export const whyLeft = (why: string): string =>
  WHY[why] ??
  (why.startsWith(OPPORTUNITY_REFUSED)
    ? `transferred, but Salesforce refused an opportunity of it with ${why.slice(OPPORTUNITY_REFUSED.length)}`
    : `Salesforce answered ${why}`);

const leftList = (left: readonly LeftAccount[]): string =>
  [
    ...left
      .slice(0, SHOWN)
      .map(({ accountId, why }) => `- ${codeSpan(accountId)}: ${markdown(whyLeft(why))}`),
    ...(left.length > SHOWN ? [`- and ${left.length - SHOWN} more`] : []),
  ].join('\n');

/** The one issue of what is wrong with accounts and tables; each night writes it anew. */
export const FINDINGS_MARKER = `${MARK}findings:end`;
export const FINDINGS_TITLE = 'Territory planning: what was found wrong';

const FINDINGS: Readonly<Record<string, string>> = {
  cycle: 'accounts whose parents go in a circle: they stay as they are',
  'missing-parent': 'a parent that does not exist',
  'employees-unreadable': 'employees that are no number',
  'employees-too-many': 'more employees than there can be',
  'country-unknown': 'a country that is not known',
  twice: 'an account that was read twice',
  'no-row': 'a place that no row of the tables is for',
  overlap: 'two rows for the same place',
  'owner-unknown': 'a territory whose owner is not known in Salesforce',
  'owner-inactive': 'a territory whose owner has left',
  drift: 'a territory of which Salesforce, the tables and the router do not say the same',
  'without-owner': 'an account without an owner',
};

/** What was found wrong, by kind; which accounts they are, `daytwo territory show` says. */
export function findingsBlock({ id, summary, left }: Pick<TerritoryRun, 'id' | 'summary' | 'left'>): string {
  const kinds = summary.findings.map(
    ({ name, accounts }) => `- **${accounts}** ${FINDINGS[name] ?? markdown(name)}`,
  );
  return [
    `<!-- ${FINDINGS_MARKER} -->`,
    DAYTWO_WRITES,
    `As of the run ${codeSpan(territoryRunId(id))}; ${codeSpan(`daytwo territory show ${id}`)} names each.`,
    kinds.length > 0 ? kinds.join('\n') : 'Nothing was found wrong.',
    ...(left.length > 0 ? [`## Not written\n\n${leftList(left)}`] : []),
  ].join('\n\n');
}
