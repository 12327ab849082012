/**
 * How many requests one batch has under way at once where a system knows no batches: enough to hide the time of the way
 * there, few enough that a vendor's usual limit of concurrent requests (Okta's lowest is 35 for all who ask) is far.
 */
const AT_ONCE = 8;

/** Does the same for each member, `AT_ONCE` side by side. Ends once all have ended. @throws the first fault of any */
export async function sideBySide<T>(members: readonly T[], act: (member: T) => Promise<void>): Promise<void> {
  const left = members.values();
  const lane = async (): Promise<void> => {
    for (const member of left) await act(member);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, members.length) }, lane));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
