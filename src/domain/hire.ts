import type { IssueRef } from './access-request';
import {
  applyChange,
  type ChangedEvent,
  type HiredEvent,
  type HrEvent,
  type LeavingEvent,
  type PersonFacts,
} from './hr-event';

/** What a hire waits for between its events; what the activity found out, as values. */
export type HireStep =
  /** Nothing was tried with the facts as they are now. */
  | { readonly kind: 'new' }
  | { readonly kind: 'wait'; readonly until: string }
  | { readonly kind: 'needs_ops'; readonly problems: readonly string[]; readonly ref: IssueRef }
  | {
      readonly kind: 'no_template';
      readonly paths: readonly string[];
      readonly onboarding: IssueRef;
      readonly since: string;
      readonly remindAt: string;
      readonly escalateAt: string;
      readonly configDigest: string;
    }
  | { readonly kind: 'filed_by_hand'; readonly ref: IssueRef }
  | { readonly kind: 'requested'; readonly ref: IssueRef }
  | { readonly kind: 'repeat'; readonly ref: IssueRef };

export interface HireState {
  readonly employeeId: string;
  readonly hired: HiredEvent | null;
  /** In the order in which they came; each names only what changed. */
  readonly changes: readonly ChangedEvent[];
  readonly rescinded: boolean;
  /** A hire that HR announced after it had taken the one before back: it begins when this one has ended. */
  readonly next: HiredEvent | null;
  readonly leaving: LeavingEvent | null;
  readonly seen: readonly string[];
  readonly since: string;
}

/**
 * One hire between HR's events. Whatever the order in which the events of one person arrive, the same facts come out: a
 * change counts over the hire, and a hire that was taken back stays so.
 */
export class Hire {
  #state: HireState;
  #version = 0;
  #digest = '';
  #stays = false;
  #filed: { project: string; iid: number }[] = [];

  constructor(employeeId: string, since: string, carried?: HireState) {
    this.#state = carried ?? {
      employeeId,
      hired: null,
      changes: [],
      rescinded: false,
      next: null,
      leaving: null,
      seen: [],
      since,
    };
  }

  get state(): HireState {
    return this.#state;
  }

  /** Moves on with every event that says something new: what was planned before is then out of date. */
  get version(): number {
    return this.#version;
  }

  get rescinded(): boolean {
    return this.#state.rescinded;
  }

  /**
   * The hire to begin with when this one has ended: one that was taken back and is announced again, or one of another day
   * than that which the request was opened for.
   * @param openedFor the start date of the request that was opened
   */
  nextAfter(openedFor: string | null): HiredEvent | null {
    const { next, hired } = this.#state;
    if (next) return next;
    const another = openedFor !== null && hired !== null && !this.rescinded && hired.start_date > openedFor;
    return another ? hired : null;
  }

  get leaving(): LeavingEvent | null {
    return this.#state.leaving;
  }

  /** HR took a leaving back, and nobody was told yet. */
  get stays(): boolean {
    return this.#stays;
  }

  /** True once for leavings that were taken back. */
  takeStays(): boolean {
    const stays = this.#stays;
    this.#stays = false;
    return stays;
  }

  /** The person as HR has them now; null until the hire itself was heard of. */
  get facts(): PersonFacts | null {
    const { hired, changes } = this.#state;
    return hired && changes.reduce<PersonFacts>(applyChange, factsOf(hired));
  }

  hear(event: HrEvent): void {
    if (this.#state.seen.includes(event.event_id)) return;
    this.#state = { ...heard(this.#state, event), seen: [...this.#state.seen, event.event_id] };
    this.#version += 1;
    if (event.type === 'employee.leaving') this.#stays = false;
    if (event.type === 'employee.rescinded' && event.what === 'leaving') this.#stays = true;
  }

  configIs(digest: string): void {
    this.#digest = digest;
  }

  /** The configuration that was told of last; empty where none was. */
  get config(): string {
    return this.#digest;
  }

  /** Whether another configuration than `digest` has come into force. */
  configMoved(digest: string): boolean {
    return this.#digest !== '' && this.#digest !== digest;
  }

  seeIssue(project: string, iid: number): void {
    this.#filed.push({ project, iid });
  }

  /** Issues that may be this person's request, filed by hand; each is handed out once. */
  takeSeen(): readonly { readonly project: string; readonly iid: number }[] {
    const seen = this.#filed;
    this.#filed = [];
    return seen;
  }

  get sawIssue(): boolean {
    return this.#filed.length > 0;
  }
}

function heard(state: HireState, event: HrEvent): HireState {
  switch (event.type) {
    case 'employee.hired':
      if (state.rescinded && state.hired) return { ...state, next: event };
      // The first one may come after its changes; another one says everything anew.
      return { ...state, hired: event, changes: state.hired ? [] : state.changes };
    case 'employee.changed':
      return state.next
        ? { ...state, next: { ...state.next, ...applyChange(factsOf(state.next), event) } }
        : { ...state, changes: [...state.changes, event] };
    case 'employee.leaving':
      return { ...state, leaving: event };
    case 'employee.rescinded':
      return event.what === 'hire' ? { ...state, rescinded: true, next: null } : { ...state, leaving: null };
  }
}

const factsOf = (event: HiredEvent): PersonFacts => ({
  email: event.email,
  name: event.name,
  title: event.title,
  specialty: event.specialty,
  department: event.department,
  division: event.division,
  entity: event.entity,
  country: event.country,
  region: event.region,
  time_zone: event.time_zone,
  manager_email: event.manager_email,
  start_date: event.start_date,
});

export interface HireStatus {
  readonly kind: 'onboarding';
  readonly employeeId: string;
  readonly startDate: string | null;
  readonly step: HireStep;
  readonly rescinded: boolean;
  readonly since: string;
}

/** What an operator sees in the Temporal UI: never a name or an address. */
export function hireDetails(status: HireStatus): string {
  const head = `## Employee ${status.employeeId.replace(/[^\w.-]/g, '_')}${status.startDate ? `, starts ${status.startDate}` : ''}`;
  return `${head}\n\n${status.rescinded ? 'The hire was taken back; what was opened is being closed.' : stepInWords(status.step)}`;
}

function stepInWords(step: HireStep): string {
  const link = (ref: IssueRef): string => `[${ref.project}#${ref.iid}](${ref.url})`;
  switch (step.kind) {
    case 'new':
      return 'Begins, or waits for the hire itself: only a change was heard of so far.';
    case 'wait':
      return `**Waits for** day two, ${step.until}. Then the access request is opened.`;
    case 'needs_ops':
      return `**Waits for** a corrected HR event, on the provisioning DRIs: ${link(step.ref)}\n\n${step.problems.map((problem) => `- ${problem}`).join('\n')}`;
    case 'no_template':
      return `**Waits for** a role template or a request filed by hand, on the manager and the provisioning DRIs, since ${step.since}: ${link(step.onboarding)}\n\n**Then** the access request is opened. A reminder at ${step.remindAt}, escalation at ${step.escalateAt}.\n\nLooked for:\n\n${step.paths.map((path) => `- \`${path}\``).join('\n')}`;
    case 'filed_by_hand':
      return `**Waits for** the request that was filed by hand: ${link(step.ref)}`;
    case 'requested':
      return `**Waits for** the access request: ${link(step.ref)}`;
    case 'repeat':
      return `This hire has had its access request already: ${link(step.ref)}`;
  }
}
