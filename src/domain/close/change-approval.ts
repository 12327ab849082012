import type { ChangePolicy, ChangeWord, PeriodChange } from './change';

/** Whose approvals a change takes. */
export interface ApprovalRules {
  readonly policy: ChangePolicy;
  /** User names of those who prepared a task of the period's close. */
  readonly preparers: readonly string[];
}

type Asked = Pick<PeriodChange, 'asked' | 'managers' | 'approvals'>;

/** Those whom policy names: "somebody else", neither who asked nor who prepared a task of the period's close. */
const named = ({ asked }: Asked, { policy, preparers }: ApprovalRules): readonly string[] =>
  policy.approvedBy.filter((name) => name !== asked.by && !preparers.includes(name));

/**
 * Whom a change still waits for: one of each of these. "A change in a closed period: their manager and Sales Comp approve": where a deal
 * has another inside rep than its owner, that rep's manager does, and somebody else whom policy names.
 */
export function waitsFor(change: Asked, rules: ApprovalRules): readonly (readonly string[])[] {
  const { managers = [], approvals = [] } = change;
  const others = named(change, rules).filter((name) => !managers.includes(name));
  return [...managers.map((manager) => [manager]), others].filter(
    (group) => !approvals.some(({ by }) => group.includes(by)),
  );
}

/** Those whose approval counts now. */
export const mayApprove = (change: Asked, rules: ApprovalRules): readonly string[] => [
  ...new Set(waitsFor(change, rules).flat()),
];

/** "`dana` and one of `amber` or `meri`" */
export const waitsInWords = (
  change: Asked,
  rules: ApprovalRules,
  nameOf: (name: string) => string = String,
): string =>
  waitsFor(change, rules)
    .map((group) => group.map(nameOf).join(' or ') || 'nobody: policy names none who may')
    .join(', and for ');

/** The change with one more approval: approved once it waits for nobody. */
export function withApproval(change: PeriodChange, word: ChangeWord, rules: ApprovalRules): PeriodChange {
  const after = { ...change, approvals: [...(change.approvals ?? []), word] };
  return waitsFor(after, rules).length === 0 ? { ...after, phase: 'approved', decided: word } : after;
}
