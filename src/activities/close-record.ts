import type { CloseCase } from '../domain/close/close';
import type { CloseVerdict } from '../domain/close/desk';
import { PARTY_NAMES } from '../domain/close/green-light';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import { keepEvidence } from './keep';
import type { World } from './world';

type Doer = Pick<EvidenceRow, 'actor' | 'channel'>;
const DAYTWO: Doer = { actor: 'daytwo', channel: 'daytwo' };

/** A record about a close. Its id says what it is of: done again, it is there once. */
export const noteOfClose = (
  world: Pick<World, 'store'>,
  close: CloseCase,
  id: string,
  at: string,
  kind: string,
  detail: EvidenceDetail,
  doer: Doer = DAYTWO,
): Promise<void> =>
  keepEvidence(world, [
    {
      id: `close/${close.period}/${id}`,
      at,
      zone: 'UTC',
      subject: null,
      request: close.issue && `${close.issue.project}#${close.issue.iid}`,
      workflowId: `close/${close.period}`,
      kind,
      ...doer,
      detail: { policy: close.policyVersion, ...detail },
    },
  ]);

/** What people did and said, as taken or put back. */
export async function evidenceOfClose(world: Pick<World, 'store'>, verdict: CloseVerdict): Promise<void> {
  const { close, deeds, putBacks } = verdict;
  for (const deed of deeds) {
    const [what, of] =
      'party' in deed
        ? [
            `${deed.kind === 'lit' ? 'gave' : 'took back'} the green light of ${PARTY_NAMES[deed.party]}`,
            deed.party,
          ]
        : [
            `${deed.kind === 'signed' ? 'signed' : 'took back'} ${deed.task} as ${deed.step}`,
            `${deed.task}/${deed.step}`,
          ];
    await noteOfClose(
      world,
      close,
      `${deed.kind}/${of}/${deed.by}/${deed.at}`,
      deed.at,
      `close.${deed.kind}`,
      { what, ...('party' in deed && deed.digest !== null ? { after: { digest: deed.digest } } : {}) },
      { actor: deed.by, channel: deed.channel },
    );
  }
  for (const { key, by, at, channel, what, why } of putBacks)
    await noteOfClose(
      world,
      close,
      `putback/${key}`,
      at,
      'decision.refused',
      { what: `was not allowed: ${what}`, why },
      { actor: by, channel },
    );
}
