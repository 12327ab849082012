import { terminal } from '../domain/escape';
import { NoStatus, NoWorker, type Engine, type Running, type Wanted } from './engine';
import type { Places } from './find-process';
import { readObject } from './objects';
import { withProcesses } from './open';
import { ON_TRACK } from '../workflows/search';
import { bounded, jsonLine, Refused, WrongUsage, type Spoken, type Surroundings } from './surroundings';
import { lateOf, linkOf, standingOf, viewOf, waitsOf, type View, type Waiting } from './views';
import { age, onClock, plural, spaced, table, zoneNote } from './words';

export interface ListOptions extends Spoken {
  readonly state?: string;
  readonly kind?: string;
  readonly employee?: string;
  readonly all?: boolean;
  readonly limit: number;
}

export const KINDS = [
  'access-request', 'onboarding', 'role-change', 'offboarding', 'licence-reclaim', 'monthly-close', 'period-change', 'territory-plan', 'account-review', 'seat-pool', 'desk-watch', 'territory-watch',
] as const; // prettier-ignore
/** What people have a part in: all but what only daytwo itself goes on with. */
const OF_PEOPLE = [
  'access-request',
  'onboarding',
  'role-change',
  'offboarding',
  'licence-reclaim',
  'monthly-close',
  'period-change',
  'territory-plan',
  'account-review',
];
/** Where an onboarding that is on track may stand: told apart by its status, since its search attribute doesn't. */
const ALL_ON_TRACK = ['new', 'wait', 'requested'] as const;
/** The states that a process may have. */
export const STATES = [
  'waiting_approval', 'action_needed', 'in_progress', 'on_hold', 'completed', 'closed', 'rejected', 'cancelled',
  ...ALL_ON_TRACK, 'needs_ops', 'no_template', 'filed_by_hand', 'repeat', 'watching',
  'open', 'closing', 'lit', 'locked', 'announced', 'frozen', 'suspended', 'taken', 'watched', 'question', 'ended', 'rescinded', 'restored', 'noted',
  'asked', 'needs_info', 'approved', 'applied', 'done', 'commission_due', 'withdrawn', 'expired', 'stale', 'refused',
] as const; // prettier-ignore

const AT_ONCE = 8;

/** One line of the list. */
export interface Listed {
  readonly process: string;
  readonly kind: string;
  readonly employee: string | null;
  readonly state: string;
  readonly since: string;
  readonly ended: string | null;
  readonly waits: readonly Waiting[];
  /** What should have been settled by now; null where nothing is late. */
  readonly late: { readonly what: string; readonly since: string } | null;
  /** Why the process itself can't say where it stands; null where it did, or wasn't asked. */
  readonly fault: string | null;
  readonly link: string | null;
}

/** `daytwo list` */
export function list(options: ListOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, ({ engine, places, settings }) =>
    listFrom(engine, places, settings.gitlab.url, options, around),
  );
}

export async function listFrom(
  engine: Engine,
  places: Pick<Places, 'employeeOf'>,
  gitlabUrl: string | null,
  options: ListOptions,
  around: Surroundings,
): Promise<number> {
  const employeeId =
    options.employee === undefined ? undefined : await employeeFor(options.employee, gitlabUrl, places);
  const state =
    options.state === undefined ? undefined : known(options.state.replaceAll(' ', '_'), STATES, 'state');
  const onTrack = ALL_ON_TRACK.some((one) => one === state);
  const wanted: Wanted = {
    kinds: options.kind === undefined ? OF_PEOPLE : [known(options.kind, KINDS, 'kind')],
    ...(state === undefined ? {} : { states: [onTrack ? ON_TRACK : state] }),
    ...(employeeId === undefined ? {} : { employeeId }),
    ended: options.all ?? false,
  };
  const { found, total } = await engine.list(wanted, options.limit);
  const older = total > found.length ? await olderLeavings(engine, wanted, found) : [];
  const asked = await withStatus(engine, [...found, ...older], around.now());
  const { silent } = asked;
  const rows = asked.rows.filter((row, at) => at < found.length || row.late !== null);
  // An onboarding that follows its request would say the same thing twice.
  const follows = (row: Listed): boolean =>
    row.state === 'requested' && options.kind === undefined && options.state === undefined && !options.all;
  const fitting = rows.filter((row) => !follows(row) && !(onTrack && row.state !== state)).sort(lateFirst);
  const shown = fitting.slice(0, options.limit);
  const beyond = total - rows.length + (fitting.length - shown.length);
  if (options.json) for (const row of shown) around.out(jsonLine(row));
  else say(shown, { hidden: rows.filter(follows).length, beyond, silent }, around);
  return 0;
}

/** So many leavings are asked at most whether something of them is late. */
const MOST_LEAVINGS = 10_000;

