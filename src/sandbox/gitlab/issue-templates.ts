import type { Project } from './rows';
import type { Site } from './site';

/** Where GitLab looks for issue templates: https://docs.gitlab.com/user/project/description_templates/ */
export const ISSUE_TEMPLATES = '.gitlab/issue_templates/';

export interface IssueTemplate {
  readonly name: string;
  readonly content: string;
}

/** The issue templates that stand in a project's repository, in the order of their names. */
export const issueTemplatesOf = (site: Site, project: Project): readonly IssueTemplate[] =>
  site.rows.files
    .filter(
      ({ projectId, path }) =>
        projectId === project.id && path.startsWith(ISSUE_TEMPLATES) && path.endsWith('.md'),
    )
    .map(({ path, base64 }) => ({
      name: path.slice(ISSUE_TEMPLATES.length, -'.md'.length),
      content: Buffer.from(base64, 'base64').toString('utf8'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
