import { withNight, type NightPlan } from '../activities/territory-plan';
import { decimal, dollars } from '../domain/close/cents';
import { csvLine, terminal } from '../domain/escape';
import { changedColumns } from '../domain/territory/staging-change';
import { aboveThreshold } from '../domain/territory/threshold';
import type { Counted, RunFigures, RunSummary } from '../domain/territory/run';
import { runDay } from '../handbook/territory-time';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';
import { table } from './words';

export interface PlanOptions extends Spoken {
  readonly csv?: boolean;
}

/** `daytwo territory plan`: what a run would write now. Reads the org; nothing is changed or kept. */
export function territoryPlan(options: PlanOptions, around: Surroundings): Promise<number> {
  return withReadWorld(around, async (world) => {
    const handbook = world.handbook();
    if (!handbook.territory) throw new Refused('config/territory does not say how territories are planned.');
    const now = around.now().toISOString();
    const on = runDay(handbook, now);
    return withNight(world, { night: on, dir: null, now }, async (plan) => {
      await sayPlan(plan, on, options, around);
      return 0;
    });
  });
}

export async function sayPlan(
  plan: NightPlan,
  on: string,
  { json, csv }: PlanOptions,
  around: Surroundings,
): Promise<void> {
  const { figures, summary, findings, changes, rulesVersion, threshold } = plan;
  const above = aboveThreshold(figures, threshold);
  if (json) {
    const named = await findings(figures.findings);
    return around.out(jsonLine({ on, rules: rulesVersion, figures, above, summary, findings: named }));
  }
  if (csv) {
    around.out(
      csvLine(['Account', 'Changes', 'Segment', 'Territory', 'Proposed Owner', 'CARR', 'Due', 'Why']),
    );
    for await (const { accountId, from, to, carrCents, transfer, why } of changes())
      around.out(
        csvLine([
          accountId,
          changedColumns(from, to).join(' '),
          to.segment ?? '',
          to.territory ?? '',
          to.nextOwnerId ?? '',
          decimal(carrCents),
          transfer ? (transfer.held[0] ?? 'yes') : '',
          why,
        ]),
      );
    return;
  }
  around.out(around.colours.bold(`Plan of ${on}`) + around.colours.dim(`, by the rules of ${rulesVersion}`));
  sayFigures(figures, summary, around);
  for (const why of above)
    around.out(around.colours.yellow(`Above the threshold: ${why}. It would wait for approval.`));
}

/** What a run comes to, for people. */
export function sayFigures(figures: RunFigures, summary: RunSummary, around: Surroundings): void {
  const { accounts, added, changed, unchanged, carrCents, moves, held, due, findings } = figures;
  around.out(
    `${accounts} accounts: ${added} new, ${changed} changed, ${unchanged} unchanged (${dollars(carrCents)} CARR). ${due} to transfer; ${moves} could move, ${held} are held. ${findings} findings.`,
  );
  const tables: readonly (readonly [string, readonly Counted[]])[] = [
    ['Field', summary.fields],
    ['Reason', summary.reasons],
    ['Into the territory', summary.territories],
    ['Held by', summary.held],
    ['Finding', summary.findings],
  ];
  for (const [what, rows] of tables) {
    if (rows.length === 0) continue;
    around.out('');
    const cells = rows.map(({ name, accounts: count, carrCents: carr }) => [
      terminal(name),
      `${count}`,
      dollars(carr),
    ]);
    for (const line of table([what, 'Accounts', 'CARR'], cells, around.colours.bold)) around.out(line);
  }
}
