import { addDays } from '../../../domain/dates';
import type { Scalar } from '../schema';
import type { AccountDraft } from './draft';
import type { Dice } from './dice';

const STAGES = [
  '0-Pending Acceptance',
  '1-Discovery',
  '2-Scoping',
  '3-Technical Evaluation',
  '4-Proposal',
  '5-Negotiating',
  '6-Awaiting Signature',
  'Closed Won',
  '8-Closed Lost',
];

/** What is or was sold to some accounts, by whoever owns them. */
export function dealsOf(
  { id, values }: AccountDraft,
  today: string,
  dice: Dice,
): readonly Record<string, Scalar>[] {
  if (!dice.chance(0.25)) return [];
  const isClosed = (stage: string): boolean => /Closed/.test(stage);
  return Array.from({ length: dice.between(1, 3) }, (_, at) => {
    const StageName = dice.pick(STAGES);
    const amount = dice.magnitude(1_000, 300_000);
    return {
      Name: `Deal ${at + 1} ${id.slice(8, 15)}`,
      AccountId: id,
      OwnerId: values['OwnerId'] ?? null,
      StageName,
      Amount: amount,
      Net_Arr__c: amount,
      Type: values['Type'] === 'Customer' ? 'Add-On Business' : 'New Business',
      CloseDate: addDays(today, isClosed(StageName) ? -dice.between(1, 300) : dice.between(1, 200)),
    };
  });
}
