export interface Way<T> {
  readonly name: string;
  readonly get: () => Promise<T | undefined> | T | undefined;
  readonly remembered?: boolean;
  readonly only?: boolean;
  readonly mend?: string;
}
export interface Refusals {
  recent(way: string): string | undefined;
  remember(way: string, why: string): void;
}
export class NoWayLeft extends Error {}
export function firstThatWorks<T>(
  tool: string,
  ways: readonly Way<T>[],
  refusals: Refusals,
  say?: (text: string) => void,
): Promise<T>;
