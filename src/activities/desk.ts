import { activityInfo } from '@temporalio/activity';
import {
  applyAll,
  isApproved,
  openTasks,
  type Fact,
  type IssueRef,
  type RequestState,
} from '../domain/access-request';
import type { DeskMessage, DeskReading } from '../domain/desk-acts';
import { judge, whoMay, type DeskRules } from '../domain/desk-rules';
import { followUps } from '../domain/follow-ups';
import { correctionOf, type Correction } from '../domain/projection';
import { filedMarker, requestMarker, type RequestReaders } from '../domain/request-text';
import type { PersonRecord } from '../evidence/store';
import type { DeskIssue } from '../systems/gitlab';
import { awayAround } from './away';
import { askToTakeBack } from './cancelled';
import { postOnce, putBackText, tellWhatHappened } from './desk-comments';
import { evidenceOfDesk } from './desk-evidence';
import { living } from './faults';
import { tellOfFiled } from './filed-comments';
import { answerPlans } from './filed-plan';
import { partDigest, readFiled } from './filed-reading';
import { actorsOf, dueFacts, editOf, filedReaders, managerOf, subjectsAmong } from './filed-visit';
import { handoverDue, keepWork, lastComment, releasedBy, tellHandover, wordsOfAway } from './kept-work';
import { keepEvidence } from './keep';
import { raiseOpsTask, refOf } from './ops-task';
import { releaseSeats } from './seats';
import { factsOf, managersOf, pinnedPolicy, userNameOf, type World } from './world';

export interface DeskVisit {
  readonly state: RequestState;
  readonly messages: readonly DeskMessage[];
  /** The workflow's time: what daytwo itself does on this visit happened then. */
  readonly now: string;
}

export interface DeskReport {
  readonly facts: readonly Fact[];
  readonly answers: Readonly<Record<string, string | null>>;
}

export interface DeskActivities {
  workDesk(visit: DeskVisit): Promise<DeskReport>;
}

/** A visit settles in two or three rounds; more means that somebody types faster than we read, and the next hint goes on. */
const ROUNDS = 6;

export function deskActivities(world: World): DeskActivities {
  return { workDesk: living((visit) => workDesk(world, visit)) };
}

/**
 * Reads the issue, judges what people did and what messages say, and makes the issue show where the request stands: until
 * a reading finds nothing more to do. What it found comes back as facts; the workflow keeps them.
 */
async function workDesk(world: World, visit: DeskVisit): Promise<DeskReport> {
  const policy = pinnedPolicy(world.handbook(), visit.state.plan.policyVersion);
  const away = await awayAround(world, visit.state, visit.now);
  const moment = { policy, now: visit.now, away: wordsOfAway(away) };
  const facts: Fact[] = [];
  let answers: Readonly<Record<string, string | null>> = {};
  let state = visit.state;
  let commentedAt: string | null = null;
  const take = (found: readonly Fact[]): void => {
    facts.push(...found);
    state = applyAll(state, found);
  };
  const { workflowExecution } = activityInfo();
  for (let round = 0; round < ROUNDS; round++) {
    const issue = await findIssue(world, state, visit.now, take);
    const reading = issue ? await readDesk(world, state, issue) : NO_DESK;
    commentedAt = lastComment(reading, state.claim?.by);
    const messages = round > 0 ? [] : visit.messages.filter((message) => issue ?? message.kind === 'cancel');
    if (issue && state.plan.filed) {
      const read = await readFiled(world, state, issue, editOf(issue, reading), moment);
      if (read) take([read]);
    }
    const person = await personOf(world, state);
    const rules = await rulesAround(world, state, person, actorsOf(reading, messages));
    const verdict = judge(state, reading, messages, rules);
    if (round === 0) answers = verdict.answers;
    take(verdict.facts);
    take(await dueFacts(world, state, moment));
    const handover = handoverDue(world, state, reading, policy, visit.now, away);
    const claimed = state;
    if (handover) take([releasedBy(handover, visit.now)]);
    take(followUps(state, visit.now));
    const workflowId = workflowExecution?.workflowId ?? null;
    await keepEvidence(
      world,
      evidenceOfDesk(
        state,
        [...heardFromHr(visit.state), ...facts],
        verdict.putBacks,
        person?.timeZone ?? 'UTC',
        workflowId,
      ),
    );
    if (!issue) {
      await askToTakeBack(world, state);
      break;
    }
    for (const putBack of verdict.putBacks)
      await postOnce(world, issue, reading, `putback:${putBack.key}`, putBackText(putBack));
    await tellWhatHappened(world, issue, reading, visit.state, state, rules.managers);
    await tellOfFiled(world, issue, reading, visit.state, state);
    if (handover) await tellHandover(world, issue, reading, claimed, handover, visit.now);
    await answerPlans(world, issue, reading, state, moment);
    const correction = correctionOf(
      readingIssue(issue),
      state,
      await readersOf(world, state, person, rules),
      rules.labels,
      // Every request that people file has these beside its state, whatever they forgot.
      visit.state.plan.filed?.text === '' ? rules.labels.newFiledRequest : [],
    );
    if (!correction) {
      await world.store.seenIssue(issue.project || state.ref.project, issue.iid, issue.updatedAt);
      break;
    }
    await correct(world, state.ref, issue, correction);
  }
  await keepWork(world, state, policy, workflowExecution?.workflowId ?? '', commentedAt);
  if (state.plan.pooled && workflowExecution)
    await releaseSeats(world, workflowExecution.workflowId, seatTasks(state));
  return { facts, answers: { ...unanswered(visit.messages, state), ...answers } };
}

