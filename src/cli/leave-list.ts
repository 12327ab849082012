import { policyOn } from '../domain/day-two';
import type { Handbook, LeavingPolicy } from '../domain/handbook';
import type { HrEvent, LeavingEvent } from '../domain/hr-event';
import {
  approvalsMissing,
  LEAVING_LIST,
  needsApproval,
  refusesApproval,
  type LeavingList,
} from '../domain/leaving-list';
import { digestOf, type EvidenceRow, type Store } from '../evidence';
import type { LocatedEvent } from './hr-events';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural } from './words';

type Known = Pick<Store, 'append' | 'recorded' | 'personByEmail' | 'hrEventDigest' | 'startWaiting'>;

/** The leavers of a file, as a list that can be approved. */
export function listOf(events: readonly LocatedEvent[]): LeavingList {
  const leaving = events.map(({ event }) => event).filter(isLeaving);
  const content = leaving.map(({ event_id: _, type: _type, ...what }) => digestOf(what)).sort();
  return {
    digest: digestOf(content),
    employees: [...new Set(leaving.map(({ employee_id }) => employee_id))].sort(),
  };
}

const isLeaving = (event: HrEvent): event is LeavingEvent => event.type === 'employee.leaving';

/**
 * `daytwo leave <file> --approve --by <username>`: kept as evidence, and counts for that very list. Who may not is refused, and
 * that is kept, too.
 *
 * @throws Refused where this person can't approve it
 */
export async function approveList(
  list: LeavingList,
  by: string,
  { store, handbook }: { readonly store: Known; readonly handbook: Handbook },
  options: Spoken,
  around: Pick<Surroundings, 'out' | 'now'>,
): Promise<void> {
  const policy = listPolicyOf(handbook, around);
  const member = handbook.people.members.find(({ username }) => username === by);
  const person = member ? await store.personByEmail(member.email) : null;
  const why = refusesApproval(by, person?.employeeId ?? null, list, policy);
  const at = around.now().toISOString();
  if (why !== null) {
    await store.append([
      rowOf(list, 'decision.refused', by, at, 'was not allowed: approve a list of leavers', why),
    ]);
    throw new Refused(`Not approved: ${why}.`);
  }
  const known = await approvedBy(list, store, policy);
  if (!known.includes(by))
    await store.append([
      rowOf(list, 'leaving_list.approved', by, at, `approved a list of ${list.employees.length} leavers`),
    ]);
  const left = approvalsMissing([...known, by], policy);
  if (options.json)
    around.out(
      jsonLine({ result: 'approved', list: list.digest, people: list.employees.length, missing: left }),
    );
  else
    around.out(
      `Approved: ${list.employees.length} leavers, list ${short(list)}. ${left > 0 ? `${plural(left, 'more approval')} needed.` : 'It may begin: daytwo leave with the same file.'}`,
    );
}

/**
 * Before a list is sent: it is approved where it must be, and all of it are to be frozen before anything else is done for any.
 *
 * @throws Refused where a list of this length has not been approved as it is
 */
export async function beginList(
  events: readonly LocatedEvent[],
  world: { readonly store: Known; readonly handbook: Handbook },
  around: Pick<Surroundings, 'now'>,
): Promise<void> {
  await requireApproval(listOf(events), world, around);
  const fresh: string[] = [];
  for (const { event } of events)
    if (isLeaving(event) && (await world.store.hrEventDigest(event.event_id)) === null)
      fresh.push(event.employee_id);
  if (fresh.length < 2) return;
  const at = around.now().toISOString();
  for (const employeeId of fresh) await world.store.startWaiting(employeeId, LEAVING_LIST, at);
}

async function requireApproval(
  list: LeavingList,
  { store, handbook }: { readonly store: Known; readonly handbook: Handbook },
  around: Pick<Surroundings, 'now'>,
): Promise<void> {
  const policy = listPolicyOf(handbook, around);
  if (!needsApproval(list, policy)) return;
  const names = await approvedBy(list, store, policy);
  const left = approvalsMissing(names, policy);
  if (left > 0)
    throw new Refused(
      `Nothing was sent: a list of ${list.employees.length} leavers needs ${policy.approvals} approvals as it stands, of ${policy.by.join(', ') || 'people whom the policy names'}; ` +
        `list ${short(list)} has ${names.length === 0 ? 'none' : `that of ${names.join(', ')}`}. daytwo leave <file> --approve --by <username>. A changed list is another one.`,
    );
  const at = around.now().toISOString();
  await store.append([
    {
      ...rowOf(list, 'leaving_list.begun', 'daytwo', at, `began a list of ${list.employees.length} leavers`),
      id: `leaving-list/${list.digest}/begun/${at}`,
    },
  ]);
}

/** Those whose approval of this very list is on record and counts. */
async function approvedBy(
  list: LeavingList,
  store: Known,
  { by }: LeavingPolicy['list'],
): Promise<readonly string[]> {
  const kept = await store.recorded(by.map((name) => approvalId(list, name)));
  return by.filter((name) => kept.has(approvalId(list, name)));
}

const listPolicyOf = (handbook: Handbook, around: Pick<Surroundings, 'now'>): LeavingPolicy['list'] =>
  policyOn(handbook, around.now().toISOString().slice(0, 10)).leaving.list;

const approvalId = ({ digest }: LeavingList, by: string): string => `leaving-list/${digest}/approved/${by}`;

const short = ({ digest }: LeavingList): string => digest.slice(0, 12);

const rowOf = (
  list: LeavingList,
  kind: string,
  by: string,
  at: string,
  what: string,
  why?: string,
): EvidenceRow => ({
  id:
    kind === 'leaving_list.approved'
      ? approvalId(list, by)
      : `leaving-list/${list.digest}/${kind}/${by}/${at}`,
  at,
  zone: 'UTC',
  subject: null,
  request: `leaving-list/${list.digest}`,
  workflowId: null,
  kind,
  actor: by,
  channel: by === 'daytwo' ? 'daytwo' : 'cli',
  detail: { what, ...(why === undefined ? {} : { why }), after: list.employees },
});
