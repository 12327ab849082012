import { apply, type ApprovalPart, type Deed, type Fact, type RequestState } from './access-request';
import { isAdmin, type Scope } from './approvals';
import type { Act } from './desk-acts';
import { partsOf, waitingParts, type FiledFact } from './filed-request';
import type { Channel, System } from './handbook';
import { isUpgrade, lowered } from './lowering';

type Decision = Extract<Act, { kind: 'approve' | 'reject' }>;
export type Decided =
  { readonly facts: readonly Fact[] } | { readonly why: string; readonly who: readonly string[] };

export interface ApprovalRules {
  /** Channels that count for this kind of decision. */
  readonly channels: readonly Channel[];
  /** Those where the person has signed in: SOX, finance and admin parts count only there. */
  readonly signedIn: readonly Channel[];
  /** Who may reject beside those whose part it is. */
  readonly mayReject: readonly string[];
  readonly systems: readonly System[];
  /** The digest of what a part is for. */
  readonly digestOf: (scope: Scope) => string;
}

const refuse = (why: string, who: readonly string[]): Decided => ({ why, who });

/**
 * An approval of a filed request: of all waiting parts that are this person's, or of the system that is named. "Nobody
 * approves their own"; an approval of what has changed since counts for nothing.
 */
export function approveParts(state: RequestState, act: Decision, rules: ApprovalRules): Decided {
  if (state.plan.filed && state.plan.filed.unread > 0)
    return refuse('the request has lines that can not be read; it can be approved once they are mended', []);
  const asked = waitingParts(state).filter((part) => isNamed(part, act.task));
  if (asked.length === 0) return nothingWaits(state, act);
  const mine = asked.filter(({ who }) => who.includes(act.by));
  if (mine.length === 0) return refuse(whyNot(state, act.by), whoOf(asked));
  if (act.less) return approveLess(state, mine, act, rules);
  return approveAll(state, mine, act, rules);
}

function approveAll(
  state: RequestState,
  mine: readonly ApprovalPart[],
  act: Decision,
  rules: ApprovalRules,
): Decided {
  const problem = firstProblem(mine, act, rules);
  const good = mine.filter((part) => problemOf(part, act, rules) === null);
  if (good.length === 0) return refuse(problem ?? 'it can not be approved now', whoOf(mine));
  const deed: Deed = { by: act.by, channel: act.channel, at: act.at };
  return {
    facts: good.map((part): Fact => ({
      kind: 'part_approved',
      part: part.key,
      scope: scopeOf(state, part),
      ...deed,
    })),
  };
}

/** "The approver may edit before approving": to less, in one system; what is approved is the less. */
function approveLess(
  state: RequestState,
  mine: readonly ApprovalPart[],
  act: Decision,
  rules: ApprovalRules,
): Decided {
  const [part] = mine;
  const system = rules.systems.find(({ key }) => key === part?.system);
  if (!part || !system || mine.some((one) => one.system !== part.system))
    return refuse('less can be approved in one system at a time: name it as the task', []);
  const asked = scopeOf(state, part);
  const less = lowered(asked, act.less ?? { as: null, without: [] }, system);
  if ('why' in less) return refuse(less.why, []);
  const strict = system.sox || system.finance || isAdmin(less.to, system);
  const fact: FiledFact = {
    kind: 'lowered',
    system: part.system,
    from: asked.entitlement,
    to: less.to,
    digest: rules.digestOf({ ...asked, entitlement: less.to }),
    strict,
    by: act.by,
    channel: act.channel,
    at: act.at,
  };
  // The digest that is named is of what was looked at; which channels count is decided by what is given.
  const problem = firstProblem(
    mine.map((one) => ({ ...one, strict })),
    act,
    rules,
  );
  if (problem !== null) return refuse(problem, whoOf(mine));
  const approved = approveAll(
    apply(state, fact),
    mine.map((one) => ({ ...one, strict })),
    act,
    rules,
  );
  return 'facts' in approved ? { facts: [fact, ...approved.facts] } : approved;
}

