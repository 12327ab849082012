import { escapeHtml, timeHtml } from '../page';
import { labelNamed, labelsOf } from './labels';
import { linksOf, typeSeenFrom } from './links';
import { tasksIn } from './markdown-text';
import { notesFor } from './notes';
import { labelHtml } from './page-board';
import { renderInline, type References } from './render-inline';
import { renderMarkdown } from './render-markdown';
import type { Issue, Project, User } from './rows';
import type { Site } from './site';

/** One issue: its text with boxes that can be ticked, its people and labels, and all that happened on it. */
export function issuePage(site: Site, issue: Issue, viewer: User): string {
  const project = site.project(issue.projectId);
  const refs = referencesFrom(site, project, viewer);
  const tasks = tasksIn(issue.description);
  const known = new Set(tasks.map((task) => task.line));
  const box = (line: number, complete: boolean, text: string): string =>
    known.has(line) ? tickForm(line, complete, text) : complete ? '☑ ' : '☐ ';
  const done = tasks.filter((task) => task.complete).length;
  const progress = tasks.length > 0 ? ` · ${done} of ${tasks.length} checklist items completed` : '';
  const board = site.rows.boards.find((row) => row.projectId === project.id);
  const boardLink = board ? ` · <a href="/${escapeHtml(project.path)}/-/boards/${board.id}">board</a>` : '';
  return `<p class="meta"><a href="/${escapeHtml(project.path)}/-/issues">${escapeHtml(project.path)}</a>#${issue.iid}${boardLink}</p>
<h1>${escapeHtml(issue.title)} <small>#${issue.iid}</small></h1>
<p class="meta"><span class="state ${issue.state}">${issue.state === 'opened' ? 'Open' : 'Closed'}</span> ${issue.confidential ? '<b class="lock">Confidential</b>' : ''}
 created ${timeHtml(issue.createdAt)} by ${escapeHtml(site.user(issue.authorId).name)}${progress}</p>
<div class="issue"><div><div class="text">${renderMarkdown(issue.description ?? '', refs, box)}</div>
${editForm(issue)}<h2>Activity</h2>${activityHtml(site, issue, viewer, refs)}${commentForm(issue)}</div>${sideHtml(site, issue, project, viewer)}</div>`;
}

const hidden = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');

const tickForm = (line: number, complete: boolean, text: string): string =>
  `<form method="post" style="display:inline">${hidden({ do: 'tick', line: String(line), text, state: complete ? '' : 'x' })}<button class="tick${complete ? ' done' : ''}" aria-label="${complete ? 'Clear' : 'Tick'}: ${escapeHtml(text)}">${complete ? '✓' : ''}</button></form>`;

const editForm = (
  issue: Issue,
): string => `<details><summary class="meta">Edit title and description</summary><form method="post">${hidden({ do: 'describe' })}
<p><input name="title" value="${escapeHtml(issue.title)}" size="80" aria-label="Title"></p><textarea name="description" rows="16" aria-label="Description">\n${escapeHtml(issue.description ?? '')}</textarea><p><button>Save</button></p></form></details>`;

const commentForm = (
  issue: Issue,
): string => `<form method="post">${hidden({ do: 'comment' })}<textarea name="body" rows="4" placeholder="Write a comment; quick actions such as /assign me work" aria-label="Comment"></textarea><p><button>Comment</button></p></form>
<form method="post">${hidden({ do: issue.state === 'opened' ? 'close' : 'reopen' })}<button>${issue.state === 'opened' ? 'Close issue' : 'Reopen issue'}</button></form>`;

/** Notes and label and state events as one story, oldest first. */
function activityHtml(site: Site, issue: Issue, viewer: User, refs: References): string {
  const notes = notesFor(site, issue, viewer).map((note) => ({
    at: note.createdAt,
    html: note.system
      ? eventHtml(site, note.authorId, renderInline(note.body, refs), note.createdAt)
      : `<article class="note" id="note_${note.id}"><b>${escapeHtml(site.user(note.authorId).name)}</b> <span class="meta">@${escapeHtml(site.user(note.authorId).username)} · ${timeHtml(note.createdAt)}</span>
<div class="text">${renderMarkdown(note.body, refs, (_line, complete) => (complete ? '☑ ' : '☐ '))}</div></article>`,
  }));
  const labels = issue.labelEventIds
    .flatMap((id) => site.rows.labelEvents.get(id) ?? [])
    .map((event) => {
      const label = site.rows.labels.get(event.labelId);
      const words = `${event.action === 'add' ? 'added' : 'removed'} ${label ? labelHtml(label) : 'a deleted'} label`;
      return { at: event.createdAt, html: eventHtml(site, event.userId, words, event.createdAt) };
    });
  const states = issue.stateEventIds
    .flatMap((id) => site.rows.stateEvents.get(id) ?? [])
    .map((event) => ({
      at: event.createdAt,
      html: eventHtml(site, event.userId, event.state, event.createdAt),
    }));
  const all = [...notes, ...labels, ...states].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return all.map((entry) => entry.html).join('') || '<p class="empty">Nothing yet.</p>';
}

