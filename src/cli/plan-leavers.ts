import { problemsOf } from '../activities/leaving-problems';
import type { ReadWorld } from '../activities/world';
import { policyOn } from '../domain/day-two';
import type { LeavingEvent } from '../domain/hr-event';
import { needsApproval } from '../domain/leaving-list';
import type { PersonRecord } from '../evidence';
import { contentOf, sayProblems, type FeedOptions } from './feed';
import { readHrEvents, type LocatedEvent } from './hr-events';
import { listOf } from './leave-list';
import {
  blocksOf,
  heldSystems,
  leaverPlans,
  movedRecords,
  plannedCase,
  planInJson,
  planInWords,
  type LeaverPlan,
} from './leaver-plan';
import { withReadWorld } from './read-world';
import { jsonLine, type Surroundings } from './surroundings';
import { onClock, plural, table, zoneNote } from './words';

export interface PlanLeaversOptions extends FeedOptions {
  /** Each plan besides the summary. */
  readonly each?: boolean;
}

/** One of a list: with a plan, or with why nothing would begin. */
interface Planned {
  readonly place: string;
  readonly event: LeavingEvent;
  readonly blocks: readonly string[];
  readonly plan: LeaverPlan | null;
}

/**
 * `daytwo plan leaver <file|->`: one summary of a list as `daytwo leave` takes it: who leaves when, how much each holds, and what blocks.
 * Of several lines for one person the last one counts, as it would.
 */
export async function planLeavers(
  file: string,
  options: PlanLeaversOptions,
  around: Surroundings,
): Promise<number> {
  const read = readHrEvents(await contentOf(file, around), 'leave');
  const bad = sayProblems(read, options, around);
  if (bad > 0 && !options.skipBad) return 1;
  return withReadWorld(around, async (world) => {
    const now = around.now().toISOString();
    const planned = await plannedOf(world, read.events, now);
    const { list } = policyOn(world.handbook(), now.slice(0, 10)).leaving;
    const approvals = needsApproval(listOf(read.events), list) ? list.approvals : 0;
    if (options.json) around.out(jsonLine(inJson(planned, approvals, options.each ?? false)));
    else for (const line of inWords(planned, approvals, options.each ?? false, around)) around.out(line);
    return bad === 0 ? 0 : 1;
  });
}

async function plannedOf(
  world: ReadWorld,
  events: readonly LocatedEvent[],
  now: string,
): Promise<readonly Planned[]> {
  const newest = new Map<string, { readonly place: string; readonly event: LeavingEvent }>();
  for (const { place, event } of events)
    if (event.type === 'employee.leaving') newest.set(event.employee_id, { place, event });
  const people = await world.store.peopleById([...newest.keys()]);
  const judged = [...newest.values()].map(({ place, event }) => {
    const person = people.get(event.employee_id) ?? null;
    const blocks = whyNothing(world, person, event, now);
    const leaver =
      person && blocks.length === 0 ? { person, one: plannedCase(world, person, event, now) } : null;
    return { place, event, blocks, leaver };
  });
  const plans = await leaverPlans(
    world,
    judged.flatMap(({ leaver }) => leaver ?? []),
  );
  return judged.map(({ place, event, blocks, leaver }): Planned => {
    const plan = (leaver && plans.get(leaver.one.leaving)) ?? null;
    return { place, event, plan, blocks: plan ? blocksOf(plan) : blocks };
  });
}

/** Why nothing would begin for somebody: HR would be asked, or they are gone. */
function whyNothing(
  world: Pick<ReadWorld, 'handbook'>,
  person: PersonRecord | null,
  event: LeavingEvent,
  now: string,
): readonly string[] {
  if (person?.status === 'left') return ['has left already: nothing would begin'];
  return problemsOf(world.handbook(), person, event, now);
}

interface Totals {
  readonly leavers: number;
  readonly blocked: number;
  readonly records: number;
  readonly stay: number;
  readonly steps: number;
}

const totalsOf = (planned: readonly Planned[]): Totals => {
  const sum = (of: (plan: LeaverPlan) => number): number =>
    planned.reduce((all, { plan }) => all + (plan ? of(plan) : 0), 0);
  return {
    leavers: planned.length,
    blocked: planned.filter(({ blocks }) => blocks.length > 0).length,
    records: sum(movedRecords),
    stay: sum(({ stays }) => stays),
    steps: sum(({ steps }) => steps.length),
  };
};

const inJson = (planned: readonly Planned[], approvals: number, each: boolean): object => ({
  leavers: planned.map(({ place, event, plan, blocks }) => ({
    place,
    employee_id: event.employee_id,
    kind: event.kind,
    time_zero: plan?.one.timeZero ?? null,
    holds: plan ? heldSystems(plan) : [],
    records: plan ? movedRecords(plan) : 0,
    opportunities_that_stay: plan?.stays ?? 0,
    steps: plan?.steps.length ?? 0,
    blocks,
    ...(each && plan ? { plan: planInJson(plan) } : {}),
  })),
  counts: totalsOf(planned),
  approvals_needed: approvals,
});

function inWords(
  planned: readonly Planned[],
  approvals: number,
  each: boolean,
  around: Surroundings,
): readonly string[] {
  const { colours, zone } = around;
  const { leavers, blocked, records, stay, steps } = totalsOf(planned);
  const rows = planned.map(({ event, plan, blocks }) => [
    event.employee_id,
    event.kind,
    plan ? onClock(plan.one.timeZero, zone) : '',
    plan ? heldSystems(plan).join(', ') || 'nothing' : '',
    ...(plan ? [movedRecords(plan), plan.stays, plan.steps.length].map(String) : ['', '', '']),
    blocks.join('; '),
  ]);
  const head = ['EMPLOYEE', 'KIND', 'TIME ZERO', 'HOLDS', 'RECORDS', 'STAY', 'STEPS', 'BLOCKS'];
  return [
    ...table(head, rows, colours.bold),
    '',
    `${plural(leavers, 'leaver')}: ${plural(records, 'record')} would go to others, ${plural(stay, 'opportunity', 'opportunities')} would stay, ${plural(steps, 'step')} by people. ${blocked === 0 ? 'Nothing blocks.' : `Something blocks ${blocked} of them.`}`,
    ...(approvals > 0
      ? [`Such a list needs ${plural(approvals, 'approval')}: daytwo leave <file> --approve --by <username>.`]
      : []),
    ...(each
      ? planned.flatMap(({ plan }) => (plan ? ['', ...planInWords(plan, around)] : []))
      : leavers > 0
        ? ['Each in full: --each.']
        : []),
    colours.dim(`\nNothing was changed. ${zoneNote(zone)}`),
  ];
}
