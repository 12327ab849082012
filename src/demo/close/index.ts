import { live } from '../../../scripts/lib/progress.cjs';
import { periodName } from '../../domain/close/calendar';
import type { CloseDateKind } from '../../domain/close/calendar';
import { PARTIES, PARTY_NAMES, type Party } from '../../domain/close/green-light';
import { lightText, stepText } from '../../domain/close/desk';
import { signersOf, type CloseTask, type Covers } from '../../domain/close/tasks';
import { addDays } from '../../domain/dates';
import { instantAt, localTime } from '../../handbook/business-time';
import { planClose, type ClosePlan } from '../../handbook/close-time';
import { CLOSES, Workflows } from '../../temporal/client';
import type { DemoOptions, DemoOutcome } from '../../up/demo';
import { Accounts, textAt } from '../accounts';
import { daytwo } from '../command';
import { Patience } from '../patience';
import { workflowUrl } from '../stories';
import { surroundingsOf, type Surroundings } from '../surroundings';
import { tellPeople, tellPrograms, type Telling } from '../telling';
import { CloseDesk } from './desk';
import { Month, type PlantedFault } from './month';
import { verifyClose } from './verify';

/** How much is played. */
export interface CloseSize {
  /** Deals of the month. */
  readonly deals: number;
  /** Days from one look to the next, until the cut-off. */
  readonly everyDays: number;
}

const WHOLE: CloseSize = { deals: 2_000, everyDays: 1 };
/** For a look that takes longer than a step of the main job: the whole period is read and judged. */
const PATIENCE_MS = 120_000;

/** What a play of a close works with. */
export interface Play {
  readonly around: Surroundings;
  readonly plan: ClosePlan;
  readonly month: Month;
  readonly desk: CloseDesk;
  readonly telling: Telling;
  readonly accounts: Accounts;
  readonly planted: readonly PlantedFault[];
  readonly size: CloseSize;
}

/**
 * Plays the next close of a month on the sandbox's clock, from its opening by the schedule to the proved lock and the end of its
 * dates: deals come in, checks find what was planted, people mend, sign and give the green light through GitLab's API.
 */
export async function playClose(options: DemoOptions, size: CloseSize = WHOLE): Promise<DemoOutcome> {
  const around = surroundingsOf(options.stateDir);
  const workflows = await Workflows.connect(around.settings);
  const telling = options.json ? tellPrograms() : tellPeople(options.voice);
  const patience = new Patience(options.signal, PATIENCE_MS);
  const waiting = live('Playing a close', () => `waiting for ${patience.waits.join('; ')}`);
  try {
    const month = new Month(around.sandbox);
    const plan = await nextPlan(around, month);
    const { key } = plan.period;
    telling.headline(
      `The close of ${periodName(plan.period)}, on the sandbox's clock. Days are those of ${plan.policy.close.zone}.`,
    );
    const watching = { around, patience, telling, workflows };
    const desk = new CloseDesk(watching, key, plan.policy.close.runBy[0] ?? 'amber');
    const filled = await month.fill(plan, size.deals, seedOf(key));
    const play: Play = {
      around,
      plan,
      month,
      desk,
      telling,
      accounts: new Accounts(around.sandbox),
      planted: filled.planted,
      size,
    };
    await opened(play, workflows, filled.bookings);
    await untilCutOff(play);
    await strangerTried(play);
    await settledFindings(play);
    await signed(play);
    await lit(play);
    await locked(play);
    await untilItsEnd(play);
    const verified = await verifyClose(play, workflows);
    waiting.clear();
    telling.headline('\nVerified from outside of the workflow:');
    telling.verified([verified]);
    const ui = workflowUrl(around, await runOf(workflows, key));
    if (!options.exit)
      telling.next([
        ["The period's issue", (await desk.issue()).webUrl],
        ...(ui === undefined ? [] : [['The process in the Temporal UI', ui] as const]),
        ['Where it stands', `npx daytwo show ${key}`],
        ['What the checks found', `npx daytwo close findings ${key} --all`],
        ['The next month', 'npm start -- --play close'],
      ]);
    const missing = verified.checks.flatMap(({ where, missing: of }) => of.map((one) => `${where}: ${one}`));
    return { ok: missing.length === 0, missing };
  } catch (error) {
    if (options.signal.aborted) return { ok: false, missing: ['the rest, since it was interrupted'] };
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { ok: false, missing: [`${error instanceof Error ? error.message : String(error)}${cause}`] };
  } finally {
    waiting.clear();
    await workflows.close();
  }
}