const eventHtml = (site: Site, userId: number, html: string, at: string): string =>
  `<p class="event"><b>${escapeHtml(site.user(userId).name)}</b> ${html} <span class="meta">${timeHtml(at)}</span></p>`;

function sideHtml(site: Site, issue: Issue, project: Project, viewer: User): string {
  const members = site.rows.members
    .filter((member) => member.projectId === project.id)
    .map((member) => site.user(member.userId));
  const assigned = issue.assigneeIds.map((id) => site.user(id));
  const people = assigned.map(
    (user) =>
      `<form class="bar" method="post">${hidden({ do: 'unassign', user: user.username })}<span>${escapeHtml(user.name)} @${escapeHtml(user.username)}</span><button>Unassign</button></form>`,
  );
  const me = assigned.some((user) => user.id === viewer.id)
    ? ''
    : `<form method="post">${hidden({ do: 'assign', user: viewer.username })}<button>Assign to me</button></form>`;
  const free = members
    .filter((user) => !issue.assigneeIds.includes(user.id))
    .map((user) => `<option value="${escapeHtml(user.username)}">${escapeHtml(user.name)}</option>`);
  const labels = issue.labelIds
    .flatMap((id) => site.rows.labels.get(id) ?? [])
    .map(
      (label) =>
        `<form class="bar" method="post">${hidden({ do: 'unlabel', label: label.name })}${labelHtml(label)}<button aria-label="Remove ${escapeHtml(label.name)}">×</button></form>`,
    );
  const more = labelsOf(site, project)
    .filter((label) => !issue.labelIds.includes(label.id))
    .map((label) => `<option>${escapeHtml(label.name)}</option>`);
  return `<aside><section><h2>Assignees</h2>${people.join('') || '<p class="empty">None</p>'}${me}
<form class="bar" method="post">${hidden({ do: 'assign' })}<select name="user" aria-label="Person">${free.join('')}</select><button>Assign</button></form></section>
<section><h2>Labels</h2>${labels.join('') || '<p class="empty">None</p>'}<form class="bar" method="post">${hidden({ do: 'label' })}<select name="label" aria-label="Label">${more.join('')}</select><button>Add</button></form></section>
<section><h2>Due date</h2>${escapeHtml(issue.dueDate ?? 'None')}</section>${linkedHtml(site, issue, viewer)}</aside>`;
}

function linkedHtml(site: Site, issue: Issue, viewer: User): string {
  const rows = linksOf(site, issue).flatMap((link) => {
    const other = site.rows.issues.get(link.sourceId === issue.id ? link.targetId : link.sourceId);
    if (!other || !site.seesIssue(other, viewer)) return [];
    const path = site.project(other.projectId).path;
    return [
      `<li>${typeSeenFrom(link, issue).replaceAll('_', ' ')} <a href="/${escapeHtml(path)}/-/issues/${other.iid}">${escapeHtml(`${path}#${other.iid}`)}</a> ${escapeHtml(other.title)}</li>`,
    ];
  });
  return rows.length > 0 ? `<section><h2>Linked</h2><ul>${rows.join('')}</ul></section>` : '';
}

/** What a text of a project may refer to, as far as the viewer may see it. */
export function referencesFrom(site: Site, project: Project, viewer: User): References {
  return {
    user: (name) => (site.userNamed(name) ? `<b>@${escapeHtml(name)}</b>` : null),
    issue: (path, iid) => {
      const home = path === null ? project : site.rows.projects.find((row) => row.path === path);
      const target = home && site.issueAt(home, iid);
      if (!home || !target || !site.seesIssue(target, viewer)) return null;
      return `<a href="/${escapeHtml(home.path)}/-/issues/${iid}">${escapeHtml(`${path ?? ''}#${iid}`)}</a>`;
    },
    label: (name) => {
      const label = labelNamed(site, project, name);
      return label ? labelHtml(label) : null;
    },
    upload: (path) =>
      site.rows.uploads.get(`${project.id}${path.slice('/uploads'.length)}`)
        ? `/${project.path}${path}`
        : null,
  };
}
