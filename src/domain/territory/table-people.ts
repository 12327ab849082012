import { nearest } from '../spelling';

/** Whom a table may name, and how they are spelled there. */
export interface TablePerson {
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

export type Found =
  | { readonly person: TablePerson }
  /** Nobody of exactly this name: who is likely meant, and how sure that is. Several of it: nobody is, surely. */
  | { readonly likely: TablePerson | null; readonly same: boolean };

/** Without accents, case, signs and doubled spaces: `Lefèvre,  JULES` is `lefevre jules`. */
const folded = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const inAnyOrder = (name: string): string => folded(name).split(' ').sort().join(' ');

/** Finds whom a table names: by their name exactly; else who is meant by another spelling, an address or a user name. */
export function personNamed(name: string, people: readonly TablePerson[]): Found {
  const exact = people.filter((one) => one.name === name);
  if (exact.length > 1) return { likely: null, same: true };
  if (exact[0]) return { person: exact[0] };
  const word = name.trim().toLowerCase();
  const same = people.filter(
    (one) =>
      inAnyOrder(one.name) === inAnyOrder(name) ||
      one.email.toLowerCase() === word ||
      one.username.toLowerCase() === word.replace(/^@/, ''),
  );
  if (same.length === 1) return { likely: same[0] ?? null, same: true };
  const near = nearest(
    folded(name),
    people.map((one) => folded(one.name)),
  );
  return { likely: people.find((one) => folded(one.name) === near) ?? null, same: false };
}
