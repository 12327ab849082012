import type { Check } from '../check';
import { AGREEMENT_CHECKS } from './agreement';
import { APPROVAL_CHECKS } from './approvals';
import { CUT_OFF_CHECKS } from './cut-off';
import { HYGIENE_CHECKS } from './hygiene';
import { MARKETPLACE_CHECKS } from './marketplaces';
import { MONEY_CHECKS } from './money';
import { PAPER_CHECKS } from './papers';
import { PARTY_CHECKS } from './parties';
import { PUBLIC_SECTOR_CHECKS } from './public-sector';
import { PURCHASE_ORDER_NEED_CHECKS } from './purchase-order-needed';
import { PURCHASE_ORDER_CHECKS } from './purchase-orders';
import { RENEWAL_CHECKS } from './renewals';
import { SERVICES_CHECKS } from './services';
import { TIMING_CHECKS } from './timing';

/** Every booking check there is, in the order in which people read them. */
export const CHECKS: readonly Check[] = [
  ...PARTY_CHECKS,
  ...MONEY_CHECKS,
  ...PAPER_CHECKS,
  ...AGREEMENT_CHECKS,
  ...PURCHASE_ORDER_NEED_CHECKS,
  ...PURCHASE_ORDER_CHECKS,
  ...PUBLIC_SECTOR_CHECKS,
  ...MARKETPLACE_CHECKS,
  ...SERVICES_CHECKS,
  ...CUT_OFF_CHECKS,
  ...TIMING_CHECKS,
  ...RENEWAL_CHECKS,
  ...APPROVAL_CHECKS,
  ...HYGIENE_CHECKS,
];
