import { z } from 'zod';
import type { QuarterPeople, QuarterPolicy } from '../domain/close/quarter';
import { suggestion } from '../domain/spelling';
import type { Reading } from './reading';
import { mapOf } from './shape-problems';
import { people, text, username, wholeNumber } from './values';

/** `close.quarter` of `policy.yml`. */
export const quarterPolicyShape = mapOf({
  letters: mapOf({ remind_days: wholeNumber(0, 10).default(2) }).prefault({}),
  overdue: mapOf({
    move_to: z.enum(['end_of_month', 'end_of_quarter']).default('end_of_month'),
    approved_by: people,
    wait_days: wholeNumber(1, 30).default(7),
  }).prefault({}),
  purchase_orders: mapOf({ back_to: text.default('8-Closed Lost'), taken_back_by: people }).prefault({}),
});

export const quarterPolicyOf = (said: z.output<typeof quarterPolicyShape>): QuarterPolicy => ({
  remindDays: said.letters.remind_days,
  overdue: {
    moveTo: said.overdue.move_to,
    approvedBy: said.overdue.approved_by,
    waitDays: said.overdue.wait_days,
  },
  promises: { stage: said.purchase_orders.back_to, by: said.purchase_orders.taken_back_by },
});

/** The parts of `close.yml` beside its tasks. */
export const lettersShape = mapOf({
  to: people,
  accounting: username.nullable().default(null),
  committee: people,
});
export const freezeShape = mapOf({
  systems: z.array(text).default([]),
  exceptions_by: text.default('those whom change management names'),
  tell: people,
});

export const quarterPeopleOf = (
  letters: z.output<typeof lettersShape>,
  freeze: z.output<typeof freezeShape>,
): QuarterPeople => ({
  letters,
  freeze: { systems: freeze.systems, exceptionsBy: freeze.exceptions_by, tell: freeze.tell },
});

/** Everybody who is told or asked at a quarter's end is there. */
export function checkQuarter({ checklist, policy, people: read }: Reading): void {
  if (!read) return;
  const known = read.usernames;
  const wrong = (name: string) => !known.includes(name);
  const mend = (name: string) => suggestion(name, known, 'Name a member of people.yml.');
  for (const { index, policy: version } of policy?.versions ?? []) {
    const at = ['versions', index, 'close', 'quarter'];
    const { overdue, promises } = version.close.quarter;
    for (const [path, names] of [
      [['overdue', 'approved_by'], overdue.approvedBy],
      [['purchase_orders', 'taken_back_by'], promises.by],
    ] as const)
      names.forEach((name, entry) => {
        if (wrong(name))
          policy?.file.problem([...at, ...path, entry], 'nobody of that user name', mend(name), name);
      });
  }
  const { letters, freeze } = checklist?.quarter ?? { letters: null, freeze: null };
  for (const [path, names] of [
    [['letters', 'to'], letters?.to ?? []],
    [['letters', 'committee'], letters?.committee ?? []],
    [['freeze', 'tell'], freeze?.tell ?? []],
  ] as const)
    names.forEach((name, entry) => {
      if (wrong(name))
        checklist?.file?.problem([...path, entry], 'nobody of that user name', mend(name), name);
    });
  const accounting = letters?.accounting ?? null;
  if (accounting !== null && wrong(accounting))
    checklist?.file?.problem(
      ['letters', 'accounting'],
      'nobody of that user name',
      mend(accounting),
      accounting,
    );
}
