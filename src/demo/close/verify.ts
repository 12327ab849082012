import { closeId, type Workflows } from '../../temporal/client';
import type { Check, Verified } from '../telling';
import { textAt } from '../accounts';
import { evidence } from '../playing';
import { editedDeal, type Play } from './play';
import { findingsOf, variancesOf, type PlantedVariance } from './settle';

/** Reads everything back from the systems themselves. */
export async function verifyClose(play: Play, workflows: Workflows): Promise<Verified> {
  const { plan } = play;
  const checks = await Promise.all([
    faults(play),
    billing(play),
    lock(play),
    issues(play),
    process(play, workflows),
    evidence(play.around),
  ]);
  return {
    hire: `Close of ${plan.period.key}`,
    title: `${play.size.deals} deals, policy of ${plan.policy.effectiveFrom}`,
    checks,
  };
}

/** Each planted fault was found, and nothing that wasn't planted. */
async function faults(play: Play): Promise<Check> {
  const found = await findingsOf(play, '--all');
  const keys = new Set(found.map(({ record, check }) => `${check}/${record}`));
  // Where billing was made to differ, a line of the deal may stand twice.
  const records = new Set([
    ...play.planted.map(({ record }) => record),
    ...play.variances.map(({ opportunity }) => opportunity),
    // What people of the play edited was found, too.
    (await editedDeal(play)).id,
  ]);
  const unfound = play.planted.filter(({ record, check }) => !keys.has(`${check}/${record}`));
  // What the days made of open deals that are expected later was planted by nobody.
  const invented = found.filter(({ record, later }) => !records.has(record) && later !== true);
  return {
    where: 'Booking checks',
    seen: `all ${play.planted.length} planted faults found, none invented`,
    missing: [
      ...unfound.map(({ record, check }) => `${check} of ${record} was not found`),
      ...invented.map(({ record, check }) => `${check} of ${record} was invented`),
    ],
  };
}

/** Each planted variance was found, and nothing else. */
async function billing(play: Play): Promise<Check> {
  const nameOf = ({ kind, opportunity, product }: PlantedVariance): string =>
    `${kind} of ${opportunity}, ${product}`;
  const edited = (await editedDeal(play)).id;
  const rows = await variancesOf(play);
  const found = new Set(rows.filter(({ opportunity }) => opportunity !== edited).map(nameOf));
  const wanted = new Set(play.variances.map(nameOf));
  return {
    where: 'Billing',
    seen: `all ${wanted.size} planted variances found and explained, none invented`,
    missing: [
      ...[...wanted].filter((name) => !found.has(name)).map((name) => `${name} was not found`),
      ...[...found].filter((name) => !wanted.has(name)).map((name) => `${name} was invented`),
    ],
  };
}

/** The org itself: the setting, the refusal of an edit. */
async function lock(play: Play): Promise<Check> {
  const { accounts, plan } = play;
  const [setting] = await accounts.rows('SELECT Locked_Through__c FROM Close_Lock__c');
  const { id } = await editedDeal(play);
  const through = setting ? textAt(setting, 'Locked_Through__c') : 'nothing';
  const code = await accounts.edit('Opportunity', id, { Amount: 1 });
  return {
    where: 'Salesforce',
    seen: `locked through ${through}; an edit is refused: ${code ?? ''}`,
    missing: [
      ...(through === plan.period.lastDay ? [] : [`locked through ${through}`]),
      ...(code !== 'FIELD_CUSTOM_VALIDATION_EXCEPTION' ? ['an edit was not refused'] : []),
    ],
  };
}

async function issues({ desk, plan }: Play): Promise<Check> {
  const period = await desk.issue();
  const unsigned = [];
  for (const { task } of plan.tasks) {
    const { description, state } = await desk.issue({ task: task.key });
    if (state !== 'closed' || !/`[\w.-]+` at [\s\S]*`[\w.-]+` at /.test(description)) unsigned.push(task.key);
  }
  return {
    where: 'GitLab',
    seen: `the period's issue is closed, ${plan.tasks.length} tasks are signed by two`,
    missing: [
      ...(period.state === 'closed' && period.confidential
        ? []
        : ["the period's issue is open, or not confidential"]),
      ...unsigned.map((key) => `${key} isn't signed by two`),
    ],
  };
}

async function process({ plan }: Play, workflows: Workflows): Promise<Check> {
  const id = closeId(plan.period.key);
  const seen = await workflows.client.workflow.getHandle(id).describe();
  return {
    where: 'Temporal',
    seen: `${id} is ${seen.status.name}`,
    missing: seen.status.name === 'COMPLETED' ? [] : [`${id} is ${seen.status.name}`],
  };
}
