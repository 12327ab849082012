import type { FiledPlan, IssueRef, Phase, RequestPlan, RequestState } from './access-request';

/** What an access request's workflow starts with. */
export interface AccessRequestInput {
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly openedAt: string;
  /** Carried over by continue-as-new. */
  readonly carried?: RequestState;
  /** With `carried`: its issue shows all that happened, so that nobody need look at it before something else does. */
  readonly atRest?: boolean;
  readonly shownPhase?: Phase;
}

/** The state that the start already carries as a search attribute. */
export const bornPhase = (input: Pick<AccessRequestInput, 'plan'>): Phase =>
  input.plan.bornApproved ? 'action_needed' : 'waiting_approval';

/** A request that people filed, before its text was read: the first visit to the issue reads it. */
export function unreadPlan(filed: {
  readonly requester: string;
  readonly order: FiledPlan['order'];
  readonly policyVersion: string;
}): RequestPlan {
  return {
    employeeId: '',
    region: 'Americas',
    startDate: '',
    policyVersion: filed.policyVersion,
    templatePaths: [],
    templateDigest: '',
    bornApproved: false,
    templateApproval: null,
    stripped: [],
    tasks: [],
    otherTeams: [],
    seatRetryMinutes: 60,
    pooled: true,
    onboardingUrl: null,
    dueAt: '',
    filed: {
      kind: 'single',
      requester: filed.requester,
      order: filed.order,
      text: '',
      version: '',
      people: 0,
      leftOut: 0,
      problems: [],
      unread: 0,
      unreadSince: null,
      askedAt: null,
      until: null,
    },
  };
}
