import { live } from '../../scripts/lib/progress.cjs';
import { terminal } from '../domain/escape';
import type { People } from '../domain/handbook';
import { malformed } from '../domain/request-desk';
import type { HeldWork, Store } from '../evidence';
import { readHandbook } from '../handbook';
import { suggestion } from '../domain/spelling';
import { NoWorker, TemporalAway, type Engine } from './engine';
import { withProcesses } from './open';
import { bounded, jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { onClock } from './words';

export interface ReassignOptions extends Spoken {
  readonly from: string;
  readonly to: string;
  readonly by?: string;
  readonly reason?: string;
  readonly plan?: boolean;
}

/** What waits on somebody in one request: it is moved by one decision, all or nothing. */
interface Move {
  readonly workflowId: string;
  readonly request: string;
  readonly items: readonly HeldWork[];
}

/** What is asked for, checked: `to` is as the decision carries it, a user name or `team:<key>`. */
interface Asked {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly reason: string | null;
}

type Result =
  | { readonly taken: true }
  /** `away`: Temporal or every worker is, so that the others would only wait for the same. */
  | { readonly taken: false; readonly why: string; readonly away: boolean };

/** Decisions that are under way at one time. */
const AT_ONCE = 4;

/** `daytwo reassign --from <person> --to <person|team> --by <username>`, and `daytwo plan reassign` */
export function reassign(options: ReassignOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ engine, store, settings }) => {
    const asked = askedOf(options, readHandbook(settings.configDir).people);
    return reassignAll(engine, (await store()).work, asked, options, around);
  });
}

/** Checks what was given, all at once. @throws WrongUsage */
export function askedOf(options: ReassignOptions, people: Pick<People, 'members' | 'teams'>): Asked {
  const [from, to, by] = [options.from, options.to, options.by ?? ''].map((name) => name.replace(/^@/, ''));
  const names = people.members.map(({ username }) => username);
  const teams = Object.keys(people.teams);
  const isTeam = to !== undefined && Object.hasOwn(people.teams, to);
  const problems = [
    ...(from && malformed({ by: from }) === null ? [] : ['--from must be a GitLab user name']),
    ...(by || options.plan ? [] : ['--by must say who decides']),
    ...(by && malformed({ by }) !== null ? ['--by must be a GitLab user name'] : []),
    ...(isTeam || (to && names.includes(to))
      ? []
      : [
          `--to names nobody of people.yml: ${terminal(to ?? '')}. ${suggestion(to ?? '', [...names, ...teams], 'Give a user name or a team of people.yml')}`.replace(
            /\.$/,
            '',
          ),
        ]),
    ...(from === to ? ['--from and --to are the same person'] : []),
  ];
  if (problems.length > 0) throw new WrongUsage(`${problems.join('. ')}.`);
  return {
    from: from ?? '',
    to: isTeam ? `team:${to}` : (to ?? ''),
    by: by ?? '',
    reason: options.reason?.trim() || null,
  };
}

/**
 * Shows all that waits on somebody, and moves it, so many requests at a time. A request that can't be moved is named with the
 * reason, and the others go on.
 * @returns 0 where all was moved, or nothing waits; else 1
 */
export async function reassignAll(
  engine: Pick<Engine, 'decide'>,
  work: Pick<Store['work'], 'workOf'>,
  asked: Asked,
  { plan, json }: Pick<ReassignOptions, 'plan' | 'json'>,
  around: Surroundings,
): Promise<number> {
  const moves = movesOf(await work.workOf(asked.from));
  const to = asked.to.replace(/^team:/, 'team ');
  if (plan) {
    for (const move of moves) around.out(json ? jsonLine(recordOf(move, asked, null)) : lineOf(move, around));
    if (!json) {
      const count = moves.reduce((sum, { items }) => sum + items.length, 0);
      around.out(
        `${count} in ${moves.length} requests wait on ${asked.from}, and would be moved to ${to}. Nothing was changed.`,
      );
    }
    return 0;
  }
  const results = await moveAll(engine, moves, asked, (move, result) => {
    if (json) return around.out(jsonLine(recordOf(move, asked, result)));
    if (result.taken) return around.out(`${lineOf(move, around)}: moved to ${to}`);
    around.err(`${lineOf(move, around)}: not moved: ${terminal(result.why)}`);
  });
  const failed = results.filter(({ taken }) => !taken).length;
  if (!json)
    around.out(
      moves.length === 0
        ? `Nothing waits on ${asked.from}.`
        : `${results.length - failed} of ${results.length} requests moved from ${asked.from} to ${to}.`,
    );
  return failed === 0 ? 0 : 1;
}

function movesOf(items: readonly HeldWork[]): readonly Move[] {
  const moves = new Map<string, HeldWork[]>();
  for (const item of [...items].sort((a, b) => a.iid - b.iid))
    moves.set(item.workflowId, [...(moves.get(item.workflowId) ?? []), item]);
  return [...moves].flatMap(([workflowId, held]) => {
    const [first] = held;
    return first ? [{ workflowId, request: `${first.project}#${first.iid}`, items: held }] : [];
  });
}

async function moveAll(
  engine: Pick<Engine, 'decide'>,
  moves: readonly Move[],
  asked: Asked,
  tell: (move: Move, result: Result) => void,
): Promise<readonly Result[]> {
  let done = 0;
  let away: string | null = null;
  const line = live('Moving', () => `${done} of ${moves.length} requests`);
  try {
    return await bounded(moves, AT_ONCE, async (move) => {
      const result: Result =
        away === null
          ? await moveOne(engine, move, asked)
          : { taken: false, why: `not tried: ${away}`, away: true };
      if (!result.taken && result.away) away ??= result.why;
      done += 1;
      tell(move, result);
      return result;
    });
  } finally {
    line.clear();
  }
}

async function moveOne(
  engine: Pick<Engine, 'decide'>,
  { workflowId }: Move,
  { from, to, by, reason }: Asked,
): Promise<Result> {
  try {
    const { taken, why } = await engine.decide(workflowId, {
      kind: 'reassign',
      by,
      from,
      to,
      ...(reason === null ? {} : { reason }),
    });
    return taken ? { taken } : { taken, why: why ?? 'no reason given', away: false };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const away = error instanceof NoWorker || error instanceof TemporalAway;
    return { taken: false, why: error.message, away };
  }
}

const inWords = ({ kind, what }: HeldWork): string =>
  kind === 'claim' ? 'held' : `${kind} ${terminal(what)}`;

const lineOf = ({ request, items }: Move, { zone }: Surroundings): string =>
  `${terminal(request)}  ${items.map((item) => `${inWords(item)} since ${onClock(item.since, zone)}`).join(', ')}`;

const recordOf = (
  { workflowId, request, items }: Move,
  { from, to }: Asked,
  result: Result | null,
): object => ({
  process: workflowId,
  request,
  from,
  to,
  items: items.map(({ kind, what, since }) => ({ kind, what, since })),
  taken: result?.taken ?? null,
  why: result?.taken === false ? result.why : null,
});
