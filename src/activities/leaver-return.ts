import { activityInfo } from '@temporalio/activity';
import type { RescindedEvent } from '../domain/hr-event';
import type { LeaverCase } from '../domain/leaving';
import type { PersonRecord } from '../evidence/store';
import { SystemFault } from '../systems/fault';
import { noteStaying } from './absence';
import { keepEvidence } from './keep';
import { fileReturn } from './leaver-return-filing';
import { closeQuestion } from './leaving-question';
import { leaverConnections } from './leaver-identities';
import { closeOpsTask } from './ops-task';
import type { World } from './world';

export interface TakeBack {
  readonly employeeId: string;
  readonly leaving: string | null;
  readonly event: RescindedEvent;
  readonly now: string;
}
type TakenBack = { readonly kind: 'rescinded' | 'restored' | 'noted' };

/**
 * HR took a leaving back. "Before time zero nothing was touched"; a suspension is lifted, which restores exactly what was held;
 * after time zero what was taken is listed, and is given back by an approved request.
 */
export async function takeBack(
  world: World,
  { employeeId, leaving, event, now }: TakeBack,
): Promise<TakenBack> {
  const one =
    leaving === null
      ? ((await world.store.leavers.ofPerson(employeeId)).find(isUnderWay) ?? null)
      : await world.store.leavers.get(leaving);
  const person = await world.store.personById(employeeId);
  if (!one || !person || !isUnderWay(one)) {
    await closeQuestion(world, employeeId, 'HR took its word back; nothing was touched');
    return { kind: 'noted' };
  }
  const suspended = one.phase === 'suspended';
  if (suspended) await lift(world, one);
  const stays = { ...person, status: 'active' as const, updatedAt: now };
  await world.store.putPerson(stays);
  await noteStaying(world, person.email, now);
  const touched = one.frozenAt !== null && !suspended;
  const ref = touched ? await fileReturn(world, one, stays, event.event_id, now) : null;
  const phase = suspended ? 'restored' : 'rescinded';
  await world.store.leavers.put({ ...one, phase, endedAt: now });
  await note(world, one, person, event, now, suspended, ref && `${ref.project}#${ref.iid}`);
  if (one.issue)
    await closeOpsTask(
      world,
      one.issue,
      ref
        ? `HR took the leaving back; what was taken is asked for again in ${ref.project}#${ref.iid}`
        : suspended
          ? 'the suspension was lifted, and what was held is there again'
          : 'HR took the leaving back; nothing was touched',
    );
  return { kind: phase };
}

const isUnderWay = ({ endedAt, phase }: LeaverCase): boolean =>
  endedAt === null && phase !== 'rescinded' && phase !== 'restored';

/** Gives back what was frozen, account by account, as it was. @throws SystemFault while a system may still answer */
async function lift(world: World, one: LeaverCase): Promise<void> {
  const items = await world.store.leavers.items(one.leaving);
  const connections = leaverConnections(world);
  for (const [connection, access] of connections) {
    const accounts = items
      .flatMap(({ found }) => found)
      .filter((account) => account.connection === connection && account.state === 'active');
    const unique = [...new Map(accounts.map((account) => [account.accountId, account])).values()];
    if (unique.length === 0) continue;
    for (const outcome of (await access.unfreeze(unique)).values())
      if (outcome.kind === 'waiting_for_system' && activityInfo().attempt < TRIES)
        throw new SystemFault(outcome.system, outcome.code, true, 'does not answer just now');
  }
}
const TRIES = 50;

const note = (
  world: World,
  one: LeaverCase,
  person: PersonRecord,
  event: RescindedEvent,
  now: string,
  suspended: boolean,
  request: string | null,
): Promise<void> =>
  keepEvidence(world, [
    {
      id: `${one.leaving}/taken_back/${event.event_id}`,
      at: now,
      zone: person.timeZone,
      subject: one.employeeId,
      request,
      workflowId: `offboarding/${one.employeeId}`,
      kind: suspended ? 'leaver.restored' : 'leaving.taken_back',
      actor: 'daytwo',
      channel: 'hris',
      detail: {
        what: suspended
          ? 'lifted the suspension, and gave back what was held'
          : request
            ? 'ended the leaving; what was taken is asked for again'
            : 'ended the leaving; nothing was touched',
      },
    },
  ]);
