import { renderTemplate } from '../../domain/form-template';
import type { Handbook } from '../../domain/handbook';
import { ISSUE_TEMPLATES, issueTemplatesOf } from './issue-templates';
import { commitFiles } from './routes-repository';
import { ACCESS_REQUESTS, BOT } from './seed';
import type { Site } from './site';

/** What `daytwo config publish --yes` does: writes the handbook's templates that differ, in one commit of the bot. */
export function publishTemplates(site: Site, handbook: Handbook): void {
  const project = site.rows.projects.find(({ path }) => path === ACCESS_REQUESTS);
  const bot = site.userNamed(BOT);
  if (!project || !bot) return;
  const there = new Map(issueTemplatesOf(site, project).map(({ name, content }) => [`${name}.md`, content]));
  const writes = handbook.issueTemplates
    .map(({ file, text }) => ({ file, content: renderTemplate(text, handbook) }))
    .filter(({ file, content }) => there.get(file) !== content)
    .map(({ file, content }) => ({
      action: there.has(file) ? ('update' as const) : ('create' as const),
      path: `${ISSUE_TEMPLATES}${file}`,
      content,
      encoding: undefined,
    }));
  if (writes.length > 0)
    commitFiles(site, project, bot, writes, 'Publish the issue templates of the handbook');
}
