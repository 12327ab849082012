import type { ApprovalPart, FiledPlan, RequestState, Task } from '../domain/access-request';
import { isAdmin, partsNeeded, raises, type Asked, type NeededPart, type Scope } from '../domain/approvals';
import { scopeOf } from '../domain/approval-rules';
import { addDays } from '../domain/dates';
import { partsOf, type FiledFact } from '../domain/filed-request';
import { filedTasks } from '../domain/filed-tasks';
import type { FormPerson, FormProblem, FormReading } from '../domain/form';
import { readForm } from '../domain/form-reader';
import { bulkProblems, environmentProblems, problemsOfUntil } from '../domain/form-rules';
import type { Policy, System } from '../domain/handbook';
import { asApproved } from '../domain/lowering';
import { peoplesText } from '../domain/owned-block';
import { readPeopleFile } from '../domain/people-table';
import { unreadPlan } from '../domain/request-start';
import { addBusinessDays, calendarOf, instantAt, localTime } from '../handbook';
import { digestOf } from '../evidence';
import type { PersonRecord } from '../evidence/store';
import type { DeskIssue } from '../systems/gitlab';
import { approversFor, type Around } from './approvers';
import { coursesDone } from './courses-done';
import { lookUp, regionsOf, type Crowd } from './filed-people';
import { peersInComment } from './filed-peers';
import { userNameOf, type ReadWorld } from './world';

/** As many problems as are kept in a request; the comment counts the rest. */
const MOST_PROBLEMS = 50;

type FormRead = Extract<FiledFact, { kind: 'form_read' }>;

/** Who wrote what is read now, and when: the issue's author, or whoever edited it last. */
export interface Edit {
  readonly by: string;
  readonly at: string;
}

/** The digest of what an approval is for, as the issue and the command show it. */
export const partDigest = (scope: Scope): string => digestOf(scope).slice(0, 32);

export const requestKey = ({ ref }: Pick<RequestState, 'ref'>): string => `${ref.project}#${ref.iid}`;

/**
 * The text as people wrote it: all but what daytwo writes itself. The same before daytwo's block stands above it and after, so
 * that the block is no edit.
 */
export function filedText(description: string): string {
  const { before, after } = peoplesText(description);
  // daytwo's block is set apart by empty lines: with them or without, the text is the same.
  return [before.trim(), after.trim()].filter((part) => part !== '').join('\n');
}

/** What a visit knows of its moment. */
export interface Moment {
  readonly policy: Policy;
  readonly now: string;
  /** User names of those who are away, each with since when and by which source. */
  readonly away: ReadonlyMap<string, string>;
}

/** Reads a filed request anew where its text isn't the one that was read; null where it is. Its people are kept in the store. */
export async function readFiled(
  world: ReadWorld,
  state: RequestState,
  issue: Pick<DeskIssue, 'description'>,
  edit: Edit,
  moment: Moment,
): Promise<FormRead | null> {
  const text = filedText(issue.description);
  if (!state.plan.filed || state.plan.filed.text === digestOf(text)) return null;
  const { read, crowd } = await interpret(world, state, text, edit, moment);
  for (const record of crowd.unheardOf) await world.store.putPerson(record);
  await world.store.crowd.putPeople(requestKey(state), read.filed.version, crowd.rows);
  return read;
}

