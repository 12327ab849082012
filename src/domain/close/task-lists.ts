import { codeSpan, markdown } from '../escape';
import { isOpen, lastSubmission, STAGE, type Booking } from './booking';
import { dollars } from './cents';
import { concernOf } from './concern';
import { isWithin, quarterStart, type Month, type Period } from './period';

/** Lists of deals that people work through, shown on the issue of the task that asks for it (`shows` in `close.yml`). */
export const TASK_LISTS = ['large_deals', 'review_queue'] as const;
export type TaskListKind = (typeof TASK_LISTS)[number];

/** Which deals are reviewed before they close, of one version of the policy. */
export interface LargeDealsPolicy {
  readonly fromNetArrCents: number;
  readonly stages: readonly string[];
}

export interface ListedDeal {
  readonly record: string;
  readonly stage: string;
  readonly closeDate: string | null;
  readonly netArrCents: number | null;
  readonly route: string | null;
  readonly quoteKind: string | null;
  /** Whether the customer needs a purchase order; null: nobody has said. */
  readonly needsOrder: boolean | null;
  readonly ownerId: string | null;
  readonly startsOn: string | null;
  readonly submittedAt: string | null;
}

/** What a list held at the last look. */
export interface TaskList {
  readonly count: number;
  readonly netArrCents: number;
  /** As many as an issue shows. */
  readonly first: readonly ListedDeal[];
}

/** An issue shows so many; the command has all. */
const SHOWN = 50;

/** "Proactive review: opportunities of $100k net ARR and more, stage 4-5, closing this quarter", the largest first. */
export const largeDeals = (
  bookings: readonly Booking[],
  period: Month,
  { fromNetArrCents, stages }: LargeDealsPolicy,
): readonly Booking[] => {
  const quarter = { firstDay: quarterStart(period), lastDay: period.quarterEnd };
  return bookings
    .filter(
      (booking) =>
        isOpen(booking) &&
        stages.includes(booking.stage ?? '') &&
        (booking.netArr ?? 0) >= fromNetArrCents &&
        booking.closeDate !== null &&
        isWithin(quarter, booking.closeDate),
    )
    .sort((a, b) => (b.netArr ?? 0) - (a.netArr ?? 0) || compare(a.id, b.id));
};

/** What of the period waits for review, in the order in which it is reviewed: "start date, then revenue, then order of submission". */
export const reviewQueue = (bookings: readonly Booking[], period: Period): readonly Booking[] =>
  bookings
    .filter((booking) => booking.stage === STAGE.closing && concernOf(booking, period) !== 'of_next')
    .sort(byPriority);

/** What has no start or submission comes last: somebody must look at it anyway. */
function byPriority(a: Booking, b: Booking): number {
  return (
    compare(a.quote?.startDate ?? '9', b.quote?.startDate ?? '9') ||
    (b.netArr ?? 0) - (a.netArr ?? 0) ||
    compare(lastSubmission(a)?.at ?? '9', lastSubmission(b)?.at ?? '9')
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const listed = (booking: Booking): ListedDeal => ({
  record: booking.id,
  stage: booking.stage ?? '',
  closeDate: booking.closeDate,
  netArrCents: booking.netArr,
  route: booking.route,
  quoteKind: booking.quote?.kind ?? null,
  needsOrder: booking.account?.poRequired ?? null,
  ownerId: booking.ownerId,
  startsOn: booking.quote?.startDate ?? null,
  submittedAt: lastSubmission(booking)?.at ?? null,
});

export const taskListOf = (deals: readonly ListedDeal[]): TaskList => ({
  count: deals.length,
  netArrCents: deals.reduce((sum, { netArrCents }) => sum + (netArrCents ?? 0), 0),
  first: deals.slice(0, SHOWN),
});

/** A deal column by column, as text: for the issue, the terminal and a sheet. */
export const LIST_COLUMNS = [
  'record',
  'net_arr',
  'stage',
  'closes',
  'starts',
  'submitted',
  'route',
  'quote',
  'purchase_order',
  'owner',
] as const;

export const cellsOf = (deal: ListedDeal, amount: (cents: number) => string): readonly string[] => [
  deal.record,
  deal.netArrCents === null ? '' : amount(deal.netArrCents),
  deal.stage,
  deal.closeDate ?? '',
  deal.startsOn ?? '',
  deal.submittedAt ?? '',
  deal.route ?? '',
  deal.quoteKind ?? '',
  deal.needsOrder === null ? 'unknown' : deal.needsOrder ? 'needed' : 'not needed',
  deal.ownerId ?? '',
];

/** What the issue of a task says of its list; all text of it comes from outside. */
export function listBlock({ count, netArrCents, first }: TaskList, task: string, period: string): string {
  if (count === 0) return '## Deals\n\nNone at the last look.';
  const rows = first.map((deal) => {
    const [record = '', ...rest] = cellsOf(deal, dollars);
    return `| ${[codeSpan(record), ...rest.map(markdown)].join(' | ')} |`;
  });
  const more =
    count > first.length
      ? `\n\n… and ${count - first.length} more: ${codeSpan(`daytwo close findings ${period} --list ${task} --csv`)}.`
      : '';
  return [
    `## Deals\n\n${count} at the last look, ${dollars(netArrCents)} net ARR.`,
    [
      `| ${LIST_COLUMNS.map((name) => name.replaceAll('_', ' ')).join(' | ')} |`,
      `| ${LIST_COLUMNS.map(() => '---').join(' | ')} |`,
      ...rows,
    ].join('\n') + more,
  ].join('\n\n');
}
