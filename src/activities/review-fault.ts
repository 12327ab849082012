import { GitlabRefusal } from '../systems/gitlab';
import { SystemFault } from '../systems/fault';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

/**
 * Does something for one account of many: a fault with it keeps nobody else waiting. What may work later is done with the next round; what
 * a person must mend is raised as a task, once for the account.
 *
 * @returns what it came to; false where a person must mend it, `later` where it may work by itself
 */
export async function ofOne(
  world: World,
  accountId: string,
  act: () => Promise<boolean>,
): Promise<boolean | 'later'> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SystemFault || error instanceof GitlabRefusal)) throw error;
    if (error instanceof SystemFault && error.retryable) return 'later';
    await raiseOpsTask(world, taskOf(accountId, error));
    return false;
  }
}

const taskOf = (accountId: string, error: SystemFault | GitlabRefusal) => ({
  key: `account-review-fault:${accountId}`,
  title: `The review of account ${accountId} can not go on`,
  problems: [
    error instanceof SystemFault
      ? `${error.system} answered ${error.code}`
      : `gitlab answered ${error.status}`,
  ],
  mend: 'Look at the account and at who asks, and mend what is refused: daytwo tries again by itself. Close this afterwards.',
});
