import {
  isApprovedFor,
  isAutomatic,
  isReady,
  isSettled,
  systemInWords,
  type RequestState,
  type Task,
  type TaskState,
} from './access-request';
import { filedBlock } from './filed-text';
import { codeSpan, markdown, plainLine } from './escape';
import type { People, System } from './handbook';
import type { PersonFacts } from './hr-event';
import type { Counts } from './outcome';
import { loweringInWords, loweringsOf } from './lowering';
import { nameOfSystem, roleInWords, waitsOf } from './request-status';
import { taskInWords } from './tasks';
import { DAYTWO_WRITES } from './owned-block';

/** What the text of a request is made of besides its state. */
export interface RequestReaders {
  /** Whom it is for; null for a request that names several, or nobody who is known. */
  readonly person: (PersonFacts & { readonly employee_id: string }) | null;
  /** Of a request that people filed: what its block shows beside the state. */
  readonly filed?: FiledReaders;
  readonly people: Pick<People, 'provisioningDris' | 'teams'>;
  readonly systems: readonly System[];
  /** Whom an unapproved request waits for, as GitLab user names. */
  readonly approvers: readonly string[];
  readonly onboardingUrl: string | null;
}

/** What the store knows of those whom a filed request names, as far as the issue shows it. */
export interface FiledReaders {
  /** Addresses for the steps of people's tasks; at most a few hundred. */
  readonly emails: readonly string[];
  /** Who is left out or needs a look, and why; `more` are not listed. */
  readonly exceptions: readonly { readonly who: string; readonly where: string; readonly why: string }[];
  readonly more: number;
}

/** The mark of a request that people filed: it is found again by it. */
export const filedMarker = (ref: { readonly project: string; readonly iid: number }): string =>
  `daytwo:filed:${markerPart(ref.project.replace(/\//g, '.'))}:${ref.iid}:end`;

/** The mark by which a request is found again, whatever happens to its number: searched before one is created. */
export const requestMarker = (employeeId: string, startDate: string): string =>
  `daytwo:request:${markerPart(employeeId)}:${startDate}`;
export const onboardingMarker = (employeeId: string, startDate: string): string =>
  `daytwo:onboarding:${markerPart(employeeId)}:${startDate}`;
/** Text for a mark, which stands in an HTML comment: no `--` may end that. Employee ids keep their difference. */
export const markerPart = (text: string): string => text.replace(/-/g, '~').replace(/[^A-Za-z0-9_.~]/g, '_');
const MARKER = /<!-- daytwo:request:([A-Za-z0-9_.~]+):(\d{4}-\d{2}-\d{2}) -->/;

/** Whether a description carries a mark as daytwo writes it; the bare words may be anybody's. */
export const isMarked = (description: string, marker: string): boolean =>
  description.includes(`<!-- ${marker} -->`);

/** Whose request an issue is, by its mark; null for an issue that isn't daytwo's. */
export function requestMarkOf(
  description: string,
): { readonly employeeId: string; readonly startDate: string } | null {
  const found = MARKER.exec(description);
  return found?.[1] && found[2] ? { employeeId: found[1].replace(/~/g, '-'), startDate: found[2] } : null;
}

export const requestTitle = (person: Pick<PersonFacts, 'name' | 'title'>): string =>
  [...plain(`${cut(person.name)}, ${cut(person.title)}: baseline access`)]
    .slice(0, 200)
    .join('')
    .slice(0, 250);

const cut = (text: string): string => [...text].slice(0, 80).join('');

