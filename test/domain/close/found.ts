import type { Finding } from '../../../src/domain/close/findings';

/** An open finding of one dollar; `id` names its check and record. */
export function found(id: string, changes: Partial<Finding> = {}): Finding {
  const [check = 'amount', record = '1'] = id.split('/');
  return {
    id,
    check,
    record,
    times: 1,
    since: '2026-10-20',
    kind: 'reject',
    what: 'the amount is another one',
    mend: 'Correct it.',
    mender: 'owner',
    region: 'AMER',
    ownerId: '005A',
    amountCents: 100,
    inputs: 'i',
    state: 'open',
    closedOn: null,
    accepted: null,
    ...changes,
  };
}
