import { boxesOf } from '../domain/task-list';
import type { DeskIssue } from '../systems/gitlab';
import type { AccountsSeen } from './accounts';
import type { EstateSeen } from './estate';
import type { Check } from './telling';
import { statusProblem, type WorkflowSeen } from './verdict';

/** What `daytwo evidence leaver` tells of one leaving. */
export interface LeaverEvidence {
  readonly timeZero: string;
  readonly frozenAt: string | null;
  readonly systems: readonly {
    readonly system: string;
    readonly status: string;
    readonly how: string | null;
    readonly inTime: boolean | null;
  }[];
  readonly kinds: readonly string[];
}

/** What the systems, GitLab, Temporal and the evidence hold of somebody who left. */
export interface LeaverReading {
  readonly estate: EstateSeen | null;
  readonly accounts: AccountsSeen;
  readonly issues: readonly DeskIssue[];
  readonly workflow: WorkflowSeen | null;
  /** Null where none was told. */
  readonly evidence: LeaverEvidence | null;
}

/** Judges a leaving that people have settled. @param closed how many closed opportunities they had */
export function judgeLeft(closed: number, reading: LeaverReading): readonly Check[] {
  const { estate, accounts, workflow } = reading;
  const [user] = accounts.salesforce;
  const licences = user?.licences ?? [];
  const scim = Object.entries(accounts.scim);
  const active = scim.filter(([, users]) => users.some((one) => one.active)).map(([system]) => system);
  return [
    {
      where: 'Salesforce',
      seen: 'frozen and deactivated, no licence left',
      missing: [
        estate ? [] : ['no user of theirs, or several'],
        estate?.active ? ['the user is active'] : [],
        estate?.frozen === false ? ['the user is not frozen'] : [],
        licences.map((licence) => `licence ${licence}`),
      ].flat(),
    },
    {
      where: 'SCIM, groups',
      seen: `${scim.map(([system]) => system).join(', ')}: no active account; no group`,
      missing: [
        ...active.map((system) => `active at ${system}`),
        ...accounts.groups.map((group) => `member of ${group}`),
      ],
    },
    {
      where: 'What they owned',
      seen: `handed over; all ${closed} closed opportunities are theirs still`,
      missing: owned(closed, estate),
    },
    issueCheck(reading.issues),
    evidenceCheck(reading.evidence),
    {
      where: 'Temporal',
      seen: `${workflow?.id ?? ''} Running, DaytwoState=watched`,
      missing: [
        ...statusProblem('the offboarding workflow', workflow, 'RUNNING'),
        ...(workflow && workflow.state !== 'watched'
          ? [`DaytwoState is ${workflow.state ?? 'not set'} instead of watched`]
          : []),
      ],
    },
  ];
}

function owned(closed: number, estate: EstateSeen | null): string[] {
  if (!estate) return ['nobody can tell'];
  const left = [
    [estate.accounts, 'accounts'],
    [estate.leads, 'leads'],
    [estate.open, 'open opportunities'],
  ] as const;
  return [
    ...left.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what} are theirs still`])),
    ...(estate.closed === closed ? [] : [`${estate.closed} of ${closed} closed opportunities are theirs`]),
  ];
}

function issueCheck(issues: readonly DeskIssue[]): Check {
  const [issue, another] = issues;
  const where = 'Offboarding issue';
  if (!issue || another)
    return { where, seen: '', missing: [`${issues.length} offboarding issues instead of one`] };
  const ticked = boxesOf(issue.description).filter((box) => box.ticked).length;
  return {
    where,
    seen: `one, #${issue.iid}: closed, confidential, ${ticked} boxes ticked`,
    missing: [
      ...(issue.state === 'closed' ? [] : ['it is not closed']),
      ...(issue.confidential ? [] : ['it is not confidential']),
    ],
  };
}

/** What each leaving must have on record. */
const KINDS = ['leaver.frozen', 'leaver.swept', 'leaver.handed_over', 'leaver.access_ended'];

function evidenceCheck(evidence: LeaverEvidence | null): Check {
  const where = 'Evidence';
  if (!evidence) return { where, seen: '', missing: ['none of this leaving'] };
  const { systems, kinds, timeZero, frozenAt } = evidence;
  const seconds = frozenAt && ((Date.parse(frozenAt) - Date.parse(timeZero)) / 1000).toFixed(1);
  const by = (how: string): number => systems.filter((one) => one.how === how).length;
  return {
    where,
    seen: `frozen ${seconds ?? '?'} s after time zero; ${systems.length} settled in time: ${by('verified')} verified, ${by('attested')} attested`,
    missing: [
      frozenAt ? [] : ['no freeze'],
      systems.length === 0 ? ['no system'] : [],
      systems.filter(({ status }) => status === 'open').map(({ system }) => `${system} is open`),
      systems.filter(({ inTime }) => inTime === false).map(({ system }) => `${system} is late`),
      KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => `no ${kind}`),
    ].flat(),
  };
}
