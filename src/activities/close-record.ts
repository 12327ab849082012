import type { CloseCase } from '../domain/close/close';
import type { CloseVerdict } from '../domain/close/desk';
import { PARTY_NAMES } from '../domain/close/green-light';
import { noteOfProcess, noteRefused, type OfProcess, type RecordOf } from './process-record';
import type { World } from './world';

const ofClose = ({ period, issue, policyVersion }: CloseCase): OfProcess => ({
  workflowId: `close/${period}`,
  issue,
  always: { policy: policyVersion },
});

/** A record about a close. Its id says what it is of: done again, it is there once. */
export const noteOfClose = (
  world: Pick<World, 'store'>,
  close: CloseCase,
  ...record: RecordOf
): Promise<void> => noteOfProcess(world, ofClose(close), ...record);

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
  await noteRefused(world, ofClose(close), putBacks);
}
