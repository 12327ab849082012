import type { CloseCase } from '../domain/close/close';
import { SystemFault } from '../systems/fault';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

const CAN_NOT = {
  look: 'read the period',
  owners: 'read the owners of bookings',
  lock: 'lock the period',
  exceptions: 'read who is exempt from the lock',
} as const;
const MEND = {
  look: 'See that the integration user reads opportunities and every object and field of config/booking-fields.yml, and that their names are right. The next look is tonight; signing a task over records looks at once.',
  owners:
    'See that the integration user reads users, with their e-mail address. Owners are told in the next night.',
  lock: 'See that the custom setting Close_Lock__c and its validation rule are there and that the integration user may write the setting. It is tried again with the next look.',
  exceptions:
    'See that the custom setting Close_Lock__c has the fields Locked_Through__c and Open_Until__c, and that the integration user reads and writes them. It is tried again with the next look.',
};

/**
 * Does what the CRM may refuse for good. What no retry mends is a visible task for ops, once a day while it lasts, and the close goes
 * on: nothing counts as looked at, and nothing is locked. @returns null where it was refused
 */
export async function orTask<T>(
  world: World,
  close: CloseCase,
  what: keyof typeof MEND,
  now: string,
  act: () => Promise<T>,
): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SystemFault) || error.retryable) throw error;
    await raiseOpsTask(world, {
      key: `close-${what}:${close.period}:${error.code}:${now.slice(0, 10)}`,
      title: `The close of ${close.period} can not ${CAN_NOT[what]}`,
      problems: [`Salesforce refused: ${error.code}`],
      mend: MEND[what],
      ...(close.issue ? { link: close.issue.url } : {}),
    });
    return null;
  }
}
