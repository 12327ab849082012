import type { CloseCase, ClosePhase } from './close';
import { PARTIES, type Party } from './green-light';
import { unanswered } from './letters';
import { isSigned } from './tasks';

/** What a visit found, small enough for a history. */
export interface CloseVisit {
  readonly phase: ClosePhase;
  readonly signed: number;
  readonly tasks: number;
  /** Keys of tasks that wait, the first due first, at most twenty. */
  readonly waits: readonly {
    readonly task: string;
    readonly for: 'prepared' | 'reviewed';
    readonly dueAt: string;
  }[];
  readonly lit: readonly Party[];
  /** When the whole period was looked at last. */
  readonly lookedAt?: string | null;
  readonly records: number | null;
  readonly open: number | null;
  /** Findings of the booking checks that are neither mended nor accepted; null where there are no checks. */
  readonly findings: number | null;
  /** When it locks, if it is lit by then. */
  readonly lockAt: string;
  /** When to look again though nothing moves; null: never. */
  readonly nextAt: string | null;
  readonly url: string | null;
  /** Of a quarter, once its letters are sent: who answered when, and on whom they wait. */
  readonly letters?: {
    readonly answered: readonly { readonly by: string; readonly at: string }[];
    readonly waits: readonly string[];
  };
  /** Open variances with billing, and those that hold the light; absent where billing isn't asked. */
  readonly variances?: { readonly open: number; readonly holding: number; readonly problem: string | null };
  /** Why each message wasn't taken; null where it was. */
  readonly answers: Readonly<Record<string, string | null>>;
  /** Milliseconds that the systems' clock is ahead: not zero only in a sandbox in which a month is played. */
  readonly aheadMs?: number;
}

/** The one view of a close that the command and the Temporal UI show. */
export interface CloseStatus extends Omit<CloseVisit, 'answers' | 'phase' | 'aheadMs'> {
  readonly kind: 'monthly-close';
  readonly period: string;
  readonly phase: ClosePhase | 'new';
  readonly since: string;
}

const MOST_WAITS = 20;

export function visitOf(
  close: CloseCase,
  more: Pick<CloseVisit, 'nextAt' | 'answers' | 'lockAt'>,
): CloseVisit {
  const waits = close.tasks
    .filter((task) => !isSigned(task))
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt))
    .map(({ key, prepared, dueAt }) => ({
      task: key,
      for: prepared ? ('reviewed' as const) : ('prepared' as const),
      dueAt,
    }));
  return {
    phase: close.phase,
    signed: close.tasks.filter(isSigned).length,
    tasks: close.tasks.length,
    waits: waits.slice(0, MOST_WAITS),
    lit: PARTIES.filter((party) => close.lights[party] !== null),
    lookedAt: close.look?.at ?? null,
    records: close.look?.records ?? null,
    open: close.look?.open ?? null,
    findings: close.look?.checks?.open ?? null,
    url: close.issue?.url ?? null,
    ...besides(close),
    ...more,
  };
}

function besides({ extras, reconciled }: CloseCase): Pick<CloseVisit, 'letters' | 'variances'> {
  const letters = extras?.letters;
  return {
    ...(letters
      ? {
          letters: {
            answered: Object.entries(letters.answers).map(([by, { at }]) => ({ by, at })),
            waits: unanswered(letters),
          },
        }
      : {}),
    ...(reconciled
      ? {
          variances: {
            open: reconciled.open,
            holding: reconciled.holding,
            problem: reconciled.problems[0]?.problem ?? null,
          },
        }
      : {}),
  };
}

const IN_WORDS: Readonly<Record<CloseStatus['phase'], string>> = {
  new: 'Begins.',
  open: '**Waits for** its cut-off.',
  closing: '**Waits for** the tasks below, then for the green light of both parties.',
  lit: '**Waits for** its day: both parties gave the green light.',
  locked: 'Locked. Looked at daily for changes until all its dates are over.',
  ended: 'Ended: locked, and all its dates are over.',
};

/** What an operator sees in the Temporal UI: keys of tasks and instants, no names. */
export function closeDetails(status: CloseStatus): string {
  return [
    `## Close of ${status.period}`,
    IN_WORDS[status.phase],
    `${status.signed} of ${status.tasks} tasks signed by both${status.lit.length > 0 ? `; green: ${status.lit.join(', ')}` : ''}.`,
    ...(status.records === null
      ? []
      : [`${status.records} closed opportunities; ${status.open ?? 0} open ones are overdue.`]),
    ...(status.findings === null ? [] : [`${status.findings} findings of the booking checks are open.`]),
    ...(status.variances
      ? [
          `${status.variances.open} variances with billing are open, ${status.variances.holding} hold the light.`,
        ]
      : []),
    ...(status.letters
      ? [
          `${status.letters.answered.length} representation letters are answered, ${status.letters.waits.length} are not.`,
        ]
      : []),
    ...(status.waits.length > 0
      ? [
          status.waits
            .map(({ task, for: step, dueAt }) => `- \`${task}\` is to be ${step}, due ${dueAt}`)
            .join('\n'),
        ]
      : []),
    ...(status.phase === 'locked' || status.phase === 'ended' ? [] : [`Locks at ${status.lockAt}.`]),
    ...(status.nextAt ? [`Looked at again at ${status.nextAt}.`] : []),
  ].join('\n\n');
}
