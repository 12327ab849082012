import { addDays } from '../../domain/dates';
import { rulesOn } from '../../domain/territory/handbook';
import { rollbackId, territoryRunId } from '../../domain/territory/run';
import type { DemoOptions, DemoOutcome } from '../../up/demo';
import { Accounts } from '../accounts';
import { Month } from '../close/month';
import { daytwo } from '../command';
import { playing } from '../playing';
import { workflowUrl } from '../stories';
import type { Surroundings } from '../surroundings';
import type { Check } from '../telling';
import { explained, grownAccount, override, ownershipOf } from './account-stories';
import { approve, fill, issueOf, nextNight, nightOf, tell, until, type TerritoryPlay } from './play';
import { mistaken } from './mistake';
import { everything, plannedAnew, putBack, staged, transferred } from './verify';

/** Accounts of the org that is played in. */
const WHOLE = 20_000;
/** For a step that takes longer than one of the main job: the whole org is read, planned and written. */
const PATIENCE_MS = 180_000;

/**
 * Plays nights of territory planning on the sandbox's clock: a plan above the threshold that somebody approves, staging written, an
 * account that changes by day, an override from the account to its decision, a transfer, why an account is where it is, and a run
 * that is put back.
 */
export function playTerritory(options: DemoOptions, size: number = WHOLE): Promise<DemoOutcome> {
  return playing(options, 'territory planning', PATIENCE_MS, async (stage) => {
    const { around, telling } = stage;
    const clock = new Month(around.sandbox);
    const today = (await clock.now()).slice(0, 10);
    const play: TerritoryPlay = {
      ...stage,
      clock,
      accounts: new Accounts(around.sandbox),
      ...peopleOf(around, today),
      day: today,
      planted: new Set(),
    };
    telling.headline("Territory planning, on the sandbox's clock.");
    const filled = await fill(play, size, today);
    play.planted = new Set(filled.planted.map(({ account }) => account));
    tell(
      play,
      'sandbox',
      `has ${filled.accounts} accounts in ${filled.families} families, ${filled.opportunities} deals on them, and ${filled.planted.length} things wrong that are written down`,
    );
    const first = await firstNight(play);
    const grown = await grownAccount(play);
    const asked = await override(play, addDays(play.day, 1), [grown]);
    const before = await ownershipOf(play, asked);
    const second = await transferNight(play);
    const transfer = await transferred(play, asked, before);
    const checks: Check[] = [...staged(await plannedAnew(play), filled), transfer];
    const story = await explained(play, asked);
    const mistake = await mistaken(play);
    const undone = await putBackRun(play, second);
    checks.push(await putBack(play, asked, before), explanation(story, asked));
    checks.push({
      where: 'What if',
      seen: `the page shows ${mistake.accounts} accounts that a mistake would move: ${mistake.page}`,
      missing: mistake.accounts > 0 ? [] : ['a mistake in the tables would do nothing'],
    });
    checks.push(...(await everything(play, [first, second, undone])));
    stage.verified({ hire: 'Territory planning', title: `${filled.accounts} accounts`, checks });
    if (!options.exit) await hints(play, first, asked);
    return checks;
  });
}

/** Who decides, by policy and rules in force. */
function peopleOf({ handbook }: Surroundings, today: string): Pick<TerritoryPlay, 'eyes' | 'approver'> {
  const rules = handbook.territory && rulesOn(handbook.territory.rules, today);
  const [approver = ''] = rules?.threshold.approvedBy ?? [];
  return { eyes: 'sam-ops', approver };
}

/** Nothing is staged yet: all of it differs, so it waits for somebody. */
async function firstNight(play: TerritoryPlay): Promise<string> {
  const status = await nightOf(play, addDays(play.day, 1));
  const run = status.run;
  if (status.phase !== 'asked') throw new Error(`${territoryRunId(run)} waited for nobody`);
  const issue = await issueOf(play, run);
  tell(
    play,
    'daytwo',
    `plans at night: ${status.figures?.added ?? 0} of ${status.figures?.accounts ?? 0} accounts would get their first staging. That is above the threshold: it waits`,
    issue.webUrl,
  );
  const page = /\]\((\/uploads\/[^)\s]+)\)/.exec(issue.description)?.[1] ?? '';
  const file = await play.around.as(play.eyes).upload(issue.project, page);
  if (file.kind !== 'text') throw new Error(`the issue of ${territoryRunId(run)} has no page`);
  tell(
    play,
    'daytwo',
    'attaches the page of owners, territories and countries before and after',
    issue.webUrl,
  );
  const { staging } = await approve(play, run);
  tell(
    play,
    'daytwo',
    `staging of ${staging.rows} accounts written and read back, ${staging.left} left, ${staging.refused} refused`,
  );
  return run;
}

/** The next night writes what changed, and transfers the account whose day has come. */
async function transferNight(play: TerritoryPlay): Promise<string> {
  const planned = await nextNight(play);
  const status = planned.phase === 'asked' ? await approve(play, planned.run) : planned;
  const { run, figures, staging, transfers } = status;
  tell(
    play,
    'daytwo',
    `plans at night: ${figures?.changed ?? 0} accounts changed. Staging of ${staging.rows} written, ${transfers.rows} transferred with territory, segment and open deals`,
  );
  return run;
}

/** What the run of a night wrote is taken back, once somebody approved that. */
async function putBackRun(play: TerritoryPlay, run: string): Promise<string> {
  const undone = rollbackId(run);
  await daytwo(play.around, 'territory', 'rollback', run, '--by', play.eyes);
  const asked = await until(
    play,
    undone,
    `the plan of ${territoryRunId(undone)}`,
    ({ phase }) => phase === 'asked',
  );
  tell(
    play,
    play.eyes,
    `asks that ${territoryRunId(run)} is put back: ${asked.figures?.changed ?? 0} accounts`,
    (await issueOf(play, undone)).webUrl,
  );
  const { staging, transfers } = await approve(play, undone);
  tell(
    play,
    'daytwo',
    `put back staging of ${staging.rows} accounts and ${transfers.rows} transfers; ${staging.left + transfers.left} left, since they changed since`,
  );
  return undone;
}

/** Why it is where it is, in words: the number that was asked for, and where it came from. */
const explanation = (story: string, id: string): Check => ({
  where: 'Explain',
  seen: `${id}: segment, source and territory, each with its rule`,
  missing: ['4200', 'manual-admin', 'Large'].filter((word) => !story.replaceAll(',', '').includes(word)),
});

async function hints(play: TerritoryPlay, first: string, account: string): Promise<void> {
  const id = territoryRunId(first);
  const { runId } = await play.workflows.client.workflow.getHandle(id).describe();
  const ui = workflowUrl(play.around, { id, runId });
  play.telling.next([
    ['The plan that was approved', (await issueOf(play, first)).webUrl],
    ...(ui === undefined ? [] : [['The process in the Temporal UI', ui] as const]),
    ['Why an account is where it is', `npx daytwo territory explain ${account}`],
    ['What a plan would write now', 'npx daytwo territory plan'],
    ['What is wrong with the tables', 'npx daytwo territory check'],
  ]);
}
