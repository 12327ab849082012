import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Workflows } from '../../src/temporal/client';
import { localEnv } from '../support/servers';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await localEnv();
}, 60_000);
afterAll(() => env.teardown());

test('the reclaim is scheduled once, for the first of the second month of each fiscal quarter, and follows the policy', async () => {
  const policy = {
    idleDays: 90,
    noticeDays: 14,
    monthOfQuarter: 2 as const,
    fiscalYearStartMonth: 2,
    exceptProfiles: [],
    decidedBy: ['dri' as const],
  };
  const workflows = new Workflows(env.client);
  const next = async () => {
    const { info } = await env.client.schedule.getHandle('reclaim').describe();
    return info.nextActionTimes
      .slice(0, 4)
      .map((at) => at.toISOString().slice(5, 16))
      .sort();
  };
  await workflows.scheduleReclaim(policy);
  expect(await next()).toEqual(['03-01T09:00', '06-01T09:00', '09-01T09:00', '12-01T09:00']);
  await workflows.scheduleReclaim({ ...policy, monthOfQuarter: 1 });
  expect(await next()).toEqual(['02-01T09:00', '05-01T09:00', '08-01T09:00', '11-01T09:00']);
});
