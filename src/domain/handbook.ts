import type { Party } from './close/green-light';
import type { ClosePolicy } from './close/policy';
import type { CloseTask } from './close/tasks';
import type { BookingFields } from './close/booking-rows';
import type { QuarterPeople } from './close/quarter';
import type { BillingSource } from './close/billing-source';
import type { RunPolicy } from './territory/run';
import type { LeavingAction } from './leaving';
import type { TerritoryHandbook } from './territory/handbook';
import type { ReviewPolicy } from './territory/review';

/** The handbook as data: what `config/` says, checked and typed. Rules take these; only `src/handbook/` reads files. */

/** A system's key in `config/systems.yml`, such as `salesforce-inbox`. */
export type SystemKey = string;
export type Region = 'Americas' | 'EMEA' | 'JAPAC';
export const REGIONS: readonly Region[] = ['Americas', 'EMEA', 'JAPAC'];

/** How access to a system is given, in order of preference; one system may combine ways (group by API, licence by a person). */
export type Way =
  | { readonly kind: 'salesforce-user' }
  | {
      readonly kind: 'salesforce-psl';
      readonly permissionSetLicense: string;
      readonly permissionSet: string | null;
    }
  | { readonly kind: 'salesforce-package'; readonly namespace: string }
  | {
      readonly kind: 'scim';
      /** Prefix of the variables: `RINGLEAD` reads `RINGLEAD_SCIM_URL` and `RINGLEAD_SCIM_TOKEN`. */
      readonly connection: string;
    }
  | { readonly kind: 'okta-group'; readonly group: string }
  | { readonly kind: 'person' };

/** Who may do a thing: named people (GitLab user names) or everybody of a team's queue. */
export type Doers = { readonly people: readonly string[] } | { readonly queue: string };

export interface System {
  readonly key: SystemKey;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ways: readonly Way[];
  /** The team that owns it, a key of `people.yml`. */
  readonly owner: string;
  readonly provisioners: Doers;
  readonly deprovisioners: Doers;
  readonly tier: 1 | 2 | 3;
  readonly sox: boolean;
  readonly dependsOn: readonly SystemKey[];
  /** Which attributes an entitlement to it must name. */
  readonly requires: readonly EntitlementAttribute[];
  /** By when access is gone after somebody left: one day is 24 hours, more are business days. */
  readonly removalDeadlineDays: number;
  /** Licence types that exist there and whom each is meant for; empty where the system has none. */
  readonly licenceTypes: readonly LicenceType[];
  /** User name of who answers for the system to the business; must be named where it is SOX or a finance system. */
  readonly businessOwner: string | null;
  /** A finance system: its business owner approves, as for SOX. */
  readonly finance: boolean;
  /** Whose approval it needs besides: keys of `approvers` in `people.yml`. */
  readonly alsoApprovedBy: readonly ApproverGroup[];
  /** Roles or licence types that give rights over others' access: never in bulk, and the approver doesn't provision them. */
  readonly adminRoles: readonly string[];
  /** Roles or licence types from least to most: what is earlier is less. What isn't named can't be compared. */
  readonly levels: readonly string[];
  /** Several people share one account there: never in bulk, and for a limited time only. */
  readonly sharedAccount: boolean;
  /** Grants in stages: what is given first, and what waits for a course or for time to pass. */
  readonly stages: readonly Stage[];
  /** The handbook's steps for the person who does the task, one Markdown line each; `{emails}`, `{role}`, `{team}`, `{licence_type}`, `{profile}` are filled in. */
  readonly steps: readonly string[];
  /** The same for taking access away: `{emails}` is filled in. */
  readonly removalSteps: readonly string[];
}

/** A licence type and for whom it is legal. Absent limits don't limit. */
export interface LicenceType {
  readonly name: string;
  readonly regions: readonly Region[];
  /** Role titles (as in file names) that may have it; null: all. */
  readonly titles: readonly string[] | null;
  /** Departments (as in folder names) that never have it, whatever the title. */
  readonly exceptDepartments: readonly string[];
}

/** Those who approve besides the manager, by what they look after. */
export type ApproverGroup = 'infrastructure' | 'security';

/**
 * One stage of a grant. `then` replaces the values named once the gate is open: "Listener first, Recorder after the course".
 */
export type Stage =
  /** Before the system's first way: so many hours after that system was granted in the same request. */
  | { readonly kind: 'delay'; readonly after: SystemKey; readonly hours: number }
  /**
   * Whoever gets `to` of licence types outside of `exceptRegions` gets `first` at once, and `to` when somebody said that the
   * course is done.
   */
  | {
      readonly kind: 'course';
      readonly course: string;
      readonly first: string;
      readonly to: string;
      readonly exceptRegions: readonly Region[];
    };

