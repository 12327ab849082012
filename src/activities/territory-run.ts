import type { DeskMessage } from '../domain/desk-acts';
import type { RunStanding } from '../domain/territory/run-status';
import { clockOf } from './close';
import { living, showing } from './faults';
import { openNight, planRun } from './territory-begin';
import { endRun, visitRun } from './territory-desk';
import { tellingLate } from './territory-late';
import { transferDue } from './territory-transfer';
import { writeStaging } from './territory-write';
import type { World } from './world';

export interface RunRef {
  /** `2026-11-26` */
  readonly run: string;
}

export interface BeginRun extends RunRef {
  /** The run that it puts back; null: it plans. */
  readonly undoes: string | null;
  /** User name, or `daytwo` for the schedule. */
  readonly by: string;
  readonly now: string;
}

export interface RunVisit extends RunStanding {
  /** Why each message wasn't taken; null where it was. */
  readonly answers: Readonly<Record<string, string | null>>;
  /** As of a close: how far the clock of a sandbox is ahead. */
  readonly aheadMs?: number;
}

export interface TerritoryRunActivities {
  /** Begins the run of a night under its own id. @returns its id; null: there is one already */
  openTerritoryNight(input: { readonly now: string }): Promise<string | null>;
  /** Reads the accounts and plans, or plans what is put back; keeps the night, and says whether it waits for approval. */
  planRun(input: BeginRun): Promise<RunStanding>;
  /** Makes the issue of a run that waits for approval, judges what people ticked and said, and shows where it stands. */
  visitRun(
    input: RunRef & { readonly messages: readonly DeskMessage[]; readonly now: string },
  ): Promise<RunVisit>;
  /** Writes staging, only what changed, batch by batch; reads back by sample and by count. Done again, it goes on after the last batch. */
  writeStaging(input: RunRef & { readonly now: string }): Promise<RunStanding>;
  /** Transfers the accounts whose day has come, each once, with their open opportunities. */
  transferDue(input: RunRef & { readonly now: string }): Promise<RunStanding>;
  /** Says how it came out: on its issue, and what was found wrong on the standing one. */
  endRun(input: RunRef & { readonly now: string }): Promise<RunStanding>;
}

export const territoryRunActivities = (world: World): TerritoryRunActivities => {
  const late = <T>({ run }: RunRef, step: keyof typeof STEPS, act: () => Promise<T>): Promise<T> =>
    tellingLate(world, run, STEPS[step], act);
  return {
    openTerritoryNight: living(async ({ now }) => openNight(world, (await clockOf(world)).at(now))),
    planRun: showing((show, input) =>
      late(input, 'plan', async () =>
        planRun(world, { ...input, now: (await clockOf(world)).at(input.now) }, show),
      ),
    ),
    visitRun: living((input) =>
      late(input, 'visit', async () => {
        const { at, aheadMs } = await clockOf(world);
        const messages = input.messages.map((message) => ({ ...message, at: at(message.at) }));
        return { ...(await visitRun(world, { ...input, messages, now: at(input.now) })), aheadMs };
      }),
    ),
    writeStaging: showing((show, input) =>
      late(input, 'write', async () =>
        writeStaging(world, { ...input, now: (await clockOf(world)).at(input.now) }, show),
      ),
    ),
    transferDue: showing((show, input) =>
      late(input, 'transfer', async () =>
        transferDue(world, { ...input, now: (await clockOf(world)).at(input.now) }, show),
      ),
    ),
    endRun: living((input) =>
      late(input, 'end', async () => endRun(world, { ...input, now: (await clockOf(world)).at(input.now) })),
    ),
  };
};

/** Steps as people are told of them. */
const STEPS = {
  plan: 'read the accounts, plan',
  visit: 'show its issue, hear what people decide',
  write: 'write staging, read it back',
  transfer: 'transfer the accounts whose day has come',
  end: 'say how it came out',
} as const;
