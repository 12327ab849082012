import { escapeHtml } from '../page';
import { issueTemplatesOf } from './issue-templates';
import type { Project } from './rows';
import type { Site } from './site';

/** A new issue, as GitLab's page offers it: a template to begin with, a title and the text. */
export function newIssuePage(site: Site, project: Project, wanted: string): string {
  const path = escapeHtml(project.path);
  const templates = issueTemplatesOf(site, project);
  const chosen = templates.find(({ name }) => name === wanted);
  const options = templates.map(
    ({ name }) =>
      `<option value="${escapeHtml(name)}"${name === chosen?.name ? ' selected' : ''}>${escapeHtml(name)}</option>`,
  );
  const choice =
    templates.length === 0
      ? '<p class="empty">This project has no issue templates.</p>'
      : `<form class="bar" method="get"><label>Template <select name="issuable_template"><option value="">None</option>${options.join('')}</select></label> <button>Use it</button></form>`;
  // A newline at the beginning of a text area isn't shown; this one is there to be swallowed.
  return `<h1>New issue <small><a href="/${path}/-/issues">${path}</a></small></h1>${choice}
<form method="post" action="/${path}/-/issues" enctype="multipart/form-data"><p><label>Title<br><input name="title" size="80" required></label></p>
<p><label>Description<br><textarea name="description" rows="30">
${escapeHtml(chosen?.content ?? '')}</textarea></label></p>
<p><label>Attach a file, such as a list of people as CSV <input type="file" name="file"></label></p><button>Create issue</button></form>`;
}
