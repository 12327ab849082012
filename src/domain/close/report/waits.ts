import type { CloseCase } from '../close';
import { dateOf } from '../close';
import { PARTIES, PARTY_NAMES, type GreenLightPolicy } from '../green-light';
import { isSigned, type CloseTask, type TaskState } from '../tasks';

/** A step of a close that others waited for. */
export interface Wait {
  /** Key of the task, or the party of a green light. */
  readonly of: string;
  readonly step: 'prepared' | 'reviewed' | 'green light';
  readonly team: string;
  /** User name of who did it; of a step that isn't done, those who may. */
  readonly on: string;
  /** User names of those who could go on only afterwards. */
  readonly waited: readonly string[];
  /** When it could be done, and when it was; null: it still isn't. */
  readonly from: string;
  readonly to: string | null;
  readonly hours: number;
}

/**
 * Who waited on whom: a task can be prepared once what it needs is signed (after the cut-off, where it is due by that), it is
 * reviewed once it is prepared, and green lights are given once every task is signed.
 *
 * @param now until when what isn't done has waited
 */
export function waitsOf(
  close: CloseCase,
  tasks: readonly CloseTask[],
  greenLight: Pick<GreenLightPolicy, 'by'>,
  now: string,
): readonly Wait[] {
  const states = new Map(close.tasks.map((state) => [state.key, state]));
  const known = tasks.filter(({ key }) => states.has(key));
  const waits = known.flatMap((task) => {
    const ready = readyAt(close, task, states);
    const state = states.get(task.key);
    return ready === null || !state ? [] : waitsOfTask(task, state, known, ready, now);
  });
  return [...waits, ...waitsOfLights(close, greenLight, now)];
}

function waitsOfTask(
  task: CloseTask,
  { prepared, reviewed }: TaskState,
  all: readonly CloseTask[],
  ready: string,
  now: string,
): readonly Wait[] {
  const after = all.filter(({ needs }) => needs.includes(task.key)).map(({ preparer }) => preparer);
  const preparing = wait(ready, prepared?.at ?? null, now, {
    of: task.key,
    step: 'prepared',
    team: task.team,
    on: prepared?.by ?? (task.automatic ? 'daytwo' : task.preparer),
    waited: [task.reviewer],
  });
  if (!prepared) return [preparing];
  const reviewing = wait(prepared.at, reviewed?.at ?? null, now, {
    of: task.key,
    step: 'reviewed',
    team: task.team,
    on: reviewed?.by ?? task.reviewer,
    waited: [...new Set(after)],
  });
  return [preparing, reviewing];
}

function waitsOfLights(
  { tasks, lights }: CloseCase,
  { by }: Pick<GreenLightPolicy, 'by'>,
  now: string,
): readonly Wait[] {
  if (tasks.length === 0 || !tasks.every(isSigned)) return [];
  const from = latest(tasks.flatMap(({ reviewed }) => (reviewed ? [reviewed.at] : [])));
  return PARTIES.map((party) => {
    const light = lights[party];
    return wait(from, light?.at ?? null, now, {
      of: PARTY_NAMES[party],
      step: 'green light',
      team: PARTY_NAMES[party],
      on: light?.by ?? by[party].join(' or '),
      waited: [],
    });
  });
}

/** When a task could be prepared; null: not yet. */
function readyAt(close: CloseCase, task: CloseTask, states: ReadonlyMap<string, TaskState>): string | null {
  const needed = task.needs.flatMap((key) => states.get(key) ?? []);
  if (!needed.every(isSigned)) return null;
  const cutOff = dateOf(close, 'cut_off')?.at;
  const isEarly = task.due.from === 'opens' || task.due.from === 'freeze_begins';
  return latest([
    close.openedAt,
    ...needed.flatMap(({ reviewed }) => (reviewed ? [reviewed.at] : [])),
    ...(isEarly || cutOff === undefined ? [] : [cutOff]),
  ]);
}

function wait(from: string, to: string | null, now: string, of: Omit<Wait, 'from' | 'to' | 'hours'>): Wait {
  const ms = Date.parse(to ?? now) - Date.parse(from);
  return { ...of, from, to, hours: Math.max(0, Math.round(ms / 360_000) / 10) };
}

const latest = (instants: readonly string[]): string =>
  instants.reduce((last, at) => (Date.parse(at) > Date.parse(last) ? at : last));

/** Hours that others waited, summed; the longest first. */
export function hoursBy(
  waits: readonly Wait[],
  by: 'on' | 'team',
): readonly { readonly who: string; readonly hours: number; readonly steps: number }[] {
  const sums = new Map<string, { hours: number; steps: number }>();
  for (const one of waits) {
    const sum = sums.get(one[by]) ?? { hours: 0, steps: 0 };
    sums.set(one[by], { hours: sum.hours + one.hours, steps: sum.steps + 1 });
  }
  return [...sums]
    .map(([who, { hours, steps }]) => ({ who, hours: Math.round(hours * 10) / 10, steps }))
    .sort((a, b) => b.hours - a.hours || (a.who < b.who ? -1 : 1));
}
