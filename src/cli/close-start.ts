import { policyOn } from '../domain/day-two';
import { planClose } from '../handbook/close-time';
import { readHandbook } from '../handbook';
import { periodAsked } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';

export interface StartOptions extends Spoken {
  readonly by: string;
}

/** `daytwo close start <period> --by <username>`: by hand what the schedule does; a close that runs goes on. */
export function closeStart(asked: string, { by, json }: StartOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ settings, engine }) => {
    const handbook = readHandbook(settings.configDir);
    const now = around.now().toISOString();
    const { zone } = policyOn(handbook, now.slice(0, 10)).close;
    const period = periodAsked(asked, around, zone);
    const plan = planClose(handbook, period);
    const { runBy } = plan.policy.close;
    if (!runBy.includes(by))
      throw new Refused(
        `A close is begun by hand by ${runBy.join(', ') || 'nobody: policy names none'} (close.run_by of the policy), not by ${by}.`,
      );
    if (plan.period.firstDay > now.slice(0, 10))
      throw new Refused(
        `${period} has not begun: its close opens on ${plan.dates.find(({ kind }) => kind === 'opens')?.date ?? 'no day'}.`,
      );
    await engine.startClose({ period, by });
    if (json) around.out(jsonLine({ period, process: `close/${period}` }));
    else around.out(`The close of ${period} is open: daytwo show close/${period}.`);
    return 0;
  });
}
