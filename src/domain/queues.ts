/** Workflows and their own bookkeeping. */
export const MAIN_QUEUE = 'daytwo';

/** One queue for each limited system, so that a rate is held for all workers together. */
export const GITLAB_QUEUE = 'daytwo-gitlab';
export const queueOf = (connection: string): string => `daytwo-${connection.split('/')[0] ?? connection}`;
export const SYSTEM_QUEUES = ['daytwo-salesforce', 'daytwo-okta', 'daytwo-scim'] as const;
