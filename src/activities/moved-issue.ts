import { policyOn } from '../domain/day-two';
import { REGIONS } from '../domain/handbook';
import { isOver } from '../domain/close/change';
import { changeMarkOf } from '../domain/close/change-text';
import { closeMarkOf } from '../domain/close/text';
import { isMoveRequest } from '../domain/move-text';
import { leaverMarkOf } from '../domain/leaver-text';
import { requestMarkOf } from '../domain/request-text';
import { isReviewSettled, reviewId } from '../domain/territory/review';
import { reviewMarkOf } from '../domain/territory/review-text';
import { resolveRole } from '../domain/roles';
import { isRunOver, territoryRunId } from '../domain/territory/run';
import { runMarkOf } from '../domain/territory/run-text';
import type { DeskIssue } from '../systems/gitlab';
import { postOnce } from './desk-comments';
import { isFiledFor, isOurs } from './filed';
import { startFiled } from './filed-start';
import { takeUpMove } from './move-again';
import { opsMarkersOf } from './ops-task';
import { leaderOfReclaim } from './reclaim-earlier';
import type { ReviewRef } from './account-review';
import type { ChangeRef } from './period-change';
import { planFor } from './request-opening';
import { factsOf, type World } from './world';

type IssueHint = Parameters<World['hints']['issueChanged']>[1];

/** An issue without its workflow is given this long: its onboarding may be just about to start it. */
const GRACE_MS = 120_000;

/** Tells the workflow that a moved issue concerns, or starts the one that is missing. False where nobody is concerned. */
export async function hintMoved(world: World, project: string, issue: DeskIssue): Promise<boolean> {
  const reference = { project, iid: issue.iid };
  const leaver = leaverMarkOf(issue.description);
  if (leaver) return hintLeaver(world, issue, leaver, reference);
  const close = closeMarkOf(issue.description);
  if (close) return hintClose(world, issue, close.period, reference);
  const run = runMarkOf(issue.description);
  if (run) return hintRun(world, issue, run, reference);
  const change = changeMarkOf(issue.description);
  if (change) return hintChange(world, issue, change, reference);
  const review = reviewMarkOf(issue.description);
  if (review) return hintReview(world, issue, review, reference);
  const mark = requestMarkOf(issue.description);
  if (await world.hints.issueChanged(`access-request/${project}/${issue.iid}`, reference)) return true;
  if (mark) {
    const ours = issue.author === (await world.gitlab.self()).username;
    return ours && issue.state === 'opened' && (await hintOrStart(world, project, issue, mark.employeeId));
  }
  // An onboarding issue names its person too; a request is filed where requests are.
  if (project !== world.projects.accessRequests) return false;
  if (await hintReclaim(world, issue, reference)) return true;
  if (isMoveRequest(issue.description) && issue.author === (await world.gitlab.self()).username)
    return issue.state === 'opened' && startMissingMove(world, issue);
  let found = false;
  const waiting = [
    ...(await world.store.peopleWaiting('template')),
    ...(await world.store.peopleWaiting('filed')),
  ];
  for (const { employeeId } of waiting) {
    const person = await world.store.personById(employeeId);
    if (!person) continue;
    if (namesOnboarding(world, issue) || isFiledFor(issue, person.email, employeeId, null))
      found = (await world.hints.issueChanged(`onboarding/${employeeId}`, reference)) || found;
  }
  if (await hasEnded(world, reference)) {
    if (issue.state === 'opened') await putReopenedBack(world, issue);
  } else {
    found = (await startFiled(world, project, issue)) || found;
  }
  // Nobody else says that it was looked at. Who begins to wait later looks for what was filed before.
  await world.store.seenIssue(project, issue.iid, issue.updatedAt);
  return found;
}

/** A close whose workflow is gone (a lost cluster) goes on from what the store knows of it. */
async function hintClose(
  world: World,
  issue: DeskIssue,
  period: string,
  reference: IssueHint,
): Promise<boolean> {
  if (issue.author !== (await world.gitlab.self()).username) return false;
  if (await world.hints.issueChanged(`close/${period}`, reference)) return true;
  const kept = await world.store.closes.get(period);
  if (!kept || kept.close.phase === 'ended') {
    await world.store.seenIssue(issue.project, issue.iid, issue.updatedAt);
    return false;
  }
  await world.hints.startClose({ period, by: kept.close.openedBy });
  return true;
}

/** The same for a change of a locked period. */
async function hintChange(
  world: World,
  issue: DeskIssue,
  { period, n }: ChangeRef,
  reference: IssueHint,
): Promise<boolean> {
  if (issue.author !== (await world.gitlab.self()).username) return false;
  if (await world.hints.issueChanged(`close/${period}/change/${n}`, reference)) return true;
  const kept = await world.store.changes.get(period, n);
  if (!kept || isOver(kept.change)) {
    await world.store.seenIssue(issue.project, issue.iid, issue.updatedAt);
    return false;
  }
  await world.hints.startChange({ period, n });
  return true;
}

