import { lastSubmission, STAGE, type Booking } from './booking';

/** What waits for review, in the order in which it is reviewed: "start date, then revenue, then order of submission". */
export function inQueueOrder(bookings: readonly Booking[]): readonly Booking[] {
  return bookings.filter(({ stage }) => stage === STAGE.closing).sort(byPriority);
}

/** What has no start or submission comes last: somebody must look at it anyway. */
function byPriority(a: Booking, b: Booking): number {
  return (
    compare(a.quote?.startDate ?? '9', b.quote?.startDate ?? '9') ||
    (b.netArr ?? 0) - (a.netArr ?? 0) ||
    compare(lastSubmission(a)?.at ?? '9', lastSubmission(b)?.at ?? '9')
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
