import type { LeaverVerdict } from '../domain/leaver-desk';
import type { LeaverCase, LeaverItem } from '../domain/leaving';
import { digestOf } from '../evidence';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';
import type { PersonRecord } from '../evidence/store';
import { keepEvidence } from './keep';
import type { World } from './world';

/** What a visit found, for the auditor: who settled what, over which channel, and what was put back. */
export function evidenceOfVisit(
  one: LeaverCase,
  person: PersonRecord,
  { changed, putBacks }: Pick<LeaverVerdict, 'changed' | 'putBacks'>,
): readonly EvidenceRow[] {
  const row = aboutOf(one, person);
  return [
    ...changed.map(({ item, by, at, channel }) => ({
      ...row,
      id: `${one.leaving}/${item.id}/${item.status}/${at}`,
      at,
      kind: item.status === 'open' ? 'leaver.reopened' : 'leaver.attested',
      actor: by,
      channel,
      detail: {
        what: inWords(item),
        ...(item.system ? { system: item.system } : {}),
        outcome: item.status,
        proof: 'attested' as const,
        due_at: item.dueAt,
        policy: one.policyVersion,
      },
    })),
    ...putBacks.map(({ key, by, at, channel, what, why }) => ({
      ...row,
      id: `${one.leaving}/putback/${key}`,
      at,
      kind: 'decision.refused',
      actor: by,
      channel,
      detail: { what: `was not allowed: ${what}`, why },
    })),
  ];
}

const inWords = ({ id, status }: LeaverItem): string =>
  status === 'open'
    ? `opened ${id} again`
    : status === 'not_applicable'
      ? `said that there was no access to ${id}`
      : status === 'revoked'
        ? `said that access to ${id} is gone`
        : `said that ${id} is done`;

/** A system that daytwo itself ended, and read back. */
export const noteEnded = (
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  item: LeaverItem,
): Promise<void> =>
  keepEvidence(world, [
    {
      ...aboutOf(one, person),
      id: `${one.leaving}/ended/${item.id}/${item.status}/${item.at ?? ''}`,
      at: item.at ?? new Date().toISOString(),
      kind: 'leaver.access_ended',
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: item.status === 'revoked' ? `took access to ${item.id}` : `found no access to ${item.id}`,
        system: item.system ?? item.id,
        outcome: item.status,
        proof: 'verified',
        before: item.found.map(
          ({ connection, accountId, state, shows }) =>
            `${connection} ${accountId} ${state} ${shows.join(', ')}`,
        ),
        due_at: item.dueAt,
        policy: one.policyVersion,
      },
    },
  ]);

/** What was done for a leaver as a whole, with the queries and counts behind it. */
export const noteOfLeaver = (
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  kind: 'leaver.swept' | 'leaver.handed_over',
  detail: EvidenceDetail,
): Promise<void> =>
  keepEvidence(world, [
    {
      ...aboutOf(one, person),
      id: `${one.leaving}/${kind}/${digestOf(detail).slice(0, 12)}`,
      at: new Date().toISOString(),
      kind,
      actor: 'daytwo',
      channel: 'daytwo',
      detail: { ...detail, policy: one.policyVersion },
    },
  ]);

export const aboutOf = (
  one: LeaverCase,
  { timeZone }: Pick<PersonRecord, 'timeZone'>,
): Pick<EvidenceRow, 'zone' | 'subject' | 'request' | 'workflowId'> => ({
  zone: timeZone,
  subject: one.employeeId,
  request: one.issue && `${one.issue.project}#${one.issue.iid}`,
  workflowId: `offboarding/${one.employeeId}`,
});
