export interface Holder {
  readonly pid: number;
  readonly since: string;
  readonly note: Readonly<Record<string, unknown>>;
}
export interface Lock {
  /** Says more about the holder to whoever asks. */
  describe(note: Readonly<Record<string, unknown>>): void;
  release(): void;
}
export function takeLock(
  file: string,
  note?: Readonly<Record<string, unknown>>,
): { readonly held: Lock } | { readonly holder: Holder };
export function waitForLock(file: string, waiting: (holder: Holder) => void): Promise<Lock>;
