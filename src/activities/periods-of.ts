import type { PeriodKeeper } from '../systems/periods';
import type { ReadWorld } from './world';

/** The periods of the CRM. */
export function periodsOf(world: Pick<ReadWorld, 'connector'>): PeriodKeeper {
  const { periods } = world.connector('salesforce');
  if (!periods) throw new Error('the Salesforce connector knows no periods');
  return periods;
}
