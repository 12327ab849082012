import type { ReadColumn } from './read-columns';

/** How accounts come from Salesforce in a night, of one version of the policy. */
export interface ReadPolicy {
  /** Each night all of them, or those that changed since the read that is kept. */
  readonly way: 'whole' | 'changed';
  /** All of them at least each so many nights. */
  readonly wholeEvery: number;
  /** A change becomes visible later than its stamp says: so far before the last read is read again. */
  readonly overlapMinutes: number;
}

/** What a kept night says of its read, so that the next one can go on from it. */
export interface NightRead {
  /** An instant before it began, by the clock of the org. */
  readonly at: string;
  /** The day of the last whole read that is in it. */
  readonly whole: string;
  /** Each column with its field. */
  readonly columns: readonly string[];
}

/** Why all accounts were read: so says the policy; nothing to go on from; its turn; other fields; not readable; other accounts than the org counts. */
export type WholeBecause = 'policy' | 'no-night' | 'turn' | 'fields' | 'unreadable' | 'count';

/** What a run read. */
export type RunRead =
  | { readonly way: 'whole'; readonly why: WholeBecause; readonly rows: number }
  | {
      readonly way: 'changed';
      /** The night whose read it went on from. */
      readonly night: string;
      readonly rows: number;
      /** Deleted, of these. */
      readonly gone: number;
    };

const DAY_MS = 86_400_000;

export const columnsRead = (columns: readonly ReadColumn[]): readonly string[] =>
  columns.map(({ name, field }) => `${name}=${field}`);

/**
 * Accounts are read whole, or since the last time: that is for a read that is kept, has the same fields, and is not so far from the last
 * whole one as the policy says.
 *
 * @returns since when changes are read, or why everything is
 */
export function readFrom(
  policy: ReadPolicy,
  known: NightRead | undefined,
  { day, columns }: { readonly day: string; readonly columns: readonly string[] },
): { readonly since: string } | { readonly why: WholeBecause } {
  if (policy.way === 'whole') return { why: 'policy' };
  if (!known) return { why: 'no-night' };
  if (known.columns.join() !== columns.join()) return { why: 'fields' };
  if (Date.parse(day) - Date.parse(known.whole) >= policy.wholeEvery * DAY_MS) return { why: 'turn' };
  return { since: new Date(Date.parse(known.at) - policy.overlapMinutes * 60_000).toISOString() };
}

const WHY: Readonly<Record<WholeBecause, string>> = {
  policy: 'as the policy says',
  'no-night': 'no read is kept that it could go on from',
  turn: 'it is the turn of a whole read',
  fields: 'other fields are read than the last time',
  unreadable: 'the kept read can not be read any more',
  count: 'the org counts other accounts than there were with what changed',
};

/** What a run read, in words. */
export const readInWords = (read: RunRead): string =>
  read.way === 'whole'
    ? `all ${read.rows} accounts were read: ${WHY[read.why]}`
    : `${read.rows} accounts were read that changed since the night ${read.night}, ${read.gone} of them deleted`;
