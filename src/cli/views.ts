import { z } from 'zod';
import type { Running } from './engine';
import { PARTS } from '../domain/territory/review';
import { PART_WORDS } from '../domain/territory/review-parts';
import { changeState } from '../domain/close/change-status';

/** What the `status` query of each workflow answers, checked: an older worker may answer otherwise. */
const issue = z.object({ project: z.string(), iid: z.number(), url: z.string() });

const taskState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('open') }),
  z.object({
    status: z.literal('done'),
    at: z.string(),
    by: z.string(),
    how: z.enum(['verified', 'attested', 'already']),
    detail: z.string().nullable(),
  }),
  z.object({ status: z.literal('waiting_for_seat'), since: z.string(), licence: z.string() }),
  z.object({
    status: z.literal('waiting_for_system'),
    since: z.string(),
    again: z.string(),
    system: z.string(),
    code: z.string(),
  }),
  z.object({ status: z.literal('needs_person'), since: z.string(), problem: z.string(), mend: z.string() }),
  z.object({ status: z.literal('rejected'), at: z.string(), by: z.string(), reason: z.string() }),
  z.object({ status: z.literal('removed'), at: z.string(), verified: z.boolean() }),
  z.object({ status: z.literal('nothing_to_remove'), at: z.string(), reason: z.string() }),
]);

const counts = z.object({
  of: z.number(),
  done: z.number(),
  already: z.number(),
  waiting: z.number(),
  exceptions: z.number(),
});

const filed = z.object({
  kind: z.enum(['single', 'bulk', 'change']),
  requester: z.string(),
  version: z.string(),
  people: z.number(),
  leftOut: z.number(),
  unread: z.number(),
  until: z.string().nullable(),
  counts: z.record(z.string(), counts),
  parts: z.array(
    z.object({
      key: z.string(),
      status: z.enum(['waiting', 'approved', 'rejected']),
      who: z.array(z.string()),
      digest: z.string(),
      since: z.string(),
    }),
  ),
});

const request = z.object({
  kind: z.literal('access-request'),
  request: z.string(),
  url: z.string(),
  employeeId: z.string(),
  phase: z.string(),
  claimedBy: z.string().nullable(),
  approval: z.string(),
  waits: z.array(z.object({ for: z.string(), on: z.string(), since: z.string() })),
  tasks: z.array(
    z.object({ id: z.string(), name: z.string(), by: z.enum(['daytwo', 'person']), state: taskState }),
  ),
  policyVersion: z.string(),
  templateDigest: z.string(),
  filed: filed.optional(),
});

const hireStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new') }),
  z.object({ kind: z.literal('wait'), until: z.string() }),
  z.object({ kind: z.literal('needs_ops'), problems: z.array(z.string()), ref: issue }),
  z.object({
    kind: z.literal('no_template'),
    paths: z.array(z.string()),
    onboarding: issue,
    since: z.string(),
    remindAt: z.string(),
    escalateAt: z.string(),
  }),
  z.object({ kind: z.literal('filed_by_hand'), ref: issue }),
  z.object({ kind: z.literal('requested'), ref: issue }),
  z.object({ kind: z.literal('repeat'), ref: issue }),
]);

const onboarding = z.object({
  kind: z.literal('onboarding'),
  employeeId: z.string(),
  startDate: z.string().nullable(),
  step: hireStep,
  rescinded: z.boolean(),
  since: z.string(),
});

const deskWatch = z.object({
  kind: z.literal('desk-watch'),
  project: z.string(),
  cursor: z.string(),
  rounds: z.number(),
  hinted: z.number(),
});

const moveStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new') }),
  z.object({ kind: z.literal('nothing') }),
  z.object({ kind: z.literal('manager_moved') }),
  z.object({ kind: z.literal('no_template'), paths: z.array(z.string()), desk: issue, remindAt: z.string() }),
  z.object({ kind: z.literal('filed'), ref: issue }),
  z.object({ kind: z.literal('filed_by_hand'), ref: issue }),
  z.object({ kind: z.literal('reminded') }),
]);

const roleChange = z.object({
  kind: z.literal('role-change'),
  employeeId: z.string(),
  step: moveStep,
  since: z.string(),
});

