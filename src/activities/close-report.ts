import type { CloseCase } from '../domain/close/close';
import { ofPeriod } from '../domain/close/findings';
import { figuresOf, type Figures, type PinnedPolicy } from '../domain/close/report/figures';
import { reportPage, type PeriodReport } from '../domain/close/report/page';
import type { StoryLine } from '../domain/close/report/story';
import { countedByEntity } from '../domain/close/variances';
import { localTime } from '../handbook/business-time';
import { keptClose, planOf } from './close-visit';
import type { World } from './world';

type Sources = Pick<World, 'store' | 'handbook'>;

export interface ReportOptions {
  readonly now: string;
}

/** Periods before it that a report compares with. */
const EARLIER = 2;

/** The report of a period as one HTML page, locked or not. @throws Error where no close of it was begun */
export async function closeReport(world: Sources, period: string, options: ReportOptions): Promise<string> {
  return reportPage(await gatherReport(world, period, options));
}

/** What a report tells. */
export async function gatherReport(
  world: Sources,
  period: string,
  { now }: ReportOptions,
): Promise<PeriodReport> {
  const { close } = await keptClose(world, period);
  const { policy } = planOf(world, close);
  const earlier = (await world.store.closes.all()).filter((one) => one.period < period).slice(0, EARLIER);
  const keys = new Set(close.tasks.map(({ key }) => key));
  const { findings, story, variances, figures } = await countsOf(world, close);
  const { checklist, people } = world.handbook();
  const { zone, greenLight } = policy.close;
  return {
    close,
    tasks: checklist
      .filter(({ key }) => keys.has(key))
      .map((task) => ({ ...task, team: people.teams[task.team]?.name ?? task.team })),
    greenLight,
    findings,
    days: await world.store.trend.days(period),
    story,
    changes: await world.store.changes.of(period),
    figures,
    earlier: await Promise.all(earlier.reverse().map(async (one) => (await countsOf(world, one)).figures)),
    variances: close.reconciled ? countedByEntity(variances) : null,
    // A sandbox's clock may be ahead: it is no earlier than what it tells.
    madeAt: close.look && close.look.at > now ? close.look.at : now,
    clock: (instant) => {
      const { date, time } = localTime(instant, zone);
      return `${date} ${time.slice(0, 5)}`;
    },
    zone,
  };
}

/** The same figures of several periods, locked or not. @throws Error where no close of one was begun */
export const compareCloses = (world: Sources, periods: readonly string[]): Promise<readonly Figures[]> =>
  Promise.all(
    periods.map(async (period) => (await countsOf(world, (await keptClose(world, period)).close)).figures),
  );

/** A period in numbers, and what was counted. */
async function countsOf(world: Sources, close: CloseCase) {
  const findings = ofPeriod(await world.store.closes.findings(close.period));
  const variances = await world.store.closes.variances(close.period);
  const story = await storyOf(world, close);
  const figures = figuresOf(close, findings, story, pinnedOf(world, close), variances);
  return { findings, variances, story, figures };
}

/** By the policy that the close keeps, whatever is in force by now. */
function pinnedOf(world: Sources, close: CloseCase): PinnedPolicy {
  const { booking, dates } = planOf(world, close).policy.close;
  return {
    version: close.policyVersion,
    bookingWindowDays: booking.windowDays,
    lockDay: dates.lockDay,
    lateRenewalDays: booking.lateRenewalDays,
  };
}

/** Its opening was written down before it had an issue, by which the rest is found. */
async function storyOf({ store }: Sources, close: CloseCase): Promise<readonly StoryLine[]> {
  const { issue, openedAt, openedBy, period } = close;
  const opened: StoryLine = {
    at: openedAt,
    kind: 'close.opened',
    who: openedBy,
    what: `opened the close of ${period}`,
    why: null,
    after: null,
  };
  if (!issue) return [opened];
  const rows = await store.story({ request: `${issue.project}#${issue.iid}` });
  const told = rows.map(({ at, kind, actor, detail }) => ({
    at,
    kind,
    who: actor,
    what: detail.what,
    why: detail.why ?? null,
    after: detail.after ?? null,
  }));
  return [opened, ...told];
}
