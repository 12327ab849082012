import { join } from 'node:path';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { accessActivities } from './activities/access';
import { accountReviewActivities } from './activities/account-review';
import { closeActivities } from './activities/close';
import { deskActivities } from './activities/desk';
import { takingActivities } from './activities/leaver-taking';
import { leavingActivities } from './activities/leaving';
import { moveActivities } from './activities/moves';
import { onboardingActivities } from './activities/onboarding';
import { periodChangeActivities } from './activities/period-change';
import { progressActivities } from './activities/progress';
import { reclaimActivities } from './activities/reclaim';
import { seatActivities } from './activities/seats';
import { territoryLiveActivities } from './activities/territory-live';
import { territoryRunActivities } from './activities/territory-run';
import { hintConfig, watchActivities } from './activities/watch';
import type { World } from './activities/world';
import { workflowBundle } from './bundle';
import { dataConverter } from './codec/data-converter';
import { connectors } from './connectors';
import { policyOn } from './domain/day-two';
import type { Handbook } from './domain/handbook';
import { GITLAB_QUEUE, MAIN_QUEUE, SYSTEM_QUEUES } from './domain/queues';
import { openStore, sharedPace, type Store } from './evidence';
import { editsInForce, readHandbook, watchHandbook } from './handbook';
import { openingDays } from './handbook/close-time';
import { createLog, type Log } from './logging';
import { connectTemporal, type Environment, type WorkerSettings } from './settings';
import { GitlabDesk } from './systems/gitlab';
import { BillingExport } from './systems/billing';
import { Mailer } from './systems/mail';
import { sandboxClock } from './systems/sandbox-clock';
import { Workflows } from './temporal/client';
import { logTemporalTo } from './temporal/logger';

export interface RunningWorker {
  /** Finishes what is under way, then ends. */
  stop(): Promise<void>;
  /** Settles when a worker ends by itself; rejects with its fault. */
  readonly ended: Promise<void>;
}

/**
 * How much each queue does at once and a second. A system's rate of requests is held in the store, for all workers together; the
 * queues' own limits are a second guard against a flood of activities, of which one may serve a thousand people.
 */
const QUEUES: readonly { readonly taskQueue: string; readonly options: Partial<WorkerOptions> }[] = [
  {
    taskQueue: GITLAB_QUEUE,
    options: { maxTaskQueueActivitiesPerSecond: 30, maxConcurrentActivityTaskExecutions: 20 },
  },
  ...SYSTEM_QUEUES.map((taskQueue) => ({
    taskQueue,
    options: { maxTaskQueueActivitiesPerSecond: 30, maxConcurrentActivityTaskExecutions: 10 },
  })),
];

/** Runs workflows and activities until it is stopped. @throws SettingsError, or the handbook's problems */
export async function startWorker(
  settings: WorkerSettings,
  env: Environment = process.env,
): Promise<RunningWorker> {
  const log = createLog({ level: settings.logLevel, part: 'worker' });
  logTemporalTo(log);
  const [handbook, store, bundle] = [
    readHandbook(settings.configDir),
    await openStore(settings),
    await workflowBundle(),
  ];
  const { connectionOptions, namespace } = connectTemporal(settings);
  const connection = await NativeConnection.connect(connectionOptions);
  const workflows = await Workflows.connect(settings);
  const stopping = new AbortController();
  const world = worldOf(settings, env, store, workflows, handbook, stopping.signal);
  const stopWatching = watchConfig(settings.configDir, world, log);
  const shared = {
    connection,
    namespace,
    dataConverter: dataConverter(settings.keys),
    shutdownGraceTime: '3 seconds',
  } as const;
  const workers = [await Worker.create({ ...shared, taskQueue: MAIN_QUEUE, workflowBundle: bundle })];
  const activities = {
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
  };
  for (const { taskQueue, options } of QUEUES)
    workers.push(await Worker.create({ ...shared, ...options, taskQueue, activities }));
  const runs = workers.map((worker) => worker.run());
  for (const project of [world.projects.accessRequests, world.projects.employment])
    await workflows.watchDesk(project);
  // Who waits for a seat is looked after, though the cluster may know nothing of the pool any more.
  for (const pool of await store.seats.wanted()) await workflows.seatWanted(pool);
  await workflows.scheduleCloses(openingDays(handbook, new Date().toISOString()));
  if (handbook.territory) {
    await workflows.scheduleTerritory(policyOn(handbook, new Date().toISOString().slice(0, 10)).territoryRun);
    await workflows.watchAccounts();
  }
  await workflows.scheduleReclaim(policyOn(handbook, new Date().toISOString().slice(0, 10)).seats.reclaim);
  const ended = Promise.all(runs).then(() => undefined);
  ended.catch((error: unknown) => log.error({ err: error }, 'a worker ended'));
  return {
    ended,
    stop: async () => {
      stopWatching();
      stopping.abort();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
      await workflows.close();
      await connection.close();
      await store.close();
    },
  };
}

interface LivingWorld extends World {
  use(handbook: Handbook): void;
}

function worldOf(
  settings: WorkerSettings,
  env: Environment,
  store: Store,
  workflows: Workflows,
  first: Handbook,
  stopping: AbortSignal,
): LivingWorld {
  let handbook = first;
  const paceOf = (connection: string) => sharedPace(store.rate, connection, () => handbook.rates[connection]);
  return {
    handbook: () => handbook,
    use: (next) => {
      handbook = next;
    },
    gitlab: new GitlabDesk({ ...settings.gitlab, pace: paceOf('gitlab') }),
    connector: connectors(settings, env, paceOf),
    store,
    billing: new BillingExport(settings.billing),
    mailer: settings.mail && new Mailer(settings.mail),
    projects: {
      accessRequests: settings.gitlab.accessRequestsProject,
      employment: settings.gitlab.employmentProject,
    },
    hints: workflows,
    snapshotDir: join(settings.stateDir, 'snapshots'),
    edits: (folder, since) => editsInForce(settings.configDir, handbook, folder, since),
    ...(settings.clockUrl === null ? {} : { ahead: sandboxClock(settings.clockUrl) }),
    stopping,
  };
}

/** A changed handbook comes into force only if it passes its check; those who wait for a template are told. */
function watchConfig(dir: string, world: LivingWorld, log: Log): () => void {
  return watchHandbook(
    dir,
    (result) => {
      if (!result.ok) {
        log.error(
          { problems: result.problems.map(({ file, line, problem }) => `${file}:${line} ${problem}`) },
          'the changed handbook does not pass its check; the one before stays in force',
        );
        return;
      }
      world.use(result.handbook);
      log.info({ digest: result.handbook.digest }, 'a changed handbook came into force');
      hintConfig(world, result.handbook.digest).catch((error: unknown) =>
        log.warn({ err: error }, 'could not tell of the changed handbook; the desk watch will'),
      );
    },
    world.handbook().digest,
  );
}