/** The same for the review of an account. */
async function hintReview(
  world: World,
  issue: DeskIssue,
  { accountId, n }: ReviewRef,
  reference: IssueHint,
): Promise<boolean> {
  if (issue.author !== (await world.gitlab.self()).username) return false;
  const kept = await world.store.reviews.get(accountId, n);
  // Another review of the account may run: an issue of an earlier one is nothing to it.
  if (!kept || isReviewSettled(kept.review)) {
    await world.store.seenIssue(issue.project, issue.iid, issue.updatedAt);
    return false;
  }
  if (await world.hints.issueChanged(reviewId(accountId), reference)) return true;
  await world.hints.startReview({ accountId, n });
  return true;
}

/** The same for a run of territory planning that waits on its desk. */
async function hintRun(world: World, issue: DeskIssue, run: string, reference: IssueHint): Promise<boolean> {
  if (issue.author !== (await world.gitlab.self()).username) return false;
  if (await world.hints.issueChanged(territoryRunId(run), reference)) return true;
  const kept = await world.store.territoryRuns.get(run);
  if (!kept || isRunOver(kept.run)) {
    await world.store.seenIssue(issue.project, issue.iid, issue.updatedAt);
    return false;
  }
  await world.hints.startTerritoryRun({ run, undoes: kept.run.undoes, by: kept.run.by });
  return true;
}

/** A leaving whose workflow is gone (a lost cluster) goes on from what the store knows of it. */
async function hintLeaver(
  world: World,
  issue: DeskIssue,
  employeeId: string,
  reference: IssueHint,
): Promise<boolean> {
  if (issue.author !== (await world.gitlab.self()).username) return false;
  if (await world.hints.issueChanged(`offboarding/${employeeId}`, reference)) return true;
  const [one] = await world.store.leavers.ofPerson(employeeId);
  if (!one || one.endedAt !== null) {
    await world.store.seenIssue(issue.project, issue.iid, issue.updatedAt);
    return false;
  }
  await world.hints.leaving(one.event);
  return true;
}

/** Whose onboarding issue it is, only the one who waits can tell. */
const namesOnboarding = (world: World, issue: DeskIssue): boolean =>
  !isOurs(issue.description) &&
  `${issue.title}\n${issue.description}`.includes(`${world.projects.employment}/-/issues/`);

/** A moved issue keeps its workflow, under the id that it was born with; one without any is taken up again. */
async function hintOrStart(
  world: World,
  project: string,
  issue: DeskIssue,
  employeeId: string,
): Promise<boolean> {
  const running = await world.hints.requestsOf(employeeId);
  for (const workflowId of running) await world.hints.issueChanged(workflowId, { project, iid: issue.iid });
  if (running.length > 0) return true;
  if (await hasEnded(world, { project, iid: issue.iid })) {
    await putReopenedBack(world, issue);
    return false;
  }
  return startMissing(world, project, issue, employeeId);
}

async function hasEnded(world: World, { project, iid }: IssueHint): Promise<boolean> {
  const story = await world.store.story({ request: `${project}#${iid}` });
  return story.some(({ kind }) => kind === 'request.closed');
}

/** A request that has ended stays so, whoever reopens its issue: what was approved then isn't approved now. */
async function putReopenedBack(world: World, issue: DeskIssue): Promise<void> {
  const { username: bot } = await world.gitlab.self();
  await postOnce(
    world,
    issue,
    { bot },
    `reopened:${issue.updatedAt}`,
    'Reopening it was put back: this request has ended, and nothing more is granted by it. For more access, file a new request.',
  );
  await world.gitlab.change(issue.project, issue.iid, { stateEvent: 'close' });
}

/** A licence reclaim is decided on its issue; which process leads it, the evidence of its listing says. */
async function hintReclaim(world: World, issue: DeskIssue, reference: IssueHint): Promise<boolean> {
  if (!issue.description.includes(opsMarkersOf('reclaim:'))) return false;
  const leader = await leaderOfReclaim(world, reference);
  return leader !== null && world.hints.issueChanged(leader, reference);
}

/** The same for the request of somebody who changes roles: HR's word of then stands in the evidence. */
async function startMissingMove(world: World, issue: DeskIssue): Promise<boolean> {
  if (Date.now() - Date.parse(issue.createdAt) < GRACE_MS) return false;
  if (!(await hasEnded(world, issue))) return takeUpMove(world, issue);
  await putReopenedBack(world, issue);
  return false;
}

/** A request whose workflow is gone (a lost cluster) is taken up again from what the issue's record says. */
async function startMissing(
  world: World,
  project: string,
  issue: DeskIssue,
  employeeId: string,
): Promise<boolean> {
  if (Date.now() - Date.parse(issue.createdAt) < GRACE_MS) return false;
  if (await world.hints.isRunning(`onboarding/${employeeId}`)) return false;
  const person = await world.store.personById(employeeId);
  const region = REGIONS.find((one) => one === person?.region);
  if (!person || !region || person.status === 'rescinded') return false;
  const handbook = world.handbook();
  const facts = factsOf(person);
  const role = resolveRole(handbook, {
    department: facts.department,
    title: facts.title,
    specialty: facts.specialty,
    region,
  });
  if (role.kind === 'none') return false;
  const openedAt = new Date(issue.createdAt).toISOString();
  const plan = planFor(handbook, employeeId, facts, role, policyOn(handbook, openedAt.slice(0, 10)), {
    at: openedAt,
    onboardingUrl: null,
  });
  await world.hints.startRequest({
    ref: { project, iid: issue.iid, url: issue.webUrl },
    plan,
    openedAt,
  });
  return true;
}
