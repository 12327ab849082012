import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { escapeHtml, isFromElsewhere, page } from '../page';
import { createIssue } from './issues';
import { actOn } from './page-acts';
import { boardPage, issueListPage, projectsPage } from './page-board';
import { issuePage } from './page-issue';
import { newIssuePage } from './page-new-issue';
import { findProject, part } from './request';
import type { Issue, Project, User } from './rows';
import { BOT } from './seed';
import { LIMIT } from './routes-uploads';
import { GitlabError, MAINTAINER, type Site } from './site';
import { formOf, keepUpload, sendUpload } from './uploads';

const COOKIE = 'sandbox_as';

/** What the page's button sets; the API sets anything else. */
const OUT_OF_OFFICE: NonNullable<User['status']> = {
  emoji: 'palm_tree',
  message: 'Out of office',
  availability: 'busy',
  clearAt: null,
};

/** Pages for people: projects, boards and issues, read and acted on as a chosen sandbox user. */
export function gitlabPages(site: Site): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '2mb' }));
  router.use((req, res, next) => {
    const user = actingUser(site, req);
    res.locals['who'] = user.username;
    res.locals['userId'] = user.id;
    res.set({
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
      'Cache-Control': 'no-store',
    });
    next();
  });
  router.get('/', (_req, res) => send(site, res, 'Projects', projectsPage(site, acting(site, res))));
  router.post('/-/act-as', (req, res) => {
    demandOwnPage(req);
    const user = site.userNamed(field(req, 'user'));
    if (!user) throw GitlabError.notFound('User Not Found');
    res.cookie(COOKIE, user.username, { httpOnly: true, sameSite: 'strict', path: '/' });
    res.redirect(303, localPath(field(req, 'back')));
  });
  router.post('/-/status', (req, res) => {
    demandOwnPage(req);
    const user = acting(site, res);
    site.rows.users.put(user.id, { ...user, status: field(req, 'away') === '' ? null : OUT_OF_OFFICE });
    res.redirect(303, localPath(field(req, 'back')));
  });
  router.get(['/:group/:project', '/:group/:project/-/issues'], (req, res) => {
    const project = projectAt(site, req, res);
    const state =
      req.query['state'] === 'closed' || req.query['state'] === 'all' ? req.query['state'] : 'opened';
    send(site, res, project.name, issueListPage(site, project, acting(site, res), state));
  });
  router.get(['/:group/:project/-/boards', '/:group/:project/-/boards/:board_id'], (req, res) => {
    const project = projectAt(site, req, res);
    const wanted = req.params['board_id'];
    const board = site.rows.boards.find(
      (row) => row.projectId === project.id && (wanted === undefined || String(row.id) === wanted),
    );
    if (!board) throw GitlabError.notFound('Board Not Found');
    send(site, res, board.name, boardPage(site, project, board, acting(site, res)));
  });
  router.get('/:group/:project/-/issues/new', (req, res) => {
    const wanted = req.query['issuable_template'];
    const project = projectAt(site, req, res);
    send(site, res, 'New issue', newIssuePage(site, project, typeof wanted === 'string' ? wanted : ''));
  });
  const withFile = express.raw({ type: 'multipart/form-data', limit: LIMIT });
  router.post('/:group/:project/-/issues', withFile, async (req, res) => {
    demandOwnPage(req);
    const [project, user] = [projectAt(site, req, res), acting(site, res)];
    const form = await formOf(req);
    const file = form.get('file');
    // A field that nobody filled in comes as a file without a name.
    const attached =
      file instanceof File && file.name !== '' && (await keepUpload(site, project, user, file));
    const description = textOf(form.get('description'));
    const { iid } = createIssue(site, project, user, {
      title: textOf(form.get('title')),
      description: attached ? `${description.trimEnd()}\n\n${attached.markdown}\n` : description,
    });
    res.redirect(303, `/${project.path}/-/issues/${iid}`);
  });
  router.get('/:group/:project/-/issues/:issue_iid', (req, res) => {
    const issue = issueAt(site, req, res);
    send(site, res, `${issue.title} (#${issue.iid})`, issuePage(site, issue, acting(site, res)));
  });
  router.post('/:group/:project/-/issues/:issue_iid', (req, res) => {
    demandOwnPage(req);
    actOn(site, issueAt(site, req, res), acting(site, res), (name) => field(req, name));
    res.redirect(303, localPath(field(req, 'back') || req.path));
  });
  router.get('/:group/:project/uploads/:secret/:filename', (req, res) =>
    sendUpload(site, projectAt(site, req, res), req, res),
  );
  router.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent || !(error instanceof GitlabError)) return next(error);
    const body = `<h1>${error.status}</h1><p class="wrong">${escapeHtml(wordsOf(error))}</p><p><a href="${escapeHtml(localPath(req.path))}">Back</a></p>`;
    res.status(error.status);
    send(site, res, String(error.status), body);
  });
  return router;
}

