import type { CalendarDate, LeavingEvent } from './hr-event';
import type { IssueRef } from './access-request';

/** What is done to a leaver's access before anything is handed over. */
export type LeavingAction =
  /** Rights over others' access. */
  | 'admin_rights'
  /** Sign-in, groups of the identity provider, sessions: all that can be frozen at once. */
  | 'sign_in';

export type LeavingKind = LeavingEvent['kind'];

/**
 * Where a leaving stands. `announced` nothing was touched; `frozen` nobody signs in any more; `taken` handed over and taken as
 * far as daytwo can, people do the rest; `watched` every system is revoked or not applicable, and is looked at once more
 * later; the rest are ends, and `suspended`, which waits for people.
 */
export type LeavingPhase =
  'announced' | 'frozen' | 'suspended' | 'taken' | 'watched' | 'ended' | 'rescinded' | 'restored';

/** One leaving of one person. Somebody who comes back and leaves again has another one. */
export interface LeaverCase {
  /** `<employee id>/<first eight digits of the digest of HR's first event>` */
  readonly leaving: string;
  readonly employeeId: string;
  /** HR's newest event of it. */
  readonly event: LeavingEvent;
  readonly phase: LeavingPhase;
  /** The instants are ISO 8601 in UTC. */
  readonly timeZero: string;
  /** The version of the policy by which it goes. */
  readonly policyVersion: string;
  readonly frozenAt: string | null;
  readonly takenAt: string | null;
  readonly endedAt: string | null;
  readonly issue: IssueRef | null;
  /** E-mail of who takes over what the territory decides for nobody else; null: the manager. */
  readonly successor: string | null;
}

/** Access found with a system; never by a name alone. */
export interface FoundAccess {
  /** A connection such as `salesforce`, `okta`, `scim/RINGLEAD`. */
  readonly connection: string;
  /** The system's own id. */
  readonly accountId: string;
  readonly state: 'active' | 'frozen' | 'inactive';
  /** By what the account was recognised as theirs. */
  readonly by: 'email' | 'username' | 'employee_number' | 'federation_id' | 'external_id';
  /** What it shows: role, licence, group. For people's eyes. */
  readonly shows: readonly string[];
  readonly lastSignInAt: string | null;
  /**
   * The system's own stamp of the freeze, where daytwo froze it: while that is what the system shows, nobody has touched it since.
   * Absent where somebody had frozen it before, and where the system has none.
   */
  readonly frozenStamp?: string;
  /** Whether a request for it is on record: what nobody ever asked for is marked. */
  readonly asked: boolean;
}

/** One thing that must be settled before a leaving is over. */
export interface LeaverItem {
  /** A system's key; else `step/<what>`, `blocker/<what>`, `secret/<what>` or `security/<what>`. */
  readonly id: string;
  readonly kind: 'system' | 'step' | 'blocker' | 'secret' | 'security';
  /** The system's key; null for what belongs to none. */
  readonly system: string | null;
  /** What a person is to do, as a line of Markdown without anything from outside that isn't escaped. */
  readonly text: string;
  readonly status: 'open' | 'revoked' | 'not_applicable' | 'done';
  readonly found: readonly FoundAccess[];
  /** Read back by daytwo, or said by a person. */
  readonly how: 'verified' | 'attested' | null;
  /** A user name, or `daytwo`. */
  readonly by: string | null;
  readonly at: string | null;
  readonly dueAt: string;
  /** How many of the reminders were sent: to its deprovisioners, the team, the owner. */
  readonly reminded: 0 | 1 | 2 | 3;
  /** Why daytwo could not do it, in words. */
  readonly problem: string | null;
}

/** Something that is to be settled, and that nobody has. */
export const openItem = (
  item: Pick<LeaverItem, 'id' | 'kind' | 'system' | 'text' | 'dueAt'> & Partial<LeaverItem>,
): LeaverItem => ({
  status: 'open',
  found: [],
  how: null,
  by: null,
  at: null,
  reminded: 0,
  problem: null,
  ...item,
});

/** What a licence beside a user shows. */
export const LICENCE = 'licence';
export const isLicence = ({ shows }: Pick<FoundAccess, 'shows'>): boolean => shows.includes(LICENCE);

export const isSettled = ({ status }: Pick<LeaverItem, 'status'>): boolean => status !== 'open';

const OVER: readonly LeavingPhase[] = ['watched', 'ended', 'rescinded', 'restored'];
/** Nobody has anything left to do of it. */
export const isOver = ({ phase }: Pick<LeaverCase, 'phase'>): boolean => OVER.includes(phase);

/**
 * The day on which access ends: "at last working day or garden-leave start, not at the payroll end date". Where HR names
 * neither, its event was read with the termination date as the last working day.
 */
export const lastDayOf = (event: LeavingEvent): CalendarDate =>
  event.garden_leave_start ?? event.last_working_day;

/** Who was hired again afterwards holds what they do by right. @param startDate of the employment as it is now */
export const isBack = ({ event }: Pick<LeaverCase, 'event'>, startDate: CalendarDate): boolean =>
  startDate > lastDayOf(event);

/**
 * What a person's leavings mean for a request for access: `barred` while one stands whose time zero has come; `given_back` where one
 * had stopped their sign-in and is taken back, or they came back after it: what was frozen may be used again. "Given back by
 * an approved request": nobody who leaves gets anything.
 *
 * @param startDate of the employment as it is now
 */
export function accessAfter(
  leavings: readonly LeaverCase[],
  startDate: CalendarDate,
  now: string,
): 'free' | 'barred' | 'given_back' {
  const touched = leavings.filter(({ frozenAt, timeZero }) => frozenAt !== null || timeZero <= now);
  const standsNoMore = (one: LeaverCase): boolean =>
    one.phase === 'rescinded' || one.phase === 'restored' || isBack(one, startDate);
  if (!touched.every(standsNoMore)) return 'barred';
  return touched.some(({ frozenAt, phase }) => frozenAt !== null && phase !== 'restored')
    ? 'given_back'
    : 'free';
}
