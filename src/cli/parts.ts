import { readSettings } from '../settings';
import type { RunningPart } from '../up/part';

/**
 * The parts that `daytwo up` runs, each by its name. Code is imported only for the part that runs: the sandbox is never
 * loaded by a worker or a server. `require`, since a dynamic import would ask Node's own loader, which reads no TypeScript.
 */
export const PARTS: Readonly<Record<'worker' | 'server' | 'sandbox', () => () => Promise<RunningPart>>> = {
  worker: () => {
    const { startWorker } = require('../worker') as typeof import('../worker');
    return async () => {
      const worker = await startWorker(readSettings(process.env, 'worker'));
      worker.ended.catch(() => process.exit(1));
      return worker;
    };
  },
  server: () => {
    const { createLog } = require('../logging') as typeof import('../logging');
    const { openStore } = require('../evidence') as typeof import('../evidence');
    const { GitlabDesk } = require('../systems/gitlab') as typeof import('../systems/gitlab');
    const { Workflows } = require('../temporal/client') as typeof import('../temporal/client');
    const server = require('../server') as typeof import('../server');
    return async () => {
      const settings = readSettings(process.env, 'server');
      const store = await openStore(settings);
      const temporal = await Workflows.connect(settings);
      const url = process.env['GITLAB_URL'];
      const token = process.env['GITLAB_TOKEN'];
      const running = await server.startServer({
        settings,
        store,
        temporal,
        log: createLog({ level: settings.logLevel, part: 'server' }),
        metrics: server.createMetrics(store),
        ...(url && token
          ? { lookUpBot: async () => (await new GitlabDesk({ url, token }).self()).username }
          : {}),
      });
      return {
        addresses: { server: running.url },
        stop: async () => {
          await running.close();
          await temporal.close();
          await store.close();
        },
      };
    };
  },
  sandbox: () => {
    const { startSandbox } = require('../sandbox') as typeof import('../sandbox');
    const { readHandbook } = require('../handbook') as typeof import('../handbook');
    return async () => {
      const { configDir, stateDir } = readSettings({ ...process.env, NODE_ENV: 'development' }, 'cli');
      const server = process.env['DAYTWO_SERVER_URL'];
      const sandbox = await startSandbox({
        stateDir,
        handbook: readHandbook(configDir),
        publishTemplates: true,
        ...(server ? { serverUrl: server } : {}),
      });
      const address = process.env['TEMPORAL_ADDRESS'];
      if (server) sandbox.connect({ server: { url: server } });
      if (address) {
        sandbox.connect({
          temporal: {
            address,
            namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
            ui: process.env['DAYTWO_TEMPORAL_UI'] ?? '',
          },
        });
      }
      return {
        addresses: { gitlab: sandbox.files.gitlab.url, mailbox: sandbox.files.mailbox.url },
        stop: () => sandbox.stop(),
      };
    };
  },
};
