interface Entry {
  readonly at: number;
  readonly id: string;
}

const byPlace = (one: Entry, other: Entry): number => one.at - other.at;

/** Ids of rows in the order of a number that each has, such as an instant. */
export class Ordered {
  readonly #entries: Entry[] = [];
  /** Not in order yet: they are put there together, at the next look. */
  #added: Entry[] = [];

  /** With the places that rows had before. */
  get size(): number {
    return this.#entries.length + this.#added.length;
  }

  add(at: number, id: string): void {
    this.#added.push({ at, id });
  }

  /** How many ids `between` gives at most. */
  count(from: number, to: number): number {
    return Math.max(0, this.#after(to) - this.#firstFrom(from));
  }

  /** Ids of the rows from one number to another, both included; of a row that moved, at the place that it had before, too. */
  between(from: number, to: number): ReadonlySet<string> {
    return new Set(this.#entries.slice(this.#firstFrom(from), this.#after(to)).map(({ id }) => id));
  }

  #firstFrom(bound: number): number {
    return this.#first((at) => at >= bound);
  }

  #after(bound: number): number {
    return this.#first((at) => at > bound);
  }

  /** The first place from which on this holds. */
  #first(holds: (at: number) => boolean): number {
    this.#settle();
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#entries[middle]?.at ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #settle(): void {
    if (this.#added.length === 0) return;
    const added = this.#added.sort(byPlace);
    this.#added = [];
    const isLater = (added[0]?.at ?? 0) >= (this.#entries.at(-1)?.at ?? -Infinity);
    for (const entry of added) this.#entries.push(entry);
    // What was just stamped comes last already.
    if (!isLater) this.#entries.sort(byPlace);
  }
}
