import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { part } from './request';
import type { Project, User } from './rows';
import { GitlabError, type Site } from './site';

/** As GitLab answers it; `markdown` is the link that a text points to it with. */
export interface UploadShape {
  readonly id: number;
  readonly alt: string;
  readonly url: string;
  readonly full_path: string;
  readonly markdown: string;
}

/** Keeps a file that somebody attached: https://docs.gitlab.com/api/project_markdown_uploads/ */
export async function keepUpload(site: Site, project: Project, by: User, file: File): Promise<UploadShape> {
  const id = site.world.next('gitlab-upload');
  const secret = randomBytes(16).toString('hex');
  // As GitLab does, what could end the link or the path is taken out of the name.
  const name = file.name.replace(/^.*[/\\]/, '').replace(/[^\p{L}\p{N}._-]/gu, '_') || 'file';
  const bytes = Buffer.from(await file.arrayBuffer());
  site.rows.uploads.put(`${project.id}/${secret}/${name}`, {
    id,
    projectId: project.id,
    secret,
    name,
    base64: bytes.toString('base64'),
    authorId: by.id,
    createdAt: site.now(),
  });
  const url = `/uploads/${secret}/${name}`;
  const alt = name.replace(/\.[^.]*$/, '');
  const image = /\.(?:png|jpe?g|gif|svg|webp)$/i.test(name);
  return {
    id,
    alt: image ? alt : name,
    url,
    full_path: `/-/project/${project.id}${url}`,
    markdown: image ? `![${alt}](${url})` : `[${name}](${url})`,
  };
}

/** Gives an attached file, to be saved: as GitLab does, whatever isn't a picture isn't shown on its own pages. */
export function sendUpload(site: Site, project: Project, req: Request, res: Response): void {
  const upload = site.rows.uploads.get(`${project.id}/${part(req, 'secret')}/${part(req, 'filename')}`);
  if (!upload) throw GitlabError.notFound('Not found');
  res
    .set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(upload.name)}`)
    .type('application/octet-stream')
    .send(Buffer.from(upload.base64, 'base64'));
}

/** What a form with files says, whose body was read as it came; Node's own reader takes it apart. */
export async function formOf(req: Request): Promise<FormData> {
  const body: unknown = req.body;
  const type = req.header('content-type');
  if (!Buffer.isBuffer(body) || type === undefined) throw GitlabError.badRequest('file is missing');
  return new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData().catch(() => {
    throw GitlabError.badRequest('file is invalid');
  });
}
