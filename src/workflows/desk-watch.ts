import {
  ActivityCancellationType,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { WatchActivities, WatchRound } from '../activities/watch';
import { GITLAB_QUEUE } from '../domain/queues';
import { issueChanged, lookAgain, status } from './messages';

export interface DeskWatchInput {
  readonly project: string;
  /** Issues that moved since this instant are looked at. */
  readonly cursor: string;
  readonly configDigest?: string;
}

const retry = { initialInterval: '1 second', maximumInterval: '15 seconds' } as const;
const { watchDesk } = proxyActivities<WatchActivities>({
  taskQueue: GITLAB_QUEUE,
  // A turn is policy's, two minutes and a pause at most; one whose worker died, or never heard of it, is over then, or when a worker starts.
  startToCloseTimeout: '200 seconds',
  retry,
  cancellationType: ActivityCancellationType.ABANDON,
  summary: 'look, again and again, what moved',
});
const { watchDesk: lookOnce } = proxyActivities<WatchActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '2 minutes',
  retry,
  summary: 'look at once what moved',
});

/** Turns before the history is left behind. */
const ROUNDS = 200;

/**
 * Asks GitLab, turn after turn, which issues of a project moved, and hints the workflows concerned: with every webhook lost,
 * every process still ends. One server action a turn, whatever the number of requests; within a turn it looks every few
 * seconds. A hint about an issue that no workflow has looks at once.
 */
export async function deskWatch(input: DeskWatchInput): Promise<void> {
  let { cursor } = input;
  let configDigest = input.configDigest ?? '';
  let rounds = 0;
  let hinted = 0;
  let woken = false;
  let begun = false;
  setHandler(issueChanged, () => {
    woken = true;
  });
  setHandler(lookAgain, () => {
    begun = true;
  });
  setHandler(status, () => ({ kind: 'desk-watch', project: input.project, cursor, rounds, hinted }));
  // Asked once: a run that began before goes on in its own way until its history is left behind.
  const byTurns = patched('turns');
  while (rounds < ROUNDS && !workflowInfo().continueAsNewSuggested) {
    woken = false;
    begun = false;
    if (byTurns) await takeTurn();
    else {
      const round = await watchDesk({ project: input.project, cursor, configDigest });
      seen(round);
      await condition(() => woken, round.everySeconds * 1000, { summary: 'until the next round' });
    }
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof deskWatch>({ project: input.project, cursor, configDigest });

  /** One turn; what is hinted meanwhile is looked at beside it. */
  async function takeTurn(): Promise<void> {
    const scope = new CancellationScope();
    let round: WatchRound | null = null;
    const turn = scope
      .run(() => watchDesk({ project: input.project, cursor, configDigest, turn: true }))
      .then(
        (result) => {
          round = result;
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      );
    let over = false;
    const ended = turn.finally(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([ended, condition(() => woken || begun)]);
      if (over) break;
      if (begun) {
        // A worker began: the turn may be that of one that died. One that lives ends its own, and is heard no more.
        scope.cancel();
        break;
      }
      woken = false;
      seen(await lookOnce({ project: input.project, cursor, configDigest }));
    }
    await ended;
    if (round) seen(round);
  }

  function seen(round: WatchRound): void {
    if (round.cursor > cursor) ({ cursor } = round);
    ({ configDigest } = round);
    rounds += 1;
    hinted += round.hinted;
    setCurrentDetails(
      `## ${input.project.replace(/[^\w./-]/g, '_')}\n\nLooked until ${cursor}; ${hinted} hints in ${rounds} rounds. Looks every ${round.everySeconds} s.`,
    );
  }
}
