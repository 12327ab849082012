import { createHash } from 'node:crypto';
import { dateOf } from '../domain/close/close';
import type { CloseExtras } from '../domain/close/extras';
import {
  isLapsed,
  isMovable,
  OVERDUE_BOX,
  overdueBlock,
  overdueCounts,
  overdueMarker,
  overdueTicked,
  overdueTitle,
  overdueTo,
  overdueWaits,
  preparersOf,
  whyNotDecided,
  type OverdueMove,
  type OverdueRow,
} from '../domain/close/overdue';
import type { DeskMessage } from '../domain/desk-acts';
import type { Channel } from '../domain/handbook';
import { mergeBlock } from '../domain/owned-block';
import { isMarked } from '../domain/request-text';
import { lastTick } from '../domain/task-list';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import type { OverdueKeeper } from '../systems/overdue';
import type { DeskIssue } from '../systems/gitlab';
import { orTask } from './close-fault';
import { noteOfClose } from './close-record';
import { extrasOf, type ExtrasDone, type ExtrasVisit } from './close-telling';
import { postOnce, putBackText } from './desk-comments';
import { createOnce, refOf } from './ops-task';
import type { ReadWorld } from './world';

export const OVERDUE_TASK = 'overdue-move';
export const isAboutOverdue = ({ task }: Pick<DeskMessage, 'task'>): boolean => task === OVERDUE_TASK;

/**
 * On the overdue day: a plan of what is moved from which close date to which, shown on an issue; once somebody approved it whom policy names,
 * and who didn't prepare the list, it is moved in collections and read back. A try that died goes on where it ended.
 */
export async function workOverdue(visit: ExtrasVisit): Promise<ExtrasDone> {
  const { close, messages, now, world, plan } = visit;
  const before = extrasOf(visit);
  const day = dateOf(close, 'overdue_moved');
  const { overdue: keeper } = world.connector('salesforce');
  const refused = (why: string) =>
    Object.fromEntries(messages.filter(isAboutOverdue).map(({ id }) => [id, why]));
  if (!keeper || !day || now < day.at)
    return { extras: before, answers: refused('there is no plan yet: it is made on its day') };
  const known = before.overdue ?? (await orTask(world, close, 'look', now, () => planned(visit, keeper)));
  if (!known) return { extras: before, answers: refused('what is overdue can not be read now') };
  if (!overdueWaits(known)) {
    const extras = { ...before, overdue: known };
    return { extras, answers: refused(`the plan is ${known.state} already`) };
  }
  const rows = await world.store.closes.overdue(close.period);
  const issue = await issueOf(visit, known, rows);
  const decided = await decide(visit, { ...known, issue: refOf(issue) }, issue);
  let move = decided.move;
  if (isLapsed(move, now, plan.policy.close.quarter.overdue)) move = await lapsed(visit, move);
  if (move.state === 'approved') {
    const approved = move;
    move = (await orTask(world, close, 'look', now, () => run(visit, approved, keeper))) ?? approved;
  }
  await show(visit, move, issue);
  return { extras: { ...before, overdue: move }, answers: decided.answers };
}

/** What would be moved now. @throws SystemFault */
export async function overduePlan(
  keeper: Pick<OverdueKeeper, 'list'>,
  { policy }: Pick<ClosePlan, 'policy'>,
  now: string,
): Promise<{ readonly move: OverdueMove; readonly rows: readonly OverdueRow[] }> {
  const { zone, quarter } = policy.close;
  const today = localTime(now, zone).date;
  const to = overdueTo(today, quarter.overdue);
  const found = await keeper.list(`${today.slice(0, 7)}-01`);
  const rows = found
    .filter((one) => isMovable(one, today))
    .map((one): OverdueRow => ({ ...one, to, outcome: null, code: null }));
  return {
    rows,
    move: {
      plannedAt: now,
      digest: digestOfPlan(rows),
      records: rows.length,
      totalCents: rows.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0),
      to,
      issue: null,
      state: rows.length === 0 ? 'nothing' : 'planned',
      decided: null,
      done: null,
    },
  };
}

