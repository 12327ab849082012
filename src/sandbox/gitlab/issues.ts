import { dueNote, now, recordLabels, recordState, titleNote } from './issue-records';
import { changedTasks, sentence } from './markdown-text';
import { emitIssueHook } from './hook-events';
import { labelsByName, mergeLabels } from './labels';
import { announceAssignment, announceDescription } from './announcements';
import { addSystemNote } from './notes';
import { readQuickActions, type QuickChange } from './quick-actions';
import { linkIssues, moveIssue } from './links';
import type { Issue, IssueType, LinkType, Project, User } from './rows';
import { GitlabError, OWNER, REPORTER, type Site } from './site';

/** What may be given for an issue; labels by name. Absent: left as it is. */
export interface IssueFields {
  title?: string;
  description?: string | null;
  labels?: readonly string[];
  addLabels?: readonly string[];
  removeLabels?: readonly string[];
  assigneeIds?: readonly number[];
  stateEvent?: 'close' | 'reopen';
  confidential?: boolean;
  discussionLocked?: boolean;
  dueDate?: string | null;
  weight?: number | null;
  type?: IssueType;
  /** An Owner may say when an issue was made; of others it is left out, as in GitLab. */
  createdAt?: string;
}

/** Opens an issue as `author`; quick actions in the description run with the author's rights. */
export function createIssue(site: Site, project: Project, author: User, fields: IssueFields): Issue {
  site.demand(project, author, 10);
  checkText(fields);
  const title = fields.title?.trim() ?? '';
  if (title === '') throw GitlabError.invalid({ title: ["can't be blank"] });
  const actions = readQuickActions(site, project, author, fields.description ?? '', null);
  const quick = actions.change;
  const id = site.world.next('gitlab-issue');
  const iid = site.world.next(`gitlab-iid/${project.id}`);
  const at = site.now();
  const labelIds = labelsAfter(site, project, [], fields, quick);
  const assigneeIds = assignable(site, project, [
    ...(fields.assigneeIds ?? []),
    ...(quick.assigneeIds ?? []),
  ]);
  const issue: Issue = {
    id,
    iid,
    projectId: project.id,
    title: quick.title ?? title,
    description: fields.description === undefined ? null : actions.text,
    state: 'opened',
    createdAt: site.level(project, author) >= OWNER ? (fields.createdAt ?? at) : at,
    updatedAt: at,
    closedAt: null,
    closedById: null,
    updatedById: null,
    lastEditedAt: null,
    lastEditedById: null,
    labelIds: [],
    assigneeIds,
    authorId: author.id,
    confidential: quick.confidential ?? fields.confidential ?? false,
    discussionLocked: quick.discussionLocked ?? false,
    dueDate: quick.dueDate ?? fields.dueDate ?? null,
    weight: quick.weight ?? fields.weight ?? null,
    movedToId: null,
    ...(fields.type ? { type: fields.type } : {}),
    noteIds: [],
    labelEventIds: [],
    stateEventIds: [],
  };
  site.rows.issues.put(id, issue);
  site.world.table<number>('gitlab-iid').put(`${project.id}/${iid}`, id);
  recordLabels(site, issue, author, labelIds);
  if (assigneeIds.length > 0) addSystemNote(site, id, author, `assigned to ${references(site, assigneeIds)}`);
  announceDescription(site, now(site, id), author, null, assigneeIds);
  emitIssueHook(site, now(site, id), author, 'open', null);
  site.onDescription(now(site, id), project);
  applyRest(site, id, author, quick);
  return now(site, id);
}

/** Changes an issue as `actor`, with every trace that GitLab leaves: events, system notes, mails, webhooks. */
export function updateIssue(site: Site, before: Issue, actor: User, fields: IssueFields): Issue {
  const project = site.project(before.projectId);
  demandEdit(site, project, before, actor, fields);
  checkText(fields);
  if (fields.title !== undefined && fields.title.trim() === '')
    throw GitlabError.invalid({ title: ["can't be blank"] });
  const given = fields.description;
  const actions =
    typeof given === 'string' && given !== before.description
      ? readQuickActions(site, project, actor, given, before)
      : null;
  const wanted: IssueFields = { ...fields };
  if (actions) wanted.description = actions.text;
  return applyChange(site, before, actor, wanted, actions?.change ?? {});
}

