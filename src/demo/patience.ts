import { setTimeout as pause } from 'node:timers/promises';

/** What was waited for and didn't come; the last fault met while looking is its cause. */
export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain';
  constructor(
    readonly what: string,
    seconds: number,
    cause: unknown,
  ) {
    super(`waited ${seconds} s in vain for ${what}`, { cause });
  }
}

/** What was waited for won't come by waiting. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** Looks again and again, within bounds, and can tell at any time what is being waited for. */
export class Patience {
  readonly #waits = new Set<string>();

  constructor(
    private readonly signal: AbortSignal,
    private readonly withinMs = 45_000,
    private readonly everyMs = 150,
  ) {}

  /** What is waited for now, in words. */
  get waits(): readonly string[] {
    return [...this.#waits];
  }

  /**
   * Looks until there is something to see. A fault while looking is no answer: the part that was asked may just be
   * starting again.
   *
   * @throws WaitedInVain once the time is over; Hopeless as it is thrown by `look`; the signal's reason when it is aborted
   */
  async until<T>(what: string, look: () => Promise<T | undefined>, withinMs = this.withinMs): Promise<T> {
    const until = Date.now() + withinMs;
    this.#waits.add(what);
    try {
      for (let fault: unknown; ;) {
        this.signal.throwIfAborted();
        try {
          const seen = await look();
          if (seen !== undefined) return seen;
        } catch (error) {
          if (error instanceof Hopeless) throw error;
          fault = error;
        }
        if (Date.now() >= until) throw new WaitedInVain(what, Math.round(withinMs / 1000), fault);
        await pause(this.everyMs, undefined, { signal: this.signal });
      }
    } finally {
      this.#waits.delete(what);
    }
  }
}
