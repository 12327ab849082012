/**
 * What became of one person's access to one system. Outcomes are values that workflows branch on; faults are exceptions.
 */
export type Outcome =
  | { readonly kind: 'granted'; readonly verified: boolean; readonly detail?: string }
  | { readonly kind: 'already'; readonly verified: boolean; readonly detail?: string }
  /** The pool of this licence is empty: asked again at the policy's interval. */
  | { readonly kind: 'waiting_for_seat'; readonly licence: string }
  /** The system does not answer, or asked to be left alone for a while: asked again later. `code` is its word for why. */
  | {
      readonly kind: 'waiting_for_system';
      readonly system: string;
      readonly code: string;
      readonly retryAfterSeconds?: number;
    }
  /** No retry mends it: a person is told what happened and what to do. */
  | { readonly kind: 'needs_person'; readonly problem: string; readonly mend: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'revoked'; readonly verified: boolean }
  | { readonly kind: 'not_applicable'; readonly reason: string };

/** How one task stands for the people of a request that names many; the rest are still to be done. */
export interface Counts {
  readonly of: number;
  readonly done: number;
  /** Of those done: what was there (or gone) before. */
  readonly already: number;
  /** They wait for a seat, or for the system. */
  readonly waiting: number;
  /** Somebody must look: each is named on the issue. */
  readonly exceptions: number;
}
