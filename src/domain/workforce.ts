import { canonicalJson } from './digest';

/** Somebody as a list of the workforce, or the store, has them. */
interface Listed {
  readonly status: string;
  /** An instant: when it was so. */
  readonly updatedAt: string;
}

/**
 * What a list of the workforce changes of one person. `newer`: an HR event told of them after the list was taken. `moving`: HR
 * told that they join, leave or have left, and a list that still names them takes nothing of that back.
 */
export type ImportOutcome = 'added' | 'changed' | 'same' | 'newer' | 'moving';

/** Those who worked here before daytwo came are known by a list; whatever HR told since then counts over it. */
export function importOutcome<P extends Listed>(known: P | null, listed: P): ImportOutcome {
  if (!known) return 'added';
  if (facts(known) === facts({ ...listed, status: known.status }))
    return known.status === 'active' ? 'same' : 'moving';
  if (known.status !== 'active') return 'moving';
  return Date.parse(known.updatedAt) > Date.parse(listed.updatedAt) ? 'newer' : 'changed';
}

const facts = ({ updatedAt: _, ...rest }: Listed): string => canonicalJson(rest);
