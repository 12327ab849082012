import { addDays } from '../../domain/dates';
import { daytwo } from '../command';
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
  const text = await daytwo(around, 'close', 'findings', plan.period.key, '--json', ...more);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FoundRow);
}

/** The salespeople mend what is found; gives how many deals. */
export async function mendFound(play: Play): Promise<number> {
  const found = await findingsOf(play);
  return (await play.month.mend([...new Set(found.map(({ record }) => record))])).length;
}

/** What is left is mended, or accepted with a reason by whom policy names. */
export async function settledFindings(play: Play): Promise<void> {
  const { plan, desk, around } = play;
  const mended = await mendFound(play);
  const day = addDays(plan.period.lastDay, 2);
  await morning(play, day);
  if (mended > 0) desk.tell('sales', `mend ${mended} deals`);
  const holding = (await findingsOf(play)).filter(({ later }) => later !== true);
  const checks = [...new Set(holding.map(({ check }) => check))];
  const [who = ''] = plan.policy.close.booking.acceptedBy;
  for (const check of checks) {
    const reason = 'looked at with Finance: booked as it is';
    await daytwo(
      around,
      'approve',
      plan.period.key,
      '--task',
      `finding/${check}`,
      '--reason',
      reason,
      '--by',
      who,
    );
    desk.tell(who, `accepts what ${check} found, with a reason`);
  }
  await desk.until('no finding to be open', ({ findings }) => findings === 0);
}