/** Applies quick actions of a comment; those that the author may not do are left undone, as in GitLab. */
export function applyQuickChange(site: Site, before: Issue, actor: User, quick: QuickChange): Issue {
  if (site.level(site.project(before.projectId), actor) < REPORTER) return before;
  return applyChange(site, before, actor, {}, quick);
}

function applyChange(site: Site, before: Issue, actor: User, fields: IssueFields, quick: QuickChange): Issue {
  const project = site.project(before.projectId);
  const at = site.now();
  const labelIds = labelsAfter(site, project, before.labelIds, fields, quick);
  const assigneeWish = quick.assigneeIds ?? fields.assigneeIds;
  const assigneeIds = assigneeWish ? assignable(site, project, assigneeWish) : before.assigneeIds;
  const event = quick.stateEvent ?? fields.stateEvent;
  const state = event === 'close' ? 'closed' : event === 'reopen' ? 'opened' : before.state;
  const description = fields.description === undefined ? before.description : fields.description;
  const title = quick.title ?? fields.title?.trim() ?? before.title;
  const edited = title !== before.title || description !== before.description;
  const closing = state !== before.state;
  const after: Issue = {
    ...before,
    title,
    description,
    state,
    assigneeIds,
    confidential: quick.confidential ?? fields.confidential ?? before.confidential,
    discussionLocked: quick.discussionLocked ?? fields.discussionLocked ?? before.discussionLocked,
    dueDate:
      quick.dueDate !== undefined
        ? quick.dueDate
        : fields.dueDate !== undefined
          ? fields.dueDate
          : before.dueDate,
    weight:
      quick.weight !== undefined ? quick.weight : fields.weight !== undefined ? fields.weight : before.weight,
    closedAt: closing ? (state === 'closed' ? at : null) : before.closedAt,
    closedById: closing ? (state === 'closed' ? actor.id : null) : before.closedById,
    ...(fields.type ? { type: fields.type } : {}),
    lastEditedAt: edited ? at : before.lastEditedAt,
    lastEditedById: edited ? actor.id : before.lastEditedById,
  };
  const labelsChanged = !sameIds(labelIds, before.labelIds);
  if (labelsChanged || JSON.stringify(after) !== JSON.stringify(before)) {
    site.rows.issues.put(before.id, { ...after, updatedAt: at, updatedById: actor.id });
    leaveTraces(site, before, actor, labelIds);
  }
  applyRest(site, before.id, actor, quick);
  return now(site, before.id);
}

/** Events, notes, mails and the webhook of a change that was just stored. */
function leaveTraces(site: Site, before: Issue, actor: User, labelIds: readonly number[]): void {
  const { id } = before;
  const after = now(site, id);
  const note = (body: string): void => addSystemNote(site, id, actor, body);
  if (after.title !== before.title) note(titleNote(before.title, after.title));
  if (after.description !== before.description) {
    const ticked = changedTasks(before.description, after.description);
    for (const task of ticked)
      note(`marked the checklist item **${task.text}** as ${task.complete ? 'completed' : 'incomplete'}`);
    if (ticked.length === 0) note('changed the description');
  }
  const added = after.assigneeIds.filter((user) => !before.assigneeIds.includes(user));
  const gone = before.assigneeIds.filter((user) => !after.assigneeIds.includes(user));
  const parts = [
    ...(added.length > 0 ? [`assigned to ${references(site, added)}`] : []),
    ...(gone.length > 0 ? [`unassigned ${references(site, gone)}`] : []),
  ];
  if (parts.length > 0) note(parts.join(' and '));
  if (after.confidential !== before.confidential)
    note(after.confidential ? 'made the issue confidential' : 'made the issue visible to everyone');
  if (after.dueDate !== before.dueDate) note(after.dueDate ? dueNote(after.dueDate) : 'removed due date');
  if (after.weight !== before.weight)
    note(after.weight === null ? 'removed the weight' : `changed weight to **${after.weight}**`);
  if (after.discussionLocked !== before.discussionLocked)
    note(
      after.discussionLocked
        ? 'locked the discussion in this issue'
        : 'unlocked the discussion in this issue',
    );
  recordLabels(site, after, actor, labelIds);
  if (after.state !== before.state)
    recordState(site, id, actor, after.state === 'closed' ? 'closed' : 'reopened');
  if (after.description !== before.description)
    announceDescription(site, now(site, id), actor, before.description ?? '', []);
  if (added.length > 0) announceAssignment(site, now(site, id), actor, added);
  const action = after.state === before.state ? 'update' : after.state === 'closed' ? 'close' : 'reopen';
  emitIssueHook(site, now(site, id), actor, action, before);
  if (after.description !== before.description)
    site.onDescription(now(site, id), site.project(after.projectId));
}

