import {
  ActivityCancellationType,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LiveRound, TerritoryLiveActivities } from '../activities/territory-live';
import { queueOf } from '../domain/queues';
import { accountsChanged, lookAgain, status } from './messages';

export interface TerritoryWatchInput {
  /** Accounts that changed since this instant are looked at. */
  readonly cursor: string;
}

const shared = {
  taskQueue: queueOf('salesforce'),
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
} as const;
const { watchAccounts } = proxyActivities<TerritoryLiveActivities>({
  ...shared,
  // A turn is ten minutes; one whose worker died is over then, or when a worker starts.
  startToCloseTimeout: '15 minutes',
  cancellationType: ActivityCancellationType.ABANDON,
  summary: 'look, again and again, which accounts changed',
});
const { stageAccounts } = proxyActivities<TerritoryLiveActivities>({
  ...shared,
  startToCloseTimeout: '2 minutes',
  summary: 'stage the families of accounts that changed',
});

/** Turns before the history is left behind. */
const ROUNDS = 200;
/** Accounts in one call; what comes meanwhile waits for the next one, so that a burst is few calls. */
const TOGETHER = 200;

/**
 * Staging in real time: a change event tells which accounts changed, and their families are planned at once; with every event lost, a
 * look each minute finds them. One server action a turn while nothing happens.
 */
export async function territoryWatch(input: TerritoryWatchInput): Promise<void> {
  let { cursor } = input;
  const waiting = new Set<string>();
  let rounds = 0;
  let staged = 0;
  let begun = false;
  setHandler(accountsChanged, ({ ids }) => {
    for (const id of ids) waiting.add(id);
  });
  setHandler(lookAgain, () => {
    begun = true;
  });
  setHandler(status, () => ({ kind: 'territory-watch', cursor, rounds, staged, waiting: waiting.size }));
  while (rounds < ROUNDS && !workflowInfo().continueAsNewSuggested) await takeTurn();
  while (waiting.size > 0) await stageWaiting();
  await condition(allHandlersFinished);
  await continueAsNew<typeof territoryWatch>({ cursor });

  /** One turn; what is told meanwhile is staged beside it. */
  async function takeTurn(): Promise<void> {
    begun = false;
    const scope = new CancellationScope();
    let round: LiveRound | null = null;
    let over = false;
    const ended = scope
      .run(() => watchAccounts({ cursor }))
      .then(
        (result) => {
          round = result;
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      )
      .finally(() => {
        over = true;
      });
    while (!over) {
      await Promise.race([ended, condition(() => waiting.size > 0 || begun)]);
      if (over) break;
      if (begun) {
        // A worker began: the turn may be that of one that died.
        scope.cancel();
        break;
      }
      await stageWaiting();
    }
    await ended;
    rounds += 1;
    seen(round);
  }

  async function stageWaiting(): Promise<void> {
    const ids = [...waiting].slice(0, TOGETHER);
    for (const id of ids) waiting.delete(id);
    staged += (await stageAccounts({ ids })).staged;
    rounds += 1;
  }

  function seen(round: LiveRound | null): void {
    if (!round) return;
    ({ cursor } = round);
    staged += round.staged;
    setCurrentDetails(
      `## Accounts that change\n\nLooked until ${cursor}; staged ${staged} in ${rounds} rounds.`,
    );
  }
}
