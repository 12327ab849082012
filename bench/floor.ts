import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The least that anything can take which a workflow has activities do, on this server and this machine. */
export async function floor(times = 1): Promise<void> {
  for (let at = 0; at < times; at++) await nothing();
}
