import { isLocked, type CloseCase } from '../domain/close/close';
import { explainVariance, ownVariance, reconciledOf, type KeptVariance } from '../domain/close/variances';
import type { DeskMessage } from '../domain/desk-acts';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import { noteOfClose } from './close-record';
import type { World } from './world';

/** How a message names a variance, and who is to look into it: `variance/<kind>/<text>/<time>`, and `…/owner/<user name>`. */
const VARIANCE = /^variance\/(\w+\/\w+\/\d+)(?:\/owner\/([\w.-]+))?$/;
export const isAboutVariance = ({ task }: Pick<DeskMessage, 'task'>): boolean =>
  task?.startsWith('variance/') ?? false;

type Judged = { readonly variance: KeptVariance } | { readonly refused: string };

/** Variances that somebody explains, or gives an owner. @returns by message, why not; null where it is done */
export async function judgeVariances(
  world: World,
  close: CloseCase,
  plan: ClosePlan,
  messages: readonly DeskMessage[],
): Promise<Record<string, string | null>> {
  const answers: Record<string, string | null> = {};
  for (const message of messages) {
    const { id, by, at, channel, reason } = message;
    const judged = await judge(world, close, plan, message);
    answers[id] = 'refused' in judged ? judged.refused : null;
    if ('variance' in judged) await world.store.closes.keepVariances(close.period, [judged.variance]);
    await noteOfClose(
      world,
      close,
      `variance/${id}`,
      at,
      'refused' in judged ? 'decision.refused' : 'close.variance',
      'refused' in judged
        ? { what: 'was not allowed: settling a variance with billing', why: judged.refused }
        : message.kind === 'approve'
          ? { what: `explained ${judged.variance.id}`, why: reason ?? '' }
          : { what: `gave ${judged.variance.id} to ${judged.variance.owner}` },
      { actor: by, channel },
    );
  }
  return answers;
}

async function judge(
  world: World,
  close: CloseCase,
  { policy }: ClosePlan,
  { kind, by, at, task, reason }: DeskMessage,
): Promise<Judged> {
  if (isLocked(close)) return { refused: 'the period is locked' };
  const [, name, owner] = VARIANCE.exec(task ?? '') ?? [];
  const known = await world.store.closes.variances(close.period);
  const variance = known.find(({ id }) => id === name);
  if (!variance) return { refused: 'there is no such variance: daytwo close reconcile names them' };
  const { reconcile, zone } = policy.close;
  if (kind === 'approve' && owner === undefined)
    return explainVariance(variance, { by, on: localTime(at, zone).date, reason: reason ?? '' }, reconcile);
  if (kind === 'complete' && owner !== undefined) {
    const names = world.handbook().people.members.map(({ username }) => username);
    return ownVariance(variance, owner, by, reconcile, names);
  }
  return { refused: 'a variance is explained by approve, and given to somebody by complete …/owner/<user>' };
}

/** How a close stands with billing once variances were settled, by the look before. */
export async function recountVariances(
  { store }: Pick<World, 'store'>,
  close: CloseCase,
): Promise<CloseCase> {
  const { reconciled } = close;
  if (!reconciled) return close;
  return { ...close, reconciled: reconciledOf(await store.closes.variances(close.period), reconciled) };
}