/** Titles aren't Markdown, but GitLab looks for mentions and references in them too: a word joiner behind the sign ends that. */
const plain = (text: string): string =>
  plainLine(text).replace(/@(?=\S)|[#!&$^](?=\w)|[~%](?=[\w"])|:(?=\/\/)/g, '$&\u2060');

/** The text of a task's box. It stays the same for the life of a task: GitLab's notes name a box by it. */
export function boxText(task: Task): string {
  const access = taskInWords(task);
  if (task.verb === 'remove') return markdown(`${task.name}: take the access away`);
  return markdown(access ? `${task.name}: ${access}` : task.name);
}
export const retryText = (task: Task): string => markdown(`Try again: ${task.name}`);

/** Everything between daytwo's marks. Pure: the same state gives the same text. */
export function requestBlock(state: RequestState, readers: RequestReaders): string {
  if (state.plan.filed) return filedBlock(state, state.plan.filed, readers);
  return [
    `<!-- ${requestMarker(state.plan.employeeId, state.plan.startDate)} -->`,
    DAYTWO_WRITES,
    statusPart(state, readers),
    ...personPart(state, readers),
    `## Sales Ops to-do\n\n${state.plan.tasks.map((task) => taskPart(state, task, readers)).join('\n')}`,
    ...otherParts(state),
    `cc ${readers.people.provisioningDris.map((name) => `@${name}`).join(' ')}`,
  ].join('\n\n');
}

export function statusPart(state: RequestState, readers: RequestReaders): string {
  const waits = waitsOf(state).map((wait) => {
    const on =
      wait.on === 'those who may approve' && readers.approvers.length > 0
        ? readers.approvers.map(code).join(', ')
        : markdown(wait.on.replace(/^@/, ''));
    return `- waits for **${markdown(wait.for)}**, on ${on}, since ${when(wait.since)}`;
  });
  const done = history(state).map((line) => `- ${line}`);
  return `## Status\n\n${waits.length > 0 ? waits.join('\n') : '- waits for nothing'}\n\n<details><summary>What was done</summary>\n\n${done.join('\n') || '- nothing yet'}\n\n</details>`;
}

function history(state: RequestState): string[] {
  const lines: [string, string][] = [[state.openedAt, 'the request was opened']];
  const { approval, claim, hold, cancelled } = state;
  if (approval.status === 'born')
    lines.push([state.openedAt, `approved with its role template${approvedBy(state)}`]);
  if (approval.deed && !state.plan.filed)
    lines.push([
      approval.deed.at,
      `${approval.status} by ${code(approval.deed.by)} (${approval.deed.channel})${approval.reason ? `: ${markdown(approval.reason)}` : ''}`,
    ]);
  for (const lowering of loweringsOf(state))
    lines.push([
      lowering.at,
      `${markdown(nameOfSystem(state, lowering.system))} lowered by ${code(lowering.by)}: ${markdown(loweringInWords(lowering))}`,
    ]);
  for (const part of state.parts ?? [])
    if (part.deed)
      lines.push([
        part.deed.at,
        `${markdown(nameOfSystem(state, part.system))} ${part.status} by ${code(part.deed.by)} (${roleInWords(part.role)}, ${part.deed.channel})${part.reason ? `: ${markdown(part.reason)}` : ''}`,
      ]);
  if (claim) lines.push([claim.at, `picked up by ${code(claim.by)} (${claim.channel})`]);
  if (hold)
    lines.push([hold.at, `on hold by ${code(hold.by)}${hold.reason ? `: ${markdown(hold.reason)}` : ''}`]);
  if (cancelled)
    lines.push([cancelled.at, `cancelled by ${code(cancelled.by)}: ${markdown(cancelled.reason)}`]);
  for (const task of state.plan.tasks) {
    const now = state.tasks[task.id];
    if (now?.status === 'done') lines.push([now.at, `${markdown(task.name)}: ${doneInWords(now)}`]);
    if (now?.status === 'removed')
      lines.push([
        now.at,
        `${markdown(task.name)}: access removed, ${now.verified ? 'verified' : 'not verified'}`,
      ]);
    if (now?.status === 'nothing_to_remove')
      lines.push([now.at, `${markdown(task.name)}: nothing to take back (${markdown(now.reason)})`]);
  }
  if (state.completedAt) lines.push([state.completedAt, "Sales Ops' part is completed"]);
  return lines
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([at, what]) => `${when(at)}: ${what}`);
}

function approvedBy(state: RequestState): string {
  const approval = state.plan.templateApproval;
  return approval ? ` (${approval.by.map(code).join(', ')}, ${approval.on})` : '';
}

function doneInWords(task: Extract<TaskState, { status: 'done' }>): string {
  const detail = task.detail ? ` (${markdown(task.detail)})` : '';
  if (task.how === 'attested') return `attested by ${code(task.by)}${detail}`;
  return task.how === 'already' ? `was there already, verified${detail}` : `granted and verified${detail}`;
}

function personPart(state: RequestState, { person, onboardingUrl }: RequestReaders): string[] {
  if (!person) return [];
  const rows: [string, string][] = [
    ['Name', markdown(person.name)],
    ['E-mail', code(person.email)],
    ['Employee id', code(person.employee_id)],
    ['Title', markdown(person.title)],
    ['Department', markdown(person.department)],
    ['Region, country', markdown(`${person.region}, ${person.country}`)],
    ['Manager', person.manager_email ? code(person.manager_email) : 'none'],
    ['Start date', state.plan.startDate],
    ['Due', when(state.plan.dueAt)],
    ['Role template', state.plan.templatePaths.map(code).join(', ')],
  ];
  if (onboardingUrl) rows.push(['Onboarding issue', onboardingUrl]);
  if (state.plan.stripped.length > 0)
    rows.push(['Needs a request of its own (SOX)', state.plan.stripped.map(markdown).join(', ')]);
  return [
    `## New hire\n\n| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`,
  ];
}

const BOX_TICKED: readonly TaskState['status'][] = ['done'];

/** `640 of 1000 done (12 of them before), 300 wait, 3 need a look`. */
export function countsInWords(counts: Counts): string {
  const before = counts.already > 0 ? ` (${counts.already} of them before)` : '';
  const waiting = counts.waiting > 0 ? `, ${counts.waiting} wait` : '';
  const odd = counts.exceptions > 0 ? `, ${counts.exceptions} need a look` : '';
  return `${counts.done} of ${counts.of} done${before}${waiting}${odd}`;
}

export function taskPart(state: RequestState, task: Task, readers: RequestReaders): string {
  const now = state.tasks[task.id] ?? { status: 'open' };
  const lines = [`- [${BOX_TICKED.includes(now.status) ? 'x' : ' '}] ${boxText(task)}`];
  const counts = state.counts?.[task.id];
  if (counts && counts.of > 1) lines.push(`  - ${countsInWords(counts)}`);
  if (now.status === 'done') lines.push(`  - ${when(now.at)}: ${doneInWords(now)}`);
  else if (now.status === 'rejected')
    lines.push(`  - rejected by ${code(now.by)}, ${when(now.at)}: ${markdown(now.reason)}`);
  else if (now.status === 'removed') lines.push(`  - ${when(now.at)}: access removed`);
  else if (now.status === 'nothing_to_remove')
    lines.push(`  - ${when(now.at)}: nothing to take back (${markdown(now.reason)})`);
  else if (now.status === 'waiting_for_seat')
    lines.push(
      `  - waits for a free licence ${markdown(now.licence)} since ${when(now.since)}; daytwo asks again by itself`,
    );
  else if (now.status === 'waiting_for_system')
    lines.push(
      `  - waits for ${markdown(systemInWords(now.system, task.name))} to answer (${markdown(now.code)}) since ${when(now.since)}; daytwo asks again by itself`,
    );
  else if (now.status === 'needs_person') {
    lines.push(`  - **${markdown(now.problem)}**`, `  - ${markdown(now.mend)}`);
    if (!state.cancelled) lines.push(`  - [ ] ${retryText(task)}`);
  } else if (state.cancelled) lines.push('  - nobody does this any more: the request is cancelled');
  else if (!isApprovedFor(state, task))
    lines.push(
      state.plan.filed && state.plan.filed.unread > 0
        ? '  - waits for the text to be mended'
        : '  - waits for approval',
    );
  else if (!isReady(state, task))
    lines.push(
      `  - after ${
        task.after
          .filter((id) => !isSettled(state, id))
          .map((id) => markdown(nameOf(state, id)))
          .join(', ') || `${task.delay?.hours ?? 0} hours`
      }`,
    );
  else if (isAutomatic(task)) lines.push('  - daytwo does this itself');
  else lines.push(...steps(state, task, readers).map((step, at) => `  ${at + 1}. ${step}`));
  return lines.join('\n');
}

/** The handbook's own steps, filled in for this person. The values were approved; they are escaped all the same. */
function steps(
  state: RequestState,
  task: Task,
  { systems, person, filed }: RequestReaders,
): readonly string[] {
  if (task.gate)
    return [
      'Look at the course-completion report. Tick this box when everybody named here is on it; the next box waits for it.',
    ];
  if (!state.claim) return ['Pick the request up first: assign it to yourself.'];
  const values: Readonly<Record<string, string | undefined>> = {
    emails: emailsOf(person, filed),
    role: task.entitlement.role,
    team: task.entitlement.team,
    licence_type: task.entitlement.licenceType,
    profile: task.entitlement.profile,
  };
  if (task.verb === 'remove')
    return [
      `Take the access of ${values['emails']} to this system away, look that it is gone, then tick the box.`,
    ];
  const own = systems.find((system) => system.key === task.system)?.steps ?? [];
  const filled = own.map((step) =>
    step.replace(/\{(\w+)\}/g, (whole, name: string) =>
      name === 'emails' ? (values[name] ?? whole) : markdown(values[name] ?? 'as approved'),
    ),
  );
  return filled.length > 0 ? filled : ['Grant the access as approved, then tick the box.'];
}

/** As many as a person can paste; the rest stands in the file that `daytwo show` gives. */
const MOST_EMAILS = 100;

function emailsOf(person: RequestReaders['person'], filed: FiledReaders | undefined): string {
  const emails = filed?.emails ?? (person ? [person.email] : []);
  const shown = emails.slice(0, MOST_EMAILS).map(code).join(', ');
  return emails.length > MOST_EMAILS
    ? `${shown} and ${emails.length - MOST_EMAILS} more`
    : shown || 'those named above';
}

function otherParts(state: RequestState): string[] {
  return state.plan.otherTeams.map(
    (section) =>
      `## ${markdown(section.team)} to-do\n\n${section.tasks.map((text) => `- [${state.others[text] ? 'x' : ' '}] ${markdown(text)}`).join('\n')}`,
  );
}

const nameOf = (state: RequestState, id: string): string =>
  state.plan.tasks.find((task) => task.id === id)?.name ?? id;
/** A code span that no mark of daytwo's can stand in: marks are looked for in the text as it is written. */
export const code = (text: string): string => codeSpan(text).replace(/<!--/g, '<\u2060!--');

/** Instants are shown in UTC, with the zone named: an issue has readers in many zones. */
export const when = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
