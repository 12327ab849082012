import { newRequest, type RequestPlan, type RequestState } from '../../src/domain/access-request';
import { policyOn } from '../../src/domain/day-two';
import type { DeskMessage, DeskReading } from '../../src/domain/desk-acts';
import { judge, type DeskRules, type Verdict } from '../../src/domain/desk-rules';
import type { Handbook, Region } from '../../src/domain/handbook';
import type { PersonFacts } from '../../src/domain/hr-event';
import { labelsFor } from '../../src/domain/labels';
import { mergeBlock } from '../../src/domain/owned-block';
import { requestBlock, type RequestReaders } from '../../src/domain/request-text';
import { resolveRole } from '../../src/domain/roles';
import { baselineTasks } from '../../src/domain/stages';
import { sampleHandbook } from '../handbook/sample';

export const handbook: Handbook = sampleHandbook();
export const BOT = 'daytwo-bot';
export const OPENED = '2026-11-24T10:00:00.000Z';
export const ref = {
  project: 'sales-ops/access-requests',
  iid: 7,
  url: 'https://gitlab.example/sales-ops/access-requests/-/issues/7',
};

export const ada: PersonFacts & { readonly employee_id: string } = {
  employee_id: '104711',
  email: 'ada.example@daytwo.example',
  name: 'Ada Example',
  title: 'Senior Account Executive',
  specialty: null,
  department: 'Enterprise Sales',
  division: 'Sales',
  entity: 'Inc',
  country: 'US',
  region: 'Americas',
  time_zone: 'America/New_York',
  manager_email: 'dana.whitfield@daytwo.example',
  start_date: '2026-11-23',
};

/** What the sample handbook plans for an account executive of Enterprise Sales. */
export function plan(changes: Partial<RequestPlan> = {}, region: Region = 'Americas'): RequestPlan {
  const role = resolveRole(handbook, {
    department: ada.department,
    title: ada.title,
    specialty: null,
    region,
  });
  if (role.kind === 'none') throw new Error('the sample handbook has no such role');
  return {
    employeeId: ada.employee_id,
    region,
    startDate: ada.start_date,
    policyVersion: policyOn(handbook, ada.start_date).effectiveFrom,
    templatePaths: role.templates.map((template) => template.path),
    templateDigest: role.digest,
    bornApproved: role.bornApproved,
    templateApproval: { by: ['vera-vp'], on: '2026-09-01' },
    stripped: [],
    tasks: baselineTasks(role.entitlements, handbook.systems, region),
    otherTeams: role.otherTeams,
    seatRetryMinutes: 60,
    onboardingUrl: null,
    dueAt: '2026-12-01T15:00:00Z',
    ...changes,
  };
}

export const request = (changes: Partial<RequestPlan> = {}): RequestState =>
  newRequest(ref, plan(changes), OPENED);

export const rules: DeskRules = {
  policy: policyOn(handbook, ada.start_date),
  people: handbook.people,
  labels: handbook.labels,
  systems: handbook.systems,
  managers: ['dana-manager', 'vera-vp'],
  subject: 'ada-example',
  digestOf: ({ entitlement }) => `less${entitlement.role ?? entitlement.licenceType ?? ''}`,
};

export const readers: RequestReaders = {
  person: ada,
  people: handbook.people,
  systems: handbook.systems,
  approvers: [],
  onboardingUrl: null,
};

export const description = (state: RequestState, people = ''): string =>
  mergeBlock(people, requestBlock(state, readers));

/** What GitLab shows of a request on which people did what the builder says, one minute after another. */
export class Desk {
  readonly #notes: DeskReading['notes'][number][] = [];
  readonly #labelEvents: DeskReading['labelEvents'][number][] = [];
  #closed: DeskReading['closed'] = null;
  #text: string;
  #minute = 0;

  constructor(
    private state: RequestState,
    private readonly with_: DeskRules = rules,
    /** What people do begins a minute after this instant. */
    private readonly from = OPENED,
  ) {
    this.#text = description(state);
  }

  /** A system note, as GitLab writes it. */
  note(author: string, body: string, system = true): this {
    this.#notes.push({ id: 100 + this.#notes.length, author, body, system, at: this.#next() });
    return this;
  }
  comment(author: string, body: string): this {
    return this.note(author, body, false);
  }
  assign(author: string, assignee = author): this {
    return this.note(author, `assigned to @${assignee}`);
  }
  tick(author: string, text: string): this {
    return this.note(author, `marked the checklist item **${text}** as completed`);
  }
  untick(author: string, text: string): this {
    return this.note(author, `marked the checklist item **${text}** as incomplete`);
  }
  label(user: string, label: string, action: 'add' | 'remove' = 'add'): this {
    this.#labelEvents.push({ id: 500 + this.#labelEvents.length, user, label, action, at: this.#next() });
    return this;
  }
  close(user: string): this {
    this.#closed = { user, at: this.#next(), id: 900 };
    return this;
  }
  write(text: string): this {
    this.#text = text;
    return this;
  }

  judged(messages: readonly DeskMessage[] = []): Verdict {
    return judge(this.state, this.reading(), messages, this.with_);
  }

  reading(): DeskReading {
    return {
      issue: {
        state: this.#closed ? 'closed' : 'opened',
        labels: labelsFor(this.state),
        assignees: this.state.claim ? [this.state.claim.by] : [],
        description: this.#text,
        confidential: true,
      },
      notes: this.#notes,
      labelEvents: this.#labelEvents,
      closed: this.#closed,
      bot: BOT,
    };
  }

  #next(): string {
    this.#minute += 1;
    return new Date(Date.parse(this.from) + this.#minute * 60_000).toISOString();
  }
}

export const message = (
  kind: DeskMessage['kind'],
  by: string,
  more: Partial<DeskMessage> = {},
): DeskMessage => ({
  id: `${kind}-${by}`,
  kind,
  by,
  channel: 'cli',
  at: '2026-11-24T12:00:00.000Z',
  ...more,
});
