import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The least that anything can take which a workflow has an activity do, on this server and this machine. */
export async function floor(): Promise<void> {
  await nothing();
}
