import express, { type Request, type Router } from 'express';
import { actorOf, projectOf } from './request';
import { GitlabError, type Site } from './site';
import { formOf, keepUpload, sendUpload } from './uploads';

const GUEST = 10;
/** As large as an attached file may be. */
export const LIMIT = '10mb';

/** Files that people attach to issues and comments: https://docs.gitlab.com/api/project_markdown_uploads/ */
export function uploadRoutes(site: Site, router: Router): void {
  const all = '/projects/:id/uploads';
  router.post(all, express.raw({ type: 'multipart/form-data', limit: LIMIT }), async (req, res) => {
    const project = projectOf(site, req, res);
    const file = await fileOf(req);
    res.status(201).json(await keepUpload(site, project, actorOf(site, res), file));
  });
  router.get(`${all}/:secret/:filename`, (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), GUEST);
    sendUpload(site, project, req, res);
  });
}

/** The part `file` of a form. */
async function fileOf(req: Request): Promise<File> {
  const file = (await formOf(req)).get('file');
  if (file === null) throw GitlabError.badRequest('file is missing');
  if (typeof file === 'string') throw GitlabError.badRequest('file is invalid');
  return file;
}
