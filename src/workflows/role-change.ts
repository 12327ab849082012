import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { MoveActivities } from '../activities/moves';
import type { HrEvent, PersonFacts } from '../domain/hr-event';
import { GITLAB_QUEUE } from '../domain/queues';
import { moveDetails, type MoveStatus, type MoveStep } from '../domain/role-change';
import { configChanged, hrEvent, status } from './messages';
import { moveAttributes, STATE } from './search';
import { left, now } from './time';

export interface RoleChangeInput {
  readonly employeeId: string;
  /** HR's facts before the change. */
  readonly before: PersonFacts;
  /** The HR event that told of it. */
  readonly event: string;
}

export interface RoleChangeResult {
  readonly employeeId: string;
  readonly ended: Exclude<MoveStep['kind'], 'new' | 'no_template'>;
}

const activities = (summary: string) =>
  proxyActivities<MoveActivities>({
    taskQueue: GITLAB_QUEUE,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    summary,
  });
const { openMove } = activities('compare the roles with what the systems hold, and file the access change');
const { remindOfMove } = activities('remind both managers, unless somebody filed a request');

/** How long workers may take to read a changed configuration, until it is looked again. */
const STALE_CONFIG_MS = 60_000;

/**
 * Somebody known changes roles: what the new role gives and the old one gave is compared with what the systems hold, and
 * filed as an access change. Where no template fits, both managers are told, and reminded once: then it is theirs.
 */
export async function roleChange({ employeeId, ...first }: RoleChangeInput): Promise<RoleChangeResult> {
  const since = now();
  let { before, event } = first;
  let config = '';
  let step: MoveStep = { kind: 'new' };
  const heard = new Set([event]);
  setHandler(hrEvent, ({ event_id }) => {
    if (!heard.has(event_id)) event = event_id;
    heard.add(event_id);
  });
  setHandler(configChanged, (digest) => {
    config = digest;
  });
  setHandler(status, (): MoveStatus => statusNow());

  for (let waited = false; ;) {
    const dealtWith = event;
    const tried = config;
    const moved = () => event !== dealtWith;
    const found = await openMove({ employeeId, before, event, since, waited, now: now() });
    show(found);
    if (found.kind === 'filed') before = found.facts;
    if (found.kind !== 'no_template') {
      await condition(allHandlersFinished);
      if (moved()) continue;
      return { employeeId, ended: found.kind };
    }
    waited = true;
    const stale = () => config !== '' && config !== found.configDigest;
    // Workers read a changed configuration one after another; the one that was asked has not read it yet.
    const patience = Math.min(left(found.remindAt), stale() ? STALE_CONFIG_MS : Infinity);
    const woken = await condition(() => moved() || (stale() && config !== tried), patience, {
      summary: `both managers are reminded, ${found.remindAt}`,
    });
    if (woken || left(found.remindAt) > 1) continue;
    const reminded = await remindOfMove({ employeeId, before, since, waiting: found });
    if (moved()) continue;
    show(reminded);
    return { employeeId, ended: reminded.kind };
  }

  function show(next: MoveStep): void {
    if (next.kind === 'no_template' && step.kind !== 'no_template')
      upsertSearchAttributes([{ key: STATE, value: next.kind }]);
    step = next;
    setCurrentDetails(moveDetails(statusNow()));
  }

  function statusNow(): MoveStatus {
    return { kind: 'role-change', employeeId, step, since };
  }
}

/**
 * Begins the change of role of a person, as a process that outlives the one that began it; one that is under way hears of the
 * newest event instead.
 */
export async function beginRoleChange(
  employeeId: string,
  before: PersonFacts,
  event: HrEvent,
): Promise<void> {
  const workflowId = `move/${employeeId}`;
  for (;;) {
    try {
      await startChild(roleChange, {
        workflowId,
        args: [{ employeeId, before, event: event.event_id }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `employee ${employeeId} changes roles`,
        typedSearchAttributes: moveAttributes(employeeId),
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const told = await getExternalWorkflowHandle(workflowId)
      .signal(hrEvent, event)
      .then(
        () => true,
        () => false, // It ended this very moment: this change begins another one.
      );
    if (told) return;
  }
}
