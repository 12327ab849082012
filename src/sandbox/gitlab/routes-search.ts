import type { Request, Response, Router } from 'express';
import { issuesWithText, searchIssues } from './issue-search';
import { notesFor } from './notes';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, groupOf, projectOf } from './request';
import type { Issue, Project } from './rows';
import { projectShape, userBasic } from './shapes';
import { issueShape, noteShape } from './shapes-issues';
import { GitlabError, type Site } from './site';

const ADVANCED = ['wiki_blobs', 'commits', 'blobs'] as const;
const GLOBAL = [
  'projects',
  'issues',
  'merge_requests',
  'milestones',
  'snippet_titles',
  'users',
  'notes',
] as const;
const GROUP = ['projects', 'issues', 'merge_requests', 'milestones', 'users', 'notes'] as const;
const PROJECT = ['issues', 'merge_requests', 'milestones', 'users', 'notes'] as const;

/** Search (https://docs.gitlab.com/api/search/) and counts of issues (https://docs.gitlab.com/api/issues_statistics/). */
export function searchRoutes(site: Site, router: Router): void {
  const seen = (res: Response): Project[] =>
    site.rows.projects.filter((project) => site.sees(project, actorOf(site, res)));
  const ofGroup = (req: Request, res: Response): Project[] => {
    const group = groupOf(site, req);
    return seen(res).filter((project) => project.groupId === group.id);
  };
  router.get('/search', (req, res) => search(site, req, res, seen(res), GLOBAL));
  router.get(['/groups/:id/search', '/groups/:id/-/search'], (req, res) =>
    search(site, req, res, ofGroup(req, res), GROUP),
  );
  router.get(['/projects/:id/search', '/projects/:id/-/search'], (req, res) =>
    search(site, req, res, [projectOf(site, req, res)], PROJECT),
  );
  router.get('/issues_statistics', (req, res) => count(site, req, res, seen(res), 'created_by_me'));
  router.get('/groups/:id/issues_statistics', (req, res) => count(site, req, res, ofGroup(req, res), 'all'));
  router.get('/projects/:id/issues_statistics', (req, res) =>
    count(site, req, res, [projectOf(site, req, res)], 'all'),
  );
}

const issuesIn = (site: Site, projects: readonly Project[]): Issue[] => {
  const ids = new Set(projects.map((project) => project.id));
  return site.rows.issues.filter((issue) => ids.has(issue.projectId));
};

function search(
  site: Site,
  req: Request,
  res: Response,
  projects: readonly Project[],
  scopes: readonly string[],
): void {
  const params = new Params(req);
  const viewer = actorOf(site, res);
  params.required('scope');
  const text = params.required('search');
  const scope = params.oneOf('scope', [...scopes, ...ADVANCED]);
  const send = <T>(rows: readonly T[], shape: (row: T) => unknown): void =>
    sendPage(req, res, site.url(), rows, shape);
  const has = (...texts: string[]): boolean =>
    texts.some((one) => one.toLowerCase().includes(text.toLowerCase().trim()));
  switch (scope) {
    case 'issues':
      return send(issuesWithText(site, params, viewer, issuesIn(site, projects), text), (issue) =>
        issueShape(site, issue, { across: true }),
      );
    case 'projects':
      return send(
        projects.filter(({ name, path }) => has(name, path)),
        (project) => projectShape(site, project, viewer),
      );
    case 'users': {
      const members = new Set(
        site.rows.members
          .filter((member) => projects.some(({ id }) => id === member.projectId))
          .map((member) => member.userId),
      );
      const users = site.rows.users.filter(
        (user) => (scopes === GLOBAL || members.has(user.id)) && has(user.name, user.username),
      );
      return send(users, (user) => userBasic(site, user));
    }
    case 'notes': {
      if (scopes !== PROJECT) throw needsAdvanced();
      const notes = issuesIn(site, projects)
        .filter((issue) => site.seesIssue(issue, viewer))
        .flatMap((issue) => notesFor(site, issue, viewer).map((note) => ({ issue, note })))
        .filter(({ note }) => !note.system && has(note.body));
      return send(notes, ({ issue, note }) => noteShape(site, issue, note));
    }
    case 'merge_requests':
    case 'milestones':
    case 'snippet_titles':
      return send([], () => null);
    default:
      throw needsAdvanced();
  }
}

const needsAdvanced = (): GitlabError =>
  GitlabError.invalid('400 Bad request - Scope supported only with advanced search or exact code search');

function count(
  site: Site,
  req: Request,
  res: Response,
  projects: readonly Project[],
  scope: 'all' | 'created_by_me',
): void {
  const viewer = actorOf(site, res);
  const found = searchIssues(site, new Params(req), viewer, issuesIn(site, projects), scope);
  const opened = found.filter((issue) => issue.state === 'opened').length;
  res.json({ statistics: { counts: { all: found.length, closed: found.length - opened, opened } } });
}
