import type { Entitlement, SystemKey } from './handbook';

/** What people file: for one person, for many, or a change of what somebody has. */
export type FormKind = 'single' | 'bulk' | 'change';

/** A request as its text says, before anybody is looked up. Lines count from 1 in the text that was read. */
export interface FormReading {
  readonly kind: FormKind;
  readonly people: readonly FormPerson[];
  readonly access: readonly FormAccess[];
  /** Until when, a calendar date (that day included); null: for good. */
  readonly until: string | null;
  readonly justification: string | null;
  /** Path of an attached CSV (`/uploads/<32 hex>/<file>.csv`) with the people, to be fetched and read with `readPeopleTable`. */
  readonly attachment: string | null;
  /** What can't be understood: the request waits until it is mended. */
  readonly problems: readonly FormProblem[];
}

export interface FormPerson {
  readonly line: number;
  readonly name: string | null;
  /** As written, trimmed; compared in lower case. */
  readonly email: string;
  /** The manager's e-mail address, where it is given. */
  readonly managerEmail: string | null;
}

/** One system on the form: what is asked for there. */
export interface FormAccess {
  readonly line: number;
  readonly system: SystemKey;
  /** `grant`: access as named; `change`: what is there becomes as named, up or down; `remove`: none is left. */
  readonly verb: AccessVerb;
  readonly entitlement: Entitlement;
  /** "Same as a colleague": no role is named; it is answered with what peers have, to choose from. */
  readonly sameAs: string | null;
  /** Named on the line, where it isn't production that is meant. */
  readonly environment: string | null;
}

export type AccessVerb = 'grant' | 'change' | 'remove';

export interface FormProblem {
  /** Null where it isn't about one line. */
  readonly line: number | null;
  /** The line as it stands (cut to a sensible length), unescaped; empty where there is none. */
  readonly quoted: string;
  /** What is expected there, in plain words. */
  readonly expected: string;
}