/** Leavings on which people work, beyond the limit: what is late of them comes first, however long ago it began. */
async function olderLeavings(
  engine: Engine,
  wanted: Wanted,
  found: readonly Running[],
): Promise<readonly Running[]> {
  const { kinds, states } = wanted;
  if (!kinds.includes('offboarding') || (states && !states.includes('taken'))) return [];
  const all = await engine.list(
    { ...wanted, kinds: ['offboarding'], states: ['taken'], ended: false },
    MOST_LEAVINGS,
  );
  const shown = new Set(found.map(({ runId }) => runId));
  return all.found.filter(({ runId }) => !shown.has(runId));
}

/** What is late comes first, the longest first; all else stays as it was. */
function lateFirst(a: Listed, b: Listed): number {
  if (a.late && b.late) return a.late.since.localeCompare(b.late.since);
  return Number(b.late !== null) - Number(a.late !== null);
}

async function employeeFor(
  text: string,
  gitlabUrl: string | null,
  places: Pick<Places, 'employeeOf'>,
): Promise<string> {
  const named = readObject(text, gitlabUrl);
  if (named.kind === 'number') return named.digits;
  if (named.kind === 'employee') return named.employeeId;
  if (named.kind !== 'e-mail')
    throw new WrongUsage(`--employee takes an employee id or an e-mail, not "${text}".`);
  const employeeId = await places.employeeOf(named.email);
  if (employeeId === null)
    throw new Refused(
      'Nothing found. Looked for a person with this e-mail address among those that HR announced.',
    );
  return employeeId;
}

function known<T extends string>(word: string, words: readonly T[], what: string): T {
  const found = words.find((one) => one === word);
  if (found === undefined) throw new WrongUsage(`"${word}" is no ${what}. There are: ${words.join(', ')}.`);
  return found;
}

/** Asks each for its status, some at once; once no worker answers, the rest isn't asked. */
async function withStatus(
  engine: Engine,
  processes: readonly Running[],
  now: Date,
): Promise<{ rows: readonly Listed[]; silent: NoWorker | null }> {
  let silent: NoWorker | null = null;
  const rows = await bounded(processes, AT_ONCE, async (process) => {
    if (silent || process.execution !== 'RUNNING') return listed(process, null, now);
    try {
      return listed(process, viewOf(await engine.status(process)), now);
    } catch (error) {
      if (error instanceof NoStatus) return { ...listed(process, null, now), fault: error.why };
      if (!(error instanceof NoWorker)) throw error;
      silent = error;
      return listed(process, null, now);
    }
  });
  return { rows, silent };
}

function listed(process: Running, status: View | null, now: Date): Listed {
  const waits = status ? waitsOf(status) : [];
  return {
    process: process.workflowId,
    kind: process.kind,
    employee: process.employeeId,
    state: standingOf(process, status),
    since: waits[0]?.since ?? process.closedAt ?? process.startedAt,
    ended: process.closedAt,
    waits,
    late: status && process.execution === 'RUNNING' ? lateOf(status, now) : null,
    fault: null,
    link: status && linkOf(status),
  };
}

function say(
  rows: readonly Listed[],
  left: { hidden: number; beyond: number; silent: NoWorker | null },
  around: Surroundings,
): void {
  const { colours, zone } = around;
  const now = around.now();
  if (rows.length === 0)
    around.out('Nothing is running that fits. `daytwo list --all` shows what has ended, too.');
  else {
    const cells = rows.map((row) => [
      row.process,
      row.employee ?? '',
      spaced(row.state),
      `${onClock(row.since, zone)} (${age(row.since, now)})`,
      row.ended
        ? 'ended'
        : row.fault
          ? 'does not go on: `daytwo show` says why'
          : `${lateInWords(row.late, zone)}${waitsInWords(row.waits)}`,
      row.link ?? '',
    ]);
    for (const line of table(
      ['PROCESS', 'EMPLOYEE', 'STATE', 'SINCE', 'WAITS FOR', 'LINK'],
      cells,
      colours.bold,
    ))
      around.out(line);
    const hidden =
      left.hidden > 0
        ? ` ${plural(left.hidden, 'onboarding')} that only ${left.hidden === 1 ? 'follows' : 'follow'} a request above: --kind onboarding.`
        : '';
    around.out(colours.dim(`\n${plural(rows.length, 'process', 'processes')}.${hidden} ${zoneNote(zone)}`));
  }
  if (left.beyond > 0)
    around.err(
      `${plural(left.beyond, 'more process', 'more processes')} not shown: narrow it down with --state, --kind or --employee, or raise --limit.`,
    );
  if (left.silent) around.err(`What they wait for isn't known. ${terminal(left.silent.message)}`);
}

const lateInWords = (late: Listed['late'], zone: string): string =>
  late ? `LATE: ${late.what} since ${onClock(late.since, zone)}; ` : '';

/** The first of them on whom, and how many more. */
function waitsInWords(waits: readonly Waiting[]): string {
  const [first, ...more] = waits;
  if (!first) return '';
  return `${first.for}, on ${first.on}${more.length > 0 ? ` (+${more.length})` : ''}`;
}
