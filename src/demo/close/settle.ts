import { z } from 'zod';
import { addDays } from '../../domain/dates';
import { daytwo } from '../command';
import { asked } from './month';
import { morning, type Play } from './play';

/** A finding as the command tells it. */
export interface FoundRow {
  readonly record: string;
  readonly check: string;
  readonly state: string;
  readonly later?: true;
}

/** What the command shows somebody of the findings. */
export async function findingsOf({ around, plan }: Play, ...more: string[]): Promise<readonly FoundRow[]> {
  return rowsOf<FoundRow>(around, 'close', 'findings', plan.period.key, '--json', ...more);
}

/** The salespeople mend what is found; gives how many deals. */
export async function mendFound(play: Play): Promise<number> {
  const found = await findingsOf(play);
  return (await play.month.mend([...new Set(found.map(({ record }) => record))])).length;
}

/** What is left is mended, or accepted with a reason by whom policy names. */
export async function settledFindings(play: Play): Promise<void> {
  const { plan, desk } = play;
  const mended = await mendFound(play);
  const day = addDays(plan.period.lastDay, 3);
  await morning(play, day);
  if (mended > 0) desk.tell('sales', `mend ${mended} deals`);
  const holding = (await findingsOf(play)).filter(({ later }) => later !== true);
  const checks = [...new Set(holding.map(({ check }) => check))];
  const [who = ''] = plan.policy.close.booking.acceptedBy;
  for (const check of checks) {
    const reason = 'looked at with Finance: booked as it is';
    await approves(play, who, `finding/${check}`, reason);
    desk.tell(who, `accepts what ${check} found, with a reason`);
  }
  await desk.until('no finding to be open', ({ findings }) => findings === 0);
}

const plantedAnswer = z.object({
  planted: z.array(z.object({ kind: z.string(), opportunity: z.string(), product: z.string() })),
});
/** What was planted between CRM and billing. */
export type PlantedVariance = z.infer<typeof plantedAnswer>['planted'][number];

/** A difference with billing as the command tells it. */
export interface VarianceRow extends PlantedVariance {
  readonly id: string;
  readonly state: string;
}

export const variancesOf = ({ around, plan }: Play): Promise<readonly VarianceRow[]> =>
  rowsOf<VarianceRow>(around, 'close', 'reconcile', plan.period.key, '--all', '--json');

/** Billing exports the month, and differs here and there; whom policy names explains each difference. */
export async function reconciled(play: Play): Promise<void> {
  const { plan, desk, around, size } = play;
  const { planted } = plantedAnswer.parse(
    await asked(`${around.sandbox.salesforce.loginUrl}/__sandbox/billing`, 'POST', {
      period: plan.period.key,
      oneIn: Math.max(2, Math.round(size.deals / 6)),
    }),
  );
  play.variances = planted;
  desk.tell(
    'billing',
    `exports the month; ${planted.length} rows of it differ from Salesforce, and are written down`,
  );
  await morning(play, addDays(plan.period.lastDay, 2));
  const open = (await variancesOf(play)).filter(({ state }) => state === 'open');
  desk.tell(
    'daytwo',
    `reconciles: ${open.length} variances, ${[...new Set(open.map(({ kind }) => kind))].join(', ')}`,
  );
  const { reasonCodes, explainedBy } = plan.policy.close.reconcile;
  const [code = '', who = ''] = [reasonCodes[0], explainedBy[0]];
  for (const { id } of open) {
    const reason = `${code}: billing books it in the next run`;
    await approves(play, who, `variance/${id}`, reason);
  }
  desk.tell(who, `explains each with its reason: ${code}`);
}

/** Somebody accepts it by the command, with a reason. */
async function approves({ around, plan }: Play, who: string, task: string, reason: string): Promise<void> {
  await daytwo(around, 'approve', plan.period.key, '--task', task, '--reason', reason, '--by', who);
}

/** What the command gives as one document a line. */
async function rowsOf<T>(around: Play['around'], ...args: readonly string[]): Promise<readonly T[]> {
  const text = await daytwo(around, ...args);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
