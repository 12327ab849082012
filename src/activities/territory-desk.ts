import type { DeskMessage } from '../domain/desk-acts';
import { mergeBlock } from '../domain/owned-block';
import { rulesOfRun } from '../domain/territory/handbook';
import { isRunOver, runAt, type TerritoryRun } from '../domain/territory/run';
import {
  judgeRun,
  mayApproveRun,
  runMoved,
  type RunRules,
  type RunVerdict,
} from '../domain/territory/run-desk';
import type { RunStanding } from '../domain/territory/run-status';
import {
  FINDINGS_MARKER,
  FINDINGS_TITLE,
  findingsBlock,
  runBlock,
  runMarker,
  runTitle,
} from '../domain/territory/run-text';
import type { DeskIssue } from '../systems/gitlab';
import { show } from './close-issues';
import { postOnce, putBackText } from './desk-comments';
import { createOnce, ourIssue, refOf } from './ops-task';
import { closeLate } from './territory-late';
import { withPage } from './territory-page';
import { keepRun, keptRun, noteOfRun, standingOf } from './territory-record';
import type { RunRef, RunVisit } from './territory-run';
import type { World } from './world';

/** One visit to the issue of a run that waits: what people ticked and said is judged, and it shows where the run stands. */
export async function visitRun(
  world: World,
  { run: id, messages, now }: RunRef & { readonly messages: readonly DeskMessage[]; readonly now: string },
): Promise<RunVisit> {
  const kept = await withPage(world, await keptRun(world, id));
  const rules = rulesOf(world, kept.run);
  const issue = await issueOf(world, kept.run, rules);
  const before = runAt({ ...kept.run, issue: refOf(issue) }, now);
  const { username: bot } = await world.gitlab.self();
  const notes = runMoved(before, issue.description) ? await world.gitlab.notes(issue.project, issue.iid) : [];
  const verdict = judgeRun(before, { description: issue.description, notes, bot }, messages, rules);
  const { run } = verdict;
  // First what is for the auditor: whoever dies in between judges the same again.
  await evidenceOf(world, verdict);
  await keepRun(world, { ...kept, run });
  for (const putBack of verdict.putBacks)
    await postOnce(world, issue, { bot }, `putback:${putBack.key}`, putBackText(putBack));
  await show(world, issue, runBlock(run, mayApproveRun(run, rules)), isRunOver(run));
  return { ...standingOf(run), answers: verdict.answers };
}

/** How it came out, on its issue where it has one; what was found wrong stands on one issue, which the next night writes anew. */
export async function endRun(
  world: World,
  { run: id, now }: RunRef & { readonly now: string },
): Promise<RunStanding> {
  let kept = await keptRun(world, id);
  if (kept.run.phase === 'approved')
    kept = await keepRun(world, { ...kept, run: { ...kept.run, phase: 'done', endedAt: now } });
  const { run } = kept;
  if (run.phase === 'expired')
    await noteOfRun(world, run, 'expired', run.endedAt ?? now, 'territory.expired', {
      what: 'wrote nothing: nobody decided in time',
    });
  const issue = run.issue && (await world.gitlab.issue(run.issue.project, run.issue.iid));
  if (issue) await show(world, issue, runBlock(run, mayApproveRun(run, rulesOf(world, run))), true);
  if (run.undoes === null) await showFindings(world, run);
  await closeLate(world, run.id);
  return standingOf(run);
}

async function showFindings(world: World, run: TerritoryRun): Promise<void> {
  const project = world.projects.accessRequests;
  const isClean = run.summary.findings.length === 0 && run.left.length === 0;
  const block = findingsBlock(run);
  const known = await ourIssue(world, FINDINGS_MARKER, project);
  if (!known && isClean) return;
  const issue =
    known ??
    (await createOnce(world, project, FINDINGS_MARKER, {
      title: FINDINGS_TITLE,
      description: mergeBlock('', block),
      labels: [],
      confidential: true,
    }));
  await show(world, issue, block, isClean);
}

/** Who approves is said by the version of the rules that it was planned by. */
export function rulesOf(world: Pick<World, 'handbook'>, run: TerritoryRun): RunRules {
  const { approvedBy = [], channels = [] } =
    rulesOfRun(world.handbook().territory?.rules ?? [], run)?.threshold ?? {};
  return { approvedBy, channels, editors: run.editors };
}

/** Confidential: it is about customers. Those who may approve are told by it. */
async function issueOf(world: World, run: TerritoryRun, rules: RunRules): Promise<DeskIssue> {
  const project = run.issue?.project ?? world.projects.accessRequests;
  const known = run.issue && (await world.gitlab.issue(run.issue.project, run.issue.iid));
  if (known) return known;
  const approvers = mayApproveRun(run, rules);
  return createOnce(world, project, runMarker(run.id), {
    title: runTitle(run),
    description: `${mergeBlock('', runBlock(run, approvers))}\n\ncc ${approvers.map((name) => `@${name}`).join(' ')}`,
    labels: [],
    confidential: true,
  });
}

async function evidenceOf(world: World, { run, deeds, putBacks }: RunVerdict): Promise<void> {
  for (const { kind, by, at, channel, reason } of deeds)
    await noteOfRun(
      world,
      run,
      `${kind}/${by}/${at}`,
      at,
      `territory.${kind}`,
      {
        what: DONE[kind],
        ...(reason === null ? {} : { why: reason }),
        after: { ...run.figures },
      },
      { actor: by, channel },
    );
  for (const { key, by, at, channel, what, why } of putBacks)
    await noteOfRun(
      world,
      run,
      `putback/${key}`,
      at,
      'territory.put_back',
      { what: `${what} was put back`, why },
      { actor: by, channel },
    );
}

const DONE = {
  approve: 'approved the run of territory planning',
  reject: 'rejected the run of territory planning',
  withdraw: 'withdrew the run of territory planning',
} as const;
