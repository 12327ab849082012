import type { TerritoryRules } from './rules';

/**
 * The segment of a family by the most employees that one of its members has (handbook, Go to Market: segments: SMB 0–100, Mid-Market 101–2,000, Large
 * from 2,001; unknown is SMB, so that a territory can be found).
 */
export function segmentOf(
  employees: number | null,
  { segments, unknown }: Pick<TerritoryRules, 'segments' | 'unknown'>,
): string {
  if (employees === null) return unknown.segment;
  const found = segments.find(({ from, to }) => employees >= from && (to === null || employees <= to));
  return found?.name ?? unknown.segment;
}
