import { codeSpan, markdown } from '../escape';
import { billingLines } from './billing-text';
import { periodName } from './calendar';
import { dollars } from './cents';
import type { CloseCase } from './close';
import { STEPS, stepText } from './desk';
import { PARTIES, type GreenLightPolicy } from './green-light';
import { lightText, type LightLabels } from './light-acts';
import type { RolledForward } from './roll-forward';
import { isSigned, signersOf, type CloseTask, type Covers, type TaskState } from './tasks';
import { listBlock } from './task-lists';
import { monthOf } from './period';
import { promiseLines } from './promises';
import { DAYTWO_WRITES } from '../owned-block';
import { box } from '../task-list';

/** The mark of the period's issue, and how those of its tasks begin. */
export const closeMark = (period: string): string => `daytwo:close:${period}:`;
export const periodMarker = (period: string): string => `${closeMark(period)}period:end`;
export const taskMarker = (period: string, key: string): string => `${closeMark(period)}task:${key}:end`;
const MARKER = /<!-- daytwo:close:(\d{4}-\d{2}):(?:period|letters|overdue-move|task:([a-z0-9-]+)):end -->/;

/** Which close an issue is of, and which task; null for another issue. */
export function closeMarkOf(
  description: string,
): { readonly period: string; readonly task: string | null } | null {
  const found = MARKER.exec(description);
  return found?.[1] ? { period: found[1], task: found[2] ?? null } : null;
}

const nameOf = (period: string): string => periodName(monthOf(period));
export const periodTitle = (period: string): string => `Close of ${nameOf(period)}`;
export const taskTitle = (period: string, task: CloseTask): string => `${period}: ${task.title}`;

/** Where the task issues are, by key. */
export type Links = ReadonlyMap<string, number>;

/** What daytwo writes on the issue of a period. Pure: the same state gives the same text. */
export function periodBlock(
  close: CloseCase,
  tasks: readonly CloseTask[],
  links: Links,
  { greenLight, labels }: { readonly greenLight: GreenLightPolicy; readonly labels: LightLabels },
  forecast: readonly string[] = [],
): string {
  const state = new Map(close.tasks.map((one) => [one.key, one]));
  const rows = tasks.flatMap((task) => {
    const one = state.get(task.key);
    if (!one) return [];
    const link = links.get(task.key);
    return [
      `| ${link === undefined ? '' : `#${link}`} | ${markdown(task.title)} | ${one.dueAt.slice(0, 10)} | ${standing(one, task)} |`,
    ];
  });
  return [
    `<!-- ${periodMarker(close.period)} -->`,
    DAYTWO_WRITES,
    `## Status\n\n${statusLines(close).join('\n')}`,
    ...(forecast.length > 0 ? [`## Forecast\n\n${forecast.join('\n')}`] : []),
    `## Tasks\n\n| | what | due | |\n| --- | --- | --- | --- |\n${rows.join('\n')}`,
    ...(close.rolled ? [rolledInWords(close.rolled)] : []),
    `## Green light\n\n${PARTIES.map((party) => {
      const light = close.lights[party];
      const by = greenLight.by[party].map(codeSpan).join(' or ');
      const how = light
        ? `given by ${codeSpan(light.by)} at ${light.at}`
        : `by ${by}, here or by the label ${codeSpan(labels.greenLight[party])}`;
      return `${box(light !== null, lightText(party))}\n  ${how}`;
    }).join('\n')}`,
    `## Dates\n\n${close.dates.map(({ date, name, rule }) => `- ${date}: ${markdown(name)} (${markdown(rule)})`).join('\n')}`,
  ].join('\n\n');
}

/** What is other in the checklist than it was in the period before. */
function rolledInWords({ from, added, gone }: RolledForward): string {
  const named = (what: string, keys: readonly string[]): readonly string[] =>
    keys.length === 0 ? [] : [`${what} ${keys.map(codeSpan).join(', ')}`];
  const changes = [...named('new:', added), ...named('no more:', gone)];
  return `Rolled forward from the close of ${from}, with what people wrote on its issues: ${changes.length === 0 ? 'the same tasks' : changes.join('; ')}.`;
}

