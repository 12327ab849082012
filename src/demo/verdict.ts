import { isAutomatic, type Task } from '../domain/access-request';
import { APPROVED, COMPLETED, READY } from '../domain/labels';
import { boxesOf } from '../domain/task-list';
import type { DeskIssue } from '../systems/gitlab';
import { accessSeen, type AccountsSeen } from './accounts';
import { asRead } from './news';
import type { Check } from './telling';

/** A workflow as Temporal describes it; null where it has none of that id. */
export interface WorkflowSeen {
  readonly id: string;
  readonly status: string;
  /** The search attribute `DaytwoState`. */
  readonly state: string | null;
  readonly runId: string;
}

/** What GitLab, the systems, the mailbox and Temporal hold of one newcomer. */
export interface Reading {
  /** Issues with daytwo's mark for this person and start date, in the access-request project and in the employment project. */
  readonly requests: readonly DeskIssue[];
  readonly onboardings: readonly DeskIssue[];
  readonly linked: { readonly fromRequest: boolean; readonly fromOnboarding: boolean };
  readonly accounts: AccountsSeen;
  /** How many mails about the request (where there is none: about the onboarding issue) each person has, by user name. */
  readonly mails: Readonly<Record<string, number>>;
  /** daytwo's comments on the onboarding issue. */
  readonly comments: readonly string[];
  readonly workflows: { readonly onboarding: WorkflowSeen | null; readonly request: WorkflowSeen | null };
}

/** How a request must stand that was worked to its end. */
export interface DoneAs {
  readonly tasks: readonly Task[];
  readonly assignee: string;
  /** Who must have exactly one mail about it. */
  readonly told: readonly string[];
}

/** How a hire must stand that waits for a role template. */
export interface WaitingAs {
  readonly paths: readonly string[];
  readonly told: readonly string[];
}

/** Judges a worked request: one check for each place, with what is missing there in plain words. */
export function judgeDone(wanted: DoneAs, reading: Reading): readonly Check[] {
  const automatic = wanted.tasks.filter(isAutomatic);
  return [
    requestCheck(wanted, reading.requests),
    ...automatic.map((task): Check => {
      const seen = accessSeen(task, reading.accounts);
      return 'there' in seen
        ? { where: task.name, seen: seen.there, missing: [] }
        : { where: task.name, seen: '', missing: [seen.missing] };
    }),
    mailCheck(wanted.told, reading.mails),
    onboardingCheck(reading),
    {
      where: 'Temporal',
      seen: 'onboarding and access request Completed',
      missing: [
        ...statusProblem('the onboarding workflow', reading.workflows.onboarding, 'COMPLETED'),
        ...statusProblem("the request's workflow", reading.workflows.request, 'COMPLETED'),
      ],
    },
  ];
}

function requestCheck(wanted: DoneAs, requests: readonly DeskIssue[]): Check {
  const [issue, ...more] = requests;
  if (!issue || more.length > 0)
    return {
      where: 'Access request',
      seen: '',
      missing: [`${requests.length} access requests instead of one`],
    };
  const boxes = boxesOf(issue.description);
  const open = boxes.filter(({ ticked }) => !ticked);
  const assignees = issue.assignees.map(({ username }) => username);
  const lacking = [COMPLETED, APPROVED, READY].filter((label) => !issue.labels.includes(label));
  return {
    where: 'Access request',
    seen: `one, #${issue.iid}: closed, confidential, ~"${COMPLETED}", assigned to ${assignees.join(', ')}, ${boxes.length} of ${boxes.length} boxes ticked`,
    missing: [
      issue.state === 'closed' ? [] : ['it is not closed'],
      issue.confidential ? [] : ['it is not confidential'],
      lacking.map((label) => `no label ~"${label}"`),
      extraStates(issue),
      assignees.length === 1 && assignees[0] === wanted.assignee
        ? []
        : [`assigned to ${assignees.join(', ') || 'nobody'} instead of ${wanted.assignee}`],
      boxes.length === 0 ? ['no boxes'] : open.map(({ text }) => `open box: ${asRead(text)}`),
    ].flat(),
  };
}

/** Of each scope that daytwo leads, one label at most. */
const extraStates = (issue: DeskIssue): string[] =>
  issue.labels
    .filter((label) => /^(SalesOpsAR|AR-Approval)::/.test(label) && label !== COMPLETED && label !== APPROVED)
    .map((label) => `label ~"${label}" stands there still`);

function mailCheck(told: readonly string[], mails: Readonly<Record<string, number>>): Check {
  return {
    where: 'Mailbox',
    seen: `one mail each to ${told.join(', ')}`,
    missing: told.flatMap((name) => {
      const count = mails[name] ?? 0;
      return count === 1 ? [] : [`${count === 0 ? 'no mail' : `${count} mails instead of one`} to ${name}`];
    }),
  };
}

function onboardingCheck({ onboardings, linked }: Reading): Check {
  const [issue] = onboardings;
  return {
    where: 'Onboarding issue',
    seen: `one, #${issue?.iid ?? ''}, linked with the request both ways`,
    missing: [
      onboardings.length === 1 ? [] : [`${onboardings.length} onboarding issues instead of one`],
      linked.fromRequest ? [] : ['the request has no link to the onboarding issue'],
      linked.fromOnboarding ? [] : ['the onboarding issue has no link to the request'],
    ].flat(),
  };
}

/** Judges a hire that must wait, where everybody can see it, for a role template. */
export function judgeWaiting(wanted: WaitingAs, reading: Reading): readonly Check[] {
  const [issue] = reading.onboardings;
  const { onboarding, request } = reading.workflows;
  return [
    {
      where: 'Access request',
      seen: 'none, since no role template fits',
      missing:
        reading.requests.length === 0 && !request
          ? []
          : [`${reading.requests.length} access requests instead of none`],
    },
    {
      where: 'Onboarding issue',
      seen: `one, #${issue?.iid ?? ''}, open; a comment names ${wanted.paths.join(', ')}`,
      missing: [
        reading.onboardings.length === 1
          ? []
          : [`${reading.onboardings.length} onboarding issues instead of one`],
        issue && issue.state !== 'opened' ? ['it is closed'] : [],
        wanted.paths
          .filter((path) => !reading.comments.some((comment) => comment.includes(path)))
          .map((path) => `no comment names ${path}`),
      ].flat(),
    },
    mailCheck(wanted.told, reading.mails),
    {
      where: 'Temporal',
      seen: `${onboarding?.id ?? ''} Running, DaytwoState=no_template`,
      missing: [
        ...statusProblem('the onboarding workflow', onboarding, 'RUNNING'),
        ...(onboarding && onboarding.state !== 'no_template'
          ? [`DaytwoState is ${onboarding.state ?? 'not set'} instead of no_template`]
          : []),
      ],
    },
  ];
}

/** What is wrong with a workflow's status. */
export const statusProblem = (what: string, seen: WorkflowSeen | null, wanted: string): string[] =>
  seen?.status === wanted
    ? []
    : [`${what} ${seen ? `is ${seen.status}` : 'does not exist'} instead of ${wanted}`];
