import type { HrEvent } from '../domain/hr-event';

/**
 * What the server hands on to Temporal. Each call resolves once Temporal has acknowledged, and rejects if it hasn't: the sender
 * is then told to come again, so every call may come twice, and must start nothing twice.
 */
export interface Inbox {
  hrEvent(event: HrEvent): Promise<void>;
  /** A GitLab issue may have changed. `project` is the project as configured. */
  issueHint(hint: { readonly project: string; readonly iid: number }): Promise<void>;
  /** Opportunities, or what hangs on them, may have changed: the closes that run hear of it. */
  recordsChanged(ids: readonly string[]): Promise<void>;
  /** Accounts may have changed: their families are to be placed anew. Absent where nobody does that at once: the night does. */
  accountsChanged?(ids: readonly string[]): Promise<void>;
  reachable(): Promise<boolean>;
}
