import type { Handbook, People, Policy } from '../domain/handbook';
import { policyOn } from '../domain/day-two';
import type { LeavingEvent, PersonFacts, RescindedEvent } from '../domain/hr-event';
import type { AccessRequestInput } from '../domain/request-start';
import type { PersonRecord, Store } from '../evidence/store';
import type { Edits } from '../handbook/history';
import type { BillingExport } from '../systems/billing';
import type { Connector } from '../systems/connector';
import type { GitlabDesk } from '../systems/gitlab';
import type { Mailer } from '../systems/mail';
import type { ReviewRef } from './account-review';
import type { ChangeRef } from './period-change';
import type { RunLate } from '../domain/territory/run-status';
import type { BeginRun } from './territory-run';

/** What activities work with; made once by the worker. */
export interface World {
  /** The handbook in force: read again whenever `config/` changes and passes its check. */
  readonly handbook: () => Handbook;
  readonly gitlab: GitlabDesk;
  /** The connector of a connection such as `salesforce` or `scim/RINGLEAD`. @throws SettingsError where it isn't set up */
  readonly connector: (connection: string) => Connector;
  /** Fetches billing's export; absent: billing isn't asked. */
  readonly billing?: BillingExport;
  readonly store: Store;
  readonly mailer: Mailer | null;
  readonly projects: { readonly accessRequests: string; readonly employment: string };
  readonly hints: Hints;
  /** Milliseconds that the clock of the systems is ahead of the real one: of a sandbox in which a month is played. Absent: it isn't. */
  readonly ahead?: () => Promise<number>;
  /** The folder for snapshots as Parquet; absent: none are written. */
  readonly snapshotDir?: string;
  /** Who edited a folder of `config/` since a commit; absent: nobody knows. */
  readonly edits?: (folder: string, since: string | null) => Promise<Edits>;
  /** The worker is to end: what waits ends its wait. */
  readonly stopping?: AbortSignal;
}

/** What is enough to look and to reckon: nobody is told of anything. */
export type ReadWorld = Omit<World, 'hints' | 'mailer'>;

/** How an activity reaches workflows; false where none of that id is running. */
export interface Hints {
  issueChanged(workflowId: string, hint: { project: string; iid: number }): Promise<boolean>;
  configChanged(workflowId: string, digest: string): Promise<boolean>;
  isRunning(workflowId: string): Promise<boolean>;
  /** Ids of the access requests that run for a person. */
  requestsOf(employeeId: string): Promise<readonly string[]>;
  startRequest(input: AccessRequestInput): Promise<void>;
  /** Cancels a request in somebody's name; it is judged like any other cancel. */
  cancel(workflowId: string, decision: { by: string; reason: string }): Promise<boolean>;
  /** HR's word on a leaving, to the process that holds it; begins it where there is none. */
  leaving(event: LeavingEvent | RescindedEvent): Promise<void>;
  /** Begins the close of a period, or finds the one that runs. */
  startClose(input: { readonly period: string; readonly by: string }): Promise<void>;
  /** Begins the process of a change that was asked for, or finds the one that runs. */
  startChange(input: ChangeRef): Promise<void>;
  /** Begins the review of an account, or finds the one that runs. */
  startReview(input: ReviewRef): Promise<void>;
  /** To the review of an account: what is asked there changed. */
  accountChanged(workflowId: string): Promise<boolean>;
  /** Begins a run of territory planning, or finds the one that runs. */
  startTerritoryRun(input: Omit<BeginRun, 'now'>): Promise<void>;
  /** Runs of territory planning that are not over. */
  territoryRuns(): Promise<readonly string[]>;
  /** To a run: a step of it is tried again for too long. */
  runLate(workflowId: string, late: RunLate): Promise<boolean>;
  /** Something of a leaver was done by another's turn. */
  leaverChanged(workflowId: string): Promise<boolean>;
  /** To a request: whom it is for has left; it ends, and what they have is taken by their offboarding. */
  personLeft(workflowId: string, reason: string): Promise<boolean>;
  /** A seat is kept for these tasks of a request. */
  seatOffered(workflowId: string, tasks: readonly string[]): Promise<boolean>;
  /** Somebody waits for a seat of this pool: it is looked at from now on. */
  seatWanted(pool: string): Promise<void>;
  /** A seat of this pool may have come free: it is looked at now. */
  seatFreed(pool: string): Promise<void>;
}

/** The policy that a process began with; the newest where that version is gone. */
export function pinnedPolicy(handbook: Handbook, version: string): Policy {
  return handbook.policies.find((policy) => policy.effectiveFrom === version) ?? policyOn(handbook, version);
}

/** The user names of a person's manager: themself, who covers for them, and who stands above. */
export async function managersOf(world: World, managerEmail: string | null): Promise<readonly string[]> {
  if (!managerEmail) return [];
  const { people } = world.handbook();
  const member = memberByEmail(people, managerEmail);
  if (!member) {
    const user = await world.gitlab.userByEmail(managerEmail);
    return user ? [user.username] : [];
  }
  return [...new Set([member.username, ...member.coveredBy, ...above(people, member.managerEmail)])];
}

/** The user name to address, or null where GitLab knows nobody by that address. */
export async function userNameOf(
  world: Pick<World, 'handbook' | 'gitlab'>,
  email: string | null,
): Promise<string | null> {
  if (!email) return null;
  return (
    memberByEmail(world.handbook().people, email)?.username ??
    (await world.gitlab.userByEmail(email))?.username ??
    null
  );
}

export const memberByEmail = (people: People, email: string): People['members'][number] | undefined =>
  people.members.find((member) => member.email.toLowerCase() === email.toLowerCase());

/** User names from this one up, as far as they are known. */
export function above(people: People, email: string | null): readonly string[] {
  const names: string[] = [];
  for (let next = email; next;) {
    const member = memberByEmail(people, next);
    if (!member || names.includes(member.username)) break;
    names.push(member.username);
    next = member.managerEmail;
  }
  return names;
}

export const factsOf = (person: PersonRecord): PersonFacts & { employee_id: string } => ({
  employee_id: person.employeeId,
  email: person.email,
  name: person.name,
  title: person.title,
  specialty: person.specialty,
  department: person.department,
  division: person.division,
  entity: person.entity,
  country: person.country,
  region: person.region,
  time_zone: person.timeZone,
  manager_email: person.managerEmail,
  start_date: person.startDate,
});

export const recordOf = (
  employeeId: string,
  facts: PersonFacts,
  status: PersonRecord['status'],
  updatedAt: string,
): PersonRecord => ({
  employeeId,
  email: facts.email,
  name: facts.name,
  title: facts.title,
  specialty: facts.specialty,
  department: facts.department,
  division: facts.division,
  entity: facts.entity,
  country: facts.country,
  region: facts.region,
  timeZone: facts.time_zone,
  managerEmail: facts.manager_email,
  startDate: facts.start_date,
  status,
  updatedAt,
});