/** The tasks for which a request may stand in the queue of a licence: all that daytwo is still to grant. */
const seatTasks = (state: RequestState): readonly string[] =>
  state.cancelled || state.closedAt || state.approval.status === 'rejected'
    ? []
    : openTasks(state).map(({ id }) => id);

/** HR's word goes to the workflow at once; its evidence is kept with the first visit after it. */
const heardFromHr = ({ cancelled }: RequestState): readonly Fact[] =>
  cancelled?.channel === 'hris' ? [{ kind: 'cancelled', ...cancelled }] : [];

/** Where no issue is to be seen, nothing was done on it; only a cancel can still be taken. */
const NO_DESK: DeskReading = {
  issue: { state: 'opened', labels: [], assignees: [], description: '', confidential: true },
  notes: [],
  labelEvents: [],
  closed: null,
  bot: '',
};

/** A message that no desk was there for is answered too. */
const unanswered = (messages: readonly DeskMessage[], state: RequestState): Record<string, string> =>
  Object.fromEntries(
    messages.map(({ id }) => [
      id,
      state.lostSince ? 'the issue of this request can not be found' : 'not judged',
    ]),
  );

/** The issue where it is; else where its mark is; else a task for ops, once. */
async function findIssue(
  world: World,
  state: RequestState,
  now: string,
  take: (facts: readonly Fact[]) => void,
): Promise<DeskIssue | undefined> {
  const issue = await world.gitlab.issue(state.ref.project, state.ref.iid);
  if (issue && !issue.moved) {
    if (state.lostSince) take([{ kind: 'found' }]);
    return issue;
  }
  const marker = state.plan.filed
    ? filedMarker(state.ref)
    : requestMarker(state.plan.employeeId, state.plan.startDate);
  const { username } = await world.gitlab.self();
  const [elsewhere] = (await world.gitlab.byMarker(marker)).filter(
    (found) =>
      (state.plan.filed !== undefined || found.author === username) &&
      found.state === 'opened' &&
      !found.moved,
  );
  if (elsewhere) {
    take([{ kind: 'moved', ref: refOf(elsewhere), at: now }, await readBefore(world, elsewhere)]);
    return elsewhere;
  }
  if (state.lostSince) return undefined;
  await raiseOpsTask(world, {
    key: `lost:${state.ref.project}#${state.ref.iid}`,
    title: `Access request ${state.ref.project}#${state.ref.iid} can not be found`,
    problems: ['Its issue was deleted, or moved where daytwo may not look.'],
    mend: 'Restore it, then send resume (daytwo resume); or end it: daytwo cancel, with a reason.',
  });
  take([{ kind: 'lost', at: now }]);
  return undefined;
}

