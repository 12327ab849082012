import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import { issueTemplatesOf } from './issue-templates';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, part, projectOf } from './request';
import type { Commit, Project, RepositoryFile, User } from './rows';
import { GitlabError, type Site } from './site';

const BRANCH = 'main';
const DEVELOPER = 30;
const sha = (bytes: Buffer, algorithm: 'sha1' | 'sha256'): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** Files of a repository with one branch, `main`, and the issue templates among them. */
export function repositoryRoutes(site: Site, router: Router): void {
  const one = '/projects/:id/repository/files/:file_path';
  router.get(`${one}/raw`, (req, res) => {
    const file = fileOf(site, req, projectOf(site, req, res));
    res.set(fileHeaders(file)).type('text/plain').send(Buffer.from(file.base64, 'base64'));
  });
  router.head(one, (req, res) => {
    res.set(fileHeaders(fileOf(site, req, projectOf(site, req, res)))).end();
  });
  router.get(one, (req, res) => {
    new Params(req).required('ref');
    const file = fileOf(site, req, projectOf(site, req, res));
    res.set(fileHeaders(file)).json(fileShape(file));
  });
  for (const [method, action] of [
    ['post', 'create'],
    ['put', 'update'],
    ['delete', 'delete'],
  ] as const)
    router[method](one, (req, res) => {
      const params = new Params(req);
      const write = {
        action,
        path: part(req, 'file_path'),
        content: action === 'delete' ? '' : params.required('content'),
        encoding: params.text('encoding'),
      };
      commit(site, req, res, [write], params.required('commit_message'));
      if (action === 'delete') res.status(204).end();
      else res.status(action === 'create' ? 201 : 200).json({ file_path: write.path, branch: BRANCH });
    });
  treeRoutes(site, router);
  commitRoutes(site, router);
  templateRoutes(site, router);
}

interface Write {
  readonly action: 'create' | 'update' | 'delete' | 'move';
  readonly path: string;
  readonly content: string;
  readonly encoding: string | undefined;
}

function commit(site: Site, req: Request, res: Response, writes: readonly Write[], message: string): Commit {
  const project = projectOf(site, req, res);
  const actor = actorOf(site, res);
  site.demand(project, actor, DEVELOPER);
  const branch = new Params(req).required('branch');
  if (branch !== BRANCH)
    throw GitlabError.invalid('You can only create or edit files when you are on a branch');
  for (const write of writes) {
    const there = site.rows.files.get(`${project.id}/${write.path}`) !== undefined;
    if (write.action === 'create' && there) throw GitlabError.invalid('A file with this name already exists');
    if (write.action !== 'create' && !there) throw GitlabError.invalid("A file with this name doesn't exist");
  }
  return commitFiles(site, project, actor, writes, message);
}

/** Writes files in one commit, without asking who may. */
export function commitFiles(
  site: Site,
  project: Project,
  author: User,
  writes: readonly Write[],
  message: string,
): Commit {
  const id = randomBytes(20).toString('hex');
  const parent = site.rows.commits.filter((row) => row.projectId === project.id).at(-1);
  const made: Commit = {
    id,
    projectId: project.id,
    message,
    authorId: author.id,
    createdAt: site.now(),
    parentId: parent?.id ?? null,
  };
  site.rows.commits.put(id, made);
  for (const write of writes) {
    const key = `${project.id}/${write.path}`;
    const bytes = Buffer.from(write.content, write.encoding === 'base64' ? 'base64' : 'utf8');
    if (write.action === 'delete') site.rows.files.delete(key);
    else
      site.rows.files.put(key, {
        projectId: project.id,
        path: write.path,
        base64: bytes.toString('base64'),
        commitId: id,
      });
  }
  return made;
}

function fileOf(site: Site, req: Request, project: Project): RepositoryFile {
  const file = site.rows.files.get(`${project.id}/${part(req, 'file_path')}`);
  if (!file) throw GitlabError.notFound('File Not Found');
  return file;
}

function fileShape(file: RepositoryFile): Record<string, unknown> {
  const bytes = Buffer.from(file.base64, 'base64');
  return {
    file_name: file.path.split('/').at(-1),
    file_path: file.path,
    size: bytes.length,
    encoding: 'base64',
    content_sha256: sha(bytes, 'sha256'),
    ref: BRANCH,
    blob_id: sha(bytes, 'sha1'),
    commit_id: file.commitId,
    last_commit_id: file.commitId,
    execute_filemode: false,
    content: file.base64,
  };
}

function fileHeaders(file: RepositoryFile): Record<string, string> {
  const { content: _content, ...rest } = fileShape(file);
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      `X-Gitlab-${name
        .split('_')
        .map((word) => word[0]?.toUpperCase() + word.slice(1))
        .join('-')}`,
      encodeURI(String(value)),
    ]),
  );
}

