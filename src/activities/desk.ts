import { activityInfo } from '@temporalio/activity';
import {
  applyAll,
  isApproved,
  openTasks,
  phaseOf,
  revocable,
  type Fact,
  type IssueRef,
  type RequestState,
} from '../domain/access-request';
import type { DeskMessage, DeskReading } from '../domain/desk-acts';
import { judge, whoMay, type DeskRules } from '../domain/desk-rules';
import { correctionOf, type Correction } from '../domain/projection';
import { requestMarker, type RequestReaders } from '../domain/request-text';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce, putBackText, tellWhatHappened } from './desk-comments';
import { evidenceOfDesk } from './desk-evidence';
import { living } from './faults';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
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
  const person = await world.store.personById(visit.state.plan.employeeId);
  if (!person) throw new Error(`employee ${visit.state.plan.employeeId} is not in the store`);
  const facts: Fact[] = [];
  let answers: Readonly<Record<string, string | null>> = {};
  let state = visit.state;
  const take = (found: readonly Fact[]): void => {
    facts.push(...found);
    state = applyAll(state, found);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const issue = await findIssue(world, state, visit.now, take);
    if (!issue) break;
    const { rules, readers } = await aroundRequest(world, state, factsOf(person), round === 0);
    const reading = await readDesk(world, state, issue);
    const verdict = judge(state, reading, round === 0 ? visit.messages : [], rules);
    if (round === 0) answers = verdict.answers;
    take(verdict.facts);
    take(followUps(state, visit.now));
    await keepEvidence(
      world,
      evidenceOfDesk(
        state,
        facts,
        verdict.putBacks,
        person.timeZone,
        activityInfo().workflowExecution?.workflowId ?? null,
      ),
    );
    for (const putBack of verdict.putBacks)
      await postOnce(world, issue, reading, `putback:${putBack.key}`, putBackText(putBack));
    await tellWhatHappened(world, issue, reading, visit.state, state, rules.managers);
    const correction = correctionOf(readingIssue(issue), state, readers, rules.labels);
    if (!correction) {
      await world.store.seenIssue(issue.project || state.ref.project, issue.iid, issue.updatedAt);
      break;
    }
    await correct(world, state.ref, issue, correction);
  }
  return { facts, answers: { ...unanswered(visit.messages, state), ...answers } };
}

/** A message that no desk was there for is answered too. */
const unanswered = (messages: readonly DeskMessage[], state: RequestState): Record<string, string> =>
  Object.fromEntries(
    messages.map(({ id }) => [
      id,
      state.lostSince ? 'the issue of this request can not be found' : 'not judged',
    ]),
  );

/** What follows by itself: done means completed, completed and everybody else done too means closed. */
function followUps(state: RequestState, now: string): Fact[] {
  const facts: Fact[] = [];
  const phase = phaseOf(state);
  if (phase === 'completed' && !state.completedAt) facts.push({ kind: 'completed', at: now });
  const left = Object.values(state.tasks).some((task) => task.status === 'needs_person');
  const tidied =
    (phase === 'cancelled' && revocable(state).length === 0 && !(state.cancelled?.remove && left)) ||
    phase === 'rejected';
  const finished =
    phase === 'completed' &&
    openTasks(state).length === 0 &&
    Object.values(state.others).every((ticked) => ticked);
  if (!state.closedAt && (tidied || finished)) facts.push({ kind: 'closed', at: now });
  return facts;
}

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
  const marker = requestMarker(state.plan.employeeId, state.plan.startDate);
  const { username } = await world.gitlab.self();
  const [elsewhere] = (await world.gitlab.byMarker(marker)).filter(
    (found) => found.author === username && found.state === 'opened' && !found.moved,
  );
  if (elsewhere) {
    take([{ kind: 'moved', ref: { project: elsewhere.project, iid: elsewhere.iid, url: elsewhere.webUrl } }]);
    await keepEvidence(
      world,
      evidenceOfDesk(
        state,
        [{ kind: 'moved', ref: { project: elsewhere.project, iid: elsewhere.iid, url: elsewhere.webUrl } }],
        [],
        'UTC',
        activityInfo().workflowExecution?.workflowId ?? null,
      ),
    );
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

async function aroundRequest(
  world: World,
  state: RequestState,
  person: RequestReaders['person'],
  withSubject: boolean,
): Promise<{ rules: DeskRules; readers: RequestReaders }> {
  const handbook = world.handbook();
  const rules: DeskRules = {
    policy: pinnedPolicy(handbook, state.plan.policyVersion),
    people: handbook.people,
    labels: handbook.labels,
    systems: handbook.systems,
    managers: await managersOf(world, person.manager_email),
    subject: withSubject ? await userNameOf(world, person.email) : null,
  };
  const approvers = isApproved(state) ? [] : whoMay('approve', state, rules);
  return {
    rules,
    readers: {
      person,
      people: handbook.people,
      systems: handbook.systems,
      approvers,
      onboardingUrl: state.plan.onboardingUrl,
    },
  };
}

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
