import type { RunFigures, RunPhase, RunWritten } from './run';

/** What a step of a run says of it, small enough for a history: ids and counts. */
export interface RunStanding {
  readonly phase: RunPhase;
  readonly figures: RunFigures | null;
  readonly staging: RunWritten;
  readonly transfers: RunWritten;
  /** Until when somebody may decide. */
  readonly expiresAt: string;
  readonly url: string | null;
}

/** A step that is tried again for longer than policy says. */
export interface RunLate {
  readonly step: string;
  readonly since: string;
  /** `salesforce answered ECONNREFUSED` */
  readonly fault: string;
}

/** The one view of a run that the command and the Temporal UI show: no names. */
export interface RunStatus extends Omit<RunStanding, 'phase'> {
  readonly kind: 'territory-plan';
  readonly run: string;
  /** The run that it puts back. */
  readonly undoes: string | null;
  readonly since: string;
  readonly phase: RunPhase | 'new';
  /** Null: it goes on. */
  readonly late: RunLate | null;
}

const IN_WORDS: Readonly<Record<RunStatus['phase'], string>> = {
  new: 'Reads the accounts, and plans.',
  asked: '**Waits for** its approval: nothing is written.',
  approved: 'Is being written.',
  done: 'Written, and read back.',
  rejected: 'Rejected: nothing was written.',
  withdrawn: 'Withdrawn: nothing was written.',
  expired: 'Over: nobody decided in time. The next night plans anew.',
};

/** What an operator sees in the Temporal UI. */
export function runDetails({
  run,
  undoes,
  phase,
  figures,
  staging,
  transfers,
  expiresAt,
  late,
}: RunStatus): string {
  const counts = ({ rows, left, refused }: RunWritten): string =>
    `${rows} written, ${left} left, ${refused} refused`;
  return [
    undoes === null ? `## Territory plan of ${run}` : `## Puts back the territory plan of ${undoes}`,
    IN_WORDS[phase],
    ...(late
      ? [
          `**Does not go on**: "${late.step}" is tried again since ${late.since}, ${late.fault}. It goes on by itself.`,
        ]
      : []),
    ...(figures
      ? [
          `${figures.accounts} accounts: ${figures.added} new, ${figures.changed} changed, ${figures.unchanged} unchanged; ${figures.due} to transfer; ${figures.findings} findings.`,
        ]
      : []),
    ...(phase === 'asked' ? [`Over at ${expiresAt}, if nobody decides.`] : []),
    ...(phase === 'approved' || phase === 'done'
      ? [`Staging: ${counts(staging)}. Transfers: ${counts(transfers)}.`]
      : []),
  ].join('\n\n');
}
