import type { Day } from './columns';
import { hashOf } from './findings';
import {
  VARIANCES,
  type Amount,
  type ReconcilePolicy,
  type Variance,
  type VarianceKind,
  type VarianceReason,
} from './reconcile';

/** A difference with billing as it is kept: the same one keeps its identity from day to day, and closes by itself once both sides agree. */
export interface KeptVariance {
  /** Kind, a short text of opportunity and product, and the how-manieth time. */
  readonly id: string;
  readonly kind: VarianceKind;
  readonly opportunity: string;
  readonly product: string;
  readonly times: number;
  readonly since: Day;
  readonly cents: number;
  readonly currency: string;
  readonly crmCents: number;
  readonly billingCents: number;
  /** Where it stands: ids of the CRM's rows, and lines of the export. */
  readonly at: readonly string[];
  /** A team, or the user name of who was given it. */
  readonly owner: string;
  /** Above the threshold: it holds the light as long as it is open. */
  readonly large: boolean;
  readonly state: 'open' | 'explained' | 'closed';
  readonly closedOn: Day | null;
  readonly explained: Explanation | null;
}

/** Why a difference of just this size is right as it stands. */
export interface Explanation extends VarianceReason {
  readonly reason: string;
}

export interface VariancePolicy extends ReconcilePolicy {
  /** What a difference may be explained by. */
  readonly reasonCodes: readonly string[];
  /** User names of those who may explain one, and name its owner. */
  readonly explainedBy: readonly string[];
}

/** What `reconcile` calls a difference, without the how-manieth time. */
type Named = Pick<Variance, 'kind' | 'opportunity' | 'product'>;
const nameOf = ({ kind, opportunity, product }: Named): string =>
  `${kind}/${hashOf(JSON.stringify([opportunity, product]))}`;

/** What people wrote down, as `reconcile` asks for it. */
export const reasonsOf = (known: readonly KeptVariance[]): ReadonlyMap<string, VarianceReason> =>
  new Map(
    known.flatMap(({ kind, opportunity, product, state, explained }) =>
      state === 'explained' && explained ? [[`${kind}/${opportunity}/${product}`, explained]] : [],
    ),
  );

/** The variances after both sides were compared whole. */
export function afterReconciling(
  known: readonly KeptVariance[],
  found: readonly Variance[],
  { thresholdCents }: Pick<ReconcilePolicy, 'thresholdCents'>,
  on: Day,
): readonly KeptVariance[] {
  const still = new Map(found.map((variance) => [nameOf(variance), variance]));
  const times = new Map<string, number>();
  const kept = known.map((before): KeptVariance => {
    const name = nameOf(before);
    times.set(name, Math.max(times.get(name) ?? 0, before.times));
    if (before.state === 'closed') return before;
    const now = still.get(name);
    if (!now) return { ...before, state: 'closed', closedOn: on };
    still.delete(name);
    // What was said of another difference than this one doesn't explain it.
    const explained = now.reason && now.currency === before.currency ? before.explained : null;
    return {
      ...before,
      ...factsOf(now, thresholdCents),
      state: explained ? 'explained' : 'open',
      explained,
    };
  });
  const fresh = [...still].map(([name, variance]): KeptVariance => {
    const count = (times.get(name) ?? 0) + 1;
    const { kind, opportunity, product, owner } = variance;
    return {
      id: `${name}/${count}`,
      kind,
      opportunity,
      product,
      times: count,
      since: on,
      owner,
      ...factsOf(variance, thresholdCents),
      state: 'open',
      closedOn: null,
      explained: null,
    };
  });
  return [...kept, ...fresh];
}

const sum = (rows: readonly Amount[]): number => rows.reduce((total, { cents }) => total + cents, 0);
const factsOf = (
  { cents, currency, crm, billing }: Variance,
  thresholdCents: ReconcilePolicy['thresholdCents'],
) => ({
  cents,
  currency,
  crmCents: sum(crm),
  billingCents: sum(billing),
  at: [...crm, ...billing].map(({ at }) => at),
  large: cents > (thresholdCents[currency] ?? 0),
});

