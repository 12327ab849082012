import type { CloseDateKind } from '../../domain/close/calendar';
import { instantAt } from '../../handbook/business-time';
import type { ClosePlan } from '../../handbook/close-time';
import { textAt, type Accounts } from '../accounts';
import type { Surroundings } from '../surroundings';
import type { Telling } from '../telling';
import type { CloseDesk } from './desk';
import type { Month, PlantedFault } from './month';
import type { PlantedVariance } from './settle';

/** How much is played. */
export interface CloseSize {
  /** Deals of the month. */
  readonly deals: number;
  /** Days from one look to the next, until the cut-off. */
  readonly everyDays: number;
}

/** What a play of a close works with. */
export interface Play {
  readonly around: Surroundings;
  readonly plan: ClosePlan;
  readonly month: Month;
  readonly desk: CloseDesk;
  readonly telling: Telling;
  readonly accounts: Accounts;
  planted: readonly PlantedFault[];
  /** What billing's export was made to say otherwise; none before it was made. */
  variances: readonly PlantedVariance[];
  readonly size: CloseSize;
}

/** The instant of a date of the close. */
export const at = (plan: ClosePlan, kind: CloseDateKind): string =>
  plan.dates.find((date) => date.kind === kind)?.at ?? '';
/** Its day where closes are counted. */
export const dayOf = (plan: ClosePlan, kind: CloseDateKind): string =>
  plan.dates.find((date) => date.kind === kind)?.date ?? '';
/** The clock goes to the morning of a day; the process looks at what the night brought. */
export async function morning(play: Play, day: string): Promise<void> {
  const { plan, month, desk } = play;
  const { zone } = plan.policy.close;
  const now = instantAt(day, '08:00', zone);
  desk.today = day;
  await month.forwardTo(now);
  await looked(play, now);
}

export async function looked({ desk }: Play, now: string): Promise<void> {
  await desk.hint();
  await desk.until(
    `the look of ${now}`,
    ({ phase, lookedAt }) => phase === 'ended' || Date.parse(lookedAt ?? '') >= Date.parse(now),
  );
}

/** A deal that was won in the month and has nothing planted in it, always the same. */
export async function editedDeal({
  accounts,
  plan,
  planted,
  variances,
}: Play): Promise<{ readonly id: string; readonly stage: string }> {
  const rows = await accounts.rows(
    `SELECT Id, StageName FROM Opportunity WHERE IsWon = true AND CloseDate >= ${plan.period.firstDay} AND CloseDate <= ${plan.period.lastDay} ORDER BY Id DESC LIMIT 200`,
  );
  const spoilt = new Set([
    ...planted.map(({ record }) => record),
    ...variances.map(({ opportunity }) => opportunity),
  ]);
  const row = rows.find((one) => !spoilt.has(textAt(one, 'Id')));
  if (!row) throw new Error('nothing was won in the month');
  return { id: textAt(row, 'Id'), stage: textAt(row, 'StageName') };
}
