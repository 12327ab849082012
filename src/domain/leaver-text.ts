import { codeSpan, markdown, plainLine } from './escape';
import type { System } from './handbook';
import { boxesOfItem, CALL_BOX, settlersOf, type LeaverRules } from './leaver-desk';
import { isSettled, type FoundAccess, type LeaverCase, type LeaverItem } from './leaving';
import { markerPart } from './request-text';
import { DAYTWO_WRITES } from './owned-block';
import { box } from './task-list';

/** What the text of a leaving is made of besides its case and items. */
export interface LeaverReaders {
  readonly name: string;
  readonly email: string;
  /** Local date and time of time zero, with its zone: `2026-11-27 16:00, Europe/Berlin`. */
  readonly timeZero: string;
  readonly rules: LeaverRules;
  /** How many records of each object went to others, stayed, or were refused. */
  readonly records: readonly {
    readonly object: string;
    readonly what: string;
    readonly state: string;
    readonly count: number;
  }[];
}

/** @param leaving `<employee id>/<eight digits>` */
export const leaverMarker = (leaving: string): string =>
  `daytwo:leaver:${leaving.split('/').map(markerPart).join(':')}:end`;
const MARKER = /<!-- daytwo:leaver:([A-Za-z0-9_.~]+):[0-9a-f]{8}:end -->/;

/** Whose leaving an issue is, by its mark; null for another issue. */
export const leaverMarkOf = (description: string): string | null =>
  MARKER.exec(description)?.[1]?.replace(/~/g, '-') ?? null;

export const leaverTitle = (employeeId: string): string => `Offboarding of employee ${plainLine(employeeId)}`;

/** Everything between daytwo's marks. Pure: the same state gives the same text. */
export function leaverBlock(one: LeaverCase, items: readonly LeaverItem[], readers: LeaverReaders): string {
  const { rules } = readers;
  const systems = [...rules.systems].sort(bySox);
  const of = (kind: LeaverItem['kind']): readonly LeaverItem[] => items.filter((item) => item.kind === kind);
  const others = [...of('security'), ...of('blocker'), ...of('step'), ...of('secret')];
  return [
    `<!-- ${leaverMarker(one.leaving)} -->`,
    DAYTWO_WRITES,
    statusPart(one, items, readers),
    ...(one.phase === 'announced' && one.event.kind === 'involuntary'
      ? [
          `## The call\n\n- [ ] ${CALL_BOX}\n\nBy ${rules.callers.map(codeSpan).join(', ')}; at time zero it is done without it.`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `## Steps\n\n${others.map((item) => `${box(isSettled(item), item.text)}${sayDone(item)}${problem(item)}`).join('\n')}`,
        ]
      : []),
    ...systems.flatMap((system) => {
      const item = items.find(({ id }) => id === system.key);
      return item ? [systemPart(item, system, rules)] : [];
    }),
    ...recordsPart(readers),
  ].join('\n\n');
}

/** SOX systems first, then by tier. */
const bySox = (a: System, b: System): number => Number(b.sox) - Number(a.sox) || a.tier - b.tier;

function statusPart(
  one: LeaverCase,
  items: readonly LeaverItem[],
  { name, email, timeZero }: LeaverReaders,
): string {
  const open = items.filter((item) => !isSettled(item)).length;
  const lines = [
    `- ${markdown(name)}, ${codeSpan(email)}, employee ${codeSpan(one.employeeId)}: ${one.event.kind}`,
    `- time zero: **${markdown(timeZero)}**`,
    ...(one.frozenAt ? [`- sign-in stopped at ${one.frozenAt}`] : ['- nothing was touched yet']),
    ...(one.takenAt ? [`- handed over, and access taken as far as daytwo can, at ${one.takenAt}`] : []),
    ...(items.length > 0
      ? [`- **${open} of ${items.length} open**. Nothing here is ever settled by time.`]
      : []),
    ...(one.endedAt ? [`- ended at ${one.endedAt}`] : []),
  ];
  return `## Status\n\n${lines.join('\n')}`;
}

function systemPart(item: LeaverItem, system: System, rules: LeaverRules): string {
  const who = settlersOf(item, rules).map(codeSpan).join(', ');
  const found = item.found.map((one) => `- found ${foundInWords(one)}`);
  const steps = isSettled(item) ? [] : system.removalSteps.map((step) => `  1. ${step}`);
  return [
    `## ${markdown(system.name)}${system.sox ? ' (SOX)' : ''}`,
    [
      `Due ${item.dueAt}, by ${who}.${item.problem === null ? '' : ` **${markdown(item.problem)}**`}`,
      ...found,
      ...boxesOfItem(item, rules.systems).map(
        ([meaning, text]) =>
          `${box(item.status === meaning, text)}${item.status === meaning ? sayDone(item) : ''}`,
      ),
      ...steps,
    ].join('\n'),
  ].join('\n\n');
}

function foundInWords({ connection, accountId, state, by, shows, lastSignInAt, asked }: FoundAccess): string {
  return [
    `${codeSpan(accountId)} in ${codeSpan(connection)}, ${state}, known by its ${by.replace(/_/g, ' ')}`,
    ...(shows.length > 0 ? [shows.map(markdown).join(', ')] : []),
    ...(lastSignInAt ? [`last sign-in ${lastSignInAt}`] : []),
    ...(asked ? [] : ['**nobody ever asked for it**']),
  ].join('; ');
}

/** Below the box, which keeps its text for its whole life: GitLab's notes name a box by it. */
const sayDone = ({ how, by, at }: LeaverItem): string =>
  how === null
    ? ''
    : how === 'verified'
      ? `\n  - verified by daytwo, ${at ?? ''}`
      : `\n  - attested by ${codeSpan(by ?? '')}, ${at ?? ''}`;

const problem = ({ problem: why }: LeaverItem): string => (why === null ? '' : `\n  - **${markdown(why)}**`);

function recordsPart({ records }: LeaverReaders): readonly string[] {
  if (records.length === 0) return [];
  const rows = records.map(
    ({ object, what, state, count }) =>
      `| ${markdown(object)} | ${what} | ${state.replace(/_/g, ' ')} | ${count} |`,
  );
  return [
    `## What they owned\n\n| object | what | state | count |\n| --- | --- | --- | --- |\n${rows.join('\n')}`,
  ];
}
