import type { Counts, Outcome } from './outcome';

/**
 * What comes next for a task that is done for many people, from what came of it for each: while the system is away for any of them
 * it is asked again, then while a seat is missing; then a person looks at whom daytwo could not serve. "One bad person": the
 * others are served all the same. Null where some weren't tried, since what comes before did not come about for them.
 * `held`: people for whom a task of another batch stands before it. No names: who it is stands in the store.
 */
export function wholeOf(outcomes: readonly Outcome[], of: number, held: number): Outcome | null {
  return (
    awayFor(outcomes) ??
    outcomes.find(({ kind }) => kind === 'waiting_for_seat') ??
    toLookAt(outcomes, of, held) ??
    (outcomes.length < of ? null : doneFor(outcomes))
  );
}

/** The longest wait that the system asked for, for any of them. */
function awayFor(outcomes: readonly Outcome[]): Outcome | undefined {
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === 'waiting_for_system' ? [outcome] : []));
  const wait = ({ retryAfterSeconds = 0 }: { readonly retryAfterSeconds?: number }): number =>
    retryAfterSeconds;
  return waiting.reduce<(typeof waiting)[number] | undefined>(
    (longest, one) => (longest && wait(longest) >= wait(one) ? longest : one),
    undefined,
  );
}

function toLookAt(outcomes: readonly Outcome[], of: number, held: number): Outcome | undefined {
  const stuck = outcomes.filter(({ kind }) => kind === 'needs_person' || kind === 'refused').length;
  if (stuck + held === 0) return undefined;
  const problems = [
    ...(stuck > 0 ? [`${grouped(stuck)} of ${grouped(of)} need a look`] : []),
    ...(held > 0 ? [`${grouped(held)} of ${grouped(of)} wait for another task first`] : []),
  ];
  return {
    kind: 'needs_person',
    problem: problems.join('; '),
    mend: 'Look at those named, mend what is wrong, then tick "try again"; or do them by hand and tick the box.',
  };
}

function doneFor(outcomes: readonly Outcome[]): Outcome {
  const all = (kind: Outcome['kind']): boolean => outcomes.every((outcome) => outcome.kind === kind);
  const verified = outcomes.every((outcome) => !('verified' in outcome) || outcome.verified);
  const first = outcomes.find(({ kind }) => kind === 'granted' || kind === 'already');
  const detail = first && 'detail' in first && first.detail !== undefined ? { detail: first.detail } : {};
  if (outcomes.length === 0) return { kind: 'not_applicable', reason: 'nobody takes part' };
  if (all('not_applicable')) return { kind: 'not_applicable', reason: 'nobody of them had it' };
  if (all('already')) return { kind: 'already', verified, ...detail };
  return first ? { kind: 'granted', verified, ...detail } : { kind: 'revoked', verified };
}

/** How one task stands, from how many people have which status; `taken`: access is taken, not given. */
export function countsOfStatuses(statuses: ReadonlyMap<string, number>, of: number, taken: boolean): Counts {
  const sum = (...kinds: readonly Outcome['kind'][]): number =>
    kinds.reduce((total, kind) => total + (statuses.get(kind) ?? 0), 0);
  return {
    of,
    done: taken ? sum('revoked', 'not_applicable') : sum('granted', 'already'),
    already: taken ? sum('not_applicable') : sum('already'),
    waiting: sum('waiting_for_seat', 'waiting_for_system'),
    exceptions: sum('needs_person', 'refused'),
  };
}

/** `1000` as `1,000`. */
const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