/** `REBATE: agreed with the customer` */
const CODED = /^([A-Za-z][\w-]*)\s*:\s*(\S[\s\S]*)$/;

/** Explains a variance by a reason code and words. @returns why not, where it isn't explained */
export function explainVariance(
  variance: KeptVariance,
  { by, on, reason }: { readonly by: string; readonly on: Day; readonly reason: string },
  { explainedBy, reasonCodes }: VariancePolicy,
): { readonly variance: KeptVariance } | { readonly refused: string } {
  if (variance.state === 'closed') return { refused: 'both sides agree again' };
  if (!explainedBy.includes(by)) return { refused: 'policy does not name them for it' };
  const [, said = '', words = ''] = CODED.exec(reason.trim()) ?? [];
  const code = reasonCodes.find((one) => one.toLowerCase() === said.toLowerCase());
  if (code === undefined) return { refused: `its reason begins with ${reasonCodes.join(', ')} and a colon` };
  const explained = { code, cents: variance.cents, by, on, reason: words };
  return { variance: { ...variance, state: 'explained', explained } };
}

/** Names who looks into a variance. @param known user names that there are */
export function ownVariance(
  variance: KeptVariance,
  owner: string,
  by: string,
  { explainedBy }: Pick<VariancePolicy, 'explainedBy'>,
  known: readonly string[],
): { readonly variance: KeptVariance } | { readonly refused: string } {
  if (variance.state === 'closed') return { refused: 'both sides agree again' };
  if (!explainedBy.includes(by) && owner !== by) return { refused: 'policy does not name them for it' };
  if (!known.includes(owner)) return { refused: `${owner} is nobody of people.yml` };
  return { variance: { ...variance, owner } };
}

/** What is wrong with the export, or with reading it, and what mends it. */
export interface BillingProblem {
  /** `line 12`, or `the export`. */
  readonly place: string;
  readonly problem: string;
  readonly mend: string;
}

/** How a period stands with billing, as its close keeps it. */
export interface Reconciled {
  readonly at: string;
  /** When the export was made that was read; null where none was. */
  readonly exportedAt: string | null;
  /** Why nothing could be compared: then nothing is known, and the light is held. */
  readonly problems: readonly BillingProblem[];
  readonly open: number;
  readonly explained: number;
  /** Open ones above the threshold. */
  readonly holding: number;
  /** Open ones, by kind and currency. */
  readonly byKind: readonly {
    readonly kind: VarianceKind;
    readonly currency: string;
    readonly count: number;
    readonly cents: number;
  }[];
}

/** Problems that a close keeps of itself. */
const MOST_PROBLEMS = 10;

/** How it stands after a look at billing. What couldn't be read leaves the variances as they were. */
export function reconciledOf(
  known: readonly KeptVariance[],
  of: Pick<Reconciled, 'at' | 'exportedAt' | 'problems'>,
): Reconciled {
  const open = known.filter(({ state }) => state === 'open');
  return {
    ...of,
    problems: of.problems.slice(0, MOST_PROBLEMS),
    open: open.length,
    explained: known.filter(({ state }) => state === 'explained').length,
    holding: open.filter(({ large }) => large).length,
    byKind: countedBy(open),
  };
}

/** Counts and amounts by kind and currency, in the order of the kinds. */
export function countedBy(variances: readonly KeptVariance[]): Reconciled['byKind'] {
  const counts = new Map<string, Reconciled['byKind'][number]>();
  for (const { kind, currency, cents } of variances) {
    const key = `${VARIANCES.indexOf(kind)} ${currency}`;
    const before = counts.get(key) ?? { kind, currency, count: 0, cents: 0 };
    counts.set(key, { ...before, count: before.count + 1, cents: before.cents + cents });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Why the sides don't count as reconciled; null where they do, or where no billing is asked. */
export function whyHeld(reconciled: Reconciled | null | undefined): string | null {
  if (!reconciled) return null;
  const [problem] = reconciled.problems;
  if (problem) return `billing can not be compared: ${problem.place}: ${problem.problem}`;
  return reconciled.holding > 0
    ? `${reconciled.holding} variances with billing above the threshold are not explained`
    : null;
}