const IN_WORDS: Readonly<Record<CloseCase['phase'], string>> = {
  open: 'Open until its cut-off.',
  closing: 'After its cut-off: tasks are signed, then both parties give the green light.',
  lit: 'Both parties gave the green light. It locks on its day.',
  locked: 'Locked. What changes from now on is a change of the period.',
  ended: 'Closed: all its dates are over.',
};

function statusLines({
  phase,
  look,
  tasks,
  lock,
  policyVersion,
  reconciled,
  extras,
  changes = [],
}: CloseCase): readonly string[] {
  const done = tasks.filter(isSigned).length;
  return [
    `- **${IN_WORDS[phase]}**`,
    `- ${done} of ${tasks.length} tasks signed by both`,
    ...(look
      ? [
          `- at ${look.at}: ${look.records} closed opportunities, ${dollars(look.totalCents)}; ${look.open} open with a close date that is over`,
        ]
      : []),
    ...(look?.checks
      ? [
          `- booking checks: ${look.checks.open} findings open, ${look.checks.accepted} accepted${look.checks.byCheck.length > 0 ? `; ${look.checks.byCheck.map(({ check, count }) => `${codeSpan(check)} ${count}`).join(', ')}` : ''}`,
        ]
      : []),
    ...billingLines(reconciled),
    ...promiseLines(extras?.promises ?? []),
    ...(lock
      ? [
          `- locked through ${lock.through} at ${lock.at}, ${lock.proof ? `proved: an edit of ${codeSpan(lock.proof.record)} was refused (${codeSpan(lock.proof.code)})` : 'with nothing in it to prove it by'}`,
        ]
      : []),
    ...changes.map(
      ({ n, at, records, commission }) =>
        `- changed as approved at ${at}: change ${n}, ${records} opportunities${commission === 'due' ? '; **commissions must be calculated anew**' : commission === 'done' ? '; commissions were calculated anew' : ''}`,
    ),
    `- by the policy of ${policyVersion}`,
  ];
}

function standing({ prepared, reviewed, reopened }: TaskState, task: CloseTask): string {
  if (prepared && reviewed) return `signed by ${codeSpan(prepared.by)} and ${codeSpan(reviewed.by)}`;
  if (prepared) return `prepared by ${codeSpan(prepared.by)}, **waits for** ${codeSpan(task.reviewer)}`;
  const on = task.automatic ? 'what daytwo finds' : codeSpan(task.preparer);
  return `**waits for** ${on}${reopened === null ? '' : `: ${markdown(reopened)}`}`;
}

/** What daytwo writes on the issue of one task. */
export function taskBlock(
  close: CloseCase,
  task: CloseTask,
  state: TaskState,
  parent: number,
  covers: Covers,
): string {
  const signers = (step: 'prepared' | 'reviewed'): string =>
    task.automatic && step === 'prepared'
      ? 'by daytwo, once it finds nothing'
      : `by ${signersOf(task, step, covers).map(codeSpan).join(' or ')}`;
  const list = task.shows === null ? undefined : close.extras?.lists?.[task.shows];
  return [
    `<!-- ${taskMarker(close.period, task.key)} -->`,
    DAYTWO_WRITES,
    `Of #${parent}, task ${codeSpan(task.key)}. Due ${state.dueAt}.${task.needs.length > 0 ? ` Needs ${task.needs.map(codeSpan).join(', ')} first.` : ''}`,
    ...(state.reopened === null ? [] : [`**Opened again:** ${markdown(state.reopened)}`]),
    ...(task.steps.length > 0 ? [task.steps.map((step) => `1. ${markdown(step)}`).join('\n')] : []),
    STEPS.map((step) => {
      const signature = state[step];
      return `${box(signature !== null, stepText(step))}\n  ${signature ? `${codeSpan(signature.by)} at ${signature.at}` : signers(step)}`;
    }).join('\n'),
    ...(list ? [listBlock(list, task.key, close.period)] : []),
  ].join('\n\n');
}
