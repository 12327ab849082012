/** What HR says of somebody who has an address. */
export interface Holder {
  readonly employeeId: string;
  readonly status: string;
}

/** Who has this address today: addresses are given anew, and somebody who left once had it, too. */
export const holdersToday = <P extends Holder>(people: readonly P[]): readonly P[] =>
  people.filter(({ status }) => status !== 'left' && status !== 'rescinded');

/** Whether nobody is there to take over at an address that HR knows: all who have it left, or leave. */
export const isLeaverOnly = (people: readonly Holder[]): boolean =>
  people.length > 0 && !holdersToday(people).some(({ status }) => status !== 'leaving');

/**
 * Who takes over from a leaver, of those who have the address that somebody named; else why nobody can. "A successor who left too":
 * refused, as is the leaver, whom HR has not told of, and an address that two people have.
 */
export function heirOf(
  people: readonly Holder[],
  leaver: string,
): { readonly employeeId: string } | { readonly why: string } {
  const [heir, ...others] = holdersToday(people);
  if (!heir)
    return {
      why:
        people.length > 0
          ? 'the person with this address has left'
          : 'HR has told of nobody with this address',
    };
  if (others.length > 0)
    return {
      why: `several people have this address: employees ${[heir, ...others].map(({ employeeId }) => employeeId).join(', ')}`,
    };
  if (heir.employeeId === leaver) return { why: 'nobody takes over from themself' };
  if (heir.status === 'leaving') return { why: `employee ${heir.employeeId} leaves, too` };
  return { employeeId: heir.employeeId };
}
