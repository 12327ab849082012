import { Context } from '@temporalio/activity';
import { Desk, plan } from '../domain/request';
import { AWAY, GRANTED, NO_SEAT, RequestWorld, STUCK } from '../workflows/request-world';
import { HireWorld, HrEvents, ref, waitsUntil } from '../workflows/hire-world';
import type { Stage } from '../workflows/stage';
import { filedPaths } from './filed-paths';
import { closePaths } from './close-paths';
import { territoryPaths } from './territory-paths';
import { leavingPaths, leavingThatContinues } from './leaving-paths';
import { reviewPaths } from './review-paths';
import { reclaimPaths } from './reclaim-paths';
import {
  DAY,
  filed,
  MINUTE,
  HireScene,
  MoveScene,
  RequestScene,
  smallPlan,
  startedDaysAgo,
  type Run,
} from './scene';

/** One way through a workflow: plays it on the stage, and says which run to keep. */
export type Path = (stage: Stage) => Promise<Run>;

const requests = ref(0).project;

/** Every path that is recorded, by the name of its file. */
export const paths: Readonly<Record<string, Path>> = {
  'onboarding.waits-for-day-two': async (stage) => {
    const hire = await HireScene.open(
      stage,
      'waits',
      async (hr) => hr.hired({ start_date: await hr.dayFrom(5) }),
      completes,
    );
    return hire.ended();
  },
  'onboarding.moved-twice-and-rescinded': async (stage) => {
    const hire = await HireScene.open(stage, 'moved', async (hr) =>
      hr.hired({ start_date: await hr.dayFrom(20) }),
    );
    await hire.says(hire.hr.changed({ start_date: await hire.hr.dayFrom(10) }, 'earlier'));
    await hire.says(hire.hr.changed({ start_date: await hire.hr.dayFrom(30) }, 'later'));
    await hire.says(hire.hr.rescinded());
    return hire.ended();
  },
  'onboarding.rescinded-before-its-hire': async (stage) => {
    const hire = await HireScene.open(stage, 'rescinded-first', (hr) => hr.rescinded());
    await hire.says(hire.hr.hired({}));
    return hire.ended();
  },
  'onboarding.changed-before-its-hire': async (stage) => {
    const hire = await HireScene.open(
      stage,
      'changed-first',
      (hr) => hr.changed({ title: 'Account Executive' }, 'early'),
      completes,
    );
    await hire.says(await startedDaysAgo(hire.hr));
    return hire.ended();
  },
  'onboarding.changed-without-a-hire': async (stage) => {
    const hire = await HireScene.open(stage, 'changed-only', (hr) =>
      hr.changed({ title: 'Account Executive' }, 'lonely'),
    );
    await hire.later(2 * DAY);
    await hire.signal('cancel', { by: 'amber', reason: 'no such person' });
    return hire.ended();
  },
  'onboarding.changed-when-known': async (stage) => {
    const known = (world: HireScene['world']) => (world.known = true);
    const hire = await HireScene.open(
      stage,
      'known',
      (hr) => hr.changed({ title: 'Account Executive' }, 'late'),
      known,
    );
    return hire.ended();
  },
  'onboarding.questioned-and-corrected': async (stage) => {
    const wrong = (world: HireScene['world']) => {
      completes(world);
      world.problems = ['region is not one of Americas, EMEA, JAPAC: day two can not be told'];
    };
    const hire = await HireScene.open(stage, 'questioned', startedDaysAgo, wrong);
    hire.world.problems = [];
    await hire.says(hire.hr.changed({ region: 'Americas' }, 'corrected'));
    return hire.ended();
  },
  'onboarding.repeated': async (stage) => {
    const again = (world: HireScene['world']) => (world.repeat = true);
    const hire = await HireScene.open(stage, 'repeated', startedDaysAgo, again);
    return hire.ended();
  },
  'onboarding.followed-elsewhere': async (stage) => {
    const hire = await HireScene.open(stage, 'elsewhere', async (hr) =>
      hr.hired({ start_date: await hr.dayFrom(5) }),
    );
    const request = ref(hire.world.firstIid);
    const input = {
      ref: request,
      plan: smallPlan({ tasks: [], otherTeams: [] }),
      openedAt: new Date(0).toISOString(),
    };
    await stage.start('accessRequest', input, `access-request/${request.project}/${request.iid}`);
    return hire.ended();
  },
  'onboarding.cancel-refused-and-cancelled': async (stage) => {
    const hire = await HireScene.open(stage, 'refused', async (hr) =>
      hr.hired({ start_date: await hr.dayFrom(5) }),
    );
    await hire.signal('cancel', { by: 'sam-ops', reason: 'may not' });
    await hire.decide('cancel', { by: 'amber', reason: 'an intern' });
    return hire.ended();
  },
  'onboarding.leaving-and-rescinded-after-day-two': async (stage) => {
    const hire = await HireScene.open(stage, 'rescinded-after');
    await hire.says(hire.hr.leaving());
    await hire.says(hire.hr.rescinded());
    return hire.ended();
  },
  'onboarding.changed-and-taken-back-and-hired-again': async (stage) => {
    const hire = await HireScene.open(stage, 'again');
    await hire.says(hire.hr.changed({ title: 'Sales Manager' }, 'promoted'));
    hire.world.complete = true;
    const again = hire.hr.hired({ start_date: await hire.hr.dayFrom(20) }, 'again');
    await Promise.all([
      hire.handle.signal('hrEvent', hire.hr.rescinded()),
      hire.handle.signal('hrEvent', again),
    ]);
    const { workflowId } = await hire.ended();
    return { workflowId, runId: hire.handle.firstExecutionRunId };
  },
  'onboarding.leaving-taken-back': async (stage) => {
    const hire = await HireScene.open(stage, 'stays', async (hr) =>
      hr.hired({ start_date: await hr.dayFrom(5) }),
    );
    await hire.says(hire.hr.leaving());
    await hire.says(hire.hr.stays());
    await hire.signal('cancel', { by: 'amber', reason: 'needs no access' });
    return hire.ended();
  },
  'onboarding.cancel-passed-to-the-request': async (stage) => {
    const hire = await HireScene.open(stage, 'cancelled-after');
    await hire.signal('cancel', { by: 'amber', reason: 'a contractor' });
    await hire.says(hire.hr.rescinded());
    return hire.ended();
  },
  'onboarding.no-template-until-one-appears': async (stage) => {
    const hire = await HireScene.open(stage, 'template', startedDaysAgo, withoutTemplate);
    await hire.signal('configChanged', 'first');
    await hire.later(3 * DAY);
    hire.world.template = true;
    await hire.signal('configChanged', 'second');
    return hire.ended();
  },
  'onboarding.no-template-escalated-and-cancelled': async (stage) => {
    const hire = await HireScene.open(stage, 'escalated', startedDaysAgo, withoutTemplate);
    await hire.later(8 * DAY);
    await hire.signal('cancel', { by: 'amber', reason: 'needs no access' });
    return hire.ended();
  },
  'onboarding.filed-by-hand': async (stage) => {
    const hire = await HireScene.open(stage, 'filed', startedDaysAgo, withoutTemplate);
    hire.world.filed = [77];
    await hire.signal('issueChanged', { project: requests, iid: 76 });
    await hire.signal('issueChanged', { project: requests, iid: 77 });
    await hire.signal('issueChanged', { project: requests, iid: 78 });
    await hire.says(hire.hr.leaving());
    hire.world.closedIssues = [77];
    await hire.signal('issueChanged', { project: requests, iid: 77 });
    return hire.ended();
  },
  'onboarding.filed-by-hand-and-rescinded': async (stage) => {
    const hire = await HireScene.open(stage, 'filed-rescinded', startedDaysAgo, withoutTemplate);
    hire.world.filed = [77];
    await hire.signal('issueChanged', { project: requests, iid: 77 });
    await hire.says(hire.hr.rescinded());
    return hire.ended();
  },

  'access-request.baseline-in-stages': async (stage) => {
    const { tasks } = smallPlan({ tasks: plan({}, 'EMEA').tasks });
    const request = await RequestScene.open(stage, 'stages', { changes: { tasks, otherTeams: [] } });
    await request.signal('claim', { by: 'sam-ops' });
    for (const task of ['chorus/person', 'chorus/course', 'chorus/upgrade'])
      await request.signal('complete', { by: 'sam-ops', task });
    return request.ended();
  },
  'access-request.baseline': async (stage) => {
    const request = await RequestScene.open(stage, 'baseline');
    await request.signal('claim', { by: 'sam-ops' });
    await request.signal('complete', { by: 'sam-ops', task: 'chorus/person' });
    const [section] = smallPlan().otherTeams;
    request.world.shown = ({ state }) =>
      (section?.tasks ?? []).reduce((desk, text) => desk.tick('mo-mktg', text), new Desk(state)).reading();
    await request.hint();
    return request.ended();
  },
  'access-request.approved': async (stage) => {
    const request = await RequestScene.open(stage, 'approved', { changes: { bornApproved: false } });
    await request.signal('approve', { by: 'sam-ops' });
    await request.signal('approve', { by: 'dana-manager' });
    await request.signal('cancel', { by: 'amber', reason: 'enough seen' });
    return request.ended();
  },
  'access-request.rejected': async (stage) => {
    const request = await RequestScene.open(stage, 'rejected', { changes: { bornApproved: false } });
    await request.decide('reject', { by: 'amber' });
    await request.signal('reject', { by: 'amber', reason: 'another role' });
    return request.ended();
  },
  'access-request.claimed-released-held-resumed': async (stage) => {
    const request = await RequestScene.open(stage, 'held');
    await request.decide('claim');
    await request.signal('release', { by: 'sam-ops', reason: 'on holiday' });
    await request.signal('hold', { by: 'sam-ops', reason: 'a new territory plan' });
    await request.decide('resume');
    await request.signal('hold', { by: 'sam-ops', reason: 'once more' });
    await request.signal('resume', { by: 'sam-ops' });
    await request.signal('cancel', { by: 'amber', reason: 'enough seen' });
    return request.ended();
  },
  'access-request.waits-for-a-seat': async (stage) => {
    const world = new RequestWorld(stage);
    world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : { kind: 'granted', verified: true });
    const request = await RequestScene.open(stage, 'seat', { world, changes: { seatRetryMinutes: 60 } });
    await request.signal('hold', { by: 'sam-ops', reason: 'not now' });
    await request.signal('resume', { by: 'sam-ops' });
    await request.later(DAY / 12);
    world.answer = () => ({ kind: 'granted', verified: true });
    await request.later(DAY / 12);
    await request.signal('cancel', { by: 'amber', reason: 'enough seen' });
    return request.ended();
  },
  'access-request.waits-for-its-pool': async (stage) => {
    const world = new RequestWorld(stage);
    world.answer = ({ id }) => (id === 'salesforce' ? NO_SEAT : GRANTED);
    const request = await RequestScene.open(stage, 'pool', { world, changes: { pooled: true } });
    world.answer = () => GRANTED;
    await request.signal('seatOffered', { tasks: ['salesforce'] });
    await request.signal('cancel', { by: 'amber', reason: 'enough seen' });
    return request.ended();
  },
  'access-request.waits-for-a-system': async (stage) => {
    const world = new RequestWorld(stage);
    world.answer = ({ way }) => (way.kind === 'okta-group' ? AWAY : GRANTED);
    const request = await RequestScene.open(stage, 'system', { world });
    await request.later(10 * MINUTE);
    world.takenBack = ({ way }) => (way.kind === 'okta-group' ? AWAY : { kind: 'revoked', verified: true });
    await request.signal('cancel', { by: 'amber', reason: 'wrong person', remove: true });
    world.takenBack = () => ({ kind: 'not_applicable', reason: 'is not in the group' });
    return request.ended();
  },
  'access-request.needs-a-person-and-tried-again': async (stage) => {
    const world = new RequestWorld(stage);
    world.answer = ({ id }) => (id === 'salesforce' ? STUCK : { kind: 'already', verified: true });
    const request = await RequestScene.open(stage, 'stuck', { world });
    world.answer = () => ({ kind: 'granted', verified: true });
    world.shown = ({ state }) => new Desk(state).tick('amber', 'Try again: Salesforce').reading();
    await request.hint();
    await request.signal('cancel', { by: 'amber', reason: 'enough seen' });
    return request.ended();
  },
  'access-request.cancelled-and-removed': async (stage) => {
    const request = await RequestScene.open(stage, 'removed');
    await request.signal('cancel', { by: 'amber', reason: 'the wrong person', remove: true });
    return request.ended();
  },
  'access-request.its-person-left': async (stage) => {
    const request = await RequestScene.open(stage, 'left');
    await request.signal('personLeft', { reason: 'HR says that they left' });
    return request.ended();
  },
  'access-request.hire-rescinded': async (stage) => {
    const request = await RequestScene.open(stage, 'rescinded');
    await request.signal('hireRescinded', { reason: 'HR took the hire back' });
    return request.ended();
  },

  ...filedPaths,
  ...reclaimPaths,
  ...reviewPaths,

  // Last, since nothing sleeps any longer on the server once time was skipped to their ends.
  'role-change.filed': async (stage) => {
    const move = await MoveScene.open(stage, 'filed', (world) => (world.moving = filed));
    return move.ended();
  },
  'role-change.no-template-until-one-appears': async (stage) => {
    const move = await MoveScene.open(stage, 'template');
    await move.signal('configChanged', 'first');
    move.world.moving = filed;
    await move.signal('configChanged', 'second');
    return move.ended();
  },
  'role-change.changed-and-taken-back': async (stage) => {
    const move = await MoveScene.open(stage, 'taken-back');
    await move.says({ title: 'Sales Manager' }, 'second');
    await move.says({ title: 'Sales Manager' }, 'second');
    move.world.moving = () => ({ kind: 'nothing' });
    await move.says({ title: 'Senior Account Executive' }, 'back');
    return move.ended();
  },
  'role-change.reminded': async (stage) => {
    const move = await MoveScene.open(stage, 'reminded');
    return move.ended();
  },
  'onboarding.changes-roles': async (stage) => {
    const { first } = await changesRoles(stage, 'roles');
    return { workflowId: first.workflowId, runId: first.firstExecutionRunId };
  },
  'onboarding.changes-roles-while-one-waits': async (stage) => {
    const { second } = await changesRoles(stage, 'roles-again');
    return { workflowId: second.workflowId, runId: second.firstExecutionRunId };
  },
  ...leavingPaths,
  ...closePaths,
  ...territoryPaths,
};