export type EntitlementAttribute = 'role' | 'profile' | 'team' | 'licence_type' | 'permission_sets';

/** What one person gets in one system. Absent attributes don't apply to that system. */
export interface Entitlement {
  readonly system: SystemKey;
  readonly role?: string;
  readonly profile?: string;
  readonly team?: string;
  readonly licenceType?: string;
  readonly permissionSets?: readonly string[];
}

/** Boxes of another team, shown and waited for but not worked by daytwo. */
export interface OtherTeamSection {
  readonly team: string;
  readonly label: string | null;
  readonly tasks: readonly string[];
}

/** A baseline template as its file says, with values for every region. */
export interface RoleTemplate {
  /** Relative to `config/`: `roles/department_enterprise_sales/role_account_executive.yml`. */
  readonly path: string;
  readonly entitlements: Readonly<Record<Region, readonly Entitlement[]>>;
  readonly otherTeams: readonly OtherTeamSection[];
  /** Digest of the content as it stands (without the approval itself). */
  readonly digest: string;
  readonly approval: { readonly by: readonly string[]; readonly on: string; readonly digest: string } | null;
}

export type Channel = 'gitlab' | 'console' | 'cli' | 'signal';
/** What people decide on a process: the same words over every channel. */
export const DECISIONS = [
  'approve',
  'reject',
  'claim',
  'release',
  'complete',
  'hold',
  'resume',
  'cancel',
  'reassign',
] as const;
export type DecisionKind = (typeof DECISIONS)[number];

/** Numbers and rules that the business changes; one version, in force from a date. */
export interface Policy {
  /** The date it is in force from, and its name: `2026-01-01`. */
  readonly effectiveFrom: string;
  /** Day-two runs by region: UTC hour, and how many days after the start date the run takes a person. */
  readonly dayTwo: Readonly<Record<Region, { readonly utcTime: string; readonly daysAfterStart: 0 | 1 }>>;
  readonly businessHours: { readonly from: string; readonly to: string };
  readonly reminderBusinessDays: number;
  readonly escalationBusinessDays: number;
  /** Business days, in the person's zone, by which a request should be completed. */
  readonly requestDueBusinessDays: number;
  /** How often a request that waits for a seat asks again, in minutes. */
  readonly seatRetryMinutes: number;
  /** How often the people on whom work waits are looked up, in seconds. */
  readonly deskWatchPeopleSeconds: number;
  /** How long one turn of the desk watch lasts, in seconds: it costs one server action. */
  readonly deskWatchTurnSeconds: number;
  /** Seconds between two looks of the desk watch. */
  readonly deskWatchSeconds: number;
  /** How far each round looks back before its cursor, in seconds. */
  readonly deskWatchOverlapSeconds: number;
  /** A start date further away than this, in days, either way, is a task for ops. */
  readonly startDateHorizonDays: number;
  readonly decisions: Readonly<
    Record<DecisionKind, { readonly who: readonly DecisionRole[]; readonly channels: readonly Channel[] }>
  >;
  /** SOX and admin approvals count only over these. */
  readonly signedInChannels: readonly Channel[];
  readonly approvals: ApprovalPolicy;
  readonly requests: RequestPolicy;
  readonly absence: AbsencePolicy;
  readonly seats: SeatPolicy;
  readonly moves: MovePolicy;
  readonly leaving: LeavingPolicy;
  readonly close: ClosePolicy;
  readonly territoryRun: RunPolicy;
  /** How reviews of accounts are decided. */
  readonly territoryReview: ReviewPolicy;
}

/** When people are reminded of an approval, and whom else it may go to. */
export interface ApprovalPolicy {
  /** People under different managers may be approved by the lowest manager whom they have in common. */
  readonly commonManager: boolean;
  readonly remindBusinessDays: number;
  readonly escalateBusinessDays: number;
  /** Days after which the requester is asked whether the request still stands. */
  readonly askRequesterDays: number;
}

export interface RequestPolicy {
  /** People that one request may name. */
  readonly mostPeople: number;
  /** Days before the end of access for a time at which its end is announced. */
  readonly endReminderDays: number;
  /** Longest time, in days, for which a shared account may be asked. */
  readonly sharedAccountDays: number;
}