/** A moved issue holds copies of what was done on it, under new ids: all that came before the move was judged already. */
async function readBefore(world: World, { project, iid }: DeskIssue): Promise<Fact> {
  const [notes, labelEvents] = await Promise.all([
    world.gitlab.notes(project, iid),
    world.gitlab.labelEvents(project, iid),
  ]);
  const move = notes.filter((note) => note.system && note.body.startsWith('moved from ')).at(-1);
  const before = labelEvents.filter((event) => !move || event.at <= move.at);
  return {
    kind: 'read',
    note: move?.id ?? Math.max(0, ...notes.map(({ id }) => id)),
    labelEvent: Math.max(0, ...before.map(({ id }) => id)),
  };
}

async function readDesk(world: World, state: RequestState, issue: DeskIssue): Promise<DeskReading> {
  const { project, iid } = state.ref;
  const [self, notes, labelEvents, closed] = await Promise.all([
    world.gitlab.self(),
    world.gitlab.notes(project, iid),
    world.gitlab.labelEvents(project, iid),
    issue.state === 'closed' ? world.gitlab.closedBy(project, iid) : null,
  ]);
  return {
    issue: readingIssue(issue),
    notes: notes.filter((note) => !note.system || note.id > state.cursor.note),
    labelEvents: labelEvents.filter((event) => event.id > state.cursor.labelEvent),
    bot: self.username,
    closed,
  };
}

const readingIssue = (issue: DeskIssue) => ({
  state: issue.state,
  labels: issue.labels,
  assignees: issue.assignees.map((user) => user.username),
  description: issue.description,
  confidential: issue.confidential,
});

/** Whom it is for; null for a request that names several, or nobody yet. @throws where a hire isn't in the store */
async function personOf(world: World, { plan }: RequestState): Promise<PersonRecord | null> {
  const person = plan.employeeId === '' ? null : await world.store.personById(plan.employeeId);
  if (!person && !plan.filed) throw new Error(`employee ${plan.employeeId} is not in the store`);
  return person;
}

async function rulesAround(
  world: World,
  state: RequestState,
  person: PersonRecord | null,
  actors: readonly string[],
): Promise<DeskRules> {
  const { people, labels, systems } = world.handbook();
  const managerEmail = state.plan.filed ? await managerOf(world, state) : (person?.managerEmail ?? null);
  return {
    policy: pinnedPolicy(world.handbook(), state.plan.policyVersion),
    people,
    labels,
    systems,
    managers: await managersOf(world, managerEmail),
    subject: person ? await userNameOf(world, person.email) : null,
    subjects: await subjectsAmong(world, state, actors),
    digestOf: partDigest,
  };
}

const readersOf = async (
  world: World,
  state: RequestState,
  person: PersonRecord | null,
  rules: DeskRules,
): Promise<RequestReaders> => ({
  person: person ? factsOf(person) : null,
  people: rules.people,
  systems: rules.systems,
  approvers: isApproved(state) ? [] : whoMay('approve', state, rules),
  onboardingUrl: state.plan.onboardingUrl,
  ...(state.plan.filed ? { filed: await filedReaders(world, state) } : {}),
});

/** Writes the correction, unless somebody changed the description since it was read: then it is read again. */
async function correct(world: World, ref: IssueRef, read: DeskIssue, correction: Correction): Promise<void> {
  const { assignees, ...rest } = correction;
  if (correction.description !== undefined) {
    const fresh = await world.gitlab.issue(ref.project, ref.iid);
    if (fresh?.description !== read.description) return;
  }
  const ids =
    assignees &&
    (await Promise.all(assignees.map((name) => world.gitlab.userByName(name)))).flatMap((user) =>
      user ? [user.id] : [],
    );
  await world.gitlab.change(ref.project, ref.iid, { ...rest, ...(ids ? { assigneeIds: ids } : {}) });
}