function treeRoutes(site: Site, router: Router): void {
  router.get('/projects/:id/repository/tree', (req, res) => {
    const project = projectOf(site, req, res);
    const params = new Params(req);
    const root = (params.text('path') ?? '').replace(/^\/+|\/+$/g, '');
    const recursive = params.flag('recursive') ?? false;
    const below = site.rows.files.filter(
      (file) => file.projectId === project.id && (root === '' || file.path.startsWith(`${root}/`)),
    );
    if (root !== '' && below.length === 0) throw GitlabError.notFound('invalid revision or path Not Found');
    const entries = new Map<string, unknown>();
    for (const file of below) {
      const names = file.path.slice(root ? root.length + 1 : 0).split('/');
      for (let depth = 1; depth <= (recursive ? names.length : 1); depth++) {
        const path = [...(root ? [root] : []), ...names.slice(0, depth)].join('/');
        const blob = depth === names.length;
        entries.set(path, {
          id: sha(Buffer.from(path), 'sha1'),
          name: names[depth - 1],
          type: blob ? 'blob' : 'tree',
          path,
          mode: blob ? '100644' : '040000',
        });
      }
    }
    sendPage(req, res, site.url(), [...entries.values()], (entry) => entry);
  });
  router.get('/projects/:id/repository/branches', (req, res) => {
    const project = projectOf(site, req, res);
    sendPage(req, res, site.url(), [branchShape(site, project)], (branch) => branch);
  });
  router.get('/projects/:id/repository/branches/:branch', (req, res) => {
    const project = projectOf(site, req, res);
    if (part(req, 'branch') !== BRANCH) throw GitlabError.notFound('Branch Not Found');
    res.json(branchShape(site, project));
  });
}

function branchShape(site: Site, project: Project): Record<string, unknown> {
  const last = site.rows.commits.filter((row) => row.projectId === project.id).at(-1);
  return {
    name: BRANCH,
    merged: false,
    protected: false,
    default: true,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: true,
    web_url: `${site.url()}/${project.path}/-/tree/${BRANCH}`,
    commit: last ? commitShape(site, last) : null,
  };
}

function commitShape(site: Site, row: Commit): Record<string, unknown> {
  const author = site.user(row.authorId);
  return {
    id: row.id,
    short_id: row.id.slice(0, 8),
    title: row.message.split('\n')[0],
    message: row.message,
    author_name: author.name,
    author_email: author.email,
    committer_name: author.name,
    committer_email: author.email,
    created_at: row.createdAt,
    authored_date: row.createdAt,
    committed_date: row.createdAt,
    parent_ids: row.parentId ? [row.parentId] : [],
    web_url: `${site.url()}/${site.project(row.projectId).path}/-/commit/${row.id}`,
  };
}

function commitRoutes(site: Site, router: Router): void {
  router.get('/projects/:id/repository/commits', (req, res) => {
    const project = projectOf(site, req, res);
    const commits = site.rows.commits.filter((row) => row.projectId === project.id).reverse();
    sendPage(req, res, site.url(), commits, (row) => commitShape(site, row));
  });
  router.get('/projects/:id/repository/commits/:sha', (req, res) => {
    const project = projectOf(site, req, res);
    const row = site.rows.commits.find(
      (commitRow) => commitRow.projectId === project.id && commitRow.id.startsWith(part(req, 'sha')),
    );
    if (!row) throw GitlabError.notFound('Commit Not Found');
    res.json(commitShape(site, row));
  });
  router.post('/projects/:id/repository/commits', (req, res) => {
    const params = new Params(req);
    const actions = params.raw('actions');
    if (!Array.isArray(actions) || actions.length === 0) throw GitlabError.badRequest('actions is missing');
    const writes = actions.map((action: unknown): Write => {
      const fields: Record<string, unknown> =
        typeof action === 'object' && action !== null ? { ...action } : {};
      const [kind, path] = [fields['action'], fields['file_path']];
      if (kind !== 'create' && kind !== 'update' && kind !== 'delete')
        throw GitlabError.badRequest('actions[0][action] does not have a valid value');
      if (typeof path !== 'string' || path === '')
        throw GitlabError.badRequest('actions[0][file_path] is missing');
      const [content, encoding] = [fields['content'], fields['encoding']];
      return {
        action: kind,
        path,
        content: typeof content === 'string' ? content : '',
        encoding: typeof encoding === 'string' ? encoding : undefined,
      };
    });
    res
      .status(201)
      .json(commitShape(site, commit(site, req, res, writes, params.required('commit_message'))));
  });
}

function templateRoutes(site: Site, router: Router): void {
  router.get('/projects/:id/templates/issues', (req, res) => {
    const found = issueTemplatesOf(site, projectOf(site, req, res));
    sendPage(req, res, site.url(), found, ({ name }) => ({ key: name, name }));
  });
  router.get('/projects/:id/templates/issues/:name', (req, res) => {
    const found = issueTemplatesOf(site, projectOf(site, req, res));
    const template = found.find(({ name }) => name === part(req, 'name'));
    if (!template) throw GitlabError.notFound('Template Not Found');
    res.json(template);
  });
}
