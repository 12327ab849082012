import { idleUsers, inWords } from '../activities/reclaim';
import { connectors } from '../connectors';
import { policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import type { Handbook } from '../domain/handbook';
import { malformed } from '../domain/request-desk';
import { fiscalQuarter, whoDecidesReclaim } from '../domain/seat-reclaim';
import { openStore, sharedPace } from '../evidence';
import { readHandbook } from '../handbook';
import { readSettings } from '../settings';
import type { SeatUser } from '../systems/connector';
import type { Engine } from './engine';
import { withProcesses } from './open';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { plural } from './words';

export interface ReclaimOptions extends Spoken {
  readonly plan?: boolean;
  readonly start?: boolean;
  readonly by?: string;
}

/** `daytwo seats reclaim --plan`, and `--start --by <username>` */
export function seatsReclaim(options: ReclaimOptions, around: Surroundings): Promise<number> {
  if (Boolean(options.plan) === Boolean(options.start))
    throw new WrongUsage('Say either --plan, which changes nothing, or --start.');
  if (options.plan) return planReclaim(options, around);
  return withProcesses(around, ({ settings, engine }) =>
    startReclaim(engine, readHandbook(settings.configDir), options, around),
  );
}

async function planReclaim(options: ReclaimOptions, around: Surroundings): Promise<number> {
  const settings = readSettings(around.env, 'worker');
  const handbook = readHandbook(settings.configDir);
  const store = await openStore(settings);
  try {
    const connector = connectors(settings, around.env, (connection) =>
      sharedPace(store.rate, connection, () => handbook.rates[connection]),
    );
    const idle = await idleUsers({ handbook: () => handbook, connector }, around.now().toISOString());
    sayPlan(idle, handbook, options, around);
    return 0;
  } finally {
    await store.close();
  }
}

export function sayPlan(
  idle: readonly SeatUser[],
  handbook: Handbook,
  { json }: Spoken,
  around: Surroundings,
): void {
  const { idleDays, noticeDays, exceptProfiles } = reclaimPolicy(handbook, around);
  if (json) {
    for (const { id, employeeId, profile, lastSignInAt } of idle)
      around.out(jsonLine({ id, employeeId, profile, lastSignInAt }));
    return;
  }
  for (const user of idle) around.out(terminal(`${inWords(user)}, profile ${user.profile}`));
  around.out(
    `${plural(idle.length, 'user')} without a sign-in for ${idleDays} days would be listed and told${exceptProfiles.length > 0 ? `, besides profiles with ${exceptProfiles.join(', ')} in their name, which are left alone` : ''}. Seats would be taken back after ${noticeDays} days, once approved. Nothing was changed.`,
  );
}

export async function startReclaim(
  engine: Pick<Engine, 'list' | 'startReclaim'>,
  handbook: Handbook,
  options: ReclaimOptions,
  around: Surroundings,
): Promise<number> {
  const by = (options.by ?? '').replace(/^@/, '');
  if (by === '' || malformed({ by }) !== null)
    throw new WrongUsage('--by must be the GitLab user name of who starts it.');
  const policy = reclaimPolicy(handbook, around);
  const who = whoDecidesReclaim(policy, handbook.people);
  if (!who.includes(by))
    throw new Refused(`Policy lets others start a reclaim: ${who.join(', ')} (seats.reclaim.decided_by).`);
  const { found } = await engine.list({ kinds: ['licence-reclaim'] }, 1);
  const [running] = found;
  if (running)
    throw new Refused(
      `${running.workflowId} isn't over. Approve or reject it first: daytwo show ${running.workflowId}.`,
    );
  const quarter = fiscalQuarter(around.now().toISOString().slice(0, 10), policy);
  const workflowId = await engine.startReclaim({
    quarter,
    fiscalYearStartMonth: policy.fiscalYearStartMonth,
    by,
  });
  if (options.json) around.out(jsonLine({ process: workflowId, quarter, by }));
  else
    around.out(
      `${workflowId} began: it lists who has not signed in for ${policy.idleDays} days, and tells them. daytwo show ${workflowId} says how it stands.`,
    );
  return 0;
}

const reclaimPolicy = (handbook: Handbook, around: Surroundings) =>
  policyOn(handbook, around.now().toISOString().slice(0, 10)).seats.reclaim;
