import type { Booking } from './booking';
import { ask, NOT_APPLICABLE, WAITS_FOR_ROUTE, type Check, type Close, type Verdict } from './check';
import { CHECKS } from './checks';

/** What one check says of one booking, where that is something to be done. */
export interface Judgement {
  readonly check: string;
  readonly verdict: Actionable;
}
export type Actionable = Extract<Verdict, { kind: 'reject' | 'roll' | 'back_date' | 'needs_person' }>;

/** Asks one check. A check that fails on a record asks a person about it, and stops nothing else. */
export function askCheck(check: Check, booking: Booking, close: Close): Verdict {
  try {
    if (!check.when(booking)) return NOT_APPLICABLE;
    if (check.routes) {
      if (booking.route === null) return WAITS_FOR_ROUTE;
      if (!check.routes.some((route) => route === booking.route)) return NOT_APPLICABLE;
    }
    return check.judge(booking, close);
  } catch {
    return ask('The check failed on this record: does it keep the rule?');
  }
}

/** What there is to do about a booking: nothing where every check passes or doesn't apply. */
export function judge(
  booking: Booking,
  close: Close,
  checks: readonly Check[] = CHECKS,
): readonly Judgement[] {
  const found: Judgement[] = [];
  for (const check of checks) {
    const verdict = askCheck(check, booking, close);
    if (isActionable(verdict)) found.push({ check: check.id, verdict });
  }
  return found;
}

const isActionable = (verdict: Verdict): verdict is Actionable =>
  verdict.kind === 'reject' ||
  verdict.kind === 'roll' ||
  verdict.kind === 'back_date' ||
  verdict.kind === 'needs_person';

/** What becomes of the whole booking, the gravest first: "pass, reject, roll, back-date, needs a person". */
export function outcomeOf(judgements: readonly Judgement[]): Actionable['kind'] | 'pass' {
  const kinds = new Set(judgements.map(({ verdict }) => verdict.kind));
  return (['reject', 'roll', 'needs_person', 'back_date'] as const).find((kind) => kinds.has(kind)) ?? 'pass';
}
