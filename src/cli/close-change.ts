import { managersOfReps } from '../activities/change-managers';
import { keptClose } from '../activities/close-visit';
import { periodsOf } from '../activities/periods-of';
import type { ReadWorld } from '../activities/world';
import { changeName, editInWords, isStanding, newChange, type ChangeEdit } from '../domain/close/change';
import { idsNamed, judgeAsk, type AskProblem, type WrittenEdit } from '../domain/close/change-ask';
import { waitsInWords } from '../domain/close/change-approval';
import { isLocked } from '../domain/close/close';
import { whoPrepared } from '../domain/close/tasks';
import { monthOf } from '../domain/close/period';
import { MOST_OF_A_REASON } from '../domain/request-desk';
import { policyOn } from '../domain/day-two';
import { terminal } from '../domain/escape';
import type { Policy } from '../domain/handbook';
import { suggestion } from '../domain/spelling';
import { planClose } from '../handbook/close-time';
import { periodNamed } from './close-calendar';
import { writtenEdits } from './close-change-edits';
import { TemporalEngine } from './engine';
import { withReadWorld } from './read-world';
import { jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { systemTime } from './system-time';
import { table } from './words';

export interface ChangeOptions extends Spoken {
  readonly record?: string;
  readonly set?: readonly string[];
  readonly file?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly dryRun?: boolean;
}

/** Begins the process of a change. */
export type StartChange = (change: { readonly period: string; readonly n: number }) => Promise<void>;

/** `daytwo close change <period> --record <id> --set Field=value --reason … --by …`: asks for a change of a locked period. */
export async function closeChange(
  asked: string,
  options: ChangeOptions,
  around: Surroundings,
): Promise<number> {
  const period = periodNamed(asked);
  const { written, problems } = await writtenEdits(options, around);
  if (problems.length > 0) return refuse(period, problems, options, around);
  return withReadWorld(around, async (world, settings) => {
    const now = await systemTime(settings, around);
    const start: StartChange = async (change) => {
      const engine = await TemporalEngine.connect(settings);
      try {
        await engine.startChange(change);
      } finally {
        await engine.close();
      }
    };
    return askForChange({ period, written, now }, options, world, start, around);
  });
}

/** Judges what is asked by how the records are now; what may be asked is kept, and its process begun. */
export async function askForChange(
  ask: { readonly period: string; readonly written: readonly WrittenEdit[]; readonly now: string },
  options: ChangeOptions,
  world: ReadWorld,
  start: StartChange,
  around: Pick<Surroundings, 'out' | 'err' | 'colours'>,
): Promise<number> {
  const { period, written, now } = ask;
  const word = options.dryRun ? null : askerOf(options, world);
  const policy = policyOn(world.handbook(), now.slice(0, 10));
  const { edits, problems } = await judged(ask, policy, world);
  if (!options.dryRun) await startMissing(period, world, start);
  if (problems.length > 0) return refuse(period, problems, options, around);
  const preparers = whoPrepared((await keptClose(world, period)).close.tasks);
  const asked = await managersOfReps(
    world,
    [...new Set(edits.map(({ record }) => record))],
    policy.close.change,
    [...preparers, ...(word ? [word.by] : [])],
  );
  if (asked.problems.length > 0) return refuse(period, asked.problems, options, around);
  if (!word) {
    if (options.json) around.out(jsonLine({ period, edits: edits.map(editInWords) }));
    else {
      for (const line of editTable(edits, around)) around.out(line);
      around.out(
        around.colours.dim(
          `\nNothing was asked for yet: ${written.length === 1 ? 'it' : 'they'} may be, without --dry-run.`,
        ),
      );
    }
    return 0;
  }
  const change = await world.store.changes.add(period, (n) =>
    newChange({
      period,
      n,
      asked: { ...word, at: now, channel: 'cli' },
      edits,
      policyVersion: policy.effectiveFrom,
      openDays: policy.close.change.openDays,
      ...(asked.managers.length > 0 ? { managers: asked.managers } : {}),
    }),
  );
  await start(change);
  const name = changeName(change);
  if (options.json)
    around.out(jsonLine({ period, change: name, process: `close/${name}`, edits: edits.map(editInWords) }));
  else {
    for (const line of editTable(edits, around)) around.out(line);
    const rules = { policy: policy.close.change, preparers };
    around.out(
      `\nAsked as ${name}. It waits for ${waitsInWords(change, rules)}, until ${change.expiresAt}: daytwo show ${name}.`,
    );
  }
  return 0;
}

async function judged(
  { period, written }: { readonly period: string; readonly written: readonly WrittenEdit[] },
  { close: { change } }: Policy,
  world: ReadWorld,
) {
  const closes = await world.store.closes.all();
  const close = closes.find((one) => one.period === period) ?? null;
  // Nothing is read where nothing may be asked.
  const records = close && isLocked(close) ? await periodsOf(world).named(idsNamed(written)) : [];
  return judgeAsk(written, {
    period: planClose(world.handbook(), period).period,
    close,
    records,
    changes: await world.store.changes.of(period),
    lockedPeriods: closes.filter(isLocked).map((one) => monthOf(one.period)),
    policy: change,
  });
}

/** A change that was kept just before the command died has no process yet. */
async function startMissing(period: string, world: ReadWorld, start: StartChange): Promise<void> {
  for (const change of await world.store.changes.of(period))
    if (isStanding(change) && change.issue === null) await start(change);
}

function askerOf(
  { by, reason }: ChangeOptions,
  world: ReadWorld,
): { readonly by: string; readonly reason: string } {
  const name = by?.replace(/^@/, '');
  if (!name) throw new WrongUsage('Who asks for it? --by <username>.');
  if (!reason?.trim()) throw new WrongUsage('A change of a locked period needs its reason: --reason "…".');
  if (reason.length > MOST_OF_A_REASON)
    throw new WrongUsage(`The reason has ${reason.length} characters; at most ${MOST_OF_A_REASON} are kept.`);
  const known = world.handbook().people.members.map(({ username }) => username);
  if (!known.includes(name))
    throw new Refused(
      `Nobody of people.yml is called ${terminal(name)}. ${suggestion(name, known, 'Name a member.')}`,
    );
  return { by: name, reason: reason.trim() };
}

function refuse(
  period: string,
  problems: readonly AskProblem[],
  { json }: Spoken,
  around: Pick<Surroundings, 'out' | 'err'>,
): number {
  if (json) around.out(jsonLine({ period, change: null, problems }));
  else
    for (const { place, problem, mend } of problems)
      around.err(`${terminal(place)}: ${terminal(problem)}. ${terminal(mend)}`);
  return 1;
}

const editTable = (edits: readonly ChangeEdit[], { colours }: Pick<Surroundings, 'colours'>): string[] =>
  table(
    ['Record', 'Field', 'From', 'To'],
    edits.map((edit) => Object.values(editInWords(edit))),
    colours.bold,
  );
