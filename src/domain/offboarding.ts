import type { IssueRef } from './access-request';
import type { LeavingKind, LeavingPhase } from './leaving';

/** A leaving as it was worked out from HR's newest word. The instants are ISO 8601. */
export interface PlannedLeaving {
  readonly kind: 'planned';
  readonly leaving: string;
  readonly why: LeavingKind;
  /** Where it stands: one that a lost cluster forgot goes on from there. */
  readonly phase: LeavingPhase;
  readonly timeZero: string;
  /** When rights over others' access go before; null: with the rest. */
  readonly adminAt: string | null;
  readonly lookBackAt: string;
}

/** What came of HR's word that somebody leaves. */
export type LeavingStep =
  /** Nothing was tried yet. */
  | { readonly kind: 'new' }
  | PlannedLeaving
  /** It can't be right: nothing is touched until HR corrects it. */
  | { readonly kind: 'question'; readonly problems: readonly string[]; readonly ref: IssueRef }
  /** There is nothing to do: the person left already, or nothing was announced. */
  | { readonly kind: 'noted' };

/** An id of a system or step, and by when it is to be settled. */
export interface FirstDue {
  readonly what: string;
  readonly at: string;
}

/** What a visit found: how much is open, and when to look again without anybody's hint. */
export interface LeaverVisit {
  readonly open: number;
  /** Null: nothing is due by itself. */
  readonly nextAt: string | null;
  /** Why each message wasn't taken; null where it was. */
  readonly answers: Readonly<Record<string, string | null>>;
  /** Of what is open, what is due first. Absent in histories from before it was told. */
  readonly firstDue?: FirstDue | null;
  /** The issue on which people settle it; null where there is none. */
  readonly url?: string | null;
  /** The call with somebody who is dismissed has begun. */
  readonly callStarted: boolean;
  /** For the Temporal UI: ids of systems and steps, no names. */
  readonly standing: readonly string[];
}

/** The one view of a leaving that the command and the Temporal UI show. */
export interface OffboardingStatus {
  readonly kind: 'offboarding';
  readonly employeeId: string;
  readonly leaving: string | null;
  readonly phase: LeavingPhase | LeavingStep['kind'];
  readonly timeZero: string | null;
  /** When it began. */
  readonly since: string;
  readonly open: number;
  readonly standing: readonly string[];
  readonly firstDue: FirstDue | null;
  readonly url: string | null;
  /** When it is looked at next by itself. */
  readonly nextAt: string | null;
}

const IN_WORDS: Readonly<Record<OffboardingStatus['phase'], string>> = {
  new: 'Works out when access ends.',
  question: '**Waits for** HR to correct what it sent.',
  noted: 'Ended: there is nothing to do.',
  planned: '**Waits for** time zero. Nothing was touched.',
  announced: '**Waits for** time zero. Nothing was touched.',
  frozen: 'Frozen. What they own is handed over, then access goes.',
  suspended: 'Suspended: frozen, nothing is handed over. **Waits for** HR to lift it, or for a leaving.',
  taken: '**Waits for** people: each system ends as revoked or not applicable, never by time.',
  watched: 'Everything is gone. Looked at once more later.',
  ended: 'Ended: everything is gone, and was looked at again.',
  rescinded: 'Ended: HR took the leaving back.',
  restored: 'Ended: the suspension was lifted, and what was held is there again.',
};

/** What an operator sees in the Temporal UI: never a name or an address. */
export function offboardingDetails(status: OffboardingStatus): string {
  const lines = [
    `## Employee ${status.employeeId.replace(/[^\w.-]/g, '_')} leaves`,
    IN_WORDS[status.phase],
    ...(status.timeZero ? [`Time zero: ${status.timeZero}.`] : []),
    ...(status.standing.length > 0 ? [status.standing.map((one) => `- ${one}`).join('\n')] : []),
    ...(status.nextAt ? [`Looked at again at ${status.nextAt}.`] : []),
  ];
  return lines.join('\n\n');
}