function wordsOf(error: GitlabError): string {
  if (error.status === 403) return 'This sandbox user may not do that here.';
  if (error.status === 404) return 'There is nothing here that this sandbox user may see.';
  return JSON.stringify(error.body);
}

function send(site: Site, res: Response, title: string, body: string): void {
  const user = acting(site, res);
  const options = site.rows.users
    .values()
    .map(
      (row) =>
        `<option value="${escapeHtml(row.username)}"${row.id === user.id ? ' selected' : ''}>${escapeHtml(row.name)} (@${escapeHtml(row.username)})</option>`,
    );
  const isOut = user.status !== null && user.status.message !== '';
  const back = res.req.method === 'GET' ? res.req.originalUrl : res.req.path;
  const tools = `<form class="bar" method="post" action="/-/act-as"><input type="hidden" name="back" value="${escapeHtml(back)}">
<label>Act as <select name="user">${options.join('')}</select></label> <button>Switch</button></form>
<form class="bar" method="post" action="/-/status"><input type="hidden" name="back" value="${escapeHtml(back)}"><input type="hidden" name="away" value="${isOut ? '' : 'yes'}">
<span>@${escapeHtml(user.username)} is ${isOut ? 'out of office' : 'there'}</span> <button>${isOut ? 'Is back' : 'Set out of office'}</button></form>`;
  res.type('html').send(page(site.world, { title, at: 'gitlab', body, tools }));
}

/** The chosen user; before anybody chose, the first person who may work the requests. */
function actingUser(site: Site, req: Request): User {
  const chosen = /(?:^|;\s*)sandbox_as=([\w.-]+)/.exec(req.header('cookie') ?? '')?.[1];
  const found = chosen === undefined ? undefined : site.userNamed(chosen);
  const first = site.rows.members.find(({ userId, level }) => level >= MAINTAINER && !site.user(userId).bot);
  const user = found ?? (first ? site.user(first.userId) : site.userNamed(BOT));
  if (!user) throw GitlabError.notFound('User Not Found');
  return user;
}

function acting(site: Site, res: Response): User {
  return site.user(Number(res.locals['userId']));
}

/** Another web page in the same browser can't act here. */
function demandOwnPage(req: Request): void {
  if (isFromElsewhere(req)) throw GitlabError.forbidden();
}

function field(req: Request, name: string): string {
  const body: unknown = req.body;
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return textOf(value);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.replace(/\r\n/g, '\n') : '');

/** A path on this server, never an address elsewhere. */
const localPath = (path: string): string => (/^\/(?![/\\])/.test(path) ? path : '/');

function projectAt(site: Site, req: Request, res: Response): Project {
  const project = findProject(site, `${part(req, 'group')}/${part(req, 'project')}`);
  if (!project || !site.sees(project, acting(site, res))) throw GitlabError.notFound('Project Not Found');
  return project;
}

function issueAt(site: Site, req: Request, res: Response): Issue {
  const project = projectAt(site, req, res);
  const issue = site.issueAt(project, Number(part(req, 'issue_iid')));
  if (!issue || !site.seesIssue(issue, acting(site, res))) throw GitlabError.notFound();
  return issue;
}
