import type { Way } from './ways.cjs';
/** A Temporal CLI that runs on this machine; brought here where there is none yet. Throws `NoWayLeft`. */
export function temporalCli(options?: { env?: NodeJS.ProcessEnv; retryDownloads?: boolean }): Promise<string>;
/** The CLI that is at hand without bringing anything. */
export function cachedTemporalCli(env?: NodeJS.ProcessEnv): string | undefined;
export function cliWays(dir: string, env: NodeJS.ProcessEnv): Way<string>[];
export function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined;
