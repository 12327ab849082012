import { codeSpan } from './escape';
import { isSettled, type LeaverCase, type LeaverItem } from './leaving';

/** One leaver, and what must be settled. */
export interface LeaverStand {
  readonly one: LeaverCase;
  readonly items: readonly LeaverItem[];
}

/** What is open past its deadline. Nothing is ever settled by time, so it is said again and again. */
export const lateItems = (items: readonly LeaverItem[], now: string): readonly LeaverItem[] =>
  items.filter((item) => !isSettled(item) && item.dueAt < now);

/** The weekly list as plain text: ids, never names. A line a leaver, the longest late first. */
export function lateText(stands: readonly LeaverStand[], now: string): string {
  const lines = stands
    .map(({ one, items }) => ({ one, late: lateItems(items, now) }))
    .filter(({ late }) => late.length > 0)
    .map(({ one, late }) => ({
      since: late.map(({ dueAt }) => dueAt).sort()[0] ?? '',
      text: `employee ${one.employeeId}: ${late.map(({ id, dueAt }) => `${id} (due ${dueAt.slice(0, 10)})`).join(', ')}${one.issue ? `\n  ${one.issue.url}` : ''}`,
    }))
    .sort((a, b) => (a.since < b.since ? -1 : 1));
  return lines.map(({ text }) => `- ${text}`).join('\n');
}

/** The hour of time zero, in UTC: `2026-11-26T16`. */
export const hourOf = ({ timeZero }: Pick<LeaverCase, 'timeZero'>): string => timeZero.slice(0, 13);

/** The one page of many who leave at one hour: counts, then who is where. Pure: the same state gives the same text. */
export function summaryBlock(hour: string, stands: readonly LeaverStand[]): string {
  const phases = new Map<string, number>();
  for (const { one } of stands) phases.set(one.phase, (phases.get(one.phase) ?? 0) + 1);
  const open = (items: readonly LeaverItem[]): number => items.filter((item) => !isSettled(item)).length;
  const frozen = stands.filter(({ one }) => one.frozenAt !== null).length;
  const all = stands.reduce((sum, { items }) => sum + open(items), 0);
  return [
    `## ${stands.length} leave at ${hour}:00 UTC`,
    [
      `- sign-in stopped: **${frozen} of ${stands.length}**`,
      `- ${[...phases]
        .sort()
        .map(([phase, count]) => `${phase}: ${count}`)
        .join(', ')}`,
      `- **${all} open**. Nothing here is ever settled by time; each is settled on its own issue.`,
    ].join('\n'),
    [
      '| employee | state | open | issue |',
      '| --- | --- | --- | --- |',
      ...stands.map(
        ({ one, items }) =>
          `| ${codeSpan(one.employeeId)} | ${one.phase} | ${open(items)} of ${items.length} | ${one.issue ? one.issue.url : ''} |`,
      ),
    ].join('\n'),
  ].join('\n\n');
}
