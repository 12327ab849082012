import type { Way } from './ways.cjs';
export function testServer(options?: { env?: NodeJS.ProcessEnv; retryDownloads?: boolean }): Promise<string>;
export function cachedTestServer(env?: NodeJS.ProcessEnv, dir?: string): string | undefined;
export function testServerWays(dir: string, env: NodeJS.ProcessEnv): Way<string>[];
