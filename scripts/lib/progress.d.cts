/** Seconds as people read them: `8 s`, `2 min 05 s`. */
export function duration(ms: number): string;
/** One line that says what is being done, how far, and since when; redrawn on a terminal. */
export function live(
  what: string,
  howFar?: () => string,
  out?: NodeJS.WriteStream,
): { done(line?: string): void; clear(): void };
