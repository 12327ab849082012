import { changeAt, commissionDue, isOver, type PeriodChange } from '../domain/close/change';
import { changeMoved, judgeChange, type ChangeRules, type ChangeVerdict } from '../domain/close/change-desk';
import {
  appliedInWords,
  askedInWords,
  changeBlock,
  changeMarker,
  changeTitle,
  commissionInWords,
} from '../domain/close/change-text';
import type { CloseCase } from '../domain/close/close';
import { whoPrepared } from '../domain/close/tasks';
import { mergeBlock } from '../domain/owned-block';
import type { DeskIssue } from '../systems/gitlab';
import { editsAsJson, keepChange, keptChange, noteOfChange, ofChange } from './change-record';
import { show } from './close-issues';
import { keep, keptClose } from './close-visit';
import { mentions } from './close-telling';
import { postOnce, putBackText } from './desk-comments';
import { createOnce, refOf } from './ops-task';
import type { ChangeVisit, VisitChange } from './period-change';
import { noteRefused } from './process-record';
import { pinnedPolicy, type World } from './world';

/** One visit: what people ticked and said is judged, and the issues of the change and of its period show where it stands. */
export async function visitChange(
  world: World,
  { period, n, messages, now }: VisitChange,
): Promise<ChangeVisit> {
  const kept = await keptChange(world, period, n);
  const { close } = await keptClose(world, period);
  const rules = rulesOf(world, kept.change, close);
  const issue = await issueOf(world, kept.change, close, rules);
  const before = changeAt({ ...kept.change, issue: refOf(issue) }, now);
  const { username: bot } = await world.gitlab.self();
  const notes = changeMoved(before, issue.description)
    ? await world.gitlab.notes(issue.project, issue.iid)
    : [];
  const verdict = judgeChange(before, { description: issue.description, notes, bot }, messages, rules);
  const { change } = verdict;
  // First what is for the auditor: whoever dies in between judges the same again.
  await evidenceOf(world, verdict);
  await keepChange(world, { ...kept, change });
  for (const putBack of verdict.putBacks)
    await postOnce(world, issue, { bot }, `putback:${putBack.key}`, putBackText(putBack));
  await tellPeriod(world, close, change, bot);
  const block = blockOf(change, rules, close);
  await show(world, issue, block, isOver(change));
  return {
    phase: change.phase,
    edits: change.edits.length,
    commissionDue: commissionDue(change),
    over: isOver(change),
    expiresAt: change.expiresAt,
    url: change.issue?.url ?? null,
    answers: verdict.answers,
  };
}

function rulesOf(world: Pick<World, 'handbook'>, change: PeriodChange, close: CloseCase): ChangeRules {
  const policy = pinnedPolicy(world.handbook(), change.policyVersion);
  return {
    policy: policy.close.change,
    preparers: whoPrepared(close.tasks),
    channels: policy.decisions.complete.channels,
  };
}

const blockOf = (change: PeriodChange, rules: ChangeRules, close: CloseCase): string =>
  changeBlock(change, rules, close.issue?.iid ?? null);

/** Confidential: it is about bookings. Who asked hears of it, since a command says but can't prove who it was; and managers who are asked. */
async function issueOf(
  world: World,
  change: PeriodChange,
  close: CloseCase,
  rules: ChangeRules,
): Promise<DeskIssue> {
  const project = close.issue?.project ?? world.projects.accessRequests;
  const known = change.issue && (await world.gitlab.issue(change.issue.project, change.issue.iid));
  if (known) return known;
  return createOnce(world, project, changeMarker(change), {
    title: changeTitle(change),
    description: `${mergeBlock('', blockOf(change, rules, close))}\n\ncc ${mentions([change.asked.by, ...(change.managers ?? [])])}`,
    labels: [],
    confidential: true,
  });
}

async function evidenceOf(world: World, { change, deeds, putBacks }: ChangeVerdict): Promise<void> {
  const { asked } = change;
  await noteOfChange(
    world,
    change,
    'asked',
    asked.at,
    'change.asked',
    { what: 'asked for a change of the locked period', why: asked.reason, after: editsAsJson(change) },
    { actor: asked.by, channel: asked.channel },
  );
  for (const { kind, by, at, channel, reason } of deeds)
    await noteOfChange(
      world,
      change,
      `${kind}/${by}/${at}`,
      at,
      `change.${kind}`,
      { what: DONE[kind], ...(reason === null ? {} : { why: reason }), after: editsAsJson(change) },
      { actor: by, channel },
    );
  await noteRefused(world, ofChange(change), putBacks);
  if (change.phase === 'expired')
    await noteOfChange(world, change, 'expired', change.outcome?.at ?? asked.at, 'change.expired', {
      what: 'ended the change: nobody decided in time',
    });
}

const DONE: Readonly<Record<ChangeVerdict['deeds'][number]['kind'], string>> = {
  approve: 'approved the change of the locked period',
  reject: 'rejected the change of the locked period',
  withdraw: 'withdrew the change of the locked period',
  commission: 'said that the commissions were calculated anew',
};

/** The issue of the period says what was asked and made, and the close keeps it. */
async function tellPeriod(world: World, close: CloseCase, change: PeriodChange, bot: string): Promise<void> {
  if (close.issue) {
    const key = `change:${change.n}`;
    await postOnce(world, close.issue, { bot }, `${key}:asked`, askedInWords(change));
    if (change.phase === 'applied')
      await postOnce(world, close.issue, { bot }, `${key}:applied`, appliedInWords(change));
    if (change.commission?.done)
      await postOnce(world, close.issue, { bot }, `${key}:commission`, commissionInWords(change));
  }
  if (change.phase === 'applied' && (await keepInClose(world, change)) && close.issue)
    await world.hints.issueChanged(`close/${change.period}`, close.issue);
}

/** @returns whether the close didn't say so yet */
async function keepInClose(world: World, change: PeriodChange): Promise<boolean> {
  const kept = await keptClose(world, change.period);
  const others = (kept.close.changes ?? []).filter(({ n }) => n !== change.n);
  const line = {
    n: change.n,
    at: change.outcome?.at ?? change.asked.at,
    records: new Set(change.edits.map(({ record }) => record)).size,
    commission: change.commission && (change.commission.done ? ('done' as const) : ('due' as const)),
  };
  if (kept.close.changes?.some((one) => one.n === line.n && one.commission === line.commission)) return false;
  const close = { ...kept.close, changes: [...others, line].sort((a, b) => a.n - b.n) };
  await keep(world, { ...kept, close });
  return true;
}
