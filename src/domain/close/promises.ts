import { codeSpan, markdown } from '../escape';
import { DOCUMENT_KINDS, isSubmitted, paper, type Booking } from './booking';
import type { Close } from './check';
import { poExceptionOf } from './po-exception';

/** A booking on a promised purchase order. */
export interface Promised {
  readonly record: string;
  readonly stage: string;
  readonly ownerId: string | null;
  readonly amountCents: number | null;
  /** `kept`: the purchase order, or a waiver, is there. `refused`: a condition of the exception doesn't hold. */
  readonly state: 'running' | 'warned' | 'over' | 'kept' | 'refused';
  readonly problem: string | null;
  /** The last day on which it is in time, and the day on which the booking is taken back; null where it is refused. */
  readonly lastDay: string | null;
  readonly backOn: string | null;
}

/** Those of the period that stand on a promise, by their day. */
export const promisesOf = (bookings: readonly Booking[], close: Close): readonly Promised[] =>
  bookings
    .filter(isSubmitted)
    .flatMap((booking): readonly Promised[] => {
      const state = poExceptionOf(booking, close);
      if (state.kind === 'none') return [];
      const isKept =
        paper(booking, DOCUMENT_KINDS.purchaseOrder) !== null ||
        paper(booking, DOCUMENT_KINDS.poWaiver) !== null;
      return [
        {
          record: booking.id,
          stage: booking.stage ?? '',
          ownerId: booking.ownerId,
          amountCents: booking.amount,
          state: isKept ? 'kept' : state.kind,
          problem: state.kind === 'refused' ? state.problem : null,
          lastDay: state.kind === 'refused' ? null : state.clock.lastDay,
          backOn: state.kind === 'refused' ? null : state.clock.decommissionOn,
        },
      ];
    })
    .sort((a, b) => (a.backOn ?? '').localeCompare(b.backOn ?? '') || a.record.localeCompare(b.record));

const MOST_NAMED = 20;

/** What the issue of the period says of them: those that run, with their day. */
export function promiseLines(promises: readonly Promised[]): readonly string[] {
  const open = promises.filter(({ state }) => state !== 'kept');
  if (open.length === 0) return [];
  return [
    `- ${open.length} bookings stand on a promised purchase order:`,
    ...open
      .slice(0, MOST_NAMED)
      .map(({ record, state, problem, lastDay, backOn }) =>
        state === 'refused'
          ? `  - ${codeSpan(record)}: the exception does not hold: ${markdown(problem ?? '')}`
          : state === 'over'
            ? `  - ${codeSpan(record)}: **did not come by ${lastDay ?? ''}**: it is taken back`
            : `  - ${codeSpan(record)}: by ${lastDay ?? ''}, else it is taken back on ${backOn ?? ''}`,
      ),
    ...(open.length > MOST_NAMED ? [`  - … and ${open.length - MOST_NAMED} more`] : []),
  ];
}