/** HR tells of another role twice; the first change waits for a template meanwhile. */
async function changesRoles(stage: Stage, name: string) {
  const employeeId = `history-${name}`;
  const world = new HireWorld(stage, employeeId, 1);
  world.known = true;
  const remindAt = new Date((await stage.now()) + 5 * DAY).toISOString();
  world.moving = () => waitsUntil(remindAt);
  await stage.play(world.activities);
  const hr = new HrEvents(stage, employeeId);
  const tell = async (title: string) => {
    const input = { employeeId, first: hr.changed({ title }, title.replace(/ /g, '-')) };
    const handle = await stage.start('onboarding', input, `onboarding/${employeeId}`);
    while ((await handle.describe()).status.name === 'RUNNING') await stage.now();
    return handle;
  };
  const first = await tell('Sales Manager');
  while (world.moves.length === 0) await stage.now();
  const second = await tell('Area Sales Manager');
  await stage.env.client.workflow.getHandle(`move/${employeeId}`).terminate();
  return { first, second };
}

/** Paths that only a full server leads to, with a suggestion to continue as new after a few events. */
export const longPaths: Readonly<Record<string, Path>> = {
  'access-request.continues-as-new': async (stage) => {
    const { handle } = await continued(stage, 'long');
    await handle.terminate();
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  },
  // Recorded when a new run still began with a visit.
  'access-request.continued': async (stage) => endsAfterwards(await continued(stage, 'long-after')),
  'access-request.continued-at-rest': async (stage) => endsAfterwards(await continued(stage, 'long-at-rest')),
  'desk-watch.by-turns': async (stage) => {
    let turns = 0;
    let looks = 0;
    await stage.play({
      watchDesk: async ({ cursor, turn }) => {
        if (turn) turns += 1;
        else looks += 1;
        // Two long turns: beside the first a hint is looked at, and a worker that begins has the second. The others are short.
        if (turn && turns <= 2) await Context.current().cancelled.catch(() => undefined);
        return { cursor, configDigest: 'digest', hinted: 1, everySeconds: 3 };
      },
    });
    const input = { project: requests, cursor: '2026-11-24T10:00:00.000Z' };
    const handle = await stage.start('deskWatch', input, 'desk/turns');
    while (turns < 1) await handle.query('status');
    await handle.signal('issueChanged', { project: requests, iid: 1 });
    while (looks < 1) await handle.query('status');
    await handle.signal('lookAgain');
    while (turns < 2) await handle.query('status');
    await handle.signal('lookAgain');
    await nextRun(handle);
    await handle.terminate();
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  },
  'desk-watch.continues-as-new': async (stage) => {
    let rounds = 0;
    await stage.play({
      watchDesk: ({ cursor }) => {
        rounds += 1;
        // An hour's pause in the second round, which a hint ends; none to speak of in the others.
        return Promise.resolve({
          cursor,
          configDigest: 'digest',
          hinted: 1,
          everySeconds: rounds === 2 ? 3600 : 0.01,
        });
      },
    });
    const handle = await stage.start(
      'deskWatch',
      { project: requests, cursor: '2026-11-24T10:00:00.000Z' },
      'desk/history',
    );
    while (rounds < 2) await handle.query('status');
    await handle.signal('issueChanged', { project: requests, iid: 1 });
    await nextRun(handle);
    await handle.terminate();
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  },
  'offboarding.continues-as-new': leavingThatContinues,
  'seat-pool.continues-as-new': async (stage) => {
    let looks = 0;
    await stage.play({
      offerSeats: ({ pool }) => {
        looks += 1;
        // Nobody waits after the second look, until somebody does again; an hour's pause after the third, which a freed seat ends.
        const everySeconds = looks === 3 ? 3600 : 0.01;
        return Promise.resolve({
          pool,
          total: 5,
          used: 5,
          waiting: looks === 2 ? 0 : 1,
          offered: 0,
          everySeconds,
        });
      },
    });
    const handle = await stage.start('seatPool', { pool: 'salesforce/Inbox' }, 'seats/history');
    await handle.signal('seatWanted');
    while (looks < 2) await handle.query('status');
    await handle.signal('seatWanted');
    while (looks < 3) await handle.query('status');
    await handle.signal('seatFreed');
    await nextRun(handle);
    await handle.terminate();
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  },
};

/** A request on which so much happened that it goes on in a new run. */
async function continued(stage: Stage, name: string): Promise<RequestScene> {
  const request = await RequestScene.open(stage, name);
  await request.decide('claim');
  await request.decide('hold', { reason: 'a new territory plan' });
  await request.decide('resume');
  await nextRun(request.handle);
  return request;
}

async function endsAfterwards(request: RequestScene): ReturnType<Path> {
  await request.decide('cancel', { by: 'amber', reason: 'enough seen' });
  return request.ended();
}

async function nextRun(handle: RequestScene['handle']): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    if ((await handle.describe()).runId !== handle.firstExecutionRunId) return;
  }
  throw new Error(`${handle.workflowId} does not continue as new`);
}

function completes(world: HireScene['world']): void {
  world.complete = true;
}
function withoutTemplate(world: HireScene['world']): void {
  world.complete = true;
  world.template = false;
}
