import type { BillingFileRules } from './billing-file';

/** What `config/billing.yml` says of billing's export. */
export interface BillingSource extends BillingFileRules {
  /** A file or an http(s) address, `{period}` for the month; null: BILLING_EXPORT says it, or nothing is reconciled. */
  readonly from: string | null;
}
