import type { Deed, Fact, RequestState } from '../domain/access-request';
import type { PutBack } from '../domain/desk-rules';
import { tellFiled } from './filed-evidence';
import type { EvidenceDetail, EvidenceRow } from '../evidence/row';

/** One row for every decision and change on the desk, with who, over which channel, and under which policy. */
export function evidenceOfDesk(
  state: RequestState,
  facts: readonly Fact[],
  putBacks: readonly PutBack[],
  zone: string,
  workflowId: string | null,
): EvidenceRow[] {
  const base = {
    zone,
    subject: state.plan.employeeId || null,
    request: `${state.ref.project}#${state.ref.iid}`,
    workflowId,
  };
  const common = {
    policy: state.plan.policyVersion,
    templateDigest: state.plan.filed?.version ?? state.plan.templateDigest,
  };
  const rows = facts.flatMap((fact): EvidenceRow[] => {
    const told = tell(fact, state);
    if (!told) return [];
    const { deed, detail, kind, key } = told;
    return [
      {
        ...base,
        id: `${workflowId}/${kind}/${key}/${deed.at}/${deed.by}`,
        at: deed.at,
        kind,
        actor: deed.by,
        channel: deed.channel,
        detail: { ...detail, ...common },
      },
    ];
  });
  const refused = putBacks.map((putBack): EvidenceRow => ({
    ...base,
    id: `${workflowId}/put-back/${putBack.key}`,
    at: putBack.at,
    kind: 'decision.refused',
    actor: putBack.by,
    channel: putBack.channel,
    detail: { what: `was not allowed: ${putBack.what}`, why: putBack.why, ...common },
  }));
  return [...rows, ...refused];
}

export interface Told {
  readonly kind: string;
  readonly key: string;
  readonly deed: Deed;
  readonly detail: EvidenceDetail;
}

export const self = (at: string): Deed => ({ by: 'daytwo', channel: 'daytwo', at });

function tell(fact: Fact, state: RequestState): Told | null {
  switch (fact.kind) {
    case 'approved':
      return {
        kind: 'decision.approve',
        key: '',
        deed: fact,
        detail: { what: 'approved the request', before: 'waiting', after: 'approved' },
      };
    case 'rejected':
      return {
        kind: 'decision.reject',
        key: '',
        deed: fact,
        detail: { what: 'rejected the request', why: fact.reason, before: 'waiting', after: 'rejected' },
      };
    case 'claimed':
      return {
        kind: 'decision.claim',
        key: fact.from ? fact.by : '',
        deed: { ...fact, by: fact.from ?? fact.by },
        detail: {
          what: fact.from ? `gave the request to ${fact.by}` : 'picked the request up',
          after: fact.by,
        },
      };
    case 'released':
      return {
        kind: 'decision.release',
        key: '',
        deed: fact,
        detail: { what: 'put the request back', ...(fact.reason ? { why: fact.reason } : {}) },
      };
    case 'held':
      return {
        kind: 'decision.hold',
        key: '',
        deed: fact,
        detail: { what: 'put the request on hold', ...(fact.reason ? { why: fact.reason } : {}) },
      };
    case 'resumed':
      return { kind: 'decision.resume', key: '', deed: fact, detail: { what: 'took the request off hold' } };
    case 'cancelled':
      return {
        kind: 'decision.cancel',
        key: '',
        deed: fact,
        detail: {
          what: fact.remove
            ? 'cancelled the request and asked for what was granted to be taken back'
            : 'cancelled the request',
          why: fact.reason,
        },
      };
    case 'attested':
      return {
        kind: 'access.attested',
        key: fact.task,
        deed: fact,
        detail: {
          what: `said that ${fact.task} is done`,
          task: fact.task,
          system: fact.task.split('/')[0] ?? fact.task,
          outcome: 'granted',
          proof: 'attested',
        },
      };
    case 'reopened':
      return {
        kind: 'access.reopened',
        key: fact.task,
        deed: fact,
        detail: {
          what: `took back that ${fact.task} is done`,
          task: fact.task,
          system: fact.task.split('/')[0] ?? fact.task,
        },
      };
    case 'retry':
      return {
        kind: 'decision.retry',
        key: fact.task,
        deed: fact,
        detail: { what: `asked for ${fact.task} to be tried again` },
      };
    case 'completed':
      return {
        kind: 'request.completed',
        key: '',
        deed: self(fact.at),
        detail: { what: "completed Sales Ops' part" },
      };
    case 'closed':
      return {
        kind: 'request.closed',
        key: '',
        deed: fact.by ? { by: fact.by, channel: 'gitlab', at: fact.at } : self(fact.at),
        detail: { what: 'closed the request' },
      };
    case 'lost':
      return {
        kind: 'request.lost',
        key: '',
        deed: self(fact.at),
        detail: { what: 'could not find the issue of the request' },
      };
    case 'moved':
      return {
        kind: 'request.moved',
        key: `${fact.ref.project}#${fact.ref.iid}`,
        deed: self(fact.at),
        detail: {
          what: 'found the issue of the request moved',
          after: `${fact.ref.project}#${fact.ref.iid}`,
        },
      };
    case 'outcome':
    case 'progress':
    case 'seat_offered':
    case 'others':
    case 'found':
    case 'read':
      return null;
    default:
      return tellFiled(fact, state);
  }
}