/** Links and the move that quick actions ask for, once the rest is stored. */
function applyRest(site: Site, id: number, actor: User, quick: QuickChange): void {
  const issue = now(site, id);
  const project = site.project(issue.projectId);
  for (const { path, iid } of quick.relateTo ?? []) {
    const other = path === null ? project : site.rows.projects.find((row) => row.path === path);
    const target = other && site.issueAt(other, iid);
    if (target && target.id !== id && site.seesIssue(target, actor))
      linkIssues(site, now(site, id), target, actor, 'relates_to' satisfies LinkType);
  }
  if (quick.moveTo !== undefined) {
    const target = site.rows.projects.find((row) => row.path === quick.moveTo);
    if (target && target.id !== project.id && site.level(target, actor) >= REPORTER)
      moveIssue(site, now(site, id), target, actor);
  }
}

function demandEdit(site: Site, project: Project, issue: Issue, actor: User, fields: IssueFields): void {
  const level = site.level(project, actor);
  if (level >= REPORTER) return;
  const own = issue.authorId === actor.id || issue.assigneeIds.includes(actor.id);
  const textOnly = Object.keys(fields).every(
    (key) => key === 'title' || key === 'description' || key === 'stateEvent',
  );
  if (level === 0 || !own || !textOnly) throw GitlabError.forbidden();
}

function checkText(fields: IssueFields): void {
  const wrong: Record<string, string[]> = {};
  if ((fields.title?.length ?? 0) > 255) wrong['title'] = ['is too long (maximum is 255 characters)'];
  if ((fields.description?.length ?? 0) > 1_048_576)
    wrong['description'] = ['is too long (maximum is 1048576 characters)'];
  if (Object.keys(wrong).length > 0) throw GitlabError.invalid(wrong);
}

function labelsAfter(
  site: Site,
  project: Project,
  current: readonly number[],
  fields: IssueFields,
  quick: QuickChange,
): number[] {
  const set = quick.labelIds ?? (fields.labels ? labelsByName(site, project, fields.labels) : null);
  const base = set ? mergeLabels(site, [], set, []) : current;
  const added = [...labelsByName(site, project, fields.addLabels ?? []), ...(quick.addLabelIds ?? [])];
  const removedNames = (fields.removeLabels ?? []).map((name) => name.trim().toLowerCase());
  const removed = site.rows.labels
    .filter((label) => label.projectId === project.id && removedNames.includes(label.name.toLowerCase()))
    .map((label) => label.id);
  return mergeLabels(site, base, added, [...removed, ...(quick.removeLabelIds ?? [])]);
}

/** Those of the given users who may be assigned: members who exist, each once. */
function assignable(site: Site, project: Project, ids: readonly number[]): number[] {
  return [...new Set(ids)].filter(
    (id) => site.rows.users.get(id) && site.rows.members.get(`${project.id}/${id}`),
  );
}

const references = (site: Site, ids: readonly number[]): string =>
  sentence(ids.map((id) => `@${site.user(id).username}`));

const sameIds = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));
