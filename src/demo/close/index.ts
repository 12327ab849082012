import { join } from 'node:path';
import { periodName } from '../../domain/close/calendar';
import { addDays } from '../../domain/dates';
import { planClose, type ClosePlan } from '../../handbook/close-time';
import { CLOSES, closeId, type Workflows } from '../../temporal/client';
import type { DemoOptions, DemoOutcome } from '../../up/demo';
import { Accounts } from '../accounts';
import { daytwo } from '../command';
import { playing } from '../playing';
import { workflowUrl } from '../stories';
import type { Surroundings } from '../surroundings';
import { untilItsEnd } from './afterwards';
import { CloseDesk } from './desk';
import { Month } from './month';
import { at, dayOf, morning, type CloseSize, type Play } from './play';
import { mendFound, reconciled, settledFindings } from './settle';
import { lit, sign, signed, strangerTried } from './sign';
import { verifyClose } from './verify';

const WHOLE: CloseSize = { deals: 2_000, everyDays: 1 };
/** For a look that takes longer than a step of the main job: the whole period is read and judged. */
const PATIENCE_MS = 120_000;

/**
 * Plays the next close of a month on the sandbox's clock, from its opening by the schedule to the proved lock and the end of its
 * dates: deals come in, checks find what was planted, people mend, sign and give the green light through GitLab's API.
 */
export function playClose(options: DemoOptions, size: CloseSize = WHOLE): Promise<DemoOutcome> {
  return playing(options, 'a close', PATIENCE_MS, async (stage) => {
    const { around, workflows, telling } = stage;
    const month = new Month(around.sandbox);
    const plan = await nextPlan(around, month);
    const { key } = plan.period;
    telling.headline(
      `The close of ${periodName(plan.period)}, on the sandbox's clock. Days are those of ${plan.policy.close.zone}.`,
    );
    const desk = new CloseDesk(stage, key, plan.policy.close.runBy[0] ?? 'amber');
    const filled = await month.fill(plan, size.deals, seedOf(key));
    const play: Play = {
      around,
      plan,
      month,
      desk,
      telling,
      accounts: new Accounts(around.sandbox),
      planted: filled.planted,
      variances: [],
      size,
    };
    await opened(play, workflows, filled.bookings);
    await untilCutOff(play);
    await strangerTried(play);
    await reconciled(play);
    await settledFindings(play);
    await signed(play);
    await lit(play);
    await untilItsEnd(play);
    const verified = await verifyClose(play, workflows);
    const report = join(options.stateDir, `close-${key}.html`);
    await daytwo(around, 'close', 'report', key, '--out', report);
    stage.verified(verified);
    telling.headline(`The report of the period: ${report}`);
    const ui = workflowUrl(around, await runOf(workflows, key));
    if (!options.exit)
      telling.next([
        ["The period's issue", (await desk.issue()).webUrl],
        ...(ui === undefined ? [] : [['The process in the Temporal UI', ui] as const]),
        ['Where it stands', `npx daytwo show ${key}`],
        ['What the checks found', `npx daytwo close findings ${key} --all`],
        ['The next month', 'npm start -- --play close'],
      ]);
    return verified.checks;
  });
}

/** The first month whose close opens after what the sandbox's clock shows. */
async function nextPlan(around: Surroundings, month: Month): Promise<ClosePlan> {
  const now = await month.now();
  for (let key = now.slice(0, 7); ; key = addDays(`${key}-01`, 31).slice(0, 7)) {
    const plan = planClose(around.handbook, key);
    if (at(plan, 'opens') > now) return plan;
  }
}

/** Others for another month. */
const seedOf = (key: string): number => Number(key.slice(0, 4)) * 12 + Number(key.slice(5));

async function runOf(workflows: Workflows, key: string): Promise<{ id: string; runId: string }> {
  const id = closeId(key);
  return { id, runId: (await workflows.client.workflow.getHandle(id).describe()).runId };
}

async function opened(play: Play, workflows: Workflows, bookings: number): Promise<void> {
  const { plan, month, desk } = play;
  desk.today = dayOf(plan, 'opens');
  const arrived = await month.forwardTo(new Date(Date.parse(at(plan, 'opens')) + 60_000).toISOString());
  desk.tell(
    'sandbox',
    `has ${arrived} of ${bookings} deals of the month; ${play.planted.length} of them with a fault that is written down`,
  );
  await workflows.client.schedule.getHandle(CLOSES).trigger();
  const issue = await desk.issue();
  await desk.until('the close to be open', ({ phase, records }) => phase === 'open' && records !== null);
  desk.tell('daytwo', `the schedule begins close/${plan.period.key}: issue #${issue.iid}`, issue.webUrl);
}

/** Day by day deals come in, the checks judge them at night, and the salespeople mend what was found the day before. */
async function untilCutOff(play: Play): Promise<void> {
  const { plan, desk } = play;
  const last = plan.period.lastDay;
  const large = plan.tasks.find(({ task }) => task.due.from === 'opens');
  for (let day = addDays(dayOf(plan, 'opens'), 1); day <= last; day = addDays(day, play.size.everyDays)) {
    const mended = await mendFound(play);
    await morning(play, day);
    const { records, findings } = (await desk.status()) ?? {};
    desk.tell(
      'daytwo',
      `looked at night: ${records ?? 0} closed deals, ${findings ?? 0} findings open${mended > 0 ? `, ${mended} deals were mended` : ''}`,
    );
  }
  if (large) await sign(play, large.task);
  await morning(play, addDays(last, 1));
  const { records, findings } = await desk.until('the cut-off', ({ phase }) => phase === 'closing');
  desk.tell('daytwo', `the cut-off is over: ${records ?? 0} closed deals, ${findings ?? 0} findings open`);
}
