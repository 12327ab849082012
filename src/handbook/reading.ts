import type { BillingSource } from '../domain/close/billing-source';
import type { BookingFields } from '../domain/close/booking-rows';
import type { z } from 'zod';
import type {
  IssueTemplate,
  Labels,
  People,
  Person,
  Policy,
  RoleNaming,
  RoleTemplate,
  ServiceAccount,
  System,
} from '../domain/handbook';
import type { QuarterPeople } from '../domain/close/quarter';
import type { TerritoryRow } from '../domain/territory/table';
import type { CloseTask } from '../domain/close/tasks';
import type { ConfigFile } from './config-file';
import type { TerritoryFieldsReading, TerritoryRulesReading } from './territory-rules';
import type { entitlementShape, roleShape } from './shapes';

/** What was read of each file: entries whose form is right, and the names of all, so that one fault isn't told twice. */
export interface Reading {
  readonly systems: SystemsReading | null;
  readonly naming: { readonly file: ConfigFile; readonly naming: RoleNaming } | null;
  readonly roles: readonly RoleReading[];
  readonly policy: PolicyReading | null;
  readonly people: PeopleReading | null;
  readonly labels: { readonly file: ConfigFile; readonly labels: Labels } | null;
  readonly calendars: readonly CalendarReading[];
  readonly issueTemplates: readonly IssueTemplate[];
  readonly territory: TerritoryReading | null;
  readonly checklist: ChecklistReading | null;
  readonly bookingFields: BookingFields | null;
  readonly billing: { readonly file: ConfigFile; readonly source: BillingSource } | null;
}

export interface ChecklistReading {
  /** Null where there is no such file: a close has no tasks. */
  readonly file: ConfigFile | null;
  readonly tasks: readonly { readonly index: number; readonly task: CloseTask }[];
  readonly quarter: QuarterPeople | null;
}

/** Null as a whole where there is no such folder: nobody has a territory. */
export interface TerritoryReading {
  readonly rules: TerritoryRulesReading | null;
  readonly fields: TerritoryFieldsReading | null;
  readonly rows: readonly TerritoryRow[];
}

export interface SystemsReading {
  readonly file: ConfigFile;
  readonly systems: readonly System[];
  /** Keys of all entries, the faulty ones too. */
  readonly keys: readonly string[];
  readonly rates: Readonly<Record<string, number>>;
  readonly serviceAccounts: readonly ServiceAccount[];
}

export type EntitlementEntry = z.output<typeof entitlementShape>;

export interface RoleReading {
  readonly file: ConfigFile;
  readonly department: string;
  /** Title, and specialty if it has one, as in the file's name. */
  readonly role: string;
  readonly body: z.output<typeof roleShape>;
  readonly entries: ReadonlyMap<string, EntitlementEntry>;
  readonly template: RoleTemplate;
}

export interface PolicyReading {
  readonly file: ConfigFile;
  readonly versions: readonly { readonly index: number; readonly policy: Policy }[];
}

export interface PeopleReading {
  readonly file: ConfigFile;
  readonly members: readonly {
    readonly index: number;
    readonly manager: string | null;
    readonly person: Person;
  }[];
  /** User names of all entries, the faulty ones too. */
  readonly usernames: readonly string[];
  readonly teams: Readonly<Record<string, { readonly name: string; readonly members: readonly string[] }>>;
  readonly salesOpsTeam: string;
  readonly provisioningDris: readonly string[];
  readonly templateApprovers: readonly string[];
  readonly approvers: People['approvers'];
}

export interface CalendarReading {
  readonly file: ConfigFile;
  readonly country: string;
  readonly dates: readonly string[];
}