/** A rejection "names the service, says why, and offers less": the reason must be there; other systems go on. */
export function rejectParts(state: RequestState, act: Decision, rules: ApprovalRules): Decided {
  const asked = waitingParts(state).filter((part) => isNamed(part, act.task));
  if (asked.length === 0)
    return partsOf(state).some(({ status }) => status === 'rejected') && act.channel === 'gitlab'
      ? { facts: [] }
      : refuse('nothing of it waits for approval; cancel it instead', []);
  const any = rules.mayReject.includes(act.by);
  const mine = asked.filter(({ who }) => any || who.includes(act.by));
  if (mine.length === 0) return refuse('policy lets others reject this', whoOf(asked));
  const { reason } = act;
  if (!reason) return refuse('a rejection needs its reason: comment it, then set the label again', []);
  if (!rules.channels.includes(act.channel))
    return refuse(`policy counts reject only over ${rules.channels.join(', ')}`, whoOf(mine));
  const named = mine.filter(({ system }) => mentions(reason, system, state));
  const deed: Deed = { by: act.by, channel: act.channel, at: act.at };
  return {
    facts: (named.length > 0 ? named : mine).map((part): Fact => ({
      kind: 'part_rejected',
      part: part.key,
      reason,
      ...deed,
    })),
  };
}

/** Whoever names systems in a rejection means those; whoever names none means all that is theirs. */
function mentions(reason: string, system: string, state: RequestState): boolean {
  const name =
    state.plan.tasks.find((task) => task.system === system)?.name.replace(/ \([^)]*\)$/, '') ?? system;
  const text = reason.toLowerCase();
  return text.includes(system.toLowerCase()) || text.includes(name.toLowerCase());
}

const isNamed = (part: ApprovalPart, task: string | null): boolean =>
  task === null || task === part.system || task === part.key || task.split('/')[0] === part.system;

const whoOf = (parts: readonly ApprovalPart[]): readonly string[] => [
  ...new Set(parts.flatMap(({ who }) => who)),
];

function nothingWaits(state: RequestState, act: Decision): Decided {
  const decided = partsOf(state).filter((part) => isNamed(part, act.task));
  if (act.channel === 'gitlab' && decided.some(({ status }) => status === 'approved')) return { facts: [] };
  return refuse(
    decided.some(({ status }) => status === 'rejected')
      ? 'it was rejected already'
      : 'nothing of it waits for your approval',
    [],
  );
}

const whyNot = (state: RequestState, by: string): string =>
  state.plan.filed?.requester === by
    ? 'nobody approves their own request'
    : 'policy lets others approve this';

function firstProblem(parts: readonly ApprovalPart[], act: Decision, rules: ApprovalRules): string | null {
  for (const part of parts) {
    const problem = problemOf(part, act, rules);
    if (problem !== null) return problem;
  }
  return null;
}

function problemOf(part: ApprovalPart, act: Decision, rules: ApprovalRules): string | null {
  const channels = part.strict
    ? rules.channels.filter((channel) => rules.signedIn.includes(channel))
    : rules.channels;
  if (!channels.includes(act.channel)) return `policy counts approve only over ${channels.join(', ')}`;
  if (act.at < part.since || (act.digest !== null && !part.digest.startsWith(act.digest)))
    return 'the request has changed since: look at what it asks for now, then approve that';
  return null;
}

/** What an old manager didn't object to until the grace was over counts as agreed. */
export const lapsed = (state: RequestState, now: string): readonly FiledFact[] =>
  waitingParts(state).flatMap((part): FiledFact[] =>
    part.lapsesAt !== undefined && part.lapsesAt <= now
      ? [{ kind: 'part_lapsed', part: part.key, at: part.lapsesAt, scope: scopeOf(state, part) }]
      : [],
  );

/** What a part covers as the request stands now. */
export function scopeOf(state: RequestState, part: Pick<ApprovalPart, 'system'>): Scope {
  const own = state.plan.tasks.filter(({ system }) => system === part.system);
  // Of a staged grant the first box gives less than is approved.
  const task = own.find(isUpgrade) ?? own[0];
  return {
    system: part.system,
    verb: own[0]?.verb ?? 'grant',
    entitlement: task?.entitlement ?? { system: part.system },
    version: state.plan.filed?.version ?? '',
    until: state.plan.filed?.until?.date ?? null,
  };
}
