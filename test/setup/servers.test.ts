import { localEnv, timeSkippingEnv } from '../support/servers';

test('the time-skipping server skips time', async () => {
  const env = await timeSkippingEnv();
  try {
    const before = await env.currentTimeMs();
    await env.sleep('30 days');
    const passed = (await env.currentTimeMs()) - before;
    expect(passed).toBeGreaterThanOrEqual(30 * 24 * 60 * 60 * 1000);
  } finally {
    await env.teardown();
  }
});

test('the development server knows the search attributes of daytwo', async () => {
  const env = await localEnv();
  try {
    const { customAttributes } = await env.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining(['DaytwoKind', 'DaytwoState', 'DaytwoEmployeeId', 'DaytwoSystem', 'DaytwoDue']),
    );
  } finally {
    await env.teardown();
  }
});
