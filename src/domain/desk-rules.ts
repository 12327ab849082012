import {
  apply,
  isApproved,
  isApprovedFor,
  isAutomatic,
  isReady,
  isSettled,
  openTasks,
  phaseOf,
  waitsForSeat,
  type Deed,
  type Fact,
  type RequestState,
  type Task,
} from './access-request';
import type { Scope } from './approvals';
import { approveParts, rejectParts, type ApprovalRules } from './approval-rules';
import { actsOf, type Act, type DeskMessage, type DeskReading } from './desk-acts';
import {
  DECISIONS,
  type Channel,
  type DecisionKind,
  type Doers,
  type Handbook,
  type People,
  type Policy,
  type System,
} from './handbook';
import { partsOf, waitingParts } from './filed-request';
import { labelsFor } from './labels';
import { reassign } from './reassign-rules';
import { boxesOf, boxKey, tickedBy, type Box } from './task-list';
import { markdown } from './escape';

/** What the rules need to know of the handbook and of the people around one request. */
export interface DeskRules {
  readonly policy: Pick<Policy, 'decisions' | 'signedInChannels'>;
  readonly people: People;
  readonly labels: Handbook['labels'];
  readonly systems: readonly System[];
  /** GitLab user names of the person's manager and of those who cover for them; empty where unknown. */
  readonly managers: readonly string[];
  /** The GitLab user name of the person whom the access is for, if they have one already. */
  readonly subject: string | null;
  /** Of a request for many: those who act on it and are among the people whom it is for. */
  readonly subjects?: readonly string[];
  /** The digest of what a part of a filed request is for. */
  readonly digestOf: (scope: Scope) => string;
}

