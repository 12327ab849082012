import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { WatchActivities } from '../activities/watch';
import { GITLAB_QUEUE } from '../domain/queues';
import { issueChanged, status } from './messages';

export interface DeskWatchInput {
  readonly project: string;
  /** Issues that moved since this instant are looked at. */
  readonly cursor: string;
  readonly configDigest?: string;
}

const { watchDesk } = proxyActivities<WatchActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '15 seconds' },
});

/** Rounds before the history is left behind: four events and more a round. */
const ROUNDS = 200;

/**
 * Asks GitLab, round after round, which issues of a project moved, and hints the workflows concerned: with every webhook
 * lost, every process still ends. Two server actions a round, whatever the number of requests.
 */
export async function deskWatch(input: DeskWatchInput): Promise<void> {
  let { cursor } = input;
  let configDigest = input.configDigest ?? '';
  let rounds = 0;
  let hinted = 0;
  let woken = false;
  setHandler(issueChanged, () => {
    woken = true;
  });
  setHandler(status, () => ({ kind: 'desk-watch', project: input.project, cursor, rounds, hinted }));
  while (rounds < ROUNDS && !workflowInfo().continueAsNewSuggested) {
    woken = false;
    const round = await watchDesk({ project: input.project, cursor, configDigest });
    ({ cursor, configDigest } = round);
    rounds += 1;
    hinted += round.hinted;
    setCurrentDetails(
      `## ${input.project.replace(/[^\w./-]/g, '_')}\n\nLooked until ${cursor}; ${hinted} hints in ${rounds} rounds. Asks again every ${round.everySeconds} s.`,
    );
    await condition(() => woken, round.everySeconds * 1000, { summary: 'until the next round' });
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof deskWatch>({ project: input.project, cursor, configDigest });
}
