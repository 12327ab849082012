import { ofPeriod } from '../domain/close/booked-amounts';
import { readBillingFile } from '../domain/close/billing-file';
import { withBilling } from '../domain/close/billing-hold';
import type { BillingSource } from '../domain/close/billing-source';
import { isLocked, type CloseCase } from '../domain/close/close';
import { PARTY_NAMES } from '../domain/close/green-light';
import { reconcile, type Amount, type Reconciliation } from '../domain/close/reconcile';
import type { CloseTask } from '../domain/close/tasks';
import {
  afterReconciling,
  reasonsOf,
  reconciledOf,
  whyHeld,
  type BillingProblem,
  type KeptVariance,
} from '../domain/close/variances';
import { markdown } from '../domain/escape';
import { localTime } from '../handbook/business-time';
import type { ClosePlan } from '../handbook/close-time';
import type { BillingText, NoBillingText } from '../systems/billing';
import type { DeskIssue } from '../systems/gitlab';
import { readBooked } from './bookings-named';
import { orTask } from './close-fault';
import { noteOfClose } from './close-record';
import { postOnce } from './desk-comments';
import { raiseOpsTask } from './ops-task';
import type { ReadWorld, World } from './world';

/** The export as it was read, or what is wrong with it. */
export interface ReadExport {
  readonly amounts: readonly Amount[];
  readonly exportedAt: string | null;
  readonly problems: readonly BillingProblem[];
}

/** Reads an export; one that was made before the cut-off can't say what was booked by then. */
export function exportFrom(
  answer: BillingText | NoBillingText,
  source: BillingSource,
  cutOff: string,
): ReadExport {
  const wrong = (problem: string, mend: string): BillingProblem[] => [{ place: 'the export', problem, mend }];
  if (answer.kind === 'none')
    return { amounts: [], exportedAt: null, problems: wrong(answer.problem, answer.mend) };
  const { exportedAt, text } = answer;
  const { amounts, problems } = readBillingFile(text, source);
  const age =
    exportedAt === null
      ? wrong('it does not say when it was made', 'Have it answered with Last-Modified.')
      : exportedAt <= cutOff
        ? wrong(`it was made at ${exportedAt}, before the cut-off`, 'Export it again.')
        : [];
  return {
    amounts,
    exportedAt,
    problems: [
      ...age,
      ...problems.map(({ line, problem, mend }) => ({ place: `line ${line}`, problem, mend })),
    ],
  };
}

/** Compares what the CRM says was booked in a period with an export that was read without problems. */
export async function compareWithBilling(
  world: Pick<ReadWorld, 'connector' | 'handbook'>,
  { period, policy }: ClosePlan,
  exported: readonly Amount[],
  known: readonly KeptVariance[],
): Promise<Reconciliation> {
  const { bookings: reader } = world.connector('salesforce');
  const { bookingFields } = world.handbook();
  if (!reader || !bookingFields)
    throw new Error('config/booking-fields.yml does not say where Salesforce keeps bookings');
  const named = exported.filter((row) => row.period === period.key).map(({ opportunity }) => opportunity);
  const crm = await readBooked(reader, bookingFields, period, named);
  // The short form of an id is the beginning of its long one.
  const ids = new Map(crm.map(({ opportunity }) => [opportunity.slice(0, 15), opportunity]));
  const billing = exported.map((row) =>
    row.opportunity.length === 15
      ? { ...row, opportunity: ids.get(row.opportunity) ?? row.opportunity }
      : row,
  );
  const sides = ofPeriod(period.key, crm, billing);
  return reconcile(sides.crm, sides.billing, policy.close.reconcile, reasonsOf(known));
}

/** Where billing is asked: after the cut-off, and until the period is locked. */
function exportPlace(world: Pick<World, 'billing' | 'handbook'>, close: CloseCase) {
  const { billing: source, bookingFields } = world.handbook();
  if (close.phase === 'open' || isLocked(close) || !source || !bookingFields) return null;
  const place = world.billing?.placeOf(source.from, close.period) ?? null;
  return place === null ? null : { source, place };
}

/**
 * Reconciles a period with billing. Variances keep their identity in the store; what can't be read or compared leaves them as they
 * were, is a task for ops, and holds the light.
 */
export async function reconcileClose(
  world: World,
  before: CloseCase,
  plan: ClosePlan,
  tasks: readonly CloseTask[],
  issue: DeskIssue,
  now: string,
): Promise<CloseCase> {
  const asked = exportPlace(world, before);
  if (!asked || !world.billing) return before;
  const { exportedAt, amounts, problems } = exportFrom(
    await world.billing.read(asked.place),
    asked.source,
    plan.period.cutOff,
  );
  const known = await world.store.closes.variances(before.period);
  const compared =
    problems.length > 0
      ? null
      : await orTask(world, before, 'look', now, () => compareWithBilling(world, plan, amounts, known));
  const today = localTime(now, plan.policy.close.zone).date;
  const variances = compared
    ? afterReconciling(known, compared.variances, plan.policy.close.reconcile, today)
    : known;
  if (compared) await world.store.closes.keepVariances(before.period, variances);
  const reconciled = reconciledOf(variances, {
    at: now,
    exportedAt,
    problems: compared || problems.length > 0 ? problems : [CRM_UNREAD],
  });
  const { close, out } = withBilling(before, reconciled, tasks);
  if (problems.length > 0) await raise(world, close, problems, today);
  if (out.length > 0) {
    const { username: bot } = await world.gitlab.self();
    const text = `The green light of ${out.map((party) => PARTY_NAMES[party]).join(' and ')} went out: ${whyHeld(reconciled) ?? ''}. Look at it, then give it again.`;
    await postOnce(world, issue, { bot }, `billing:${now}`, markdown(text));
  }
  await record(world, before, close, now);
  return close;
}

const CRM_UNREAD: BillingProblem = {
  place: 'the CRM',
  problem: 'its bookings could not be read',
  mend: 'The task for ops says why.',
};

/** Once a day while it lasts. */
async function raise(
  world: World,
  close: CloseCase,
  problems: readonly BillingProblem[],
  today: string,
): Promise<void> {
  await raiseOpsTask(world, {
    key: `close-billing:${close.period}:${today}`,
    title: `The close of ${close.period} can not be reconciled with billing`,
    problems: problems.slice(0, 20).map(({ place, problem, mend }) => `${place}: ${problem}. ${mend}`),
    mend: 'Have billing export it again. It is read with every whole look; daytwo close reconcile --file tries a file at hand.',
    ...(close.issue ? { link: close.issue.url } : {}),
  });
}

/** A record whenever it stands otherwise than before. */
async function record(world: World, before: CloseCase, close: CloseCase, now: string): Promise<void> {
  const { reconciled } = close;
  const standing = (of: CloseCase['reconciled']): string =>
    JSON.stringify(of && { ...of, at: '', exportedAt: '' });
  if (!reconciled || standing(before.reconciled) === standing(reconciled)) return;
  const { open, explained, holding, byKind, problems, exportedAt } = reconciled;
  await noteOfClose(world, close, `reconciled/${now}`, now, 'close.reconciled', {
    what:
      problems.length > 0
        ? 'could not reconcile the period with billing'
        : 'reconciled the period with billing',
    ...(problems[0] ? { why: `${problems[0].place}: ${problems[0].problem}` } : {}),
    after: { exportedAt, open, explained, holding, byKind },
    proof: 'verified',
  });
}
