import { z } from 'zod';
import { addDays } from '../../domain/dates';
import { soql } from '../../domain/escape';
import { rulesOn } from '../../domain/territory/handbook';
import { stageNumber } from '../../domain/territory/opportunities';
import type { TerritoryRules } from '../../domain/territory/rules';
import { RUN_BOXES } from '../../domain/territory/run-text';
import { territoryRunId } from '../../domain/territory/run';
import { daytwo } from '../command';
import { evidence } from '../playing';
import type { Check } from '../telling';
import { isTicked } from '../tick';
import { fieldsOf, issueOf, type Filled, type TerritoryPlay } from './play';
import { ownershipOf, type Deal, type Ownership } from './account-stories';

const planAnswer = z.object({
  figures: z.object({
    accounts: z.number(),
    added: z.number(),
    changed: z.number(),
    due: z.number(),
  }),
  findings: z.array(z.object({ kind: z.string(), accountId: z.string().nullable(), what: z.string() })),
});
export type PlanSeen = z.infer<typeof planAnswer>;

/** What a plan would write now: read and planned once more, by the command. */
export const plannedAnew = async ({ around }: TerritoryPlay): Promise<PlanSeen> =>
  planAnswer.parse(JSON.parse(await daytwo(around, 'territory', 'plan', '--json')));

/** Nothing differs from what was planned, and whatever was planted is named. */
export function staged({ figures, findings }: PlanSeen, filled: Filled): Check[] {
  const named = new Set(findings.map(({ kind, accountId }) => `${kind}/${accountId ?? ''}`));
  const members = findings.filter(({ kind }) => kind === 'cycle').map(({ what }) => what);
  const isNamed = (kind: string, account: string): boolean =>
    named.has(`${kind}/${account}`) || (kind === 'cycle' && members.some((list) => list.includes(account)));
  const wanted = filled.planted.filter(({ kind }) => NAMED.includes(kind));
  return [
    {
      where: 'Staging',
      seen: `all ${figures.accounts} accounts stand as planned`,
      missing: [
        ...(figures.accounts < filled.accounts
          ? [`${figures.accounts} of ${filled.accounts} were planned`]
          : []),
        ...(figures.added + figures.changed > 0
          ? [`${figures.added + figures.changed} accounts differ from their plan`]
          : []),
        ...(figures.due > 0 ? [`${figures.due} accounts were not transferred on their day`] : []),
      ],
    },
    {
      where: 'Findings',
      seen: `all ${wanted.length} planted faults are named`,
      missing: wanted
        .filter(({ kind, account }) => !isNamed(kind, account))
        .map(({ kind, account }) => `${kind} of ${account} was not named`),
    },
  ];
}
const NAMED = ['cycle', 'missing-parent', 'employees-unreadable', 'employees-too-many', 'country-unknown'];

/** One account went over whole: its early deals with it, its late ones held over, its closed deals stayed where they were. */
export async function transferred(play: TerritoryPlay, id: string, before: Ownership): Promise<Check> {
  const fields = await fieldsOf(play, id, [
    'OwnerId',
    'ATAM_Approved_Next_Owner__c',
    'Ultimate_Parent_Sales_Segment_Employees__c',
    'JB_Test_Sales_Segment__c',
    'Account_Territory__c',
    'ATAM_Territory__c',
  ]);
  const after = await ownershipOf(play, id);
  const same = (actual: string, staging: string): string[] =>
    fields[actual] === fields[staging] ? [] : [`${actual} of ${id} is not what was staged`];
  const fates = [...before.deals].map(([deal, was]) => ({
    deal,
    fate: fateOf(play, was, before.owner),
    was,
    is: after.deals.get(deal),
  }));
  const count = (fate: Fate): number => fates.filter((one) => one.fate === fate).length;
  const wrong = fates.flatMap(({ deal, fate, was, is }) => {
    const isRight =
      fate === 'either' ||
      (fate === 'moves'
        ? is?.owner === after.owner && is.heldUntil === was.heldUntil
        : is?.owner === was.owner && is.heldUntil === (fate === 'held' ? heldUntil(play) : was.heldUntil));
    return isRight ? [] : [`the deal ${deal} in ${was.stage} is not as it should be (${fate})`];
  });
  return {
    where: 'Transfer',
    seen: `${id} went over with territory and segment; of its deals ${count('moves')} moved, ${count('held')} were held over, ${count('stays')} stayed`,
    missing: [
      ...(before.owner === after.owner ? [`${id} has the owner that it had`] : []),
      ...same('OwnerId', 'ATAM_Approved_Next_Owner__c'),
      ...same('Ultimate_Parent_Sales_Segment_Employees__c', 'JB_Test_Sales_Segment__c'),
      ...same('Account_Territory__c', 'ATAM_Territory__c'),
      ...wrong,
      ...(['moves', 'held', 'stays'] as const).flatMap((fate) =>
        count(fate) > 0 ? [] : [`no deal of ${id} ${fate}: nothing is shown by it`],
      ),
    ],
  };
}

