import type { Router } from 'express';
import { referencesFrom } from './page-issue';
import { Params } from './params';
import type { References } from './render-inline';
import { renderMarkdown } from './render-markdown';
import { actorOf, findProject } from './request';
import { GitlabError, type Site } from './site';

const NO_REFERENCES: References = {
  user: () => null,
  issue: () => null,
  label: () => null,
  upload: () => null,
};

/** A text as HTML, with references where `gfm` and a project are given: https://docs.gitlab.com/api/markdown/ */
export function markdownRoutes(site: Site, router: Router): void {
  router.post('/markdown', (req, res) => {
    const params = new Params(req);
    const text = params.required('text');
    const path = params.text('project');
    const actor = actorOf(site, res);
    const project = path === undefined ? undefined : findProject(site, path);
    if (path !== undefined && (!project || !site.sees(project, actor)))
      throw GitlabError.notFound('Project Not Found');
    const references =
      project && params.flag('gfm') === true ? referencesFrom(site, project, actor) : NO_REFERENCES;
    const box = (_line: number, complete: boolean): string =>
      `<input type="checkbox" class="task-list-item-checkbox"${complete ? ' checked' : ''} disabled> `;
    res.status(201).json({ html: renderMarkdown(text, references, box) });
  });
}
