import type { BookingPolicy } from './booking-policy';
import type { CloseDatesPolicy } from './calendar';
import type { ChangePolicy } from './change';
import type { GreenLightPolicy } from './green-light';
import type { OwnerMailPolicy } from './owner-mail';
import type { QuarterPolicy } from './quarter';
import type { LargeDealsPolicy } from './task-lists';
import type { VariancePolicy } from './variances';

/** How a period is closed, of one version of the policy. */
export interface ClosePolicy {
  /** IANA zone in which days of a close begin and end: where the business is. */
  readonly zone: string;
  /** Whose holidays count, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Time of day there at which the checks of the night run, `01:00`. */
  readonly night: string;
  readonly dates: CloseDatesPolicy;
  /** User names of those who may begin a close by hand. */
  readonly runBy: readonly string[];
  readonly greenLight: GreenLightPolicy;
  readonly ownerMails: OwnerMailPolicy;
  readonly booking: BookingPolicy;
  readonly reconcile: VariancePolicy;
  readonly largeDeals: LargeDealsPolicy;
  readonly quarter: QuarterPolicy;
  readonly change: ChangePolicy;
}