/** What a text asks for, of whom, and who has to approve it. Changes nothing. */
export async function interpret(
  world: ReadWorld,
  state: RequestState,
  text: string,
  edit: Edit,
  { policy, now, away }: Moment,
): Promise<{ readonly read: FormRead; readonly crowd: Crowd; readonly form: FormReading }> {
  const filed =
    state.plan.filed ?? unreadPlan({ requester: edit.by, order: 'filed', policyVersion: '' }).filed;
  if (!filed) throw new Error('a plan without its form');
  const { systems } = world.handbook();
  const form = readForm(text, systems, policy.requests) ?? NOT_A_FORM;
  const named = await namedIn(world, state, form, policy);
  const crowd = await lookUp(world, named.people, policy);
  const written = form.access
    .filter(({ sameAs }) => sameAs === null)
    .map(({ system, verb, entitlement }): Asked => ({ system, verb, entitlement }));
  const { asked, lowered } = asApproved(written, filed);
  const today = localTime(now, crowd.people[0]?.timeZone ?? 'UTC').date;
  const problems = [
    ...form.problems,
    ...named.problems,
    ...crowd.problems,
    ...(form.kind === 'bulk' ? bulkProblems(form, systems) : []),
    ...environmentProblems(form, systems),
    ...problemsOfUntil(form, systems, policy.requests, today),
    ...(await sameAsProblems(world, form, crowd, systems)),
    ...emptyProblems(form, crowd),
  ];
  const version = digestOf({
    people: crowd.people.map(({ employeeId }) => employeeId).sort(),
    asked: written,
    until: form.until,
  });
  const plan: FiledPlan = {
    ...filed,
    kind: form.kind,
    text: digestOf(text),
    version,
    people: crowd.people.length,
    leftOut: crowd.rows.filter(({ problem }) => problem !== null).length,
    problems: problems.slice(0, MOST_PROBLEMS),
    unread: problems.length,
    lowered,
    unreadSince: problems.length === 0 ? null : (filed.unreadSince ?? edit.at),
    until: form.until === null ? null : endOf(form.until, crowd.people, policy),
  };
  const taught = await coursesDone(world, requestKey(state), asked, crowd);
  const next = filedTasks(asked, systems, regionsOf(crowd.people), taught);
  const added = await addedPeople(world, state, crowd.people);
  const around = await aroundOf(world, state, crowd, away);
  const parts =
    problems.length > 0
      ? partsOf(state)
      : await partsFor(world, state, { asked, tasks: next, plan, crowd, around, edit, added, systems });
  const { tasks, anew } = mergeTasks(state, next, added.size > 0, parts);
  const [only] = crowd.people;
  const read: FormRead = {
    kind: 'form_read',
    at: now,
    by: edit.by,
    filed: plan,
    tasks: problems.length > 0 && state.plan.tasks.length > 0 ? state.plan.tasks : tasks,
    parts,
    anew: problems.length > 0 ? [] : anew,
    employeeId: crowd.people.length === 1 && only ? only.employeeId : '',
    dueAt: addBusinessDays(
      state.openedAt,
      policy.requestDueBusinessDays,
      calendarOf(world.handbook(), policy, {
        timeZone: only?.timeZone ?? 'UTC',
        country: only?.country ?? 'US',
      }),
    ),
  };
  return { read, crowd, form };
}

/** What was edited so far that nothing of a request is left: asked back like any other line. */
const NOT_A_FORM: FormReading = {
  kind: 'single',
  people: [],
  access: [],
  until: null,
  justification: null,
  attachment: null,
  problems: [
    {
      line: null,
      quoted: '',
      expected:
        'a request: whom it is for, and a line for each system with the role, such as "- Clari: Rep"; the issue templates show how',
    },
  ],
};

/** The people of the form, of the file that it links, or, where none is named, who filed it. */
async function namedIn(
  world: ReadWorld,
  state: RequestState,
  form: FormReading,
  policy: Policy,
): Promise<{ readonly people: readonly FormPerson[]; readonly problems: readonly FormProblem[] }> {
  if (form.attachment !== null) {
    const attached = await world.gitlab.upload(state.ref.project, form.attachment);
    if (attached.kind !== 'text')
      return {
        people: form.people,
        problems: [
          {
            line: null,
            quoted: form.attachment,
            expected:
              attached.kind === 'missing'
                ? 'a CSV file that is attached to this issue'
                : `a file of at most ${Math.floor(attached.mostBytes / 1_048_576)} MB`,
          },
        ],
      };
    const table = readPeopleFile(attached.text, policy.requests.mostPeople - form.people.length);
    return { people: [...form.people, ...table.people], problems: table.problems };
  }
  if (form.people.length > 0 || form.kind === 'bulk') return { people: form.people, problems: [] };
  const requester = state.plan.filed?.requester ?? '';
  const email = await emailOf(world, requester);
  return email === null
    ? {
        people: [],
        problems: [
          {
            line: null,
            quoted: '',
            expected: 'the e-mail address of the person whom it is for: "- E-mail: name@…"',
          },
        ],
      }
    : { people: [{ line: 0, name: null, email, managerEmail: null }], problems: [] };
}

async function emailOf(world: ReadWorld, username: string): Promise<string | null> {
  const member = world.handbook().people.members.find((one) => one.username === username);
  return member?.email ?? (await world.gitlab.emailOf(username)) ?? null;
}

