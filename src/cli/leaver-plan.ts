import { planEstates } from '../activities/leaver-estates';
import { sweep } from '../activities/leaver-sweep';
import type { ReadWorld } from '../activities/world';
import { policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import type { HandoverStep } from '../domain/handover';
import type { LeavingEvent } from '../domain/hr-event';
import { isSettled, type LeaverCase, type LeaverItem } from '../domain/leaving';
import type { PersonRecord } from '../evidence';
import { calendarOf } from '../handbook/business-time';
import { timeZeroOf } from '../handbook/leaving-time';
import type { Surroundings } from './surroundings';
import { onClock, plural, table } from './words';

/** So many records of one kind would go to one person, for one reason. */
interface Moved {
  readonly object: string;
  /** An address; null: nobody, they are removed. */
  readonly to: string | null;
  readonly why: string;
  readonly count: number;
}

/** What would become of one leaver; nothing of it is done. */
export interface LeaverPlan {
  readonly one: LeaverCase;
  readonly person: PersonRecord;
  readonly items: readonly LeaverItem[];
  readonly moves: readonly Moved[];
  readonly stays: number;
  readonly steps: readonly HandoverStep[];
  /** Nobody at all can take over. */
  readonly nobody: boolean;
}

/** Asks every system about all of these together, as their time zero would; changes nothing. By leaving. */
export async function leaverPlans(
  world: ReadWorld,
  leavers: readonly { readonly one: LeaverCase; readonly person: PersonRecord }[],
): Promise<ReadonlyMap<string, LeaverPlan>> {
  const cases = leavers.map(({ one }) => one);
  const items = await sweep(world, cases);
  // Who is suspended keeps what they own.
  const owning = cases.filter(({ event }) => event.kind !== 'suspension');
  const estates = await planEstates(world, owning, items);
  return new Map(
    leavers.map(({ one, person }) => {
      const theirs = estates.filter((estate) => estate.one.leaving === one.leaving);
      const moves = countsOf(
        theirs.flatMap(({ plan, rules }) => {
          const emails = new Map([...rules.heirs].map(([email, id]) => [id, email]));
          return plan.moves.map(({ object, to, why }) => ({
            object,
            to: to === null ? null : (emails.get(to) ?? to),
            why: to === null ? 'removed' : why,
          }));
        }),
      );
      const plan: LeaverPlan = {
        one,
        person,
        items: items.get(one.leaving) ?? [],
        moves,
        stays: theirs.reduce((sum, { plan: { stays } }) => sum + stays.length, 0),
        steps: theirs.flatMap(({ plan: { steps } }) => steps),
        nobody: theirs.some(({ plan: { nobody } }) => nobody),
      };
      return [one.leaving, plan];
    }),
  );
}

/** A leaving that nobody announced: as it would be from this event on. */
export function plannedCase(
  world: Pick<ReadWorld, 'handbook'>,
  person: PersonRecord,
  event: LeavingEvent,
  now: string,
): LeaverCase {
  const handbook = world.handbook();
  const policy = policyOn(handbook, now.slice(0, 10));
  return {
    leaving: `plan/${person.employeeId}`,
    employeeId: person.employeeId,
    event,
    phase: 'announced',
    timeZero: timeZeroOf(event, policy.leaving, calendarOf(handbook, policy, person)),
    policyVersion: policy.effectiveFrom,
    frozenAt: null,
    takenAt: null,
    endedAt: null,
    issue: null,
    successor: null,
  };
}

function countsOf(moves: readonly Omit<Moved, 'count'>[]): readonly Moved[] {
  const counts = new Map<string, Moved>();
  for (const move of moves) {
    const key = [move.object, move.to ?? 'nobody', move.why].join('\t');
    counts.set(key, { ...move, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([, moved]) => moved);
}

/** Systems in which something of theirs was found. */
export const heldSystems = ({ items }: Pick<LeaverPlan, 'items'>): readonly string[] =>
  items.filter(({ kind, found }) => kind === 'system' && found.length > 0).map(({ id }) => id);

export const movedRecords = ({ moves }: Pick<LeaverPlan, 'moves'>): number =>
  moves.reduce((sum, { count }) => sum + count, 0);

/** What would keep it from going through by itself: beside the steps that people do anyway. */
export const blocksOf = ({ items, nobody }: Pick<LeaverPlan, 'items' | 'nobody'>): readonly string[] => [
  ...(nobody ? ['nobody can take over what they own'] : []),
  ...new Set(items.flatMap(({ problem }) => problem ?? [])),
];

/** The plan as a JSON document has it. */
export const planInJson = ({ one, person, items, moves, stays, steps }: LeaverPlan): object => ({
  employee_id: person.employeeId,
  time_zero: one.timeZero,
  systems: items,
  moves,
  opportunities_that_stay: stays,
  steps,
});

export function planInWords(
  { one, person, items, moves, stays, steps }: LeaverPlan,
  { colours, zone }: Pick<Surroundings, 'colours' | 'zone'>,
): readonly string[] {
  const there = `${onClock(one.timeZero, person.timeZone)}, ${person.timeZone}`;
  return [
    colours.bold(`Employee ${terminal(person.employeeId)}`),
    `  time zero  ${there} (yours: ${onClock(one.timeZero, zone)})\n`,
    ...table(
      ['SYSTEM', 'HOLDS', '', 'PROBLEM'],
      items.map((item) => [
        item.id,
        heldInWords(item),
        item.found.some(({ asked }) => !asked) ? 'nobody asked for it' : '',
        item.problem ?? '',
      ]),
      colours.bold,
    ),
    '',
    ...(moves.length > 0
      ? table(
          ['RECORDS', 'WOULD GO TO', 'WHY', 'COUNT'],
          moves.map(({ object, to, why, count }) => [object, to ?? 'nobody', why, String(count)]),
          colours.bold,
        )
      : []),
    one.event.kind === 'suspension'
      ? 'A suspension: nothing would be handed over.'
      : `${plural(stays, 'opportunity', 'opportunities')} would stay: closed, or of a locked period.`,
    ...steps.map(({ text }) => `- by a person: ${terminal(text)}`),
  ];
}

const heldInWords = (item: LeaverItem): string =>
  isSettled(item)
    ? 'nothing found'
    : item.found.length > 0
      ? item.found
          .map(
            ({ connection, state, shows }) =>
              `${connection} ${state}${shows.length > 0 ? `: ${shows.join(', ')}` : ''}`,
          )
          .join('; ')
      : 'can not be asked: its deprovisioners say';