/** A change that isn't allowed: it is put back, with a comment that says why and who may. */
export interface PutBack {
  readonly key: string;
  readonly by: string;
  readonly at: string;
  readonly channel: Act['channel'];
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

export interface Verdict {
  readonly state: RequestState;
  readonly facts: readonly Fact[];
  readonly putBacks: readonly PutBack[];
  /** An answer for each message: null where it was taken, else why not, and who may. */
  readonly answers: Readonly<Record<string, string | null>>;
}

/** Judges all that happened on the desk since the last time, in order: each act becomes facts, or is put back. */
export function judge(
  state: RequestState,
  reading: DeskReading,
  messages: readonly DeskMessage[],
  rules: DeskRules,
): Verdict {
  let current = state;
  const facts: Fact[] = [];
  const putBacks: PutBack[] = [];
  const answers: Record<string, string | null> = {};
  const take = (fact: Fact): void => {
    facts.push(fact);
    current = apply(current, fact);
  };
  for (const act of actsOf(state, reading, messages, rules.labels)) {
    const judged = judgeAsked(current, act, rules);
    if ('facts' in judged) judged.facts.forEach(take);
    else {
      const { by, at, channel } = act;
      putBacks.push({ key: act.source, by, at, channel, what: wordsOf(act, current), ...judged });
    }
    if (act.source.startsWith('message:'))
      answers[act.source.slice('message:'.length)] = 'facts' in judged ? null : answerOf(judged, act.by);
  }
  const others = tickedOthers(current, reading);
  if (others) take(others);
  const note = Math.max(current.cursor.note, ...reading.notes.map(({ id }) => id));
  const labelEvent = Math.max(current.cursor.labelEvent, ...reading.labelEvents.map(({ id }) => id));
  if (note > current.cursor.note || labelEvent > current.cursor.labelEvent)
    take({ kind: 'read', note, labelEvent });
  return { state: current, facts, putBacks, answers };
}

type Judged = { readonly facts: readonly Fact[] } | { readonly why: string; readonly who: readonly string[] };
const NOTHING: Judged = { facts: [] };

/** Who asks for what is so already is answered as everybody else: by whether they may. On the issue there is nothing to put back. */
function judgeAsked(state: RequestState, act: Act, rules: DeskRules): Judged {
  const judged = judgeAct(state, act, rules);
  if (act.channel === 'gitlab' || !('facts' in judged) || judged.facts.length > 0) return judged;
  return (isDecision(act) && allowed(act.kind, act, state, rules)) || judged;
}

const isDecision = (act: Act): act is Act & { readonly kind: DecisionKind } =>
  DECISIONS.some((kind) => kind === act.kind);

function judgeAct(state: RequestState, act: Act, rules: DeskRules): Judged {
  const deed: Deed = { by: act.by, channel: act.channel, at: act.at };
  if (state.cancelled && act.kind === 'close' && !state.closedAt)
    return close(state, act, "what was granted isn't taken back yet", rules);
  if (state.cancelled || state.closedAt)
    return act.channel === 'gitlab' ? NOTHING : refuse('the request has ended', []);
  switch (act.kind) {
    case 'approve':
      if (state.plan.filed) return approveParts(state, act, approvalRules(state, act, rules));
      if (act.less) return refuse('a role template is approved or rejected as it stands', []);
      if (isApproved(state)) return NOTHING;
      if (state.approval.status === 'rejected') return refuse('the request was rejected already', []);
      return allowed('approve', act, state, rules) ?? { facts: [{ kind: 'approved', ...deed }] };
    case 'reject':
      if (state.plan.filed) return rejectParts(state, act, approvalRules(state, act, rules));
      if (state.approval.status !== 'waiting')
        return refuse('the request is approved already; cancel it instead', []);
      return (
        allowed('reject', act, state, rules) ??
        (act.reason
          ? { facts: [{ kind: 'rejected', reason: act.reason, ...deed }] }
          : refuse('a rejection needs its reason: comment it, then set the label again', []))
      );
    case 'claim':
      return claim(state, act, act.by, rules);
    case 'assign':
      return claim(state, act, act.assignee, rules);
    case 'release':
      return release(state, act, act.reason, rules);
    case 'unassign':
      return state.claim && act.assignees.includes(state.claim.by)
        ? release(state, act, null, rules)
        : NOTHING;
    case 'start':
      return start(state, act, rules);
    case 'stop':
      return state.hold ? resume(state, act, rules) : release(state, act, act.reason, rules);
    case 'hold':
      if (state.hold)
        return act.channel === 'gitlab'
          ? NOTHING
          : refuse(`it is on hold by ${state.hold.by} already; resume it first`, []);
      return (
        allowed('hold', act, state, rules) ??
        (act.reason
          ? { facts: [{ kind: 'held', reason: act.reason, ...deed }] }
          : refuse('a hold needs its reason: comment it, then set the label again', []))
      );
    case 'resume':
      return resume(state, act, rules);
    case 'cancel':
      return (
        allowed('cancel', act, state, rules) ??
        (act.reason
          ? { facts: [{ kind: 'cancelled', reason: act.reason, remove: act.remove, ...deed }] }
          : refuse('a cancel needs its reason', []))
      );
    case 'reassign':
      return (
        (act.by === act.from ? undefined : allowed('reassign', act, state, rules)) ??
        reassign(state, act, rules.people, (username) => whyNotClaim(state, act, username, rules))
      );
    case 'complete':
      return complete(state, act, rules);
    case 'untick':
      return untick(state, act, rules);
    case 'retry':
      return retry(state, act, rules);
    case 'relabel':
      return labelsFor(state).includes(act.label) === act.added
        ? NOTHING
        : refuse('daytwo leads this label: it shows where the request stands', []);
    case 'publish':
      return refuse('access requests are confidential', []);
    case 'close':
      if (isWithdrawal(state, act))
        return { facts: [{ kind: 'cancelled', reason: 'closed by who filed it', remove: false, ...deed }] };
      return phaseOf(state) === 'completed'
        ? close(state, act, openOfOthers(state), rules)
        : refuse(
            `these are still open: ${openNames(state)}. To stop the request, cancel it with a reason`,
            [],
          );
  }
}

/** Who filed a request and closes it before anything was done takes it back. */
const isWithdrawal = (state: RequestState, act: Act): boolean =>
  state.plan.filed?.requester === act.by &&
  state.plan.filed.order === 'filed' &&
  Object.values(state.tasks).every(({ status }) => status === 'open' || status === 'rejected') &&
  Object.values(state.counts ?? {}).every(({ done }) => done === 0);

const approvalRules = (
  state: RequestState,
  act: Extract<Act, { kind: 'approve' | 'reject' }>,
  rules: DeskRules,
): ApprovalRules => ({
  channels: rules.policy.decisions[act.kind].channels,
  signedIn: rules.policy.signedInChannels,
  mayReject: act.kind === 'reject' ? whoMay('reject', state, rules) : [],
  systems: rules.systems,
  digestOf: rules.digestOf,
});

/**
 * "The issue stays open until the other teams' boxes are ticked": only those who may end a request close it before.
 * @param open what is still open, in words; null where nothing is
 */
function close(state: RequestState, act: Act, open: string | null, rules: DeskRules): Judged {
  const who = whoMay('cancel', state, rules);
  return open === null || who.includes(act.by)
    ? { facts: [{ kind: 'closed', at: act.at, by: act.by }] }
    : refuse(open, who);
}

function openOfOthers(state: RequestState): string | null {
  const open = Object.entries(state.others).filter(([, ticked]) => !ticked);
  return open.length > 0
    ? `other teams' boxes are still open: ${open.map(([text]) => text).join(', ')}`
    : null;
}

/** Why somebody may not be given a request to hold; undefined where they may. */
function whyNotClaim(
  state: RequestState,
  act: Act,
  username: string,
  rules: DeskRules,
): { readonly why: string; readonly who: readonly string[] } | undefined {
  const claimed = claim(state, { ...act, by: username }, username, rules);
  return 'why' in claimed ? claimed : undefined;
}

/** "The team member will assign the issue to themself, add the label In Progress": either of the two means both. */
function claim(state: RequestState, act: Act, by: string, rules: DeskRules): Judged {
  if (state.claim?.by === by) return NOTHING;
  const asAct = { ...act, by };
  const refused =
    allowed('claim', asAct, state, rules) ??
    (act.by === by ? undefined : allowed('claim', act, state, rules));
  if (refused) return refused;
  if (isSubject({ by }, rules)) return refuse('nobody works the request for their own access', []);
  const from = act.by === by ? {} : { from: act.by };
  return { facts: [{ kind: 'claimed', by, channel: act.channel, at: act.at, ...from }] };
}

function release(state: RequestState, act: Act, reason: string | null, rules: DeskRules): Judged {
  if (!state.claim) return NOTHING;
  return (
    allowed('release', act, state, rules) ?? {
      facts: [{ kind: 'released', reason, by: act.by, channel: act.channel, at: act.at }],
    }
  );
}

function resume(state: RequestState, act: Act, rules: DeskRules): Judged {
  if (!state.hold)
    return phaseOf(state) === 'on_hold' && act.channel === 'gitlab' && act.kind === 'resume'
      ? refuse(
          waitsForSeat(state)
            ? 'it waits for a free licence, and goes on by itself'
            : 'it waits for a course; it goes on when its box is ticked',
          [],
        )
      : NOTHING;
  return (
    allowed('resume', act, state, rules) ?? {
      facts: [{ kind: 'resumed', by: act.by, channel: act.channel, at: act.at }],
    }
  );
}

/** The label "In Progress" picks up what nobody holds; who holds it already goes on holding it. */
function start(state: RequestState, act: Act, rules: DeskRules): Judged {
  const resumed = resume(state, act, rules);
  if (!('facts' in resumed) || state.claim) return resumed;
  const claimed = claim(state, act, act.by, rules);
  return 'facts' in claimed ? { facts: [...resumed.facts, ...claimed.facts] } : claimed;
}

/** A box or a task may be ticked by the provisioners of its system; whoever ticks without having picked it up has. */
function complete(state: RequestState, act: Extract<Act, { kind: 'complete' }>, rules: DeskRules): Judged {
  if (act.task === null) {
    return openTasks(state).length === 0
      ? NOTHING
      : refuse(`"Completed" is set when Sales Ops' boxes are ticked; still open: ${openNames(state)}`, []);
  }
  const task = state.plan.tasks.find(
    ({ id, system }) =>
      id === act.task ||
      (system === act.task && state.plan.tasks.filter((other) => other.system === system).length === 1),
  );
  if (!task)
    return refuse(
      `this request has no task "${act.task}"; it has ${state.plan.tasks.map(({ id }) => id).join(', ')}`,
      [],
    );
  const now = state.tasks[task.id];
  if (now?.status === 'done' && (now.how === 'attested' || act.channel === 'gitlab')) return NOTHING;
  const who = provisionersOf(task, rules);
  if (!who.includes(act.by)) return refuse(`${task.name} is done by its provisioners`, who);
  const refused = allowed('complete', act, state, rules);
  if (refused) return refused;
  if (isSubject(act, rules))
    return refuse(
      'nobody grants access to themself',
      who.filter((name) => name !== act.by),
    );
  if (approvedStrictly(state, task, act.by, rules))
    return refuse(
      'who approved a SOX or admin grant does not provision it',
      who.filter((name) => name !== act.by),
    );
  if (isAutomatic(task) && now?.status !== 'needs_person')
    return refuse(`${task.name} is granted and verified by daytwo itself`, []);
  if (state.plan.filed && state.plan.filed.unread > 0)
    return refuse('the request has lines that can not be read; it waits until they are mended', []);
  if (now?.status === 'rejected') return refuse(`${task.name} was rejected`, []);
  if (!isApprovedFor(state, task))
    return refuse(
      `the request is not approved yet; it waits for ${waitsOn(state, task, rules).join(', ')}`,
      [],
    );
  const before = task.after.filter((id) => !isSettled(state, id));
  if (before.length > 0)
    return refuse(`${task.name} comes after ${before.map((id) => nameOf(state, id)).join(', ')}`, []);
  if (!isReady(state, task))
    return refuse(
      `${task.name} comes ${task.delay?.hours} hours after ${nameOf(state, task.delay?.after ?? '')}`,
      [],
    );
  const deed: Deed = { by: act.by, channel: act.channel, at: act.at };
  const claimed: Fact[] = state.claim ? [] : [{ kind: 'claimed', ...deed }];
  return { facts: [...claimed, { kind: 'attested', task: task.id, ...deed }] };
}

function untick(state: RequestState, act: Extract<Act, { kind: 'untick' }>, rules: DeskRules): Judged {
  const task = state.plan.tasks.find(({ id }) => id === act.task);
  const now = state.tasks[act.task];
  if (!task || now?.status !== 'done') return NOTHING;
  if (now.how !== 'attested') return refuse(`${task.name} was verified by daytwo`, []);
  const who = provisionersOf(task, rules);
  return who.includes(act.by)
    ? { facts: [{ kind: 'reopened', task: task.id, by: act.by, channel: act.channel, at: act.at }] }
    : refuse(`${task.name} is done by its provisioners`, who);
}

function retry(state: RequestState, act: Extract<Act, { kind: 'retry' }>, rules: DeskRules): Judged {
  const task = state.plan.tasks.find(({ id }) => id === act.task);
  if (!task || state.tasks[act.task]?.status !== 'needs_person') return NOTHING;
  const who = provisionersOf(task, rules);
  return who.includes(act.by)
    ? { facts: [{ kind: 'retry', task: task.id, by: act.by, channel: act.channel, at: act.at }] }
    : refuse(`${task.name} is done by its provisioners`, who);
}

/** Undefined where policy lets this person decide this over this channel. */
function allowed(kind: DecisionKind, act: Act, state: RequestState, rules: DeskRules): Judged | undefined {
  const decision = rules.policy.decisions[kind];
  const who = whoMay(kind, state, rules).filter((name) => kind !== 'approve' || name !== rules.subject);
  if (!who.includes(act.by))
    return refuse(
      isSubject(act, rules) && kind === 'approve'
        ? 'nobody approves their own access'
        : `policy lets others ${kind} this`,
      who,
    );
  const channels =
    kind === 'approve' && needsSignIn(state, rules)
      ? decision.channels.filter((channel) => rules.policy.signedInChannels.includes(channel))
      : decision.channels;
  if (!channels.includes(act.channel))
    return refuse(`policy counts ${kind} only over ${channels.join(', ')}`, who);
  return undefined;
}

/** Why a cancel of a hire who has no request yet is refused, or null where policy names this person for it. */
export function refusedCancelOfHire(
  asked: { readonly by: string; readonly channel: Channel; readonly reason: string | null },
  rules: Omit<DeskRules, 'labels' | 'subject' | 'digestOf'>,
): string | null {
  const { channels } = rules.policy.decisions.cancel;
  const who = whoMay('cancel', { claim: null, plan: { tasks: [] } }, rules);
  if (!who.includes(asked.by)) return answerOf({ why: 'policy lets others cancel this', who }, asked.by);
  if (!channels.includes(asked.channel)) return `policy counts cancel only over ${channels.join(', ')}`;
  return asked.reason ? null : 'a cancel needs its reason';
}

/** Those whom the policy names for a decision on this request, as GitLab user names. */
export function whoMay(
  kind: DecisionKind,
  state: Pick<RequestState, 'claim'> & { readonly plan: Pick<RequestState['plan'], 'tasks' | 'filed'> },
  rules: Omit<DeskRules, 'labels' | 'subject' | 'digestOf'>,
): readonly string[] {
  const { people } = rules;
  const names = rules.policy.decisions[kind].who.flatMap((role): readonly string[] => {
    switch (role) {
      case 'manager':
        return rules.managers;
      case 'dri':
        return people.provisioningDris;
      case 'provisioner':
        return [
          ...doers({ queue: people.salesOpsTeam }, people),
          ...state.plan.tasks.flatMap((task) => provisionersOf(task, rules)),
        ];
      case 'assignee':
        return state.claim ? [state.claim.by] : [];
      case 'template_approver':
        return people.templateApprovers;
      case 'requester':
        return state.plan.filed ? [state.plan.filed.requester] : [];
    }
  });
  return [...new Set(names)];
}

/** "SOX and admin approvals count only where the person signed in." */
const needsSignIn = (state: RequestState, rules: DeskRules): boolean =>
  state.plan.tasks.some((task) => isSox(task, rules));

const isSox = (task: Pick<Task, 'system'>, rules: Pick<DeskRules, 'systems'>): boolean =>
  rules.systems.some(({ key, sox }) => key === task.system && sox);

export function provisionersOf(
  task: Pick<Task, 'system'>,
  rules: Pick<DeskRules, 'people' | 'systems'>,
): readonly string[] {
  const system = rules.systems.find(({ key }) => key === task.system);
  return system ? doers(system.provisioners, rules.people) : [];
}

const doers = (who: Doers, people: People): readonly string[] =>
  'people' in who ? who.people : (people.teams[who.queue]?.members ?? []);
const isSubject = ({ by }: Pick<Act, 'by'>, rules: DeskRules): boolean =>
  (rules.subject !== null && rules.subject === by) || Boolean(rules.subjects?.includes(by));

/** "The approver of a SOX or admin grant isn't its provisioner." */
const approvedStrictly = (state: RequestState, task: Task, by: string, rules: DeskRules): boolean =>
  state.plan.filed
    ? partsOf(state).some(
        ({ system, strict, status, deed }) =>
          system === task.system && strict && status === 'approved' && deed?.by === by,
      )
    : isSox(task, rules) && state.approval.deed?.by === by;

const waitsOn = (state: RequestState, task: Task, rules: DeskRules): readonly string[] =>
  state.plan.filed
    ? [...new Set(waitingParts(state).flatMap(({ system, who }) => (system === task.system ? who : [])))]
    : whoMay('approve', state, rules);

const openNames = (state: RequestState): string =>
  openTasks(state)
    .map(({ name }) => name)
    .join(', ');
const nameOf = (state: RequestState, id: string): string =>
  state.plan.tasks.find((task) => task.id === id)?.name ?? id;

const refuse = (why: string, who: readonly string[]): Judged => ({ why, who });

/** For those who decide away from the issue, where the comment names who may. */
const answerOf = ({ why, who }: Pick<PutBack, 'why' | 'who'>, by: string): string =>
  who.length > 0 && !who.includes(by) ? `${why}; those who may: ${who.join(', ')}` : why;

/** What somebody did, so that it reads on as "… was put back". */
function wordsOf(act: Act, state: RequestState): string {
  switch (act.kind) {
    case 'approve':
      return 'the approval';
    case 'reject':
      return 'the rejection';
    case 'claim':
      return 'picking it up';
    case 'assign':
      return `assigning ${act.assignee}`;
    case 'release':
      return 'giving it back';
    case 'unassign':
      return `unassigning ${act.assignees.join(', ')}`;
    case 'start':
      return 'setting In Progress';
    case 'stop':
      return 'setting Action Needed';
    case 'hold':
      return 'putting it on hold';
    case 'resume':
      return 'taking it off hold';
    case 'cancel':
      return 'cancelling it';
    case 'reassign':
      return `moving what waits on ${act.from} to ${act.to}`;
    case 'complete':
      return act.task === null ? 'setting Completed' : `ticking ${nameOf(state, act.task)}`;
    case 'untick':
      return `clearing the tick of ${nameOf(state, act.task)}`;
    case 'retry':
      return `trying ${nameOf(state, act.task)} again`;
    case 'close':
      return 'closing the issue';
    case 'relabel':
      return `${act.added ? 'setting' : 'taking away'} ${act.label}`;
    case 'publish':
      return 'making it visible to everyone';
  }
}

/** Other teams tick their own boxes; they are waited for, not judged. GitLab's notes count over a text that raced with ours. */
function tickedOthers(state: RequestState, reading: DeskReading): Fact | null {
  const ticked: Record<string, boolean> = {};
  const shown = boxesOf(reading.issue.description);
  const noted = reading.notes.flatMap((note) =>
    note.system && note.author !== reading.bot ? (tickedBy(note.body) ?? []) : [],
  );
  for (const [text, before] of Object.entries(state.others)) {
    const same = (box: Box): boolean => boxKey(box.text) === boxKey(markdown(text));
    const box = noted.filter(same).at(-1) ?? shown.find(same);
    if (box && box.ticked !== before) ticked[text] = box.ticked;
  }
  return Object.keys(ticked).length > 0 ? { kind: 'others', ticked } : null;
}