/** The first month whose close opens after what the sandbox's clock shows. */
async function nextPlan(around: Surroundings, month: Month): Promise<ClosePlan> {
  const now = await month.now();
  for (let key = now.slice(0, 7); ; key = addDays(`${key}-01`, 31).slice(0, 7)) {
    const plan = planClose(around.handbook, key);
    if (at(plan, 'opens') > now) return plan;
  }
}

const at = (plan: ClosePlan, kind: CloseDateKind): string =>
  plan.dates.find((date) => date.kind === kind)?.at ?? '';
const dayOf = (plan: ClosePlan, kind: CloseDateKind): string =>
  plan.dates.find((date) => date.kind === kind)?.date ?? '';
/** Others for another month. */
const seedOf = (key: string): number => Number(key.slice(0, 4)) * 12 + Number(key.slice(5));

async function runOf(workflows: Workflows, key: string): Promise<{ id: string; runId: string }> {
  const id = `close/${key}`;
  return { id, runId: (await workflows.client.workflow.getHandle(id).describe()).runId };
}

/** The clock goes to the morning of a day; the process looks at what the night brought. */
async function morning(play: Play, day: string): Promise<void> {
  const { plan, month, desk } = play;
  const { zone } = plan.policy.close;
  const now = instantAt(day, '08:00', zone);
  desk.today = day;
  await month.forwardTo(now);
  await looked(play, now);
}

async function looked({ desk }: Play, now: string): Promise<void> {
  await desk.hint();
  await desk.until(
    `the look of ${now}`,
    ({ phase, lookedAt }) => phase === 'ended' || Date.parse(lookedAt ?? '') >= Date.parse(now),
  );
}

async function opened(play: Play, workflows: Workflows, bookings: number): Promise<void> {
  const { plan, month, desk } = play;
  desk.today = dayOf(plan, 'opens');
  const arrived = await month.forwardTo(new Date(Date.parse(at(plan, 'opens')) + 60_000).toISOString());
  desk.tell(
    'sandbox',
    `has ${arrived} of ${bookings} deals of the month; ${play.planted.length} of them with a fault that is written down`,
  );
  await workflows.client.schedule.getHandle(CLOSES).trigger();
  const issue = await desk.issue();
  await desk.until('the close to be open', ({ phase, records }) => phase === 'open' && records !== null);
  desk.tell('daytwo', `the schedule begins close/${plan.period.key}: issue #${issue.iid}`, issue.webUrl);
}

/** Day by day deals come in, the checks judge them at night, and the salespeople mend what was found the day before. */
async function untilCutOff(play: Play): Promise<void> {
  const { plan, desk } = play;
  const last = plan.period.lastDay;
  const large = plan.tasks.find(({ task }) => task.due.from === 'opens');
  for (let day = addDays(dayOf(plan, 'opens'), 1); day <= last; day = addDays(day, play.size.everyDays)) {
    const mended = await mendFound(play);
    await morning(play, day);
    const { records, findings } = (await desk.status()) ?? {};
    desk.tell(
      'daytwo',
      `looked at night: ${records ?? 0} closed deals, ${findings ?? 0} findings open${mended > 0 ? `, ${mended} deals were mended` : ''}`,
    );
  }
  if (large) await sign(play, large.task);
  await morning(play, addDays(last, 1));
  const { records, findings } = await desk.until('the cut-off', ({ phase }) => phase === 'closing');
  desk.tell('daytwo', `the cut-off is over: ${records ?? 0} closed deals, ${findings ?? 0} findings open`);
}

interface FoundRow {
  readonly record: string;
  readonly check: string;
  readonly state: string;
  readonly later?: true;
}

/** What the command shows somebody of the findings. */
export async function findingsOf({ around, plan }: Play, ...more: string[]): Promise<readonly FoundRow[]> {
  const text = await daytwo(around, 'close', 'findings', plan.period.key, '--json', ...more);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FoundRow);
}

async function mendFound(play: Play): Promise<number> {
  const found = await findingsOf(play);
  return (await play.month.mend([...new Set(found.map(({ record }) => record))])).length;
}

/** What is left is mended, or accepted with a reason by whom policy names. */
async function settledFindings(play: Play): Promise<void> {
  const { plan, desk, around } = play;
  const mended = await mendFound(play);
  const day = addDays(plan.period.lastDay, 2);
  await morning(play, day);
  if (mended > 0) desk.tell('sales', `mend ${mended} deals`);
  const holding = (await findingsOf(play)).filter(({ later }) => later !== true);
  const checks = [...new Set(holding.map(({ check }) => check))];
  const [who = ''] = plan.policy.close.booking.acceptedBy;
  for (const check of checks) {
    const reason = 'looked at with Finance: booked as it is';
    await daytwo(
      around,
      'approve',
      plan.period.key,
      '--task',
      `finding/${check}`,
      '--reason',
      reason,
      '--by',
      who,
    );
    desk.tell(who, `accepts what ${check} found, with a reason`);
  }
  await desk.until('no finding to be open', ({ findings }) => findings === 0);
}

