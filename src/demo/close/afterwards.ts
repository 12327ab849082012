import type { CloseDateKind } from '../../domain/close/calendar';
import { CHANGE_BOXES } from '../../domain/close/change-text';
import { OVERDUE_BOX } from '../../domain/close/overdue';
import { addDays } from '../../domain/dates';
import { soql } from '../../domain/escape';
import { boxesOf } from '../../domain/task-list';
import { textAt } from '../accounts';
import { daytwo } from '../command';
import { dayOf, editedDeal, morning, type Play } from './play';

/** What each date of a close brings, from the lights on: letters, the lock and what comes after it, overdue deals. */
export async function untilItsEnd(play: Play): Promise<void> {
  const { plan, desk } = play;
  const from = addDays(plan.period.lastDay, 4);
  const days = [...new Set(plan.dates.map(({ date }) => date).filter((date) => date >= from))].sort();
  for (const day of days) {
    await morning(play, day);
    for (const { kind, name, date } of plan.dates) {
      if (date !== day) continue;
      desk.tell('calendar', name);
      await ON_ITS_DAY[kind]?.(play);
    }
  }
  await desk.until('the end of all its dates', ({ phase }) => phase === 'ended');
  desk.tell('daytwo', 'all its dates are over: the close has ended');
}

const ON_ITS_DAY: Partial<Record<CloseDateKind, (play: Play) => Promise<void>>> = {
  letters_sent: lettersAnswered,
  lock: lockedAndChanged,
  overdue_moved: overdueMoved,
};

/** Everybody who was asked certifies on the issue of the letters. */
async function lettersAnswered({ desk }: Play): Promise<void> {
  const { description } = await desk.issue('letters');
  for (const { text } of boxesOf(description)) {
    const [, who] = /`([\w.-]+)`/.exec(text) ?? [];
    if (who === undefined) continue;
    await desk.tick(who, 'letters', text, {
      what: 'daytwo to note it',
      holds: (issue) => boxesOf(issue.description).some((box) => box.text === text && box.ticked),
    });
  }
}

/** The lock is proved; an edit is refused; one that came around it is found, and put right by an approved change. */
async function lockedAndChanged(play: Play): Promise<void> {
  const { desk, plan, accounts } = play;
  await desk.until('the lock', ({ phase }) => phase === 'locked');
  const { description } = await desk.issue();
  const [proved = 'the issue says nothing of the lock'] = description
    .split('\n')
    .filter((line) => line.includes('locked through'));
  desk.tell('daytwo', proved.replace(/^- /, '').replaceAll('`', ''));
  const deal = await editedDeal(play);
  const refused = await accounts.edit('Opportunity', deal.id, { Amount: 1 });
  desk.tell('somebody', `tries to edit ${deal.id}: ${refused ?? 'NOT REFUSED'}`);
  const amount = await aroundTheLock(play, deal.id);
  await morning(play, addDays(dayOf(plan, 'lock'), 1));
  await desk.until('the night after', () => true);
  const { iid, webUrl } = await desk.issue();
  await desk.notesOf(iid, `daytwo to tell that ${deal.id} was changed`, (notes) =>
    notes.some((note) => note.includes('This period is locked') && note.includes(deal.id)),
  );
  desk.tell('daytwo', `finds at night that ${deal.id} was changed around the lock, and says so`, webUrl);
  await changeAsked(play, deal.id, amount);
  await leftOpen(play);
}

/** An administrator exempts the user, edits, and takes the exemption away. @returns what the amount was */
async function aroundTheLock({ accounts, around, desk }: Play, id: string): Promise<number> {
  const { username } = around.sandbox.salesforce;
  const [user] = await accounts.rows(`SELECT Id FROM User WHERE Username = ${soql(username)}`);
  const [row] = await accounts.rows(`SELECT Amount FROM Opportunity WHERE Id = ${soql(id)}`);
  const amount = Number(row ? Reflect.get(row, 'Amount') : 0);
  const exempt = await accounts.add('Close_Lock__c', {
    SetupOwnerId: user ? textAt(user, 'Id') : '',
    Locked_Through__c: '2000-01-01',
  });
  const refused = await accounts.edit('Opportunity', id, { Amount: amount + 1000 });
  await accounts.remove('Close_Lock__c', exempt);
  if (refused !== null) throw new Error(`the edit around the lock was refused: ${refused}`);
  desk.tell('an admin', `goes around the lock, and adds $1,000.00 to ${id}`);
  return amount;
}

/** A deal of the month that nobody closes: it is found, and moved on the day for it. */
async function leftOpen(play: Play): Promise<void> {
  const { accounts, plan, desk } = play;
  const id = await accounts.add('Opportunity', {
    Name: 'Left open',
    StageName: '3-Technical Evaluation',
    CloseDate: plan.period.lastDay,
    Amount: 5000,
  });
  play.planted = [...play.planted, { record: id, check: 'past-dated' }];
  desk.tell('somebody', `leaves the deal ${id} open, to close on ${plan.period.lastDay}`);
}

/** Somebody asks for the change back; whom policy names approves it, and daytwo makes it under an exception of its own. */
async function changeAsked(play: Play, id: string, amount: number): Promise<void> {
  const { around, plan, desk } = play;
  const { key } = plan.period;
  const { approvedBy } = plan.policy.close.change;
  const asker = 'omar-orders';
  const wanted = [
    '--record',
    id,
    '--set',
    `Amount=${amount.toFixed(2)}`,
    '--reason',
    'booked by mistake after the lock',
  ];
  await daytwo(around, 'close', 'change', key, ...wanted, '--by', asker);
  const { webUrl } = await desk.issue({ change: 1 });
  desk.tell(
    asker,
    `asks for a change of the locked period: Amount of ${id} back to ${amount.toFixed(2)}`,
    webUrl,
  );
  const approver = approvedBy.find((name) => !plan.tasks.some(({ task }) => task.preparer === name)) ?? '';
  await desk.tick(approver, { change: 1 }, CHANGE_BOXES.approve, {
    what: 'daytwo to make the change',
    holds: ({ description }) => description.includes('Made, and read back'),
  });
  desk.tell(
    'daytwo',
    'made exactly that change under an exception for itself, read it back, and took the exception away',
  );
  const [who] = plan.policy.close.change.commission.by;
  if (who === undefined) return;
  await desk.tick(who, { change: 1 }, CHANGE_BOXES.commission, {
    what: 'daytwo to note that commissions were calculated anew',
    holds: ({ state }) => state === 'closed',
  });
}

/** What is still open of months before is moved once somebody approved the list who didn't prepare it. */
async function overdueMoved({ desk, plan }: Play): Promise<void> {
  const { approvedBy } = plan.policy.close.quarter.overdue;
  const preparers = plan.tasks.map(({ task }) => task.preparer);
  const who = approvedBy.find((name) => !preparers.includes(name)) ?? '';
  const { description } = await desk.issue('overdue');
  const planned = description.split('\n').find((line) => line.includes('open opportunities')) ?? '';
  desk.tell('daytwo', planned.split('. ')[0]?.replaceAll('\\', '') ?? '');
  await desk.tick(who, 'overdue', OVERDUE_BOX, {
    what: 'daytwo to move them',
    holds: (issue) => issue.description.includes('moved and read back'),
  });
}