/** Nobody, or nothing, is a request for nothing: only said where nothing else was wrong. */
function emptyProblems(form: FormReading, crowd: Crowd): readonly FormProblem[] {
  if (form.problems.length > 0 || crowd.problems.length > 0) return [];
  const problem = (expected: string): FormProblem => ({ line: null, quoted: '', expected });
  if (form.access.length === 0) return [problem('at least one system, with the role: "- Clari: Rep"')];
  return crowd.rows.length > 0 && crowd.people.length === 0
    ? [
        {
          line: null,
          quoted: crowd.rows[0]?.email ?? '',
          expected: `somebody who works here; of ${crowd.rows.length === 1 ? 'the one' : `the ${crowd.rows.length}`} named, nobody does: ${crowd.rows[0]?.problem ?? ''}`,
        },
      ]
    : [];
}

/** "An AR approved without a role must not be provisioned": what peers have is offered, to choose from. */
async function sameAsProblems(
  world: ReadWorld,
  form: FormReading,
  crowd: Crowd,
  systems: readonly System[],
): Promise<readonly FormProblem[]> {
  const lines = form.access.filter(({ sameAs }) => sameAs !== null);
  return Promise.all(
    lines.map(async ({ line, system, sameAs }): Promise<FormProblem> => {
      const name = systems.find(({ key }) => key === system)?.name ?? system;
      return {
        line,
        quoted: `${name}: same as ${sameAs ?? ''}`,
        expected: await peersInComment(world, system, crowd.people),
      };
    }),
  );
}

/** Until the end of that day where the person is; announced at nine in the morning there. */
function endOf(date: string, people: readonly PersonRecord[], policy: Policy): FiledPlan['until'] {
  const zone = people[0]?.timeZone ?? 'UTC';
  return {
    date,
    remindAt: instantAt(addDays(date, -policy.requests.endReminderDays), '09:00', zone),
    endsAt: instantAt(addDays(date, 1), '00:00', zone),
  };
}

/** Employee ids of those who weren't among the people that were read before. */
async function addedPeople(
  world: ReadWorld,
  state: RequestState,
  people: readonly PersonRecord[],
): Promise<ReadonlySet<string>> {
  const before = await idsOf(world, state, state.plan.filed?.version ?? '');
  return new Set(people.map(({ employeeId }) => employeeId).filter((id) => !before.has(id)));
}

async function idsOf(world: ReadWorld, state: RequestState, version: string): Promise<ReadonlySet<string>> {
  const rows = version === '' ? [] : await world.store.crowd.everybody(requestKey(state), version);
  return new Set(
    rows.flatMap(({ employeeId, problem }) => (employeeId && problem === null ? [employeeId] : [])),
  );
}

/** As many people as may be looked up one by one among GitLab's users; of more, those of people.yml are known. */
const FEW = 10;

async function aroundOf(
  world: ReadWorld,
  state: RequestState,
  crowd: Crowd,
  away: ReadonlyMap<string, string>,
): Promise<Around> {
  const names =
    crowd.people.length <= FEW
      ? await Promise.all(crowd.people.map(({ email }) => userNameOf(world, email)))
      : [];
  return {
    requester: state.plan.filed?.requester ?? '',
    subjects: new Set([
      ...crowd.people.map(({ email }) => email.toLowerCase()),
      ...names.filter((name): name is string => name !== null),
    ]),
    away,
  };
}

interface Reading {
  readonly asked: readonly Asked[];
  readonly tasks: readonly Task[];
  readonly plan: FiledPlan;
  readonly crowd: Crowd;
  readonly around: Around;
  readonly edit: Edit;
  readonly added: ReadonlySet<string>;
  readonly systems: readonly System[];
}

async function partsFor(
  world: ReadWorld,
  state: RequestState,
  reading: Reading,
): Promise<readonly ApprovalPart[]> {
  const { move, order } = reading.plan;
  const unchanged = reading.asked
    .filter(({ entitlement }) => move?.given.some((one) => digestOf(one) === digestOf(entitlement)))
    .map(({ system }) => system);
  const needed = partsNeeded(reading.asked, reading.systems, order, unchanged);
  return Promise.all(needed.map((part) => partFor(world, state, part, reading)));
}

