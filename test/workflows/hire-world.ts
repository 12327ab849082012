import type { OpenedRequest } from '../../src/activities/request-opening';
import type { DeskVisit } from '../../src/activities/desk';
import type { IssueRef } from '../../src/domain/access-request';
import { addDays } from '../../src/domain/dates';
import { dayTwoRun, policyOn } from '../../src/domain/day-two';
import type { Region } from '../../src/domain/handbook';
import type { HireStep } from '../../src/domain/hire';
import type { MoveStep } from '../../src/domain/role-change';
import type { HiredEvent, HrEvent, PersonFacts } from '../../src/domain/hr-event';
import { ada, handbook, plan } from '../domain/request';
import type { Activities, Stage } from './stage';

export const ref = (iid: number): IssueRef => ({
  project: 'sales-ops/access-requests',
  iid,
  url: `https://gitlab.example/${iid}`,
});
export const instant = (at: number): string => new Date(at).toISOString();
export const dayTwo = (region: Region, startDate: string): string =>
  dayTwoRun(policyOn(handbook, startDate), region, startDate);

type Opened = Awaited<ReturnType<Activities['openMove']>>;
type Waiting = Extract<MoveStep, { kind: 'no_template' }>;
type Begun = Awaited<ReturnType<Activities['beginOnboarding']>>;

/** The world as a test plays it: opens on day two by the real policy, and remembers what it was asked for, and when. */
export class HireWorld {
  readonly begun: { now: string; facts: PersonFacts }[] = [];
  readonly opened: { now: string; iid: number }[] = [];
  readonly closed: { how: string; step: HireStep['kind']; startDate: string | null }[] = [];
  readonly reminded: { stage: string; at: string }[] = [];
  readonly asked: string[] = [];
  readonly leaving: string[] = [];
  readonly stays: string[] = [];
  readonly changed: { facts: PersonFacts; request: IssueRef | null }[] = [];
  readonly visits: DeskVisit[] = [];
  /** How a change of role was looked at: which event, from which title, and whether it had waited. */
  readonly moves: { event: string; from: string; waited: boolean; at: string }[] = [];
  readonly remindedOfMove: string[] = [];
  /** What comes of a change of role. */
  moving: () => Opened | Promise<Opened> = () => ({ kind: 'nothing' });
  /** Somebody filed a request for the mover. */
  moveFiled = false;
  /** What is known of somebody before HR changes it. */
  facts: PersonFacts = ada;
  filed: readonly number[] = [];
  closedIssues: readonly number[] = [];
  template = true;
  digest = 'first';
  known = false;
  /** What is wrong with the HR event, as far as ops must be asked. */
  problems: readonly string[] = [];
  /** The request of this hire is there and closed already. */
  repeat = false;
  /** A desk on which nobody does anything until HR takes the hire back or somebody completes it. */
  complete = false;

  constructor(
    private readonly stage: Pick<Stage, 'now'>,
    readonly employeeId: string,
    /** Number of the first request that is opened. */
    readonly firstIid: number,
    private readonly waitingSince?: { remindAt: string; escalateAt: string },
  ) {}

