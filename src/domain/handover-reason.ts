import type { Book, BookMove } from './book';
import type { HandoverPlan, HandoverRules } from './handover';

/** One record of a plan: who would get it, by address, and why it is they. Null: nobody, it is removed. */
export interface Destination {
  readonly object: string;
  readonly email: string | null;
  readonly why: string;
}

/** Says of each record of a plan who would get it and why: for the eyes of people who look at the plan. */
export function destinationsOf(
  { moves }: Pick<HandoverPlan, 'moves'>,
  book: Book,
  rules: HandoverRules,
  successor: string | null,
): readonly Destination[] {
  const emails = new Map([...rules.heirs].map(([email, id]) => [id, email]));
  const accounts = new Map(book.accounts.map(({ id, territory }) => [id, territory]));
  const accountOf = new Map(book.opportunities.map(({ id, accountId }) => [id, accountId]));
  const heirOf = new Map(
    moves.flatMap(({ object, id, to }) => (object === 'Account' ? [[id, to] as const] : [])),
  );
  const covers = coverWords(rules, successor);
  const why = ({ object, id, to, set }: BookMove, email: string): string => {
    if (object === 'Account') return territoryWords(accounts.get(id) ?? null, email, rules) ?? covers(email);
    if (object === 'Opportunity' && set !== undefined) return `holds it over: ${covers(email)}`;
    if (object === 'Opportunity' && heirOf.get(accountOf.get(id) ?? '') === to)
      return 'goes with its account';
    return covers(email);
  };
  return moves.map((move) => {
    const email = move.to === null ? null : (emails.get(move.to) ?? move.to);
    return { object: move.object, email, why: email === null ? 'removed' : why(move, email) };
  });
}

function territoryWords(name: string | null, email: string, { territories }: HandoverRules): string | null {
  const found = territories.find((one) => one.name.toLowerCase() === name?.trim().toLowerCase());
  if (found?.owner?.toLowerCase() === email) return 'owns its territory';
  return found?.cover?.toLowerCase() === email ? 'covers its territory' : null;
}

/** Why somebody covers: in the order in which they are asked. */
const coverWords =
  ({ managers, records }: HandoverRules, successor: string | null) =>
  (email: string): string => {
    const is = (address: string | null | undefined): boolean => address?.toLowerCase() === email;
    if (is(successor)) return 'the named successor';
    const above = managers.filter((address) => address !== successor);
    if (is(above[0])) return 'the manager';
    if (above.some(is)) return 'stands above the manager';
    return is(records.parkingOwner) ? 'the parking owner' : 'covers';
  };
