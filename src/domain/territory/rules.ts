import type { Channel } from '../handbook';

/** Numbers and orders of territory planning that the business changes (`config/territory/rules.yml`), each version with its day. */
export interface TerritoryRules {
  /** `YYYY-MM-DD`: it holds from this day on, and is the version's name. */
  readonly effectiveFrom: string;
  /** In order, each from its least number of employees on, to the most, including it; the last without end. */
  readonly segments: readonly { readonly name: string; readonly from: number; readonly to: number | null }[];
  /** Where nothing is known of employees: so that a territory can be found. */
  readonly unknown: { readonly segment: string; readonly employees: number };
  /** More than this can't be: such a number is a finding, and the next source is asked. */
  readonly mostEmployees: number;
  /** Names of sources, the first that isn't blank wins. */
  readonly precedence: { readonly employees: readonly string[]; readonly address: readonly string[] };
  /** The source that people of Sales Ops fill; it alone ends (`manualUntil`). */
  readonly manualSource: string;
  /** Relations by which an account is its own family. */
  readonly notParents: readonly string[];
  /** No move this fiscal year while the segment was confirmed on its 1 February. */
  readonly protects: boolean;
  /** Without activity for so many weeks, without open opportunity and plan, it is stale, and not protected. */
  readonly staleWeeks: number;
  /**
   * Quarters (of the fiscal year, from 1 February) in whose first days moves are made: in a reactive window those that were asked for, in a
   * proactive one those of the plan, too.
   */
  readonly windows: readonly { readonly quarter: 1 | 2 | 3 | 4; readonly kind: 'reactive' | 'proactive' }[];
  readonly windowDays: number;
  /** So many accounts or so much CARR to move or re-stage in a night waits for approval. */
  readonly threshold: {
    readonly accounts: number;
    readonly carrCents: number;
    readonly approvedBy: readonly string[];
    readonly channels: readonly Channel[];
  };
  /** Stages of open opportunities that move with their account at once, or at a window; later ones are held over. */
  readonly opportunities: {
    readonly immediateUpTo: number;
    readonly windowUpTo: number;
    readonly holdoverDays: number;
  };
}