const offboarding = z.object({
  kind: z.literal('offboarding'),
  employeeId: z.string(),
  phase: z.string(),
  timeZero: z.string().nullable(),
  since: z.string(),
  open: z.number(),
  standing: z.array(z.string()),
  firstDue: z.object({ what: z.string(), at: z.string() }).nullable().default(null),
  url: z.string().nullable().default(null),
  nextAt: z.string().nullable(),
});

const close = z.object({
  kind: z.literal('monthly-close'),
  period: z.string(),
  phase: z.string(),
  since: z.string(),
  signed: z.number(),
  tasks: z.number(),
  waits: z.array(z.object({ task: z.string(), for: z.string(), dueAt: z.string() })),
  lit: z.array(z.string()),
  records: z.number().nullable(),
  open: z.number().nullable(),
  findings: z.number().nullable().default(null),
  letters: z
    .object({
      answered: z.array(z.object({ by: z.string(), at: z.string() })),
      waits: z.array(z.string()),
    })
    .nullable()
    .default(null),
  variances: z
    .object({ open: z.number(), holding: z.number(), problem: z.string().nullable() })
    .nullable()
    .default(null),
  lockAt: z.string(),
  nextAt: z.string().nullable(),
  url: z.string().nullable(),
});

const change = z.object({
  kind: z.literal('period-change'),
  period: z.string(),
  n: z.number(),
  since: z.string(),
  phase: z.string(),
  edits: z.number(),
  commissionDue: z.boolean(),
  expiresAt: z.string(),
  url: z.string().nullable(),
});

const written = z.object({ rows: z.number(), left: z.number(), refused: z.number() });

const review = z.object({
  kind: z.literal('account-review'),
  accountId: z.string(),
  n: z.number(),
  since: z.string(),
  of: z.enum(['override', 'owner-change']).nullable(),
  phase: z.string(),
  open: z.array(z.enum(PARTS)),
  nextAt: z.string().nullable(),
  effectiveDate: z.string().nullable(),
  url: z.string().nullable(),
});

const territoryRun = z.object({
  kind: z.literal('territory-plan'),
  run: z.string(),
  undoes: z.string().nullable(),
  since: z.string(),
  phase: z.string(),
  figures: z
    .object({
      accounts: z.number(),
      added: z.number(),
      changed: z.number(),
      unchanged: z.number(),
      carrCents: z.number(),
      due: z.number(),
      findings: z.number(),
    })
    .nullable(),
  staging: written,
  transfers: written,
  expiresAt: z.string(),
  url: z.string().nullable(),
  late: z.object({ step: z.string(), since: z.string(), fault: z.string() }).nullable().default(null),
});

const territoryWatch = z.object({
  kind: z.literal('territory-watch'),
  cursor: z.string(),
  rounds: z.number(),
  staged: z.number(),
  waiting: z.number(),
});

const seatPool = z.object({
  kind: z.literal('seat-pool'),
  pool: z.string(),
  wanted: z.boolean(),
  lookedAt: z.string().nullable().default(null),
  last: z
    .object({
      total: z.number().nullable(),
      used: z.number(),
      waiting: z.number(),
      offered: z.number(),
      everySeconds: z.number(),
    })
    .nullable(),
});

const reclaim = z.object({
  kind: z.literal('licence-reclaim'),
  quarter: z.string(),
  standing: z.enum(['listing', 'notice', 'waiting_approval', 'reclaiming']),
  decided: z.enum(['approve', 'reject']).nullable(),
  since: z.string(),
  users: z.number().nullable(),
  noticeEndsAt: z.string().nullable(),
  ref: issue.nullable(),
});

const view = z.discriminatedUnion('kind', [
  request,
  onboarding,
  deskWatch,
  roleChange,
  seatPool,
  reclaim,
  offboarding,
  close,
  change,
  territoryRun,
  territoryWatch,
  review,
]);

export type RequestView = z.infer<typeof request>;
export type OnboardingView = z.infer<typeof onboarding>;
export type CloseView = z.infer<typeof close>;
export type TerritoryRunView = z.infer<typeof territoryRun>;
export type ReviewView = z.infer<typeof review>;
export type SeatPoolView = z.infer<typeof seatPool>;
export type ReclaimView = z.infer<typeof reclaim>;
export type View = z.infer<typeof view>;
export type FiledView = z.infer<typeof filed>;
export type TaskView = RequestView['tasks'][number];

