import { compareWithBilling, exportFrom } from '../activities/close-billing';
import { planOf } from '../activities/close-visit';
import type { ReadWorld } from '../activities/world';
import { decimal, money } from '../domain/close/cents';
import {
  afterReconciling,
  countedBy,
  reconciledOf,
  type BillingProblem,
  type KeptVariance,
  type Reconciled,
} from '../domain/close/variances';
import { csvLine, terminal } from '../domain/escape';
import { planClose } from '../handbook/close-time';
import { readBillingText } from '../systems/billing';
import { periodNamed } from './close-calendar';
import { withProcesses } from './open';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { plural, table } from './words';

export interface ReconcileOptions extends Spoken {
  readonly file?: string;
  readonly csv?: boolean;
  readonly all?: boolean;
}

/** What is shown: of the last look, or of a file at hand. */
interface Standing {
  readonly variances: readonly KeptVariance[];
  readonly reconciled: Reconciled | null;
}

/**
 * `daytwo close reconcile <period>`: the variances with billing of the last look; with `--file`, what an export at hand would give: nothing
 * is kept of that.
 */
export async function closeReconcile(
  asked: string,
  options: ReconcileOptions,
  around: Surroundings,
): Promise<number> {
  const period = periodNamed(asked);
  const { file } = options;
  const { variances, reconciled } = await (file === undefined
    ? kept(period, around)
    : withReadWorld(around, (world) => reconcileFile(world, period, file, around.now().toISOString())));
  const shown = variances.filter(({ state }) => options.all === true || state === 'open');
  const problems = reconciled?.problems ?? [];
  if (options.json) {
    for (const problem of problems) around.out(jsonLine(problem));
    for (const variance of shown) around.out(jsonLine(variance));
  } else if (options.csv) {
    for (const line of csvOf(shown)) around.out(line);
    for (const problem of problems) around.err(inWords(problem));
  } else show(period, shown, reconciled, around);
  return problems.length > 0 ? 1 : 0;
}

function kept(period: string, around: Surroundings): Promise<Standing> {
  return withProcesses(around, async ({ store }) => {
    const { closes } = await store();
    const close = await closes.get(period);
    if (!close) throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
    return { variances: await closes.variances(period), reconciled: close.close.reconciled ?? null };
  });
}

/** Compares a file with the CRM as it is now, by the rules that the close keeps; nothing is kept of it. */
export async function reconcileFile(
  world: ReadWorld,
  period: string,
  file: string,
  at: string,
): Promise<Standing> {
  const handbook = world.handbook();
  if (!handbook.billing) throw new Refused('config/billing.yml does not say how an export is read.');
  const close = await world.store.closes.get(period);
  const plan = close ? planOf(world, close.close) : planClose(handbook, period);
  const { amounts, exportedAt, problems } = exportFrom(
    await readBillingText(file),
    handbook.billing,
    plan.period.cutOff,
  );
  // One that is only too old can be looked at all the same; a close doesn't take it.
  if (problems.some(({ place }) => place !== 'the export') || (problems.length > 0 && amounts.length === 0))
    return { variances: [], reconciled: reconciledOf([], { at, exportedAt, problems }) };
  const known = await world.store.closes.variances(period);
  const { variances: found } = await compareWithBilling(world, plan, amounts, known);
  const variances = afterReconciling(known, found, plan.policy.close.reconcile, at.slice(0, 10));
  return { variances, reconciled: reconciledOf(variances, { at, exportedAt, problems }) };
}

const inWords = ({ place, problem, mend }: BillingProblem): string =>
  terminal(`${place}: ${problem}. ${mend}`);

const COLUMNS = [
  'variance',
  'kind',
  'opportunity',
  'product',
  'entity',
  'currency',
  'crm',
  'billing',
  'differs',
  'state',
  'since',
  'owner',
  'holds',
  'reason',
  'at',
] as const;

/** For a sheet; no cell is read as a formula. */
export const csvOf = (variances: readonly KeptVariance[]): readonly string[] => [
  csvLine(COLUMNS),
  ...variances.map((one) =>
    csvLine([
      one.id,
      one.kind,
      one.opportunity,
      one.product,
      one.entity,
      one.currency,
      decimal(one.crmCents),
      decimal(one.billingCents),
      decimal(one.cents),
      one.state,
      one.since,
      one.owner,
      one.state === 'open' && one.large ? 'yes' : 'no',
      one.explained ? `${one.explained.code}: ${one.explained.reason}` : '',
      one.at.join(' '),
    ]),
  ),
];

/** So many are shown one by one; all of them by --csv or --json. */
const SHOWN = 40;

function show(
  period: string,
  variances: readonly KeptVariance[],
  reconciled: Reconciled | null,
  around: Surroundings,
): void {
  const { bold, dim, green, red, yellow } = around.colours;
  if (!reconciled) return around.out(`${period} was not reconciled with billing yet.`);
  for (const problem of reconciled.problems) around.out(red(inWords(problem)));
  if (variances.length === 0) {
    if (reconciled.problems.length === 0)
      around.out(green(`CRM and billing agree in ${period} (looked at ${reconciled.at}).`));
    return;
  }
  around.out(
    bold(`${plural(variances.length, 'variance')} in ${period}`) + dim(`, looked at ${reconciled.at}`),
  );
  if (reconciled.holding > 0)
    around.out(yellow(`${reconciled.holding} above the threshold hold the green light.`));
  around.out('');
  const kinds = countedBy(variances).map(({ kind, currency, count, cents }) => [
    kind.replaceAll('_', ' '),
    `${count}`,
    money(cents, currency),
  ]);
  for (const line of table(['Kind', 'Variances', 'Differ by'], kinds, bold)) around.out(line);
  around.out('');
  const rows = variances
    .slice(0, SHOWN)
    .map((one) => [
      one.id,
      one.opportunity,
      one.product,
      money(one.crmCents, one.currency),
      money(one.billingCents, one.currency),
      one.owner,
      one.state === 'open' ? (one.large ? 'holds' : 'open') : one.state,
    ]);
  const head = ['Variance', 'Opportunity', 'Product', 'CRM', 'Billing', 'Owner', ''];
  for (const line of table(head, rows, bold)) around.out(line);
  if (variances.length > SHOWN)
    around.out(dim(`… and ${variances.length - SHOWN} more: --csv or --json shows all.`));
}
