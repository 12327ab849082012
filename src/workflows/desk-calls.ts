import { proxyActivities } from '@temporalio/workflow';

/** Calls of activities that visit issues, and may read a whole period first. */
export const deskCalls = <A extends object>(taskQueue: string, summary: string) =>
  proxyActivities<A>({
    taskQueue,
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    summary,
  });