type Fate = 'moves' | 'held' | 'stays' | 'either';

/** What becomes of a deal by its stage; between the two bounds it depends on whether the account moved at once or at a window. */
function fateOf(play: TerritoryPlay, { owner, stage, isClosed }: Deal, from: string): Fate {
  const { immediateUpTo, windowUpTo } = dealRules(play);
  if (isClosed || owner !== from) return 'stays';
  const number = stageNumber(stage) ?? Infinity;
  if (number <= immediateUpTo) return 'moves';
  return number > windowUpTo ? 'held' : 'either';
}

const heldUntil = (play: TerritoryPlay): string => addDays(play.day, dealRules(play).holdoverDays);

function dealRules({ around, day }: TerritoryPlay): TerritoryRules['opportunities'] {
  const rules = rulesOn(around.handbook.territory?.rules ?? [], day);
  if (!rules) throw new Error('no rules of territory planning hold on this day');
  return rules.opportunities;
}

export async function putBack(play: TerritoryPlay, id: string, before: Ownership): Promise<Check> {
  const after = await ownershipOf(play, id);
  const differs = [...before.deals].filter(([deal, was]) => {
    const is = after.deals.get(deal);
    return is?.owner !== was.owner || is.heldUntil !== was.heldUntil;
  });
  return {
    where: 'Put back',
    seen: `${id} and its ${before.deals.size} deals are with whom they were`,
    missing: [
      ...(after.owner === before.owner ? [] : [`${id} is not with the owner that it had`]),
      ...differs.map(([deal]) => `the deal ${deal} is not as it was before`),
    ],
  };
}

/** What holds of the whole org, and of what people and the operator see. */
export async function everything(play: TerritoryPlay, runs: readonly string[]): Promise<readonly Check[]> {
  const { accounts, workflows, around } = play;
  const without = await accounts.count(`SELECT COUNT() FROM Account WHERE OwnerId = null`);
  const pending = await accounts.count(
    `SELECT COUNT() FROM Account WHERE TSP_Override_Status__c = ${soql('Requested')}`,
  );
  const processes = await Promise.all(
    runs.map(async (run) => ({
      run,
      status: (await workflows.client.workflow.getHandle(territoryRunId(run)).describe()).status.name,
    })),
  );
  const issues = await Promise.all(runs.filter((run) => run !== play.day).map((run) => issueOf(play, run)));
  return [
    {
      where: 'Accounts',
      seen: 'every account has an owner, every request an answer',
      missing: [
        ...(without > 0 ? [`${without} accounts lost their owner`] : []),
        ...(pending > 0 ? [`${pending} requests have no answer`] : []),
      ],
    },
    {
      where: 'Issues',
      seen: `${issues.length} approvals shown, closed and confidential`,
      missing: issues
        .filter(
          ({ state, confidential, description }) =>
            state !== 'closed' || !confidential || !isTicked(description, RUN_BOXES.approve),
        )
        .map(({ iid }) => `issue #${iid} is open, open to all, or not approved`),
    },
    {
      where: 'Temporal',
      seen: processes.map(({ run, status }) => `${territoryRunId(run)} is ${status}`).join(', '),
      missing: processes
        .filter(({ status }) => status !== 'COMPLETED')
        .map(({ run, status }) => `${territoryRunId(run)} is ${status}`),
    },
    await evidence(around),
  ];
}
