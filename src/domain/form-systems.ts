import type { System } from './handbook';
import { nearest } from './spelling';

/** A system that a text begins with, and what stands after its name. */
export interface NamedSystem {
  readonly system: System;
  readonly rest: string;
}

/** Finds systems in what people write: by name, alias or key, in any case. */
export class SystemNames {
  readonly #byName: ReadonlyMap<string, System>;
  readonly #pattern: RegExp | null;

  constructor(readonly systems: readonly System[]) {
    this.#byName = new Map(
      [...systems]
        .reverse()
        .flatMap((system) =>
          [...system.aliases, system.key, system.name].map((name): [string, System] => [
            likened(name),
            system,
          ]),
        ),
    );
    // The longest first: "Salesforce Inbox" isn't Salesforce.
    const names = [...this.#byName.keys()].sort((a, b) => b.length - a.length).map(pattern);
    this.#pattern =
      names.length === 0
        ? null
        : new RegExp(`^(${names.join('|')})(?![\\p{L}\\p{N}]|[.-][\\p{L}\\p{N}])`, 'iu');
  }

  /** The system whose name the text begins with; null where it begins with none. */
  at(text: string): NamedSystem | null {
    const plain = text.normalize('NFKC').trimStart();
    const found = this.#pattern?.exec(plain)?.[1];
    const system = found === undefined ? undefined : this.#byName.get(likened(found));
    return system && found !== undefined ? { system, rest: plain.slice(found.length) } : null;
  }

  /** A system that is named anywhere in the text. */
  mentionedIn(text: string): System | null {
    const words = [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)];
    for (const { index } of words) {
      const named = this.at(text.slice(index, index + 80));
      if (named) return named.system;
    }
    return null;
  }

  /** What to say of a name that no system has. */
  expectedFor(name: string): string {
    const known = this.systems.flatMap((system) => [system.name, ...system.aliases]);
    const near = nearest(name, known);
    const meant = near === undefined ? undefined : this.at(near)?.system.name;
    return meant === undefined
      ? `No system is called "${name}". There are: ${this.systems.map((system) => system.name).join(', ')}.`
      : `No system is called "${name}". Did you mean ${meant}?`;
  }
}

/** Texts that people take for the same are the same like this: case, width of letters, spaces and a full stop aside. */
export const likened = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[.!?]+$/, '');

const pattern = (name: string): string => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '\\s+');
