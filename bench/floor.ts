import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The least that so many activities, one after another, can take on this server and this machine. */
export async function floor(activities: number): Promise<void> {
  for (let done = 0; done < activities; done++) await nothing();
}
