import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Log } from '../logging';

/** Said at every start by workers that only run activities, which is what ours are for. */
const EXPECTED = /^No (workflows|Nexus services|activities) registered/;
const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

let installed = false;

/** What Temporal's worker says goes to our own log, with its redaction. Once a process. */
export function logTemporalTo(log: Log): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    if (!EXPECTED.test(message)) log[LEVELS[level]]({ ...meta }, message);
  });
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
}