const coversOf =
  ({ handbook }: Surroundings): Covers =>
  (name) =>
    handbook.people.members.find(({ username }) => username === name)?.coveredBy ?? [];

/** Somebody whom the checklist doesn't name signs: it is put back. */
async function strangerTried({ plan, desk, around }: Play): Promise<void> {
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
  await desk.tick(stranger.username, key, stepText('prepared'), {
    what: 'daytwo to put it back',
    holds: (_, notes) => notes.some((text) => text.includes('was put back')),
  });
  desk.tell('daytwo', `puts it back: ${stranger.username} doesn't sign ${key}`);
}

/** Every task that isn't signed, in an order that its needs allow. */
async function signed(play: Play): Promise<void> {
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

async function sign({ desk }: Play, task: CloseTask): Promise<void> {
  const signs = (who: string, step: 'prepared' | 'reviewed') =>
    desk.tick(who, task.key, stepText(step), {
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
  await play.desk.tick(who, null, lightText(party), {
    what: `daytwo to show the green light of ${PARTY_NAMES[party]}`,
    holds: ({ description }) => description.includes(`given by \`${who}\``),
  });
}

/** Between the two lights somebody edits a deal: both are told which, what stood on it is signed again, and both light again. */
async function lit(play: Play): Promise<void> {
  const { desk, accounts, plan } = play;
  await light(play, 'deal_desk');
  const edited = await editedDeal(play);
  const finance = giverOf(play, 'finance');
  await accounts.edit('Opportunity', edited.id, { StageName: '8-Closed Lost' });
  desk.tell('somebody', `edits the deal ${edited.id} in Salesforce, after the light of Deal Desk`);
  await desk.tick(finance, null, lightText('finance'), {
    what: 'daytwo to say which deal changed',
    holds: (_, notes) => notes.some((text) => text.includes('went out') && text.includes(edited.id)),
  });
  desk.tell('daytwo', `puts the light of Deal Desk out, and names ${edited.id} to both`);
  await accounts.edit('Opportunity', edited.id, { StageName: edited.stage });
  desk.tell('somebody', `puts the deal back as it was`);
  await morning(play, addDays(plan.period.lastDay, 3));
  await signed(play);
  for (const party of PARTIES) await light(play, party);
  await desk.until('both lights to be green', ({ phase }) => phase === 'lit');
}

async function editedDeal({
  accounts,
  plan,
}: Play): Promise<{ readonly id: string; readonly stage: string }> {
  const [row] = await accounts.rows(
    `SELECT Id, StageName FROM Opportunity WHERE IsWon = true AND CloseDate >= ${plan.period.firstDay} AND CloseDate <= ${plan.period.lastDay} ORDER BY Id DESC LIMIT 1`,
  );
  if (!row) throw new Error('nothing was won in the month');
  return { id: textAt(row, 'Id'), stage: textAt(row, 'StageName') };
}

async function locked(play: Play): Promise<void> {
  const { desk, plan, accounts } = play;
  await morning(play, dayOf(plan, 'lock'));
  await desk.until('the lock', ({ phase }) => phase === 'locked');
  const { lockedThrough, proof } = await lockShown(play);
  desk.tell('daytwo', `locked through ${lockedThrough}, read back and proved: ${proof}`);
  const { id } = await editedDeal(play);
  const refused = await accounts.edit('Opportunity', id, { Amount: 1 });
  desk.tell('somebody', `tries to edit ${id}: ${refused ?? 'NOT REFUSED'}`);
}

/** What the period's issue says of the lock. */
async function lockShown({ desk, plan }: Play): Promise<{ lockedThrough: string; proof: string }> {
  const { description } = await desk.issue();
  const line = description.split('\n').find((text) => text.includes('locked through')) ?? '';
  return { lockedThrough: plan.period.lastDay, proof: /refused \(`?(\w+)/.exec(line)?.[1] ?? 'not shown' };
}

/** Until all its dates are over it is looked at. */
async function untilItsEnd(play: Play): Promise<void> {
  const { plan, desk } = play;
  const last =
    plan.dates
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? plan.period.lastDay;
  for (const { date, name } of plan.dates.filter(({ date }) => date > dayOf(plan, 'lock'))) {
    await morning(play, date);
    desk.tell('calendar', name);
  }
  await desk.until(`the end of its dates, ${last}`, ({ phase }) => phase === 'ended');
  desk.tell('daytwo', 'all its dates are over: the close has ended');
}

/** Today where closes are counted, by the sandbox's clock. */
export const dayThere = ({ plan }: Play, now: string): string => localTime(now, plan.policy.close.zone).date;
