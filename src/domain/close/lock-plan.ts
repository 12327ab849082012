import { dateOf, type CloseCase } from './close';
import { PARTIES, PARTY_NAMES } from './green-light';
import { unsignedOf } from './tasks';
import { whyHeld } from './variances';

/** One thing that must be so before a period is locked. */
export interface LockCondition {
  readonly what: string;
  readonly isMet: boolean;
  /** How it stands, and what mends it. */
  readonly why: string;
}

/** How it stands in the CRM now. */
export interface LockGround {
  /** Digest of the period's records as they are now. */
  readonly digest: string;
  readonly now: string;
}

/**
 * What would keep a period from being locked now, one by one: "set after a green light from Deal Desk and Finance", over the same
 * records, and on its day.
 */
export function lockConditions(close: CloseCase, { digest, now }: LockGround): readonly LockCondition[] {
  const { look, tasks, lights, phase } = close;
  const cutOff = dateOf(close, 'cut_off')?.at ?? '';
  const lockAt = dateOf(close, 'lock')?.at ?? '';
  const unsigned = unsignedOf(tasks);
  const held = whyHeld(close.reconciled);
  const findings = look?.checks?.open ?? 0;
  const condition = (what: string, isMet: boolean, met: string, mend: string): LockCondition => ({
    what,
    isMet,
    why: isMet ? met : mend,
  });
  return [
    condition('Its cut-off is over', now > cutOff, `it was at ${cutOff}`, `it is at ${cutOff}`),
    condition(
      'Every task is signed by both',
      unsigned.length === 0,
      `${tasks.length} of ${tasks.length}`,
      `not yet: ${unsigned.join(', ')}`,
    ),
    condition(
      'It was looked at whole since its cut-off',
      look !== null && phase !== 'open',
      `at ${look?.at ?? ''}`,
      'it is at the next look: tonight, or with the next signature over records',
    ),
    condition(
      'No open opportunity has a close date that is over',
      look?.open === 0,
      'none at the last look',
      look ? `${look.open} at the last look: mend their close dates` : 'not looked at yet',
    ),
    condition(
      'No finding of the booking checks is open',
      look !== null && findings === 0,
      look?.checks ? 'none at the last look' : 'the bookings are not checked',
      look ? `${findings} at the last look: daytwo close findings ${close.period}` : 'not looked at yet',
    ),
    condition(
      'It is reconciled with billing',
      held === null,
      close.reconciled ? 'at the last look' : 'billing is not asked',
      held ?? '',
    ),
    ...PARTIES.map((party) => {
      const light = lights[party];
      return condition(
        `${PARTY_NAMES[party]} gave the green light`,
        light !== null && light.digest === digest,
        `by ${light?.by ?? ''} at ${light?.at ?? ''}, over the records as they are now`,
        light ? 'over other records than there are now: it goes out with the next look' : 'not yet',
      );
    }),
    condition(
      'Its day has come',
      lockAt !== '' && now >= lockAt,
      `it was at ${lockAt}`,
      `it is at ${lockAt}`,
    ),
  ];
}
