import { PARTIES, PARTY_NAMES, type Party } from '../../domain/close/green-light';
import { stepText } from '../../domain/close/desk';
import { lightText } from '../../domain/close/light-acts';
import { signersOf, type CloseTask, type Covers } from '../../domain/close/tasks';
import { addDays } from '../../domain/dates';
import type { Surroundings } from '../surroundings';
import { editedDeal, morning, type Play } from './play';

const coversOf =
  ({ handbook }: Surroundings): Covers =>
  (name) =>
    handbook.people.members.find(({ username }) => username === name)?.coveredBy ?? [];

/** Somebody whom the checklist doesn't name signs: it is put back. */
export async function strangerTried({ plan, desk, around }: Play): Promise<void> {
  const task = plan.tasks.find(({ task: { automatic } }) => automatic === null)?.task;
  if (!task) return;
  const covers = coversOf(around);
  const stranger = around.handbook.people.members.find(
    ({ username }) =>
      !signersOf(task, 'prepared', covers).includes(username) &&
      around.sandbox.gitlab.users.some((user) => user.username === username),
  );
  if (!stranger) return;
  const { key } =
    plan.tasks.find(
      (one) => one.task.needs.length === 0 && one.task.due.from === 'cut_off' && one.task.automatic === null,
    )?.task ?? task;
  await desk.tick(stranger.username, { task: key }, stepText('prepared'), {
    what: 'daytwo to put it back',
    holds: (_, notes) => notes.some((text) => text.includes('was put back')),
  });
  desk.tell('daytwo', `puts it back: ${stranger.username} doesn't sign ${key}`);
}

/** Every task that isn't signed, in an order that its needs allow. */
export async function signed(play: Play): Promise<void> {
  const rest = new Set((await waiting(play)).map(({ key }) => key));
  const order = play.plan.tasks.map(({ task }) => task).filter(({ key }) => rest.has(key));
  for (const round of order) {
    const ready = order.find(({ key, needs }) => rest.has(key) && needs.every((need) => !rest.has(need)));
    const task = ready ?? round;
    await sign(play, task);
    rest.delete(task.key);
  }
}

async function waiting({ desk, plan }: Play): Promise<readonly CloseTask[]> {
  const { waits } = (await desk.status()) ?? { waits: [] };
  const open = new Set(waits.map(({ task }) => task));
  return plan.tasks.map(({ task }) => task).filter(({ key }) => open.has(key));
}

/** Preparer and reviewer of a task sign it. */
export async function sign({ desk }: Play, task: CloseTask): Promise<void> {
  const signs = (who: string, step: 'prepared' | 'reviewed') =>
    desk.tick(who, { task: task.key }, stepText(step), {
      what: `daytwo to show that ${who} signed ${task.key}`,
      holds: ({ description }) => description.includes(`\`${who}\` at `),
    });
  if (task.automatic === null) await signs(task.preparer, 'prepared');
  await signs(task.reviewer, 'reviewed');
}

/** Who gives the light of a party: the first whom policy names that prepared nothing. */
const giverOf = ({ plan }: Play, party: Party): string =>
  plan.policy.close.greenLight.by[party].find(
    (name) => !plan.tasks.some(({ task }) => task.preparer === name),
  ) ?? '';

async function light(play: Play, party: Party): Promise<void> {
  const who = giverOf(play, party);
  await play.desk.tick(who, 'period', lightText(party), {
    what: `daytwo to show the green light of ${PARTY_NAMES[party]}`,
    holds: ({ description }) => description.includes(`given by \`${who}\``),
  });
}

/** Between the two lights somebody edits a deal: both are told which, what stood on it is signed again, and both light again. */
export async function lit(play: Play): Promise<void> {
  const { desk, accounts, plan } = play;
  await light(play, 'deal_desk');
  const edited = await editedDeal(play);
  const finance = giverOf(play, 'finance');
  await accounts.edit('Opportunity', edited.id, { StageName: '8-Closed Lost' });
  desk.tell('somebody', `edits the deal ${edited.id} in Salesforce, after the light of Deal Desk`);
  await desk.tick(finance, 'period', lightText('finance'), {
    what: 'daytwo to say which deal changed',
    holds: (_, notes) => notes.some((text) => text.includes('went out') && text.includes(edited.id)),
  });
  desk.tell('daytwo', `puts the light of Deal Desk out, and names ${edited.id} to both`);
  await accounts.edit('Opportunity', edited.id, { StageName: edited.stage });
  desk.tell('somebody', `puts the deal back as it was`);
  await morning(play, addDays(plan.period.lastDay, 4));
  await signed(play);
  for (const party of PARTIES) await light(play, party);
  await desk.until('both lights to be green', ({ phase }) => phase === 'lit');
}
