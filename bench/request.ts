import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { dataConverter } from '../src/codec/data-converter';
import { readKeyRing } from '../src/codec/keys';
import type { HiredEvent } from '../src/domain/hr-event';
import { requestId } from '../src/temporal/client';
import { accountExecutive, Desk } from '../test/support/desk';
import { System } from '../test/support/system';
import { countActions, inWords, PEOPLES, totalOf } from './actions';
import { emptyMs, median } from './empty';
import type { Figure } from './index';

/** DESIGN's goal for one baseline request, besides people's own signals. */
const GOAL_ACTIONS = 15;
const HIRES = 10;
/** What people do in `playOnce`. */
const PEOPLES_ACTS = 3;

/**
 * One baseline request after another on the whole product: server actions from the HR event to Completed, the time from
 * event to issue and from the last tick to Completed, each beside the time of as many empty activities in the same run.
 */
export async function benchRequest(scale: number): Promise<{ temporal: string; figures: readonly Figure[] }> {
  Runtime.install({ logger: quiet });
  const system = await new System().start();
  try {
    const { temporal } = system.sandbox;
    const connection = await Connection.connect({ address: temporal?.address ?? '' });
    const client = new Client({
      connection,
      dataConverter: dataConverter(readKeyRing(system.variables['DAYTWO_ENCRYPTION_KEYS'] ?? '')),
    });
    const version = (await connection.workflowService.getSystemInfo({})).serverVersion ?? 'unknown';
    const desk = new Desk(system);
    await playOnce({ system, desk, client }, 'warm');
    const runs = [];
    for (let at = 0; at < Math.max(1, Math.round(HIRES * scale)); at++)
      runs.push(await playOnce({ system, desk, client }, `bench${at}`));
    const ahead = await playOnce({ system, desk, client }, 'ahead', { start_date: nextMonth() });
    const counted = await Promise.all(
      [ahead, ...runs].map((run) =>
        countActions(client, [
          `onboarding/${run.employeeId}`,
          requestId(system.sandbox.gitlab.accessRequestsProject, run.iid),
        ]),
      ),
    );
    const [countedAhead = {}, ...countedLate] = counted;
    // The event that brings day two forward is ours, not the process's: who is announced ahead waits for the timer.
    const { [`signal hrEvent`]: _ours, ...aheadActions } = countedAhead;
    const all = [aheadActions, ...countedLate];
    const totals = all.map(totalOf);
    const floorMs = await emptyMs(client, temporal?.address ?? '');
    await connection.close();
    const actions = Math.max(...totals);
    return {
      temporal: version,
      figures: [
        {
          figure: 'actions',
          value: actions,
          unit: 'server actions',
          goal: GOAL_ACTIONS,
          met: actions <= GOAL_ACTIONS,
          note: `of a hire who is announced ahead: ${inWords(aheadActions)}`,
        },
        {
          figure: 'actions_announced_late',
          value: Math.max(...countedLate.map(totalOf)),
          unit: 'server actions',
          goal: GOAL_ACTIONS,
          met: countedLate.every((one) => totalOf(one) <= GOAL_ACTIONS),
          note: `of a hire whose day two is over already: ${inWords(countedLate[0] ?? {})}`,
        },
        {
          figure: 'peoples_signals',
          value: Math.max(...all.map((one) => one[PEOPLES] ?? 0)),
          unit: 'signals',
          floor: PEOPLES_ACTS,
          note: 'hints of what people did; the floor is what they did: assigned, ticked, ticked',
        },
        {
          figure: 'event_to_issue',
          value: median(runs.map((run) => run.toIssueMs)),
          unit: 'ms',
          floor: floorMs,
          note: 'from the HR event sent to the issue seen; the floor is from the start of a workflow to its one empty activity',
        },
        {
          figure: 'last_tick_to_completed',
          value: median(runs.map((run) => run.toCompletedMs)),
          unit: 'ms',
          floor: floorMs,
          note: 'from the last tick to the label seen; the floor is the same',
        },
        { figure: 'runs', value: runs.length, unit: 'requests' },
      ],
    };
  } finally {
    await system.dispose();
  }
}

/** Somebody who starts later than today is announced, and then said to have started: their day two comes at once. */
async function playOnce(
  { system, desk, client }: { system: System; desk: Desk; client: Client },
  employeeId: string,
  later?: Pick<HiredEvent, 'start_date'>,
): Promise<{ employeeId: string; iid: number; toIssueMs: number; toCompletedMs: number }> {
  const hired = accountExecutive(employeeId);
  if (later) {
    await system.hr({ ...hired, ...later });
    await looked(async () => ((await timersOf(client, employeeId)) > 0 ? true : undefined));
  }
  const sent = performance.now();
  await system.hr(
    later
      ? {
          type: 'employee.changed',
          event_id: `moved-${employeeId}`,
          employee_id: employeeId,
          start_date: hired.start_date,
        }
      : hired,
  );
  const iid = await looked(async () => (await desk.requestsOf(employeeId))[0]?.iid);
  const toIssueMs = performance.now() - sent;
  await looked(async () =>
    (await desk.issue(iid)).description.includes('- [x] Chorus (sign-in group)') ? true : undefined,
  );
  await desk.assignSelf('sam-ops', iid);
  await looked(async () =>
    (await desk.issue(iid)).labels.includes('SalesOpsAR::In Progress') ? true : undefined,
  );
  await desk.tick('sam-ops', iid, 'Chorus (settings)');
  await looked(async () => ((await desk.issue(iid)).description.includes('attested by') ? true : undefined));
  const ticked = performance.now();
  await desk.tick('sam-ops', iid, 'Clari');
  await looked(async () =>
    (await desk.issue(iid)).labels.includes('SalesOpsAR::Completed') ? true : undefined,
  );
  const toCompletedMs = performance.now() - ticked;
  // The label is there before Temporal has heard so; what is counted must all be in the history.
  const request = client.workflow.getHandle(requestId(system.sandbox.gitlab.accessRequestsProject, iid));
  await looked(async () =>
    (await request.query<{ phase: string }>('status')).phase === 'completed' ? true : undefined,
  );
  return { employeeId, iid, toIssueMs, toCompletedMs };
}

const timersOf = async (client: Client, employeeId: string): Promise<number> =>
  (await countActions(client, [`onboarding/${employeeId}`]))['timer'] ?? 0;

/** Looks every few milliseconds, so that the figure is the product's and not the looking's. */
async function looked<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('waited a minute in vain');
}

const quiet = new DefaultLogger('ERROR');

const nextMonth = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
