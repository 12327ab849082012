import { numbersFrom } from '../books';

/** Draws by a seed: the same seed draws the same. */
export class Dice {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = numbersFrom(seed);
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }
  chance(of: number): boolean {
    return this.#random() < of;
  }
  /** One of a list that isn't empty. */
  pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.#random() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }
  /** A whole number whose size, not value, is drawn evenly: small ones are as likely as large ones. */
  magnitude(from: number, to: number): number {
    return Math.min(
      to,
      Math.floor(Math.exp(Math.log(from) + this.#random() * (Math.log(to + 1) - Math.log(from)))),
    );
  }
}
