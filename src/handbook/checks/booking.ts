import { suggestion } from '../../domain/spelling';
import type { Reading } from '../reading';

/** The booking rules of every version of the policy: sensible in themselves, and people who are there. */
export function checkBooking({ policy: read, people }: Reading): void {
  for (const { index, policy } of read?.versions ?? []) {
    const { booking } = policy.close;
    const at = ['versions', index, 'close', 'booking'];
    const problem = (path: readonly (string | number)[], said: string, mend: string, value?: string) =>
      read?.file.problem([...at, ...path], said, mend, value);
    if (booking.approvedBy[0] === booking.approvedBy[1])
      problem(['approved_by'], 'one team twice', 'Name two different teams.', booking.approvedBy[0]);
    if (booking.lateRenewalDays >= booking.newBusinessAfterDays)
      problem(
        ['late_renewal_days'],
        'a renewal is New Business before it is late',
        'Make it less than new_business_after_days.',
        String(booking.lateRenewalDays),
      );
    if (booking.po.warnDays > booking.po.promiseDays)
      problem(
        ['purchase_orders', 'warn_days'],
        'the warning comes before the promise',
        'Make it promise_days at most.',
        String(booking.po.warnDays),
      );
    for (const [segment, { warnDays, closeDays }] of Object.entries(booking.stalled))
      if (warnDays >= closeDays)
        problem(
          ['stalled', segment, 'warn_days'],
          'the warning is not earlier than the closing',
          'Make it less than close_days.',
          String(warnDays),
        );
    booking.acceptedBy.forEach((name, entry) => {
      if (people && !people.usernames.includes(name))
        problem(
          ['accepted_by', entry],
          'nobody of that user name',
          suggestion(name, people.usernames, 'Name a member of people.yml.'),
          name,
        );
    });
  }
}
