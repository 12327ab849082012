import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type ReplayResult,
} from '@temporalio/worker';
import { accessActivities } from '../../src/activities/access';
import { accountReviewActivities } from '../../src/activities/account-review';
import { closeActivities } from '../../src/activities/close';
import { deskActivities } from '../../src/activities/desk';
import { takingActivities } from '../../src/activities/leaver-taking';
import { leavingActivities } from '../../src/activities/leaving';
import { moveActivities } from '../../src/activities/moves';
import { onboardingActivities } from '../../src/activities/onboarding';
import { periodChangeActivities } from '../../src/activities/period-change';
import { progressActivities } from '../../src/activities/progress';
import { reclaimActivities } from '../../src/activities/reclaim';
import { seatActivities } from '../../src/activities/seats';
import { territoryLiveActivities } from '../../src/activities/territory-live';
import { territoryRunActivities } from '../../src/activities/territory-run';
import { watchActivities } from '../../src/activities/watch';
import type { World } from '../../src/activities/world';
import { workflowBundle } from '../../src/bundle';
import { decisions } from '../../src/workflows/messages';
import { longPaths, paths } from './paths';
import { readRecording, recordings, type History } from './recording';

const names = [...Object.keys(paths), ...Object.keys(longPaths)].sort();
const AGAIN =
  'a changed workflow needs patched() (docs/architecture.md); a new path: npm run record-histories -- <name>';

/** Why the workflows as they are now can't go on with a recorded run; null where they can. */
async function whyNot(name: string, history: History): Promise<string | null> {
  const run = [{ workflowId: name, history }];
  const results = Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, run);
  const { value } = (await results.next()) as IteratorYieldResult<ReplayResult>;
  await results.return?.();
  return value.error ? `${value.error.name}: ${value.error.message}` : null;
}

/** All that there are: making them asks nothing of the world. */
const world = {} as World;
const activities = Object.keys({
  ...accessActivities(world),
  ...accountReviewActivities(world),
  ...closeActivities(world),
  ...periodChangeActivities(world),
  ...deskActivities(world),
  ...leavingActivities(world),
  ...moveActivities(world),
  ...onboardingActivities(world),
  ...progressActivities(world),
  ...reclaimActivities(world),
  ...seatActivities(world),
  ...takingActivities(world),
  ...territoryLiveActivities(world),
  ...territoryRunActivities(world),
  ...watchActivities(world),
}).sort();

beforeAll(() =>
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  }),
);

test('there is a recording of every path, and no other', () => {
  expect([...recordings()].sort()).toEqual(names);
});

test.each(names)('%s goes on with the workflows as they are now', async (name) => {
  const history = readRecording(name);
  if (!history) throw new Error(`no recording of ${name}: npm run record-histories -- ${name}`);
  const why = await whyNot(name, history);
  if (why !== null) throw new Error(`${why}\n${AGAIN}`);
});

test('a recording that the workflows would not have made is told', async () => {
  const history = readRecording('access-request.cancelled-and-removed');
  const revoke = history?.events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'revokeAccess',
  );
  revoke!.activityTaskScheduledEventAttributes!.activityType!.name = 'grantAccess';
  expect(await whyNot('changed', history!)).toContain('Nondeterminism');
});

describe('together they show', () => {
  const events = names.flatMap((name) => readRecording(name)?.events ?? []);
  const seen = (found: (event: History['events'][number]) => string | null | undefined): string[] =>
    [...new Set(events.flatMap((event) => found(event) ?? []))].sort();

  test('every activity that a workflow asks for', () => {
    expect(seen((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)).toEqual(
      activities,
    );
  });

  test('every message that a workflow takes', () => {
    const signals = seen((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals).toEqual(
      expect.arrayContaining([
        ...decisions,
        'accountChanged',
        'callStarted',
        'configChanged',
        'hireRescinded',
        'hrEvent',
        'issueChanged',
        'leaveNow',
        'leaverChanged',
        'lookAgain',
        'personLeft',
        'runLate',
        'seatFreed',
        'seatOffered',
        'seatWanted',
        'successorNamed',
      ]),
    );
    expect(
      seen((event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name),
    ).toEqual(['decide']);
  });

  test('timers that ran out and timers that were ended, a child, and runs that continue as new', () => {
    const kinds = seen((event) => Object.keys(event).find((key) => key.endsWith('EventAttributes')));
    expect(kinds).toEqual(
      expect.arrayContaining([
        'timerFiredEventAttributes',
        'timerCanceledEventAttributes',
        'childWorkflowExecutionCompletedEventAttributes',
        'startChildWorkflowExecutionFailedEventAttributes',
        'workflowExecutionContinuedAsNewEventAttributes',
        'upsertWorkflowSearchAttributesEventAttributes',
      ]),
    );
  });
});
