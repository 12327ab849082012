import type { Family, TerritoryAccount } from './account';
import type { PlanFinding } from './placement';
import { byCode } from './texts';

export interface Families {
  readonly families: readonly Family[];
  /** In a cycle, or below one: nobody can say who is above them, so they stay as they are. */
  readonly inCycles: readonly TerritoryAccount[];
  readonly findings: readonly PlanFinding[];
}

/** So many members of a cycle are named. */
const NAMED = 20;

/**
 * Families by walking the hierarchy up to the ultimate parent. Not parented are those whose parent holds them in a way that doesn't
 * count (private equity and holding companies, joint ventures, franchises, government holders; handbook, Rules of Engagement): own size and address,
 * and a family of their own with what is below them.
 */
export function families(accounts: readonly TerritoryAccount[], notParents: readonly string[]): Families {
  const { kept, findings: twice } = onceEach(accounts);
  const findings = [...twice];
  const above = new Map<string, string>();
  for (const { id, parentId, relation } of kept.values()) {
    if (parentId === null || isNotParented({ relation }, notParents)) continue;
    if (kept.has(parentId)) above.set(id, parentId);
    else findings.push({ kind: 'missing-parent', accountId: id, what: parentId });
  }
  const members = new Map<string, TerritoryAccount[]>();
  const inCycles: TerritoryAccount[] = [];
  const tops = ultimateParents([...kept.keys()], above);
  for (const [id, account] of kept) {
    const top = tops.get(id) ?? null;
    if (top === null) inCycles.push(account);
    else if (!members.get(top)?.push(account)) members.set(top, [account]);
  }
  for (const cycle of cyclesOf(inCycles.map(({ id }) => [id, above.get(id) ?? id] as const)))
    findings.push(cycleFinding(cycle));
  return { families: [...members.values()], inCycles, findings };
}

/** Its parent holds it in a way that doesn't count: it has its own size and address. */
export const isNotParented = (
  { relation }: Pick<TerritoryAccount, 'relation'>,
  notParents: readonly string[],
): boolean => relation !== null && notParents.includes(relation);

/** The ultimate parent among the members of a family: its parent isn't one of them, or doesn't count. */
export function topOf(family: Family, notParents: readonly string[]): TerritoryAccount {
  const ids = new Set(family.map(({ id }) => id));
  const top = family.find(
    (account) =>
      account.parentId === null || !ids.has(account.parentId) || isNotParented(account, notParents),
  );
  if (!top) throw new RangeError('a family without an ultimate parent');
  return top;
}

/** Two accounts of one id: the one that changed last is taken, and that there were two is said. In order of their ids. */
function onceEach(accounts: readonly TerritoryAccount[]): {
  readonly kept: ReadonlyMap<string, TerritoryAccount>;
  readonly findings: readonly PlanFinding[];
} {
  const kept = new Map<string, TerritoryAccount>();
  const twice = new Set<string>();
  for (const account of [...accounts].sort((a, b) => byCode(a.id, b.id))) {
    const other = kept.get(account.id);
    if (other) twice.add(account.id);
    if (!other || other.changedAt < account.changedAt) kept.set(account.id, account);
  }
  return { kept, findings: [...twice].map((id) => ({ kind: 'twice', accountId: id, what: id })) };
}

/** The ultimate parent of each id; null where the way up never ends. */
function ultimateParents(
  ids: readonly string[],
  above: ReadonlyMap<string, string>,
): ReadonlyMap<string, string | null> {
  const tops = new Map<string, string | null>();
  for (const id of ids) {
    const way = new Set<string>();
    let at = id;
    let next: string | undefined = id;
    while (next !== undefined && !way.has(next) && !tops.has(next)) {
      way.add((at = next));
      next = above.get(at);
    }
    const top = next === undefined ? at : (tops.get(next) ?? null);
    for (const passed of way) tops.set(passed, top);
  }
  return tops;
}

/** Cycles among links from child to parent of which none leads out: each from its smallest id on, in the order of parents. */
export function cyclesOf(
  links: readonly (readonly [id: string, parentId: string])[],
): readonly (readonly string[])[] {
  const above = new Map(links);
  const seen = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const [id] of links) {
    const way: string[] = [];
    let at: string | undefined = id;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      way.push(at);
      at = above.get(at);
    }
    const from = at === undefined ? -1 : way.indexOf(at);
    if (from >= 0) cycles.push(fromSmallest(way.slice(from)));
  }
  return cycles.sort(([a = ''], [b = '']) => byCode(a, b));
}

function fromSmallest(cycle: readonly string[]): readonly string[] {
  const least = cycle.indexOf([...cycle].sort(byCode)[0] ?? '');
  return [...cycle.slice(least), ...cycle.slice(0, least)];
}

export function cycleFinding(cycle: readonly string[]): PlanFinding {
  const more = cycle.length > NAMED ? ` … (${cycle.length})` : '';
  return { kind: 'cycle', accountId: cycle[0] ?? null, what: `${cycle.slice(0, NAMED).join(' > ')}${more}` };
}

/** The industry of most members (handbook, Rules of Engagement), the first by alphabet of several; null where none has one. */
export function industryOf(family: readonly Pick<TerritoryAccount, 'industry'>[]): string | null {
  const times = new Map<string, number>();
  for (const { industry } of family)
    if (industry !== null) times.set(industry, (times.get(industry) ?? 0) + 1);
  const [most] = [...times].sort(([a, m], [b, n]) => n - m || byCode(a, b));
  return most?.[0] ?? null;
}