const digestOfPlan = (rows: readonly OverdueRow[]): string =>
  createHash('sha256')
    .update(
      rows
        .map(({ id, closeDate, changedAt, to }) => JSON.stringify([id, closeDate, changedAt, to]))
        .join('\n'),
    )
    .digest('hex');

/** Made and kept once; a try that died before the close was kept makes it anew. */
async function planned(visit: ExtrasVisit, keeper: OverdueKeeper): Promise<OverdueMove> {
  const { world, close, plan, now } = visit;
  const { move, rows } = await overduePlan(keeper, plan, now);
  await world.store.closes.forgetOverdue(close.period);
  await world.store.closes.keepOverdue(close.period, rows);
  await noteOfClose(world, close, `overdue/planned/${move.digest.slice(0, 12)}`, now, 'close.overdue', {
    what:
      rows.length === 0
        ? 'found no overdue opportunity to move'
        : `planned to move ${rows.length} overdue opportunities to ${move.to}`,
    after: { records: rows.length, total_cents: move.totalCents, to: move.to, digest: move.digest },
  });
  return move;
}

async function issueOf(
  { world, close, issues, plan }: ExtrasVisit,
  move: OverdueMove,
  rows: readonly OverdueRow[],
): Promise<DeskIssue> {
  const marker = overdueMarker(close.period);
  const found = issues.all.find(({ description }) => isMarked(description, marker));
  if (found) return found;
  const by = plan.policy.close.quarter.overdue.approvedBy;
  return createOnce(world, issues.period.project, marker, {
    title: overdueTitle(close.period),
    description: mergeBlock('', overdueBlock(close.period, move, rows, by)),
    labels: [],
    confidential: true,
  });
}

interface Said {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  readonly kind: 'approve' | 'reject';
  readonly reason: string;
  readonly digest?: string | undefined;
}

async function decide(
  visit: ExtrasVisit,
  before: OverdueMove,
  issue: DeskIssue,
): Promise<{ readonly move: OverdueMove; readonly answers: ExtrasDone['answers'] }> {
  const { world, close, messages, bot } = visit;
  let move = before;
  const answers: Record<string, string | null> = {};
  const take = async (said: Said, key: string): Promise<string | null> => {
    const why = whyNot(visit, move, said);
    const { by, at, channel, kind, reason } = said;
    if (why === null)
      move = {
        ...move,
        state: kind === 'approve' ? 'approved' : 'rejected',
        decided: { by, at, channel, reason },
      };
    await noteOfClose(
      world,
      close,
      `overdue/${key}`,
      at,
      why === null ? 'close.overdue' : 'decision.refused',
      why === null
        ? {
            what: `${move.state} the plan to move ${move.records} overdue opportunities`,
            why: reason,
            after: { digest: move.digest },
          }
        : { what: 'was not allowed: deciding on the overdue opportunities', why },
      { actor: by, channel },
    );
    return why;
  };
  if (overdueTicked(issue.description) && move.decided === null) {
    const notes = await world.gitlab.notes(issue.project, issue.iid);
    const tick = lastTick({ notes, bot }, OVERDUE_BOX, true);
    if (tick) {
      const { by, at, note } = tick;
      const why = await take({ by, at, channel: 'gitlab', kind: 'approve', reason: '' }, `note/${note}`);
      const putBack = { by, channel: 'gitlab', what: `"${OVERDUE_BOX}"`, key: `${note}`, at } as const;
      const who = visit.plan.policy.close.quarter.overdue.approvedBy;
      if (why !== null)
        await postOnce(
          world,
          issue,
          { bot },
          `putback:overdue/${note}`,
          putBackText({ ...putBack, why, who }),
        );
    }
  }
  for (const { id, kind, by, at, channel, reason = '', digest } of messages.filter(isAboutOverdue))
    answers[id] =
      kind === 'approve' || kind === 'reject'
        ? await take({ by, at, channel, kind, reason, digest }, id)
        : 'the plan is approved or rejected';
  return { move, answers };
}