/** The answer as this version knows it; null where it doesn't. */
export function viewOf(answer: unknown): View | null {
  const parsed = view.safeParse(answer);
  return parsed.success ? parsed.data : null;
}

export interface Waiting {
  readonly for: string;
  readonly on: string;
  readonly since: string;
}

/** What a process waits for, on whom, since when. */
export function waitsOf(status: View): readonly Waiting[] {
  switch (status.kind) {
    case 'access-request':
      return status.waits;
    case 'territory-watch':
    case 'desk-watch':
      return [{ for: 'the next round', on: 'daytwo', since: status.cursor }];
    case 'onboarding':
      return hireWaits(status);
    case 'role-change':
      return moveWaits(status);
    case 'offboarding':
      return leavingWaits(status);
    case 'monthly-close':
      return closeWaits(status);
    case 'period-change':
      return changeWaits(status);
    case 'territory-plan':
      return runWaits(status);
    case 'account-review':
      return reviewWaits(status);
    case 'seat-pool':
      return poolWaits(status);
    case 'licence-reclaim':
      return reclaimWaits(status);
  }
}

/** What nobody wants isn't looked at. */
const poolWaits = ({ last, lookedAt, wanted }: SeatPoolView): readonly Waiting[] =>
  wanted && lookedAt !== null
    ? [{ for: `seats for ${last?.waiting ?? 0} who wait`, on: 'whoever frees or buys one', since: lookedAt }]
    : [];

function reclaimWaits({ standing, decided, since, users }: ReclaimView): readonly Waiting[] {
  switch (standing) {
    case 'listing':
      return [{ for: 'the list of who has not signed in', on: 'Salesforce', since }];
    case 'notice':
      return [
        { for: 'the end of the notice', on: `${users ?? 0} users who were told`, since },
        ...(decided === null ? [{ for: 'approval', on: 'those who decide on reclaims', since }] : []),
      ];
    case 'waiting_approval':
      return [{ for: 'approval', on: 'those who decide on reclaims', since }];
    case 'reclaiming':
      return [{ for: 'seats to be taken back', on: 'Salesforce', since }];
  }
}

function closeWaits({ phase, waits, lit, lockAt, since }: CloseView): readonly Waiting[] {
  if (phase === 'open') return [{ for: 'the cut-off', on: 'the calendar', since }];
  if (phase === 'lit') return [{ for: 'its day', on: `the calendar: ${lockAt}`, since }];
  if (phase === 'locked') return [{ for: 'the last of its dates', on: 'the calendar', since }];
  if (phase !== 'closing') return [];
  if (waits.length > 0)
    return [
      { for: waits.length === 1 ? '1 task' : `${waits.length} tasks`, on: 'those who sign them', since },
    ];
  return ['deal_desk', 'finance']
    .filter((party) => !lit.includes(party))
    .map((party) => ({ for: 'the green light', on: party, since }));
}

function changeWaits({ phase, commissionDue, since }: z.infer<typeof change>): readonly Waiting[] {
  if (phase === 'asked') return [{ for: 'approval', on: 'those whom policy names', since }];
  if (phase === 'approved') return [{ for: 'the change to be made', on: 'Salesforce', since }];
  return commissionDue
    ? [{ for: 'the commissions to be calculated anew', on: 'those who calculate them', since }]
    : [];
}

function reviewWaits({ phase, open, since }: ReviewView): readonly Waiting[] {
  if (phase === 'needs_info') return [{ for: 'more information', on: 'who asked', since }];
  return phase === 'asked' ? open.map((part) => ({ for: 'a decision', on: PART_WORDS[part], since })) : [];
}

function runWaits({ phase, since, late }: z.infer<typeof territoryRun>): readonly Waiting[] {
  if (late) return [{ for: `"${late.step}" to go on`, on: late.fault, since: late.since }];
  if (phase === 'new') return [{ for: 'the plan', on: 'daytwo', since }];
  if (phase === 'asked') return [{ for: 'approval', on: 'those whom the rules name', since }];
  return phase === 'approved' ? [{ for: 'staging to be written', on: 'Salesforce', since }] : [];
}

