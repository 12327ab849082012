import type { Occasion } from './opportunities';
import { rollbackId } from './run';
import type { Review } from './review';

/** The owner that was approved for an account and that it hasn't got yet. */
export interface ApprovedOwner {
  readonly ownerId: string;
  /** The day from which it holds. */
  readonly day: string;
  readonly occasion: Occasion;
  /** Owners who were asked for since, and weren't approved: one of them may stand in the input field still. */
  readonly turnedDown: readonly string[];
}

/** A transfer of an account that was made. */
export interface DoneTransfer {
  readonly run: string;
  readonly accountId: string;
}

/**
 * What binds a transfer: the last change of owner that was approved. No later request takes it away but another one that is approved;
 * it is used up once a night on its day or later transferred the account, unless that was put back.
 *
 * @param reviews all of the account, by number
 * @param done transfers of the account that were made
 */
export function approvedOwner(
  reviews: readonly Review[],
  done: readonly DoneTransfer[],
): ApprovedOwner | null {
  const last = reviews.findLast(({ kind, phase }) => kind === 'owner-change' && phase === 'approved');
  const ownerId = last?.form.ownerId ?? null;
  const day = last?.outcome?.effectiveDate ?? null;
  if (!last || ownerId === null || day === null) return null;
  const runs = done.map(({ run }) => run);
  const stands = runs.filter((run) => !run.endsWith(rollbackId('')) && !runs.includes(rollbackId(run)));
  if (stands.some((run) => run.slice(0, 10) >= day)) return null;
  const turnedDown = reviews.flatMap(({ n, phase, form }) =>
    n > last.n && TURNED_DOWN.has(phase) && form.ownerId !== null ? [form.ownerId] : [],
  );
  return { ownerId, day, occasion: last.outcome?.occasion ?? 'immediate', turnedDown };
}

const TURNED_DOWN: ReadonlySet<Review['phase']> = new Set(['rejected', 'refused', 'withdrawn']);
