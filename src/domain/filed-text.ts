import type { ApprovalPart, FiledPlan, RequestState } from './access-request';
import { markdown } from './escape';
import { partsOf } from './filed-request';
import { nameOfSystem, roleInWords } from './request-status';
import { code, filedMarker, statusPart, taskPart, when, type RequestReaders } from './request-text';

/** What daytwo writes above the text of a request that people filed. Pure: the same state gives the same text. */
export function filedBlock(state: RequestState, filed: FiledPlan, readers: RequestReaders): string {
  return [
    `<!-- ${filedMarker(state.ref)} -->`,
    '<!-- daytwo writes what stands between its two marks. Tick the boxes here; what you ask for stands below, and may be edited there. -->',
    statusPart(state, readers),
    factsPart(state, filed, readers),
    ...approvalsPart(state),
    ...tasksPart(state, readers),
    ...exceptionsPart(readers),
    `cc ${readers.people.provisioningDris.map((name) => `@${name}`).join(' ')}`,
  ].join('\n\n');
}

const KINDS = { single: 'for one person', bulk: 'for many', change: 'a change of access' } as const;

function factsPart(state: RequestState, filed: FiledPlan, { person }: RequestReaders): string {
  const rows: [string, string][] = [
    ['Request', KINDS[filed.kind]],
    ['Filed by', code(filed.requester)],
    ['For', person ? `${markdown(person.name)}, ${markdown(person.title)}` : `${filed.people} people`],
  ];
  if (filed.leftOut > 0) rows.push(['Left out', `${filed.leftOut}, each named below`]);
  if (filed.until)
    rows.push(['Until', `${filed.until.date}, that day included; taken back ${when(filed.until.endsAt)}`]);
  if (state.plan.dueAt) rows.push(['Due', when(state.plan.dueAt)]);
  return `## Request\n\n| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`;
}

const MARKS = { waiting: 'waits', approved: 'approved', rejected: 'rejected' } as const;

function approvalsPart(state: RequestState): string[] {
  const parts = partsOf(state);
  if (parts.length === 0) return [];
  return [
    `## Approvals\n\n| System | Who | State | What |\n|---|---|---|---|\n${parts.map((part) => partRow(state, part)).join('\n')}`,
  ];
}

function partRow(state: RequestState, part: ApprovalPart): string {
  const [first] = part.who;
  const who = part.deed ? code(part.deed.by) : first === undefined ? 'nobody' : code(first);
  const others = part.deed || part.who.length < 2 ? '' : ` or ${part.who.length - 1} more`;
  const since = part.deed ? when(part.deed.at) : `since ${when(part.since)}`;
  return `| ${markdown(nameOfSystem(state, part.system))} | ${roleInWords(part.role)}: ${who}${others} | ${MARKS[part.status]} ${since} | ${code(part.digest.slice(0, 12))} |`;
}

function tasksPart(state: RequestState, readers: RequestReaders): string[] {
  if (state.plan.tasks.length === 0) return [];
  return [
    `## Sales Ops to-do\n\n${state.plan.tasks.map((task) => taskPart(state, task, readers)).join('\n')}`,
  ];
}

/** "A person twice, a person who left, an unknown e-mail, somebody who already has it: each named, the others go on." */
function exceptionsPart({ filed }: RequestReaders): string[] {
  if (!filed || filed.exceptions.length === 0) return [];
  const lines = filed.exceptions.map(
    ({ who, where, why }) => `| ${code(who)} | ${markdown(where)} | ${markdown(why)} |`,
  );
  const more =
    filed.more > 0 ? `\n\nAnd ${filed.more} more, in the list that \`daytwo show --csv\` gives.` : '';
  return [`## Needs a look\n\n| Who | Where | Why |\n|---|---|---|\n${lines.join('\n')}${more}`];
}
