/** Members by what they have in common, in the order of their first; as `Map.groupBy`, which Node 20 lacks. */
export function groupedBy<K, T>(
  members: readonly T[],
  keyOf: (member: T) => K,
): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const member of members) {
    const group = groups.get(keyOf(member));
    if (group) group.push(member);
    else groups.set(keyOf(member), [member]);
  }
  return groups;
}
