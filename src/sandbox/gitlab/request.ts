import type { Request, Response } from 'express';
import type { Group, Issue, Note, Project, User } from './rows';
import { GitlabError, type Site } from './site';

/** A part of the path that the route names. */
export function part(req: Request, name: string): string {
  const value: unknown = req.params[name];
  if (typeof value !== 'string') throw GitlabError.notFound();
  return value;
}

/** A number in the path; GitLab answers `<name> is invalid` for anything else. */
export function numberPart(req: Request, name: string): number {
  const value = part(req, name);
  if (!/^\d{1,15}$/.test(value)) throw GitlabError.badRequest(`${name} is invalid`);
  return Number(value);
}

/** Who asks; the API's authentication has put it there. */
export function actorOf(site: Site, res: Response): User {
  const id: unknown = res.locals['userId'];
  const user = typeof id === 'number' ? site.rows.users.get(id) : undefined;
  if (!user) throw new GitlabError(401, { message: '401 Unauthorized' });
  return user;
}

/** The project of `/projects/:id`, by number or by path, as far as the actor may see it. */
export function projectOf(site: Site, req: Request, res: Response): Project {
  const project = findProject(site, part(req, 'id'));
  if (!project || !site.sees(project, actorOf(site, res))) throw GitlabError.notFound('Project Not Found');
  return project;
}

export function findProject(site: Site, idOrPath: string): Project | undefined {
  if (/^\d+$/.test(idOrPath)) return site.rows.projects.get(idOrPath);
  const path = idOrPath.toLowerCase();
  return site.rows.projects.find((row) => row.path.toLowerCase() === path);
}

/** The group of `/groups/:id`, by number or by path. */
export function groupOf(site: Site, req: Request): Group {
  const id = part(req, 'id');
  const group = site.rows.groups.find((row) => row.path === id || String(row.id) === id);
  if (!group) throw GitlabError.notFound('Group Not Found');
  return group;
}

/** The user of `/users/:user_id`, by number or by name. */
export function userOf(site: Site, req: Request): User {
  const id = part(req, 'user_id');
  const user = /^\d+$/.test(id) ? site.rows.users.get(id) : site.userNamed(id);
  if (!user) throw GitlabError.notFound('User Not Found');
  return user;
}

/** The issue of `/projects/:id/issues/:iid`; one that the actor may not see isn't there. */
export function issueOf(site: Site, req: Request, res: Response): Issue {
  const project = projectOf(site, req, res);
  const issue = site.issueAt(project, numberPart(req, 'issue_iid'));
  if (!issue || !site.seesIssue(issue, actorOf(site, res))) throw GitlabError.notFound();
  return issue;
}

export function noteOf(site: Site, req: Request, issue: Issue): Note {
  const note = site.rows.notes.get(numberPart(req, 'note_id'));
  if (!note || note.issueId !== issue.id) throw GitlabError.notFound();
  return note;
}
