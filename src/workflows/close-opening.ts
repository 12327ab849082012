import { proxyActivities } from '@temporalio/workflow';
import type { CloseActivities } from '../activities/close';
import { GITLAB_QUEUE } from '../domain/queues';

const { openDueCloses } = proxyActivities<CloseActivities>({
  taskQueue: GITLAB_QUEUE,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'begin the closes that are due',
});

/** On the day on which a close opens: begins it under its own id. */
export const closeOpening = (): Promise<readonly string[]> =>
  openDueCloses({ now: new Date().toISOString() });
