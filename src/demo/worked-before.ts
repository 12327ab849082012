import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantPerson } from '../systems/connector';
import { fillBooks, giveAccess, putIntoDirectory } from './by-hand';
import { daytwo } from './command';
import { estateOf } from './estate';
import type { Newcomer } from './hires';
import type { Stage } from './stories';

/** Who takes in the list of those who worked here before. */
const PEOPLE_OPS = 'pia-people';

/** What the leaver owns in Salesforce before they leave. */
export const BOOK = { leads: 40, accounts: 12, open: 8, closed: 15 };

/**
 * Somebody who worked here before daytwo came: administrators gave them an account wherever there is an API, they sold, and
 * daytwo knows of them by a list of People Ops alone. No request of theirs is on record.
 */
export async function workedBefore(stage: Stage, leaver: Newcomer): Promise<void> {
  const { around, patience, telling, accounts } = stage;
  const { event } = leaver;
  const { employee_id: id, name, email } = event;
  const { sandbox, handbook } = around;
  await patience.until(`${name}: their accounts of before`, async () => {
    await putIntoDirectory(sandbox, event);
    await giveAccess(sandbox, handbook, [personOf(event)], leaver.tasks);
    if ((await estateOf(accounts, email))?.closed === 0)
      await fillBooks(sandbox, {
        ...BOOK,
        usernames: [email],
        seed: Number(id) % 100_000,
        territories: handbook.territories.map(({ name }) => name),
      });
    return true;
  });
  const list = join(around.settings.stateDir, 'sandbox.people.jsonl');
  writeFileSync(list, `${JSON.stringify(event)}\n`, { mode: 0o600 });
  await patience.until(`${name}: the import of People Ops`, async () => {
    await daytwo(around, 'people', 'import', list, '--by', PEOPLE_OPS);
    return true;
  });
  telling.step({
    hire: name,
    who: PEOPLE_OPS,
    what: `says that employee ${id} worked here before daytwo came (daytwo people import); nobody asked daytwo for their access`,
  });
}

const personOf = (event: Newcomer['event']): GrantPerson => ({
  employeeId: event.employee_id,
  email: event.email,
  name: event.name,
  title: event.title,
  department: event.department,
  division: event.division,
  timeZone: event.time_zone,
  managerEmail: event.manager_email,
});
