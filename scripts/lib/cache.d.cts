export function cacheDir(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;
export function refusals(
  dir: string,
  now?: () => number,
): {
  recent(way: string): string | undefined;
  remember(way: string, why: string): void;
  forgetAll(): void;
};
