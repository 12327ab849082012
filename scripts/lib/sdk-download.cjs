'use strict';

/**
 * `node sdk-download.cjs cli|test-server <folder>`: lets the Temporal SDK download its own server into the folder
 * (it does so when a test environment is asked for), then ends it. A process of its own, since the SDK's download
 * can't be cancelled.
 */
const { TestWorkflowEnvironment } = require('@temporalio/testing');

const [what, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir, ttl: '3650 days' } };

async function main() {
  const environment =
    what === 'test-server'
      ? await TestWorkflowEnvironment.createTimeSkipping({ server })
      : await TestWorkflowEnvironment.createLocal({ server });
  await environment.teardown();
}

main().then(
  () => process.exit(0),
  (error) => {
    // The SDK repeats its cause in the message; the last part is the reason itself.
    const parts = String(error.message).split(': ');
    console.error(parts.length > 3 ? `${parts[1]}: ${parts.slice(-2).join(': ')}` : error.message);
    process.exit(1);
  },
);