async function partFor(
  world: ReadWorld,
  state: RequestState,
  needed: NeededPart,
  reading: Reading,
): Promise<ApprovalPart> {
  const { plan, crowd, around, edit } = reading;
  const system = reading.systems.find(({ key }) => key === needed.system);
  const asked = reading.asked.find((one) => one.system === needed.system);
  if (!system || !asked) throw new Error(`no system ${needed.system} in what was asked`);
  const strict = system.sox || system.finance || isAdmin(asked.entitlement, system);
  const manager = needed.role === 'old_manager' ? (plan.move?.oldManagerEmail ?? null) : crowd.managerEmail;
  const approvers = await approversFor(world, needed.role, system, manager, around);
  const digest = partDigest({ version: plan.version, ...asked, until: plan.until?.date ?? null });
  const fresh: ApprovalPart = {
    ...needed,
    digest,
    who: approvers.map(({ username }) => username),
    authorities: Object.fromEntries(approvers.map(({ username, authority }) => [username, authority])),
    status: 'waiting',
    since: edit.at,
    strict,
    approved: null,
    reminded: 'no',
    ...(needed.role === 'old_manager' && plan.move ? { lapsesAt: plan.move.graceUntil } : {}),
    deed: null,
    reason: null,
  };
  const prior = partsOf(state).find(({ key }) => key === needed.key);
  if (!prior) return (await filedByManager(world, fresh, needed, reading)) ?? fresh;
  const scope = prior.approved ?? scopeOf(state, prior);
  const more =
    raises(scope, { ...asked, until: plan.until?.date ?? null }, system) ||
    (await asksForMore(world, state, scope.version, crowd));
  const stays = prior.status === 'rejected' ? prior.digest === digest : !more;
  if (!stays) return fresh;
  const { who, authorities } = fresh;
  return { ...prior, digest, who, authorities, strict };
}

/**
 * "Skipped if the manager files for a report": filing it is their approval, save where approver and requester must differ. What
 * somebody else writes into their request they have not filed.
 */
async function filedByManager(
  world: ReadWorld,
  part: ApprovalPart,
  needed: NeededPart,
  { crowd, plan, edit, asked }: Reading,
): Promise<ApprovalPart | null> {
  if (needed.role !== 'manager' || part.strict || plan.order !== 'filed') return null;
  const manager = await userNameOf(world, crowd.managerEmail);
  if (manager === null || manager !== plan.requester || manager !== edit.by) return null;
  const own = asked.find(({ system }) => system === needed.system);
  if (!own) return null;
  return {
    ...part,
    status: 'approved',
    deed: { by: manager, channel: 'gitlab', at: edit.at },
    authorities: { ...part.authorities, [manager]: 'filed it as the manager of those whom it is for' },
    approved: { ...own, version: plan.version, until: plan.until?.date ?? null },
  };
}

async function asksForMore(
  world: ReadWorld,
  state: RequestState,
  version: string,
  crowd: Crowd,
): Promise<boolean> {
  const before = await idsOf(world, state, version);
  return crowd.people.some(({ employeeId }) => !before.has(employeeId));
}

/** What is done stays as it was done, unless more is asked; then it is done anew, in place. */
function mergeTasks(
  state: RequestState,
  next: readonly Task[],
  morePeople: boolean,
  parts: readonly ApprovalPart[],
): { readonly tasks: readonly Task[]; readonly anew: readonly string[] } {
  const anew: string[] = [];
  const tasks = next.map((task) => {
    const before = state.plan.tasks.find(({ id }) => id === task.id);
    if (!before) return task;
    const now = state.tasks[task.id];
    const same =
      JSON.stringify(before.entitlement) === JSON.stringify(task.entitlement) && before.verb === task.verb;
    const asked = parts.filter(({ system }) => system === task.system);
    const reopened = asked.some(({ status }) => status === 'waiting');
    if (now?.status === 'rejected' && !asked.some(({ status }) => status === 'rejected')) anew.push(task.id);
    if (now?.status === 'done' && !morePeople && (same || !reopened)) return before;
    if (!same || morePeople) anew.push(task.id);
    return now?.status === 'done' && !same && task.verb === undefined
      ? { ...task, verb: 'change' as const }
      : task;
  });
  return { tasks, anew };
}
