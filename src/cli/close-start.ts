import { localTime } from '../handbook/business-time';
import { planClose } from '../handbook/close-time';
import { readHandbook } from '../handbook';
import { periodNamed } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';

export interface StartOptions extends Spoken {
  readonly by: string;
}

/** `daytwo close start <period> --by <username>`: by hand what the schedule does; a close that runs goes on. */
export function closeStart(asked: string, { by, json }: StartOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ settings, engine }) => {
    const handbook = readHandbook(settings.configDir);
    const period = periodNamed(asked);
    const plan = planClose(handbook, period);
    const { runBy, zone } = plan.policy.close;
    if (!runBy.includes(by))
      throw new Refused(
        `A close is begun by hand by ${runBy.join(', ') || 'nobody: policy names none'} (close.run_by of the policy), not by ${by}.`,
      );
    if (plan.period.firstDay > localTime(around.now().toISOString(), zone).date)
      throw new Refused(
        `${period} has not begun: its close opens on ${plan.dates.find(({ kind }) => kind === 'opens')?.date ?? 'no day'}.`,
      );
    await engine.startClose({ period, by });
    if (json) around.out(jsonLine({ period, process: `close/${period}` }));
    else around.out(`The close of ${period} is open: daytwo show close/${period}.`);
    return 0;
  });
}
