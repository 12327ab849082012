/**
 * The test server that skips time stops doing so now and then (twice in some hundred runs, at another test each time; alone, the test
 * passes): such a test ends early and is done once more, which its output says. Only for what runs on that server.
 */
if (expect.getState().testPath?.includes('/test/workflows/')) {
  jest.setTimeout(120_000);
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
