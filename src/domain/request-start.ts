import type { IssueRef, Phase, RequestPlan, RequestState } from './access-request';

/** What an access request's workflow starts with. */
export interface AccessRequestInput {
  readonly ref: IssueRef;
  readonly plan: RequestPlan;
  readonly openedAt: string;
  /** Carried over by continue-as-new. */
  readonly carried?: RequestState;
  readonly shownPhase?: Phase;
}

/** What the workflow of a request that somebody filed starts with: what it asks for stands in the issue. */
export interface FiledStart {
  readonly ref: IssueRef;
  readonly openedAt: string;
  /** Who filed it: a GitLab user name. */
  readonly requester: string;
}

/** The state that the start already carries as a search attribute. */
export const bornPhase = (input: Pick<AccessRequestInput, 'plan'>): Phase =>
  input.plan.bornApproved ? 'action_needed' : 'waiting_approval';
