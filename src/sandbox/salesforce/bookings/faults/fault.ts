import { MARKETPLACES, PARTNER_ROUTES, SALES_ASSISTED, type Route } from '../../../../domain/close/booking';
import type { BookingDraft, Maker, Wishes } from '../draft';

/** What a check should say of what was planted. */
export type Kind = 'reject' | 'roll' | 'back_date' | 'needs_person';

/** One way to break one rule, and nothing else. */
export interface Fault {
  /** The check that should find it: written down here, never asked. */
  readonly check: string;
  readonly kind?: Kind;
  readonly routes: readonly Route[];
  /** What is spoilt: a submitted deal, one that is still being sold, one that came to nothing; or the second year of a ramp. */
  readonly of?: 'submitted' | 'open' | 'ended' | 'ramp';
  readonly wishes?: Wishes;
  readonly spoil: (booking: BookingDraft, make: Maker) => void | Companions;
}

/** Other records that the fault needs. Those of `found` have the same finding, the others have none. */
export interface Companions {
  readonly more: readonly BookingDraft[];
  readonly found?: readonly BookingDraft[];
}

export const EVERY_DEAL = SALES_ASSISTED;
export const PARTNERS = PARTNER_ROUTES;
export const ON_MARKETPLACES = MARKETPLACES;
/** Where a customer's purchase order is asked for beside the papers. */
export const ASKED_FOR_ORDERS: readonly Route[] = ['direct', 'professional_services'];
export const WITH_ORDERS: readonly Route[] = ['direct', ...PARTNERS, 'professional_services'];
export const except = (...routes: readonly Route[]): readonly Route[] =>
  EVERY_DEAL.filter((route) => !routes.includes(route));
