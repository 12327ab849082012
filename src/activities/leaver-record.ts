import type { LeaverVerdict } from '../domain/leaver-desk';
import type { LeaverCase, LeaverItem } from '../domain/leaving';
import type { EvidenceRow } from '../evidence/row';
import type { PersonRecord } from '../evidence/store';

/** What a visit found, for the auditor: who settled what, over which channel, and what was put back. */
export function evidenceOfVisit(
  one: LeaverCase,
  person: PersonRecord,
  { changed, putBacks }: Pick<LeaverVerdict, 'changed' | 'putBacks'>,
): readonly EvidenceRow[] {
  const row = {
    zone: person.timeZone,
    subject: one.employeeId,
    request: one.issue && `${one.issue.project}#${one.issue.iid}`,
    workflowId: `offboarding/${one.employeeId}`,
  };
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
