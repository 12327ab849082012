import type { IssueRef } from '../domain/access-request';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

/** Who did it, and over which channel. */
export type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;
const DAYTWO: Doer = { actor: 'daytwo', channel: 'daytwo' };

/** The process that a record is about. */
export interface OfProcess {
  readonly workflowId: string;
  /** Begins the id of the record; without it the workflow's id does. */
  readonly key?: string;
  readonly issue: IssueRef | null;
  /** By which policy, and what else stands in each of its records. */
  readonly always: Omit<EvidenceDetail, 'what'>;
}

/** What a record says, without what it is about. */
export type RecordOf = Parameters<typeof rowOfProcess> extends [unknown, ...infer Rest] ? Rest : never;

/** A record about a process. Its id says what it is of: done again, it is there once. */
export const rowOfProcess = (
  { workflowId, key = workflowId, issue, always }: OfProcess,
  id: string,
  at: string,
  kind: string,
  detail: EvidenceDetail,
  doer: Doer = DAYTWO,
): EvidenceRow => ({
  id: `${key}/${id}`,
  at,
  zone: 'UTC',
  subject: null,
  request: issue && `${issue.project}#${issue.iid}`,
  workflowId,
  kind,
  ...doer,
  detail: { ...always, ...detail },
});

export const noteOfProcess = (
  world: Pick<World, 'store'>,
  ...of: Parameters<typeof rowOfProcess>
): Promise<void> => keepEvidence(world, [rowOfProcess(...of)]);

/** Writes a process back; somebody who wrote meanwhile is another try of the same: this one is done again. */
export async function writtenBack<K extends { readonly turn: number }>(
  store: { put(kept: K): Promise<boolean> },
  kept: K,
  what: string,
): Promise<K> {
  if (!(await store.put(kept))) throw new Error(`the ${what} was written meanwhile: it is read again`);
  return { ...kept, turn: kept.turn + 1 };
}

/** What somebody did and was not allowed to. */
interface Refused extends Pick<EvidenceRow, 'at' | 'channel'> {
  readonly key: string;
  readonly by: string;
  readonly what: string;
  readonly why: string;
}

/** What was put back, each with why. */
export async function noteRefused(
  world: Pick<World, 'store'>,
  of: OfProcess,
  putBacks: readonly Refused[],
): Promise<void> {
  for (const { key, by, at, channel, what, why } of putBacks)
    await noteOfProcess(
      world,
      of,
      `putback/${key}`,
      at,
      'decision.refused',
      { what: `was not allowed: ${what}`, why },
      { actor: by, channel },
    );
}
