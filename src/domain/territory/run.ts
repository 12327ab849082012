import type { IssueRef } from '../access-request';
import type { Channel } from '../handbook';
import type { PlanFinding } from './placement';
import type { ReadPolicy, RunRead } from './read';

/** When the nightly run begins, and how it works, of one version of the policy. */
export interface RunPolicy {
  /** IANA zone in which a night is a night. */
  readonly zone: string;
  /** Time of day there, `02:00`. */
  readonly night: string;
  /** User names of those who may begin a run by hand, or ask that one is put back. */
  readonly runBy: readonly string[];
  /** Hours after which a run that waits for approval is over: the next night plans anew. */
  readonly openHours: number;
  /** Rows a write. */
  readonly batchRows: number;
  /** Rows that are read back one by one, beside the counts. */
  readonly sampleRows: number;
  /** Nights that are kept: so far back an account is explained and a run put back. */
  readonly keptNights: number;
  /** Between two looks for accounts that changed. */
  readonly pollSeconds: number;
  readonly read: ReadPolicy;
  /** A step that is tried again for so long is told to ops. */
  readonly tellMinutes: number;
}

/**
 * Where a run stands. `asked`: waits for its approval; `approved`: is being written, or needed no approval; `done`: written and read
 * back, due transfers made. Nothing was written: `rejected`; `withdrawn` by who began it; `expired`: nobody decided.
 */
export type RunPhase = 'asked' | 'approved' | 'done' | 'rejected' | 'withdrawn' | 'expired';

export interface RunWord {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly reason: string | null;
}

/** What a plan comes to, in numbers. */
export interface RunFigures {
  readonly accounts: number;
  /** Without any staging until now. */
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** New, changed, or transferred now: an account counts once. */
  readonly touched: number;
  /** CARR of those. */
  readonly carrCents: number;
  /** Whose owner should change, and nothing holds it. */
  readonly moves: number;
  /** Whose owner should change, and something holds it. */
  readonly held: number;
  /** To be transferred now: their day has come. */
  readonly due: number;
  readonly findings: number;
}

/** Of how many accounts a group is, and their CARR. */
export interface Counted {
  readonly name: string;
  readonly accounts: number;
  readonly carrCents: number;
}

/** The difference of a plan to what stands, as people read it. */
export interface RunSummary {
  /** By the field that changes. */
  readonly fields: readonly Counted[];
  /** By the rule from which the change comes. */
  readonly reasons: readonly Counted[];
  /** By the territory into which they come. */
  readonly territories: readonly Counted[];
  /** By what holds those that stay with their owner. */
  readonly held: readonly Counted[];
  /** By kind of what was found wrong; CARR is 0. */
  readonly findings: readonly Counted[];
}

/** What became of rows that were to be written or transferred. */
export interface RunWritten {
  readonly rows: number;
  /** Changed by somebody between plan and write, or since: not overwritten. */
  readonly left: number;
  /** Refused by Salesforce. */
  readonly refused: number;
}

export const NOTHING_WRITTEN: RunWritten = { rows: 0, left: 0, refused: 0 };

/** An account that a run didn't write as planned, and why. */
export interface LeftAccount {
  readonly accountId: string;
  /** `changed-meanwhile`, `owner-not-approved`, `gone`, or Salesforce's status code. */
  readonly why: string;
}

/** A run of territory planning: of a night, by hand, or one that puts back another. */
export interface TerritoryRun {
  /** `2026-11-26`, a second one of that day `2026-11-26.2`, one that puts back `2026-11-26/rollback`. */
  readonly id: string;
  /** The run that it puts back; null: it plans. */
  readonly undoes: string | null;
  /** User name, or `daytwo` for the schedule. */
  readonly by: string;
  readonly begunAt: string;
  readonly phase: RunPhase;
  readonly policyVersion: string;
  /** Version of the territory rules. */
  readonly rulesVersion: string;
  /** How its accounts came; null: it puts back another, and reads only those. */
  readonly read: RunRead | null;
  readonly figures: RunFigures;
  readonly summary: RunSummary;
  /** Digest of the changes that it writes: no others are written in its name. */
  readonly changes: string;
  /** The first of what was found wrong with accounts and tables. */
  readonly found: readonly PlanFinding[];
  /** Why it waits for approval, in words; empty: it doesn't. */
  readonly above: readonly string[];
  /** User names of those who edited rules and tables since the last run that was written: they don't approve it. */
  readonly editors: readonly string[];
  /** Why not all of them are known, in words; null: they are, or it plans by no tables. */
  readonly editorsNotKnown: string | null;
  /** The commit that its rules and tables stood at; null: not known. */
  readonly tablesAt: string | null;
  readonly expiresAt: string;
  readonly issue: IssueRef | null;
  /** The page of what it would do, attached to the issue's project: `/uploads/…`. Null: none yet, or none can be. */
  readonly page: string | null;
  readonly decided: RunWord | null;
  readonly staging: RunWritten;
  readonly transfers: RunWritten;
  /** The first of those that were left or refused; all of them stand with the batches. */
  readonly left: readonly LeftAccount[];
  readonly endedAt: string | null;
}

