import { randomBytes } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import { actorOf, part, projectOf } from './request';
import { GitlabError, type Site } from './site';

const GUEST = 10;
const LIMIT = '10mb';

/** Files that people attach to issues and comments: https://docs.gitlab.com/api/project_markdown_uploads/ */
export function uploadRoutes(site: Site, router: Router): void {
  const all = '/projects/:id/uploads';
  router.post(all, express.raw({ type: 'multipart/form-data', limit: LIMIT }), async (req, res) => {
    const project = projectOf(site, req, res);
    const file = await fileOf(req);
    const id = site.world.next('gitlab-upload');
    const secret = randomBytes(16).toString('hex');
    // As GitLab does, what could end the link or the path is taken out of the name.
    const name = file.name.replace(/^.*[/\\]/, '').replace(/[^\p{L}\p{N}._-]/gu, '_') || 'file';
    const bytes = Buffer.from(await file.arrayBuffer());
    const by = actorOf(site, res).id;
    site.rows.uploads.put(`${project.id}/${secret}/${name}`, {
      id,
      projectId: project.id,
      secret,
      name,
      base64: bytes.toString('base64'),
      authorId: by,
      createdAt: site.now(),
    });
    const url = `/uploads/${secret}/${name}`;
    const alt = name.replace(/\.[^.]*$/, '');
    const image = /\.(?:png|jpe?g|gif|svg|webp)$/i.test(name);
    res.status(201).json({
      id,
      alt: image ? alt : name,
      url,
      full_path: `/-/project/${project.id}${url}`,
      markdown: image ? `![${alt}](${url})` : `[${name}](${url})`,
    });
  });
  router.get(`${all}/:secret/:filename`, (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), GUEST);
    const upload = site.rows.uploads.get(`${project.id}/${part(req, 'secret')}/${part(req, 'filename')}`);
    if (!upload) throw GitlabError.notFound('Not found');
    res
      .set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(upload.name)}`)
      .type('application/octet-stream')
      .send(Buffer.from(upload.base64, 'base64'));
  });
}

/** The part `file` of a form; Node's own reader of forms takes it apart. */
async function fileOf(req: Request): Promise<File> {
  const body: unknown = req.body;
  const type = req.header('content-type');
  if (!Buffer.isBuffer(body) || type === undefined) throw GitlabError.badRequest('file is missing');
  const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => {
      throw GitlabError.badRequest('file is invalid');
    });
  const file = form.get('file');
  if (file === null) throw GitlabError.badRequest('file is missing');
  if (typeof file === 'string') throw GitlabError.badRequest('file is invalid');
  return file;
}
