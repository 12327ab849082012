import { TestWorkflowEnvironment } from '@temporalio/testing';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { cachedTemporalCli } from '../../scripts/lib/temporal-cli.cjs';
import { cachedTestServer } from '../../scripts/lib/test-server.cjs';

/** The search attributes that daytwo's workflows set; the development server of a test knows them from its start. */
const searchAttributes = [
  defineSearchAttributeKey('DaytwoKind', SearchAttributeType.KEYWORD),
  defineSearchAttributeKey('DaytwoState', SearchAttributeType.KEYWORD),
  defineSearchAttributeKey('DaytwoEmployeeId', SearchAttributeType.KEYWORD),
  defineSearchAttributeKey('DaytwoSystem', SearchAttributeType.KEYWORD_LIST),
  defineSearchAttributeKey('DaytwoDue', SearchAttributeType.DATETIME),
];

/**
 * A Temporal server that skips time while nothing happens; for workflow tests. The caller tears it down.
 * Throws where no test server is on this machine yet: `npm test` brings it.
 */
export async function timeSkippingEnv(): Promise<TestWorkflowEnvironment> {
  const path = cachedTestServer();
  if (path === undefined) throw new Error(missing('time-skipping test server'));
  // A machine that is busy takes longer to start Java than the SDK waits.
  for (let tries = 1; ; tries += 1)
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
      });
    } catch (error) {
      if (tries >= 3 || !String(error).includes('did not start')) throw error;
    }
}

/**
 * A full Temporal development server in memory, with daytwo's search attributes and the dynamic configuration given
 * (`limit.historyCount.suggestContinueAsNew=40`). The caller tears it down.
 * Throws where no Temporal CLI is on this machine yet: `npm test` brings it.
 */
export async function localEnv(...dynamicConfig: string[]): Promise<TestWorkflowEnvironment> {
  const path = cachedTemporalCli();
  if (path === undefined) throw new Error(missing('CLI'));
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes,
      extraArgs: dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
      log: { format: 'pretty', level: 'error' },
    },
  });
}

function missing(what: string): string {
  return `The Temporal ${what} isn't on this machine yet. Run \`npm test\` (with a path to run one test: \`npm test -- test/up\`), which brings it.`;
}
