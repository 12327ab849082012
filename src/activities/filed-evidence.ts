import type { RequestState } from '../domain/access-request';
import { partsOf, type FiledFact } from '../domain/filed-request';
import type { Json } from '../evidence/row';
import { self, type Told } from './desk-evidence';

/** What an auditor reads of a filed request: who asked for what, who approved exactly what, and by which authority. */
export function tellFiled(fact: FiledFact, state: RequestState): Told | null {
  switch (fact.kind) {
    case 'form_read':
      return {
        kind: 'request.read',
        key: fact.filed.text,
        deed: { by: fact.by, channel: 'gitlab', at: fact.at },
        detail: {
          what:
            fact.filed.unread > 0
              ? 'filed what can not be read yet'
              : `filed a request for ${fact.filed.people} ${fact.filed.people === 1 ? 'person' : 'people'}`,
          after: {
            kind: fact.filed.kind,
            version: fact.filed.version,
            people: fact.filed.people,
            leftOut: fact.filed.leftOut,
            until: fact.filed.until?.date ?? null,
            access: accessOf(fact.tasks),
          },
          needs: fact.parts.map(({ key, digest, status }) => `${key} ${digest} ${status}`),
        },
      };
    case 'part_approved':
      return {
        kind: 'decision.approve',
        key: fact.part,
        deed: fact,
        detail: {
          what: `approved ${systemOf(fact.part)}`,
          system: systemOf(fact.part),
          before: 'waiting',
          after: { status: 'approved', access: { ...fact.scope.entitlement }, version: fact.scope.version },
          authority: authorityOf(state, fact.part, fact.by),
        },
      };
    case 'lowered':
      return {
        kind: 'decision.lower',
        key: fact.system,
        deed: fact,
        detail: {
          what: `approves less than was asked for in ${fact.system}`,
          system: fact.system,
          before: { ...fact.from },
          after: { ...fact.to },
        },
      };
    case 'part_lapsed':
      return {
        kind: 'decision.lapsed',
        key: fact.part,
        deed: self(fact.at),
        detail: {
          what: `counted ${systemOf(fact.part)} as agreed: nobody objected within the policy's grace`,
          system: systemOf(fact.part),
          before: 'waiting',
          after: 'approved',
        },
      };
    case 'part_rejected':
      return {
        kind: 'decision.reject',
        key: fact.part,
        deed: fact,
        detail: {
          what: `rejected ${systemOf(fact.part)}`,
          system: systemOf(fact.part),
          why: fact.reason,
          before: 'waiting',
          after: 'rejected',
          authority: authorityOf(state, fact.part, fact.by),
        },
      };
    case 'part_moved':
      return {
        kind: 'approval.moved',
        key: fact.part,
        deed: self(fact.at),
        detail: { what: `${systemOf(fact.part)} is now decided by others`, after: [...fact.who] },
      };
    case 'part_reminded':
      return {
        kind: `approval.${fact.stage}`,
        key: fact.part,
        deed: self(fact.at),
        detail: {
          what:
            fact.stage === 'reminded'
              ? `reminded those who may approve ${systemOf(fact.part)}`
              : `asked the next in line to approve ${systemOf(fact.part)}`,
          system: systemOf(fact.part),
        },
      };
    case 'requester_asked':
      return {
        kind: 'request.asked',
        key: '',
        deed: self(fact.at),
        detail: { what: 'asked who filed it whether the request still stands' },
      };
    case 'end_announced':
      return {
        kind: 'access.end_announced',
        key: '',
        deed: self(fact.at),
        detail: { what: 'announced the end of the access' },
      };
    case 'access_ended':
      return {
        kind: 'access.ended',
        key: '',
        deed: self(fact.at),
        detail: { what: 'the time for which access was given is over' },
      };
    case 'delay_over':
      return null;
  }
}

const systemOf = (part: string): string => part.split('/').slice(1).join('/') || part;

const accessOf = (tasks: RequestState['plan']['tasks']): Json =>
  Object.fromEntries(
    tasks.map((task): [string, Json] => [task.system, { verb: task.verb ?? 'grant', ...task.entitlement }]),
  );

/** Why it was this person's to decide, as the policy and the people stood then. */
const authorityOf = (state: RequestState, key: string, by: string): string =>
  partsOf(state).find((part) => part.key === key)?.authorities[by] ?? 'named by policy';
