import { addDays, weekday } from '../domain/dates';
import { policyOn } from '../domain/day-two';
import type { People, Policy } from '../domain/handbook';
import { lateItems, lateText, type LeaverStand } from '../domain/leavers-report';
import { SystemFault } from '../systems/fault';
import type { Mail, Mailer } from '../systems/mail';
import { keepEvidence } from './keep';
import { raiseOpsTask } from './ops-task';
import type { World } from './world';

/**
 * Once a week: what is late of all who left, by mail to the team that policy names; without mail, a task says that there is
 * something. Whoever leaves is sent nothing.
 *
 * @returns whether anybody was told now
 */
export async function tellLate(world: World, now: string): Promise<boolean> {
  const handbook = world.handbook();
  const { late: policy } = policyOn(handbook, now.slice(0, 10)).leaving;
  const week = weekBegan(now.slice(0, 10), policy);
  const id = `leavers/late/${week}`;
  if ((await world.store.recorded([id])).has(id)) return false;
  const stands = (await openStands(world)).filter(({ items }) => lateItems(items, now).length > 0);
  if (stands.length === 0) return false;
  const gone = await world.store.peopleById(stands.map(({ one }) => one.employeeId));
  const leavers = new Set([...gone.values()].map(({ email }) => email.toLowerCase()));
  const team = teamOf(handbook.people, policy.team).filter(({ email }) => !leavers.has(email.toLowerCase()));
  const words = `Late: access of ${stands.length} ${stands.length === 1 ? 'person who has left' : 'people who have left'}`;
  const text = `Past its deadline and still open:\n\n${lateText(stands, now)}\n\nNothing is ever settled by time. daytwo list --kind offboarding shows all.\n`;
  const told =
    world.mailer && team.length > 0
      ? await mailed(world.mailer, team, { subject: words, text }, week)
      : await raised(world, week, words);
  await keepEvidence(world, [
    {
      id,
      at: now,
      zone: 'UTC',
      subject: null,
      request: null,
      workflowId: null,
      kind: 'leavers.late',
      actor: 'daytwo',
      channel: 'daytwo',
      detail: {
        what: 'sent the weekly list of what is late',
        to: told.to,
        ...(told.missed.length > 0 ? { why: `no mail was taken for ${told.missed.join(', ')}` } : {}),
        after: Object.fromEntries(
          stands.map(({ one, items }) => [one.employeeId, lateItems(items, now).map((item) => item.id)]),
        ),
      },
    },
  ]);
  return true;
}

interface Told {
  /** User names. */
  readonly to: readonly string[];
  readonly missed: readonly string[];
}

/**
 * Each once: an address that is refused keeps the mail from nobody else, nor has it sent to them again.
 *
 * @throws SystemFault where nobody could be mailed: then it is tried again
 */
async function mailed(
  mailer: Pick<Mailer, 'send'>,
  team: People['members'],
  mail: Pick<Mail, 'subject' | 'text'>,
  week: string,
): Promise<Told> {
  const to: string[] = [];
  const missed: string[] = [];
  let fault: SystemFault | undefined;
  for (const { username, email } of team)
    try {
      await mailer.send({
        ...mail,
        to: email,
        messageId: `<daytwo-leavers-late-${week}-${username}@daytwo>`,
      });
      to.push(username);
    } catch (error) {
      if (!(error instanceof SystemFault)) throw error;
      fault = error;
      missed.push(username);
    }
  if (fault && to.length === 0) throw fault;
  return { to, missed };
}

async function raised(world: World, week: string, title: string): Promise<Told> {
  await raiseOpsTask(world, {
    key: `leavers-late:${week}`,
    title,
    problems: ['access of people who have left is past its deadline, and no mail is set up to tell the team'],
    mend: 'See who: daytwo list --kind offboarding.',
  });
  return { to: [], missed: [] };
}

/** Those of whom something may be open: frozen, or taken as far as daytwo can. */
async function openStands(world: Pick<World, 'store'>): Promise<readonly LeaverStand[]> {
  const cases = await world.store.leavers.inPhase(['frozen', 'taken']);
  const items = await world.store.leavers.itemsOf(cases.map(({ leaving }) => leaving));
  return cases.map((one) => ({ one, items: items.get(one.leaving) ?? [] }));
}

/** The newest of these days of the week: today, or before. */
const weekBegan = (today: string, { weekday: day }: Policy['leaving']['late']): string =>
  addDays(today, -((weekday(today) - day + 7) % 7));

const teamOf = ({ teams, members, salesOpsTeam }: People, team: string | null): People['members'] => {
  const names = teams[team ?? salesOpsTeam]?.members ?? [];
  return members.filter(({ username }) => names.includes(username));
};