export interface AbsencePolicy {
  /** A claimed request that stood still for so many business days goes back to the team. */
  readonly idleBusinessDays: number;
  /** "Busy" on GitLab that ends within so many hours is no absence. */
  readonly busyHours: number;
  /** How often a calendar is read at most, in minutes. */
  readonly calendarMinutes: number;
}

/** Who waits longest isn't always first: classes of priority, the first one first. */
export const SEAT_CLASSES = ['started', 'starting', 'change', 'convenience'] as const;
/** `started`: the start date is reached; `starting`: it is ahead; `change`: another role; `convenience`: all else. */
export type SeatClass = (typeof SEAT_CLASSES)[number];

export interface SeatPolicy {
  /** The first class is served first. */
  readonly classes: readonly SeatClass[];
  /** Who waits goes up one class after so many days, so that the last class isn't passed over for ever. */
  readonly moveUpDays: number;
  /** Seconds between two looks at a pool for which somebody waits. */
  readonly checkSeconds: number;
  /** The owners are warned when so many seats are left. */
  readonly lowAt: number;
  /** A seat that was offered and not taken goes to the next after so many minutes. */
  readonly offerMinutes: number;
  readonly reclaim: {
    /** Days without a sign-in. */
    readonly idleDays: number;
    /** Days between telling the people and asking ops. */
    readonly noticeDays: number;
    /** Of the fiscal quarter, from 1; the run is on its first day. */
    readonly monthOfQuarter: 1 | 2 | 3;
    /** The first month of the fiscal year, from 1. */
    readonly fiscalYearStartMonth: number;
    /** Profiles of users that are never reclaimed: integrations. */
    readonly exceptProfiles: readonly string[];
    /** Who starts one by hand, and decides on it: the provisioning DRIs, or everybody of Sales Ops. */
    readonly decidedBy: readonly ('dri' | 'sales_ops')[];
  };
}

export interface MovePolicy {
  /** Days after which what the new role doesn't give goes, though the old manager said nothing. */
  readonly graceDays: number;
  /** Days after a change of role at which both managers are reminded, if nobody filed anything. */
  readonly remindDays: number;
}

/** How somebody leaves. */
export interface LeavingPolicy {
  /** The local hour at which access ends, Monday first: five times of day. */
  readonly kickOff: readonly string[];
  /** When the last day is no business day where they are: on the one before, that very day, or the one after. */
  readonly dayOff: 'before' | 'same' | 'after';
  /** What is done to somebody who is dismissed so many hours before time zero; the rest when the call with them begins. */
  readonly call: { readonly hoursBefore: number; readonly before: readonly LeavingAction[] };
  /** After time zero: hours until the deprovisioners, business days until the team and the owner are reminded. */
  readonly remind: {
    readonly deprovisionersHours: number;
    readonly teamBusinessDays: number;
    readonly ownerBusinessDays: number;
  };
  /** Hours after time zero by which a step that has no API is done. */
  readonly stepHours: number;
  /** Days after time zero at which all is looked at once more. */
  readonly lookBackDays: number;
  readonly records: {
    /** Whose records they are that nobody else takes: the address of a Salesforce user. */
    readonly parkingOwner: string;
    /** Open opportunities up to this stage go with their account; later ones to the covering manager. */
    readonly moveUpToStage: number;
    /** Days that the covering manager holds them. */
    readonly holdoverDays: number;
    /** The opportunities' field for the day until which they hold them. */
    readonly holdoverField: string;
    /** Memberships of teams of accounts and of open opportunities. */
    readonly teams: 'remove' | 'keep';
    /** Splits of open opportunities: a person gives them to others, or they stay. */
    readonly splits: 'by_person' | 'leave';
    /** Opportunities that close on this day or before belong to a locked period; null: none is locked. */
    readonly lockedThrough: string | null;
  };
  /** User names of those who run leavings: beside the manager they say that it is now, or that the call has begun. */
  readonly runBy: readonly string[];
  /** A list of more leavers than this begins only once so many of these people have approved that very list. */
  readonly list: { readonly moreThan: number; readonly approvals: number; readonly by: readonly string[] };
  /** From so many leavers at one hour on there is one issue that shows all of them. */
  readonly summaryFrom: number;
  /** Once a week, on this day (1: Monday) or later: what is late, to this team; null: Sales Ops. */
  readonly late: { readonly weekday: number; readonly team: string | null };
}

/** Roles that `policy.yml` may name for a decision. */
export type DecisionRole = 'manager' | 'dri' | 'provisioner' | 'assignee' | 'template_approver' | 'requester';

