import type { Amounts, Flow, Stand } from './flows';

/** One owner, territory or country, before and after. */
export interface Compared {
  /** Null: nobody, none, not known. */
  readonly name: string | null;
  readonly before: Amounts;
  readonly after: Amounts;
}

/** A country: all of its accounts, and those of another owner. */
export interface ComparedCountry {
  readonly name: string | null;
  readonly all: Amounts;
  readonly moved: Amounts;
}

/** Two ways of planning the same accounts. */
export interface Comparison {
  readonly all: Amounts;
  /** Of another owner after. */
  readonly moved: Amounts;
  /** Of another territory after, whoever owns it. */
  readonly placedAnew: Amounts;
  /** Those with most CARR first. */
  readonly owners: readonly Compared[];
  /** Only those that gain or lose. */
  readonly territories: readonly Compared[];
  readonly countries: readonly ComparedCountry[];
}

const NONE: Amounts = { accounts: 0, carrCents: 0, pipelineCents: 0 };

const sum = (a: Amounts, b: Amounts): Amounts => ({
  accounts: a.accounts + b.accounts,
  carrCents: a.carrCents + b.carrCents,
  pipelineCents: a.pipelineCents + b.pipelineCents,
});

export function compare(flows: readonly Flow[]): Comparison {
  const total = (of: readonly Flow[]): Amounts => of.reduce<Amounts>(sum, NONE);
  return {
    all: total(flows),
    moved: total(flows.filter(changesOwner)),
    placedAnew: total(flows.filter(({ before, after }) => before.territory !== after.territory)),
    owners: beforeAndAfter(flows, ({ owner }) => owner),
    territories: beforeAndAfter(flows, ({ territory }) => territory).filter(
      ({ before, after }) =>
        before.accounts !== after.accounts ||
        before.carrCents !== after.carrCents ||
        before.pipelineCents !== after.pipelineCents,
    ),
    countries: countriesOf(flows),
  };
}

const changesOwner = ({ before, after }: Flow): boolean => before.owner !== after.owner;

function beforeAndAfter(flows: readonly Flow[], of: (stand: Stand) => string | null): readonly Compared[] {
  const found = new Map<string | null, Compared>();
  const add = (name: string | null, when: 'before' | 'after', flow: Flow): void => {
    const known = found.get(name) ?? { name, before: NONE, after: NONE };
    found.set(name, { ...known, [when]: sum(known[when], flow) });
  };
  for (const flow of flows) {
    add(of(flow.before), 'before', flow);
    add(of(flow.after), 'after', flow);
  }
  return [...found.values()].sort(
    (a, b) =>
      Math.max(b.before.carrCents, b.after.carrCents) - Math.max(a.before.carrCents, a.after.carrCents) ||
      byName(a, b),
  );
}

function countriesOf(flows: readonly Flow[]): readonly ComparedCountry[] {
  const found = new Map<string | null, ComparedCountry>();
  for (const flow of flows) {
    const { name, all, moved } = found.get(flow.country) ?? { name: flow.country, all: NONE, moved: NONE };
    found.set(name, { name, all: sum(all, flow), moved: changesOwner(flow) ? sum(moved, flow) : moved });
  }
  return [...found.values()].sort((a, b) => b.all.accounts - a.all.accounts || byName(a, b));
}

type Named = { readonly name: string | null };
const byName = (a: Named, b: Named): number => ((a.name ?? '') < (b.name ?? '') ? -1 : 1);
