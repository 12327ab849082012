import { escapeHtml, timeHtml } from '../page';
import { scopeOf, textColor } from './labels';
import { tasksIn } from './markdown-text';
import type { Board, Issue, Label, Project, User } from './rows';
import type { Site } from './site';

/** Of a scoped label the value: where its scope is known. */
const shortName = ({ name }: Label): string => {
  const scope = scopeOf(name);
  return scope === null ? name : name.slice(scope.length + 2);
};

/** A label as GitLab draws it; a scoped one in two parts. */
export function labelHtml(label: Label): string {
  const color = escapeHtml(label.color);
  const paint = `background:${color};color:${textColor(label.color)}`;
  const scope = scopeOf(label.name);
  const hint = escapeHtml(label.description ?? '');
  if (scope === null)
    return `<span class="label" style="border-color:${color}" title="${hint}"><span style="${paint}">${escapeHtml(label.name)}</span></span>`;
  return `<span class="label" style="border-color:${color}" title="${hint}"><span style="${paint}">${escapeHtml(scope)}</span><span class="value">${escapeHtml(shortName(label))}</span></span>`;
}

export const labelsHtml = (site: Site, issue: Issue): string =>
  issue.labelIds
    .flatMap((id) => site.rows.labels.get(id) ?? [])
    .map(labelHtml)
    .join(' ');

const issuePath = (site: Site, issue: Issue): string =>
  escapeHtml(`/${site.project(issue.projectId).path}/-/issues/${issue.iid}`);

const briefly = (site: Site, issue: Issue): string => {
  const tasks = tasksIn(issue.description);
  const done = tasks.filter((task) => task.complete).length;
  const people = issue.assigneeIds.map((id) => `@${site.user(id).username}`).join(' ');
  const parts = [
    `#${issue.iid}`,
    ...(tasks.length > 0 ? [`${done}/${tasks.length} boxes`] : []),
    people || 'nobody assigned',
  ];
  return escapeHtml(parts.join(' · '));
};

const lockHtml = (issue: Issue): string =>
  issue.confidential ? '<span class="lock" title="Confidential">confidential</span> ' : '';

export function projectsPage(site: Site, viewer: User): string {
  const rows = site.rows.projects
    .filter((project) => site.sees(project, viewer))
    .map((project) => {
      const open = site.rows.issues.filter(
        (issue) =>
          issue.projectId === project.id && issue.state === 'opened' && site.seesIssue(issue, viewer),
      ).length;
      const path = escapeHtml(project.path);
      const board = site.rows.boards.find((row) => row.projectId === project.id);
      return `<tr><td><a href="/${path}/-/issues">${escapeHtml(project.name)}</a><div class="meta">${path} · ${project.visibility}</div></td><td>${open} open</td>
<td>${board ? `<a href="/${path}/-/boards/${board.id}">Board: ${escapeHtml(board.name)}</a>` : ''}</td></tr>`;
    });
  return `<h1>Projects</h1><table class="list"><tbody>${rows.join('')}</tbody></table>`;
}

export function issueListPage(site: Site, project: Project, viewer: User, state: string): string {
  const path = escapeHtml(project.path);
  const issues = site.rows.issues
    .filter(
      (issue) =>
        issue.projectId === project.id &&
        (state === 'all' || issue.state === state) &&
        site.seesIssue(issue, viewer),
    )
    .reverse();
  const tabs = ['opened', 'closed', 'all'].map((name) =>
    name === state ? `<b>${name}</b>` : `<a href="?state=${name}">${name}</a>`,
  );
  const board = site.rows.boards.find((row) => row.projectId === project.id);
  const boardLink = board ? ` · <a href="/${path}/-/boards/${board.id}">board</a>` : '';
  const rows = issues.slice(0, 300).map(
    (
      issue,
    ) => `<tr><td>${lockHtml(issue)}<a href="${issuePath(site, issue)}">${escapeHtml(issue.title)}</a><div class="meta">${briefly(site, issue)}</div></td>
<td>${labelsHtml(site, issue)}</td><td>${issue.state}</td><td class="meta">${timeHtml(issue.updatedAt)}</td></tr>`,
  );
  const none = rows.length === 0 ? '<p class="empty">No issues.</p>' : '';
  return `<h1>${escapeHtml(project.name)} <small>${path}</small></h1><p>${tabs.join(' · ')}${boardLink} · <a href="/${path}/-/issues/new">new issue</a></p>
<table class="list"><tbody>${rows.join('')}</tbody></table>${none}`;
}

/** The board: open issues without a list's label, one column a list, and what is closed. */
export function boardPage(site: Site, project: Project, board: Board, viewer: User): string {
  const seen = site.rows.issues
    .filter((issue) => issue.projectId === project.id && site.seesIssue(issue, viewer))
    .reverse();
  const open = seen.filter((issue) => issue.state === 'opened');
  const lists = site.rows.boardLists
    .filter((list) => list.boardId === board.id)
    .sort((a, b) => a.position - b.position)
    .flatMap((list) => site.rows.labels.get(list.labelId) ?? []);
  const back = `/${project.path}/-/boards/${board.id}`;
  const column = (head: string, issues: readonly Issue[], from: Label | null): string =>
    `<section class="column"><h2>${head}<span class="meta">${issues.length}</span></h2>${issues
      .slice(0, 100)
      .map((issue) => cardHtml(site, issue, lists, from, back))
      .join('')}</section>`;
  const backlog = open.filter((issue) => !lists.some((label) => issue.labelIds.includes(label.id)));
  const columns = [
    column('Open', backlog, null),
    ...lists.map((label) =>
      column(
        labelHtml(label),
        open.filter((issue) => issue.labelIds.includes(label.id)),
        label,
      ),
    ),
    column(
      'Closed',
      seen.filter((issue) => issue.state === 'closed'),
      null,
    ),
  ];
  return `<h1>${escapeHtml(board.name)} <small><a href="/${escapeHtml(project.path)}/-/issues">${escapeHtml(project.path)}</a> · <a href="/${escapeHtml(project.path)}/-/issues/new">new issue</a></small></h1><div class="board">${columns.join('')}</div>`;
}

function cardHtml(
  site: Site,
  issue: Issue,
  lists: readonly Label[],
  from: Label | null,
  back: string,
): string {
  const targets = lists
    .filter((label) => label.id !== from?.id)
    .map((label) => `<option value="${escapeHtml(label.name)}">${escapeHtml(shortName(label))}</option>`);
  const others = issue.labelIds
    .flatMap((id) => site.rows.labels.get(id) ?? [])
    .filter((label) => label.id !== from?.id);
  const move =
    issue.state === 'closed' || targets.length === 0
      ? ''
      : `<form class="bar" method="post" action="${issuePath(site, issue)}"><input type="hidden" name="do" value="move-card">
<input type="hidden" name="back" value="${escapeHtml(back)}"><input type="hidden" name="from" value="${escapeHtml(from?.name ?? '')}">
<select name="to" aria-label="Move to">${targets.join('')}</select><button>Move</button></form>`;
  return `<article class="card">${lockHtml(issue)}<a href="${issuePath(site, issue)}">${escapeHtml(issue.title)}</a>
<div>${others.map(labelHtml).join(' ')}</div><div class="meta">${briefly(site, issue)}</div>${move}</article>`;
}