export interface Person {
  readonly username: string;
  readonly name: string;
  /** Their own job, for those who look somebody up; absent where it isn't told. */
  readonly title?: string;
  readonly email: string;
  readonly managerEmail: string | null;
  readonly timeZone: string;
  readonly country: string;
  /** User names of those who decide in their place, in order. */
  readonly coveredBy: readonly string[];
  /** HR's number, where the person may be given access themself. */
  readonly employeeId?: string;
  /** Times away, ISO dates, both included; absent: none is known. */
  readonly away?: readonly { readonly from: string; readonly to: string }[];
  /** Where their calendar of absences can be read, in iCalendar form. */
  readonly calendarUrl?: string;
}

export interface People {
  readonly members: readonly Person[];
  readonly teams: Readonly<Record<string, { readonly name: string; readonly members: readonly string[] }>>;
  readonly salesOpsTeam: string;
  readonly provisioningDris: readonly string[];
  /** User names of those who may approve a role template (`template_approver` of the policy). */
  readonly templateApprovers: readonly string[];
  /** User names of those who approve besides managers, by what they look after. */
  readonly approvers: Readonly<Record<ApproverGroup, readonly string[]>>;
}

/** How titles and departments as HR writes them become file names; all keys and values are slugs (`a_b_c`). */
export interface RoleNaming {
  /** Alias of a department to the folder's name: `public_sector` to `pubsec`. */
  readonly departments: Readonly<Record<string, string>>;
  /** Alias of a title (without seniority) to the file's name: `ae` to `account_executive`. */
  readonly titles: Readonly<Record<string, string>>;
  /** Words of seniority that are dropped before (`senior`) and after (`ii`, `3`) the title proper. */
  readonly seniority: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface Labels {
  readonly set: readonly { readonly name: string; readonly color: string; readonly description: string }[];
  /** Spellings to be read, to the name meant. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Labels that every new baseline request gets beside its state. */
  readonly newBaselineRequest: readonly string[];
  /** Labels that a request filed by people gets beside its state. */
  readonly newFiledRequest: readonly string[];
  /** By which each party gives its green light on the issue of a period. */
  readonly greenLight: Readonly<Record<Party, string>>;
}

/** An issue template of the access-request project, as it is published. */
export interface IssueTemplate {
  /** File name in `.gitlab/issue_templates/`: `single_person.md`. */
  readonly file: string;
  readonly text: string;
}

/** Whose accounts a territory's are. */
export interface Territory {
  /** As Salesforce's accounts name it. */
  readonly name: string;
  /** E-mail; null while the territory has no owner. */
  readonly owner: string | null;
  /** E-mail of who covers it: as the table says, else the owner's manager; null: the leaver's own manager does. */
  readonly cover: string | null;
}

/** An account that no person owns, of an integration or a team. */
export interface ServiceAccount {
  readonly system: SystemKey;
  readonly name: string;
  /** User name of who answers for it. */
  readonly owner: string;
  /** User names of those who know its secret. */
  readonly secretHolders: readonly string[];
}

/** Public holidays, ISO dates by ISO 3166-1 alpha-2 country. */
export type Holidays = Readonly<Record<string, readonly string[]>>;

export interface Handbook {
  /** Digest of all of `config/`: two processes with the same digest read the same handbook. */
  readonly digest: string;
  readonly systems: readonly System[];
  /** Requests a second that a connection (`salesforce`, `okta`, `scim/RINGLEAD`, `gitlab`) may be sent by all workers together. */
  readonly rates: Readonly<Record<string, number>>;
  /** What people file their requests from: `config/issue_templates/`. */
  readonly issueTemplates: readonly IssueTemplate[];
  readonly templates: readonly RoleTemplate[];
  readonly naming: RoleNaming;
  /** Oldest first; use the last one whose `effectiveFrom` isn't after the day asked for. */
  readonly policies: readonly Policy[];
  readonly people: People;
  /** Of the tables of territories, for whom accounts go to. */
  readonly territories: readonly Territory[];
  readonly serviceAccounts: readonly ServiceAccount[];
  /** What is done at each close, in this order. */
  readonly checklist: readonly CloseTask[];
  readonly labels: Labels;
  readonly holidays: Holidays;
  /** Where Salesforce keeps what the booking checks look at; absent: no bookings are read. */
  readonly bookingFields?: BookingFields;
  /** Who is told and asked at a quarter's end; absent: nobody. */
  readonly quarter?: QuarterPeople;
  /** How billing's export is read; absent: nothing is reconciled. */
  readonly billing?: BillingSource;
  /** Rules, fields and tables of territory planning; absent: none is planned. */
  readonly territory?: TerritoryHandbook;
}
