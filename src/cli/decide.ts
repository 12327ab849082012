import { terminal } from '../domain/escape';
import type { DecisionKind } from '../domain/handbook';
import { malformed, type DecisionInput } from '../domain/request-desk';
import { requestId } from '../temporal/client';
import type { Engine, Running } from './engine';
import { findProcess } from './find-process';
import { readObject } from './objects';
import { withProcesses } from './open';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { viewOf, waitsOf } from './views';

export interface DecideOptions extends Spoken {
  readonly by: string;
  readonly task?: string;
  readonly reason?: string;
  readonly remove?: boolean;
  readonly digest?: string;
  /** A lower level than is asked for. */
  readonly as?: string;
  /** Permission sets that are left out. */
  readonly without?: readonly string[];
}

const PAST: Readonly<Record<DecisionKind, string>> = {
  approve: 'approved', reject: 'rejected', claim: 'picked up', release: 'released',
  complete: 'completed', hold: 'put on hold', resume: 'resumed', cancel: 'cancelled', reassign: 'moved',
}; // prettier-ignore

/** `daytwo approve|reject|… <object> --by <username>` */
export function decide(
  kind: DecisionKind,
  object: string,
  options: DecideOptions,
  around: Surroundings,
): Promise<number> {
  const input = decisionOf(kind, options);
  return withProcesses(around, async ({ engine, places, settings }) => {
    const process = await findProcess(readObject(object, settings.gitlab.url), places);
    return decideOn(engine, process, kind, input, options, around);
  });
}

/** What is sent. @throws WrongUsage for what no policy could allow */
export function decisionOf(kind: DecisionKind, options: DecideOptions): DecisionInput {
  const { task, reason, remove, digest, as, without } = options;
  const by = options.by.replace(/^@/, '');
  const named = { reject: 'A rejection', cancel: 'A cancel', hold: 'A hold' }[kind as string];
  if (named && !reason?.trim()) throw new WrongUsage(`${named} needs its reason: --reason "…".`);
  if (kind === 'complete' && task === undefined)
    throw new WrongUsage('Which task? --task <id>; `daytwo show` lists them.');
  if ((as !== undefined || without !== undefined) && task === undefined)
    throw new WrongUsage('Less in which system? --task <system>.');
  const input = {
    by,
    ...(task === undefined ? {} : { task }),
    ...(reason === undefined ? {} : { reason }),
    ...(remove ? { remove } : {}),
    ...(digest === undefined ? {} : { digest }),
    ...(as === undefined ? {} : { as }),
    ...(without === undefined ? {} : { without }),
  };
  const problem = malformed(input);
  if (problem) throw new WrongUsage(`${problem.replace(/^"(\w+)"/, '--$1')}.`);
  return input;
}

export async function decideOn(
  engine: Engine,
  process: Running,
  kind: DecisionKind,
  input: DecisionInput,
  { json }: Spoken,
  around: Surroundings,
): Promise<number> {
  const request = process.kind === 'onboarding' ? await requestFollowedBy(engine, process) : process;
  const { workflowId, kind: what, execution } = request ?? process;
  const reclaims = what === 'licence-reclaim' && (kind === 'approve' || kind === 'reject');
  const settles = what === 'offboarding' && kind === 'complete';
  const closes = what === 'monthly-close' && ['complete', 'approve', 'reject'].includes(kind);
  const changes = what === 'period-change' && ['approve', 'reject', 'cancel', 'complete'].includes(kind);
  const reviews = what === 'account-review' && ['approve', 'reject', 'hold', 'cancel'].includes(kind);
  const plans = what === 'territory-plan' && ['approve', 'reject', 'cancel'].includes(kind);
  if (
    what !== 'access-request' &&
    !changes &&
    !plans &&
    !reviews &&
    !reclaims &&
    !settles &&
    !closes &&
    (what !== 'onboarding' || kind !== 'cancel')
  )
    throw new Refused(await notForIt(engine, process, kind));
  const { taken, why } =
    what === 'onboarding' && execution !== 'RUNNING'
      ? { taken: false, why: 'it has ended' }
      : await engine.decide(workflowId, { kind, ...input });
  const name = terminal(workflowId);
  if (json) around.out(jsonLine({ process: workflowId, decision: kind, taken, why }));
  else if (taken) around.out(`${name}: ${PAST[kind]} by ${input.by}.`);
  else around.err(`${name}: refused: ${terminal(why ?? 'no reason given')}.`);
  return taken ? 0 : 1;
}

/** The request that an onboarding has opened: decisions are for that one, which knows who may. Null while there is none. */
async function requestFollowedBy(engine: Engine, onboarding: Running): Promise<Running | null> {
  if (onboarding.execution !== 'RUNNING') return null;
  const status = viewOf(await engine.status(onboarding));
  if (status?.kind !== 'onboarding' || status.step.kind !== 'requested') return null;
  return engine.find(requestId(status.step.ref.project, status.step.ref.iid));
}

async function notForIt(engine: Engine, process: Running, kind: DecisionKind): Promise<string> {
  if (process.kind === 'offboarding')
    return `Of a leaving, only a task can be completed; HR takes it back with \`daytwo leave ${terminal(process.employeeId ?? '')} --rescind\`.`;
  if (process.kind === 'monthly-close')
    return 'Of a close, tasks are completed (--task <key>/prepared or /reviewed), green lights approved or rejected (--task deal_desk or finance), and findings, variances and the overdue-move approved.';
  if (process.kind === 'period-change')
    return 'A change of a locked period is approved, rejected, or cancelled by who asked for it; afterwards its commissions are completed (--task commission).';
  if (process.kind === 'account-review')
    return 'A review of an account is approved or rejected (--task giving, receiving, chain, strategy, leadership or decision; --task holdover asks for a holdover), held for more information, or cancelled by who asked.';
  if (process.kind === 'territory-plan')
    return 'A run of territory planning is approved, rejected, or cancelled by who began it.';
  if (process.kind !== 'onboarding') return `${process.workflowId} takes no decisions.`;
  if (process.execution !== 'RUNNING')
    return `${process.workflowId} has ended, and has no access request to ${kind}.`;
  const status = viewOf(await engine.status(process));
  const [wait] = status ? waitsOf(status) : [];
  return `${process.workflowId} has no access request yet that one could ${kind}${wait ? `: it waits for ${wait.for}, on ${wait.on}` : ''}. It can be cancelled.`;
}
