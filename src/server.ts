export { createServer, type ServerParts } from './server/app';
export type { Inbox } from './server/inbox';
export { createMetrics, type Metrics } from './server/metrics';
export { startServer, type RunningServer } from './server/start';