  readonly activities: Partial<Activities> = {
    beginOnboarding: ({ facts, now }) => Promise.resolve(this.begin(facts, now)),
    workDesk: (visit) => {
      this.visits.push(visit);
      const ends = this.complete || visit.state.cancelled;
      return Promise.resolve({ facts: ends ? [{ kind: 'closed', at: visit.now }] : [], answers: {} });
    },
    judgeCancel: ({ by }) => Promise.resolve(by === 'amber' ? null : 'policy lets others cancel this'),
    closeOnboarding: ({ how, step, startDate }) => {
      this.closed.push({ how, step: step.kind, startDate });
      return Promise.resolve();
    },
    remindAboutTemplate: async ({ stage: which }) => {
      this.reminded.push({ stage: which, at: instant(await this.stage.now()) });
    },
    readFiledRequest: ({ issue }) =>
      Promise.resolve({
        forThem: this.filed.includes(issue.iid),
        closed: this.closedIssues.includes(issue.iid),
        ref: ref(issue.iid),
      }),
    askForHire: ({ employeeId: id }) => {
      this.asked.push(id);
      return Promise.resolve();
    },
    tellOfLeaving: ({ leaving }) => {
      this.leaving.push(leaving.last_working_day);
      return Promise.resolve();
    },
    leavingTakenBack: ({ employeeId: id }) => {
      this.stays.push(id);
      return Promise.resolve();
    },
    noteOfChange: ({ facts, request }) => {
      this.changed.push({ facts, request });
      return Promise.resolve();
    },
    noteOfKnown: () => Promise.resolve(this.known),
    factsOfKnown: () => Promise.resolve(this.known ? this.facts : null),
    openMove: async ({ event, before, waited }) => {
      this.moves.push({ event, from: before.title, waited, at: instant(await this.stage.now()) });
      return this.moving();
    },
    remindOfMove: async () => {
      this.remindedOfMove.push(instant(await this.stage.now()));
      return this.moveFiled ? { kind: 'filed_by_hand', ref: ref(9) } : { kind: 'reminded' };
    },
  };

  private begin(facts: PersonFacts, now: string): Begun {
    this.begun.push({ now, facts });
    if (this.problems.length > 0) return { kind: 'needs_ops', problems: this.problems, ref: ref(2) };
    const until = dayTwo(facts.region as Region, facts.start_date);
    if (Date.parse(now) < Date.parse(until)) return { kind: 'wait', until };
    if (this.repeat) return { kind: 'repeat', ref: ref(this.firstIid) };
    if (!this.template && this.waitingSince)
      return {
        kind: 'no_template',
        paths: ['roles/x.yml'],
        onboarding: ref(1),
        since: now,
        configDigest: this.digest,
        ...this.waitingSince,
      };
    const iid = this.firstIid + this.opened.length;
    this.opened.push({ now, iid });
    return {
      kind: 'opened',
      ref: ref(iid),
      plan: plan({
        employeeId: this.employeeId,
        startDate: facts.start_date,
        tasks: [],
        otherTeams: [],
      }),
      openedAt: now,
    } satisfies OpenedRequest;
  }
}

/** A change of role that waits for a template, until an instant. */
export const waitsUntil = (remindAt: string, configDigest = 'first'): Waiting => ({
  kind: 'no_template',
  paths: ['roles/x.yml'],
  desk: ref(1),
  remindAt,
  configDigest,
});

/** What HR says of one invented person. */
export class HrEvents {
  constructor(
    private readonly stage: Pick<Stage, 'now'>,
    private readonly employeeId: string,
  ) {}

  dayFrom = async (days: number): Promise<string> =>
    addDays(instant(await this.stage.now()).slice(0, 10), days);

  hired = (facts: Partial<PersonFacts>, id = 'hired'): HiredEvent => ({
    type: 'employee.hired',
    event_id: `${this.employeeId}-${id}`,
    ...ada,
    ...facts,
    employee_id: this.employeeId,
  });
  changed = (facts: Partial<PersonFacts>, id: string): HrEvent => ({
    type: 'employee.changed',
    event_id: `${this.employeeId}-${id}`,
    employee_id: this.employeeId,
    ...facts,
  });
  rescinded = (): HrEvent => ({
    type: 'employee.rescinded',
    event_id: `${this.employeeId}-rescinded`,
    employee_id: this.employeeId,
    what: 'hire',
  });
  stays = (): HrEvent => ({
    type: 'employee.rescinded',
    event_id: `${this.employeeId}-stays`,
    employee_id: this.employeeId,
    what: 'leaving',
  });
  leaving = (): HrEvent => ({
    type: 'employee.leaving',
    event_id: `${this.employeeId}-leaving`,
    employee_id: this.employeeId,
    kind: 'voluntary',
    last_working_day: '2027-01-29',
    garden_leave_start: null,
    termination_date: null,
  });
}