const HOUR_MS = 3_600_000;

/** A run as its plan begins it: it waits for approval where something is above the threshold. */
export const newRun = ({
  openHours,
  ...of
}: Pick<
  TerritoryRun,
  | 'id'
  | 'undoes'
  | 'by'
  | 'begunAt'
  | 'policyVersion'
  | 'rulesVersion'
  | 'read'
  | 'figures'
  | 'found'
  | 'summary'
  | 'changes'
  | 'above'
  | 'editors'
  | 'editorsNotKnown'
  | 'tablesAt'
> &
  Pick<RunPolicy, 'openHours'>): TerritoryRun => ({
  ...of,
  phase: of.above.length > 0 ? 'asked' : 'approved',
  expiresAt: new Date(Date.parse(of.begunAt) + openHours * HOUR_MS).toISOString(),
  issue: null,
  page: null,
  decided: null,
  staging: NOTHING_WRITTEN,
  transfers: NOTHING_WRITTEN,
  left: [],
  endedAt: null,
});

/** What nobody decided in time is over: the next night plans anew. */
export const runAt = (run: TerritoryRun, now: string): TerritoryRun =>
  run.phase === 'asked' && now >= run.expiresAt ? { ...run, phase: 'expired', endedAt: now } : run;

export const isRunOver = ({ phase }: Pick<TerritoryRun, 'phase'>): boolean =>
  phase !== 'asked' && phase !== 'approved';

export const sumOf = (all: readonly RunWritten[]): RunWritten =>
  all.reduce(
    (sum, { rows, left, refused }) => ({
      rows: sum.rows + rows,
      left: sum.left + left,
      refused: sum.refused + refused,
    }),
    NOTHING_WRITTEN,
  );

const RUN = /^\d{4}-\d{2}-\d{2}(?:\.\d{1,3})?$/;

/** Whether a text is the id of a run that plans. */
export const isRunId = (text: string): boolean => RUN.test(text);

const PREFIX = 'tsp/';
/** The workflow of a run, as people name it, too. @param run `2026-11-26` */
export const territoryRunId = (run: string): string => `${PREFIX}${run}`;
/** The run of a workflow of that kind; null: its id is none of a run. */
export const runOfWorkflow = (workflowId: string): string | null =>
  workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : null;

/** The order in which runs were begun: by day, then by number, then what puts back. */
export const byRun = (a: string, b: string): number => {
  const [first, second] = [inParts(a), inParts(b)];
  if (first.day !== second.day) return first.day < second.day ? -1 : 1;
  return first.n - second.n || a.length - b.length;
};

const inParts = (id: string): { readonly day: string; readonly n: number } => ({
  day: id.slice(0, 10),
  n: Number(/^\.(\d+)/.exec(id.slice(10))?.[1] ?? 1),
});

/**
 * The commit since which whoever edited the tables doesn't approve a run: of the last run that was written and not put back. A version
 * of the rules that comes into force with this run may have been written long before: then of the first run by the version before it.
 *
 * @param written runs that were written and not put back, the last first
 */
export async function editedSince(
  written: AsyncIterable<Pick<TerritoryRun, 'rulesVersion' | 'tablesAt'>>,
  rulesVersion: string,
): Promise<string | null> {
  let first: Pick<TerritoryRun, 'rulesVersion' | 'tablesAt'> | null = null;
  for await (const run of written) {
    if (first !== null && run.rulesVersion !== first.rulesVersion) break;
    first = run;
    if (run.rulesVersion === rulesVersion) break;
  }
  return first?.tablesAt ?? null;
}

/** The id of a day's next run, after those that there are. */
export const nextRunId = (day: string, known: readonly string[]): string => {
  const ofDay = known.filter((id) => isRunId(id) && id.slice(0, 10) === day);
  return ofDay.length === 0 ? day : `${day}.${ofDay.length + 1}`;
};

export const rollbackId = (run: string): string => `${run}/rollback`;