function whyNot({ close, rules, plan }: ExtrasVisit, move: OverdueMove, said: Said): string | null {
  const why = whyNotDecided(
    move,
    said.by,
    said.channel,
    preparersOf(rules.tasks, close.tasks),
    plan.policy.close.quarter.overdue,
    plan.policy.decisions.approve.channels,
  );
  if (why !== null || said.digest === undefined || move.digest.startsWith(said.digest)) return why;
  return `the plan is another one: ${move.digest.slice(0, 12)}`;
}

async function lapsed({ world, close, now }: ExtrasVisit, move: OverdueMove): Promise<OverdueMove> {
  await noteOfClose(world, close, 'overdue/lapsed', now, 'close.overdue', {
    what: `dropped the plan for ${move.records} overdue opportunities: nobody decided on it`,
  });
  return { ...move, state: 'lapsed' };
}

/** What each came to stands in the store after each collection. @throws SystemFault */
async function run(
  { world, close, now }: ExtrasVisit,
  move: OverdueMove,
  keeper: OverdueKeeper,
): Promise<OverdueMove> {
  const left = (await world.store.closes.overdue(close.period)).filter(({ outcome }) => outcome === null);
  const byId = new Map(left.map((row) => [row.id, row]));
  await keeper.move(left, (moved) =>
    world.store.closes.keepOverdue(
      close.period,
      moved.flatMap(({ id, outcome, code }) => {
        const row = byId.get(id);
        return row ? [{ ...row, outcome, code }] : [];
      }),
    ),
  );
  const rows = await world.store.closes.overdue(close.period);
  const done = overdueCounts(rows);
  await noteOfClose(world, close, 'overdue/moved', now, 'close.overdue', {
    what: `moved ${done.moved} overdue opportunities to ${move.to}, and read them back`,
    after: { ...done, digest: move.digest, outcomes: outcomesDigest(rows) },
    proof: 'verified',
  });
  return { ...move, state: 'moved', done };
}

/** Of what each record came to: the records themselves stand in the store. */
const outcomesDigest = (rows: readonly OverdueRow[]): string =>
  createHash('sha256')
    .update(rows.map((row) => JSON.stringify(row)).join('\n'))
    .digest('hex');

async function show({ world, close, plan }: ExtrasVisit, move: OverdueMove, issue: DeskIssue): Promise<void> {
  const rows = await world.store.closes.overdue(close.period);
  const by = plan.policy.close.quarter.overdue.approvedBy;
  const description = mergeBlock(issue.description, overdueBlock(close.period, move, rows, by));
  const isOver = !overdueWaits(move);
  if (description === issue.description && isOver === (issue.state === 'closed')) return;
  const fresh = await world.gitlab.issue(issue.project, issue.iid);
  if (fresh?.description !== issue.description) return;
  await world.gitlab.change(issue.project, issue.iid, {
    description,
    ...(isOver && issue.state !== 'closed' ? { stateEvent: 'close' as const } : {}),
  });
}

/** For the command: the plan as it is kept, or what it would be now. */
export async function overdueStanding(
  world: Pick<ReadWorld, 'store' | 'connector'>,
  period: string,
  plan: ClosePlan,
  now: string,
): Promise<{ readonly move: OverdueMove; readonly rows: readonly OverdueRow[]; readonly kept: boolean }> {
  const extras: CloseExtras | undefined = (await world.store.closes.get(period))?.close.extras;
  if (extras?.overdue)
    return { move: extras.overdue, rows: await world.store.closes.overdue(period), kept: true };
  const { overdue: keeper } = world.connector('salesforce');
  if (!keeper) throw new Error('the Salesforce connector finds nothing overdue');
  return { ...(await overduePlan(keeper, plan, now)), kept: false };
}
