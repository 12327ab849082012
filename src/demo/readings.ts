import { Gitlab } from '@gitbeaker/rest';
import { WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HiredEvent } from '../domain/hr-event';
import { leaverMarker } from '../domain/leaver-text';
import { onboardingMarker, requestMarker } from '../domain/request-text';
import { digestOf } from '../evidence';
import type { DeskIssue } from '../systems/gitlab';
import { carefulRequester } from '../systems/gitlab/requester';
import { onboardingId, requestId, type Workflows } from '../temporal/client';
import type { Accounts } from './accounts';
import { leavingEventId } from './hires';
import type { Surroundings } from './surroundings';
import type { Reading, WorkflowSeen } from './verdict';

const STATE = defineSearchAttributeKey('DaytwoState', 'KEYWORD');

export interface Mail {
  readonly to: string;
  readonly subject: string;
}

/** What everybody could read of a newcomer from outside of the workflows. */
export class Readings {
  constructor(
    private readonly around: Surroundings,
    private readonly accounts: Accounts,
    private readonly workflows: Workflows,
    /** Whose token looks at GitLab. */
    private readonly eyes: string,
  ) {}

  requestsOf(event: HiredEvent): Promise<readonly DeskIssue[]> {
    const { accessRequestsProject } = this.around.sandbox.gitlab;
    const marker = requestMarker(event.employee_id, event.start_date);
    return this.around.as(this.eyes).byMarker(marker, accessRequestsProject);
  }

  onboardingsOf(event: HiredEvent): Promise<readonly DeskIssue[]> {
    const { employmentProject } = this.around.sandbox.gitlab;
    const marker = onboardingMarker(event.employee_id, event.start_date);
    return this.around.as(this.eyes).byMarker(marker, employmentProject);
  }

  /** The issue of a leaving, in whichever project the leaver doesn't see it. */
  offboardingsOf({ employee_id: id }: HiredEvent): Promise<readonly DeskIssue[]> {
    const marker = leaverMarker(`${id}/${digestOf(leavingEventId(id)).slice(0, 8)}`);
    return this.around.as(this.eyes).byMarker(marker);
  }

  /** How many mails about an issue each of these people has. */
  async mailsAbout(
    issue: Pick<DeskIssue, 'title' | 'iid'>,
    usernames: readonly string[],
  ): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`${this.around.sandbox.mailbox.url}/messages`, {
      signal: AbortSignal.timeout(10_000),
    });
    const mails: unknown = await answer.json();
    const about = (Array.isArray(mails) ? mails.filter(isMail) : []).filter(({ subject }) =>
      subject.includes(`${issue.title} (#${issue.iid})`),
    );
    const { users } = this.around.sandbox.gitlab;
    return Object.fromEntries(
      usernames.map((name) => {
        const email = users.find(({ username }) => username === name)?.email.toLowerCase();
        return [name, about.filter(({ to }) => to.toLowerCase() === email).length];
      }),
    );
  }

  async workflow(id: string): Promise<WorkflowSeen | null> {
    try {
      const seen = await this.workflows.client.workflow.getHandle(id).describe();
      return {
        id,
        status: seen.status.name,
        state: seen.typedSearchAttributes.get(STATE) ?? null,
        runId: seen.runId,
      };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  /** Everything at once, for the verdict. */
  async of(event: HiredEvent, told: readonly string[]): Promise<Reading> {
    const { accessRequestsProject } = this.around.sandbox.gitlab;
    const [requests, onboardings] = await Promise.all([this.requestsOf(event), this.onboardingsOf(event)]);
    const [request] = requests;
    const [onboarding] = onboardings;
    const about = request ?? onboarding;
    const [linked, accounts, mails, comments, ofOnboarding, ofRequest] = await Promise.all([
      this.#linked(request, onboarding),
      this.accounts.of(event.email),
      about ? this.mailsAbout(about, told) : {},
      onboarding ? this.#comments(onboarding) : [],
      this.workflow(onboardingId(event.employee_id)),
      request ? this.workflow(requestId(accessRequestsProject, request.iid)) : null,
    ]);
    const workflows = { onboarding: ofOnboarding, request: ofRequest };
    return { requests, onboardings, linked, accounts, mails, comments, workflows };
  }

  async #comments(onboarding: DeskIssue): Promise<readonly string[]> {
    const { employmentProject } = this.around.sandbox.gitlab;
    const notes = await this.around.as(this.eyes).notes(employmentProject, onboarding.iid);
    return notes.filter((note) => !note.system && note.author === onboarding.author).map(({ body }) => body);
  }

  async #linked(
    request: DeskIssue | undefined,
    onboarding: DeskIssue | undefined,
  ): Promise<Reading['linked']> {
    if (!request || !onboarding) return { fromRequest: false, fromOnboarding: false };
    const { url, users } = this.around.sandbox.gitlab;
    const token = users.find(({ username }) => username === this.eyes)?.token ?? '';
    const api = new Gitlab({ host: url, token, requesterFn: carefulRequester() });
    const leads = async (from: DeskIssue, to: DeskIssue): Promise<boolean> =>
      (await api.IssueLinks.all(from.projectId, from.iid)).some(
        (link) => link.iid === to.iid && link.project_id === to.projectId,
      );
    const [fromRequest, fromOnboarding] = await Promise.all([
      leads(request, onboarding),
      leads(onboarding, request),
    ]);
    return { fromRequest, fromOnboarding };
  }
}

const isMail = (value: unknown): value is Mail =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'to') === 'string' &&
  typeof Reflect.get(value, 'subject') === 'string';
