import type { Channel } from '../handbook';
import { unsignedOf, type TaskState } from './tasks';

/** "Lock: set after a green light from Deal Desk and Finance." */
export const PARTIES = ['deal_desk', 'finance'] as const;
export type Party = (typeof PARTIES)[number];
export const PARTY_NAMES: Readonly<Record<Party, string>> = { deal_desk: 'Deal Desk', finance: 'Finance' };

export interface GreenLight {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
  /** Of the period's records, as they stood when it was given. */
  readonly digest: string;
}
export type Lights = Readonly<Record<Party, GreenLight | null>>;
export const NO_LIGHTS: Lights = { deal_desk: null, finance: null };

/** Who may give it, by party, and over which channels it counts. */
export interface GreenLightPolicy {
  readonly by: Readonly<Record<Party, readonly string[]>>;
  readonly channels: readonly Channel[];
}

/** What a light is given over. */
export interface LightGround {
  readonly tasks: readonly TaskState[];
  /** Open opportunities whose close date is over; null before the period was looked at whole, after its cut-off. */
  readonly open: number | null;
  /** Findings of the booking checks that are neither mended nor accepted; null where there are no checks. */
  readonly findings: number | null;
  /** Why the period doesn't count as reconciled with billing; null or absent where it does, or billing isn't asked. */
  readonly billing?: string | null;
  readonly digest: string | null;
}

/**
 * Why somebody may not give the green light of a party, or null. One person never gives both, and "who calculated doesn't approve":
 * who prepared a task of the period gives none.
 */
export function whyNoLight(
  party: Party,
  act: { readonly by: string; readonly channel: Channel },
  lights: Lights,
  ground: LightGround,
  policy: GreenLightPolicy,
): string | null {
  if (!policy.by[party].includes(act.by))
    return `the green light of ${PARTY_NAMES[party]} is given by ${policy.by[party].join(' or ') || 'nobody: policy names none'}`;
  if (!policy.channels.includes(act.channel))
    return `a green light counts only over ${policy.channels.join(', ')}`;
  if (PARTIES.some((other) => other !== party && lights[other]?.by === act.by))
    return 'one person does not give the green light of both parties';
  if (ground.tasks.some(({ prepared }) => prepared?.by === act.by))
    return 'who prepared a task of this period does not give its green light';
  const unsigned = unsignedOf(ground.tasks);
  if (unsigned.length > 0) return `not signed yet: ${unsigned.join(', ')}`;
  if (ground.open === null || ground.digest === null)
    return 'the period was not looked at whole since its cut-off';
  if (ground.open > 0) return `${ground.open} open opportunities have a close date that is over`;
  if (ground.findings !== null && ground.findings > 0)
    return `${ground.findings} findings are neither mended nor accepted`;
  if (ground.billing != null) return ground.billing;
  return null;
}

/** Both parties, over the same records. */
export const isLit = (lights: Lights): boolean =>
  lights.deal_desk !== null && lights.finance !== null && lights.deal_desk.digest === lights.finance.digest;

/** "If an edit slipped in between green light and lock, the light goes out." Lights over other records than these go out. */
export function lightsOver(
  lights: Lights,
  digest: string,
): { readonly lights: Lights; readonly out: readonly Party[] } {
  const out = PARTIES.filter((party) => lights[party] !== null && lights[party].digest !== digest);
  return {
    out,
    lights:
      out.length === 0 ? lights : { ...lights, ...Object.fromEntries(out.map((party) => [party, null])) },
  };
}