function leavingWaits({
  phase,
  timeZero,
  since: began,
  open,
}: z.infer<typeof offboarding>): readonly Waiting[] {
  const since = timeZero ?? began;
  if (phase === 'question') return [{ for: "HR's correction", on: 'HR and the provisioning DRIs', since }];
  if (phase === 'suspended') return [{ for: 'HR to lift the suspension', on: 'HR', since }];
  if (phase === 'announced') return [{ for: 'time zero', on: 'the calendar', since: began }];
  if (phase === 'frozen') return [{ for: 'what they own to be handed over', on: 'daytwo', since }];
  if (phase === 'taken')
    return [
      {
        for: open === 1 ? '1 system or step' : `${open} systems and steps`,
        on: 'their deprovisioners',
        since,
      },
    ];
  if (phase === 'watched') return [{ for: 'the last look', on: 'the calendar', since }];
  return [];
}

function moveWaits({ step, since }: z.infer<typeof roleChange>): readonly Waiting[] {
  if (step.kind === 'new') return [{ for: 'what the systems hold', on: 'daytwo', since }];
  return step.kind === 'no_template'
    ? [
        {
          for: 'a role template, or a request filed by hand',
          on: 'both managers and the provisioning DRIs',
          since,
        },
      ]
    : [];
}

function hireWaits({ step, since, rescinded }: OnboardingView): readonly Waiting[] {
  if (rescinded) return [{ for: 'what was opened to be closed', on: 'daytwo', since }];
  switch (step.kind) {
    case 'new':
      return [{ for: 'the first step, or the hire itself after a change', on: 'daytwo', since }];
    case 'wait':
      return [{ for: 'day two', on: 'the calendar', since }];
    case 'needs_ops':
      return [{ for: 'a corrected HR event', on: 'the provisioning DRIs', since }];
    case 'no_template':
      return [
        {
          for: 'a role template, or a request filed by hand',
          on: 'the manager and the provisioning DRIs',
          since: step.since,
        },
      ];
    case 'filed_by_hand':
      return [{ for: 'the request that was filed by hand', on: 'those who filed it', since }];
    case 'requested':
      return [{ for: `the access request ${step.ref.project}#${step.ref.iid}`, on: 'its desk', since }];
    case 'repeat':
      return [];
  }
}

/** What should have been settled by now, and since when; null where nothing is late. */
export function lateOf(status: View, now: Date): { readonly what: string; readonly since: string } | null {
  if (status.kind !== 'offboarding' || status.firstDue === null) return null;
  const { what, at } = status.firstDue;
  return Date.parse(at) < now.getTime() ? { what, since: at } : null;
}

/** The page where people see it. */
export function linkOf(status: View): string | null {
  switch (status.kind) {
    case 'access-request':
      return status.url;
    case 'onboarding':
      return status.step.kind === 'no_template'
        ? status.step.onboarding.url
        : 'ref' in status.step
          ? status.step.ref.url
          : null;
    case 'role-change':
      return 'desk' in status.step ? status.step.desk.url : 'ref' in status.step ? status.step.ref.url : null;
    case 'licence-reclaim':
      return status.ref?.url ?? null;
    case 'offboarding':
    case 'monthly-close':
    case 'period-change':
    case 'territory-plan':
    case 'account-review':
      return status.url;
    case 'seat-pool':
    case 'territory-watch':
    case 'desk-watch':
      return null;
  }
}

/** The state as the process itself says it, newer than the search attribute. */
export function stateOf(status: View): string {
  switch (status.kind) {
    case 'access-request':
      return status.phase;
    case 'onboarding':
      return status.rescinded ? 'rescinded' : status.step.kind;
    case 'role-change':
      return status.step.kind;
    case 'offboarding':
    case 'monthly-close':
    case 'territory-plan':
    case 'account-review':
      return status.phase;
    case 'period-change':
      return changeState(status);
    case 'licence-reclaim':
      return status.standing;
    case 'seat-pool':
    case 'territory-watch':
    case 'desk-watch':
      return 'watching';
  }
}

/** Where a process stands: how it died, `ended` for an onboarding that is over (its last step is no state), else its state. */
export function standingOf(process: Running, status: View | null): string {
  if (process.execution !== 'RUNNING' && process.execution !== 'COMPLETED')
    return process.execution.toLowerCase();
  if (process.execution === 'COMPLETED' && process.kind === 'onboarding') return 'ended';
  return status ? stateOf(status) : process.state;
}
