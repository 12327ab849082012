import type { Request, Response, Router } from 'express';
import { checkedColor, createLabel, labelNamed, labelsOf } from './labels';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, groupOf, numberPart, part, projectOf } from './request';
import type { Group, Label, Project } from './rows';
import { groupShape, labelShape, memberShape, projectShape, userBasic } from './shapes';
import { GitlabError, MAINTAINER, REPORTER, type Site } from './site';

/** Projects, groups, members and labels. */
export function projectRoutes(site: Site, router: Router): void {
  router.get('/projects', (req, res) => {
    const viewer = actorOf(site, res);
    const search = new Params(req).text('search')?.toLowerCase() ?? '';
    const member = new Params(req).flag('membership') ?? false;
    const seen = site.rows.projects.filter(
      (row) =>
        site.sees(row, viewer) &&
        row.path.toLowerCase().includes(search) &&
        (!member || site.level(row, viewer) > 0),
    );
    sendPage(req, res, site.url(), seen, (row) => projectShape(site, row, viewer));
  });
  router.get('/projects/:id', (req, res) => {
    res.json(projectShape(site, projectOf(site, req, res), actorOf(site, res)));
  });
  router.get('/groups', (req, res) =>
    sendPage(req, res, site.url(), site.rows.groups.values(), (row) => groupShape(site, row)),
  );
  router.get('/groups/:id', (req, res) => {
    const group = groupOf(site, req);
    res.json({
      ...groupShape(site, group),
      projects: projectsIn(site, group, res).map((row) => projectShape(site, row, actorOf(site, res))),
    });
  });
  router.get('/groups/:id/projects', (req, res) => {
    const viewer = actorOf(site, res);
    sendPage(req, res, site.url(), projectsIn(site, groupOf(site, req), res), (row) =>
      projectShape(site, row, viewer),
    );
  });
  for (const path of ['/groups/:id/members', '/groups/:id/members/all'])
    router.get(path, (req, res) => {
      const group = groupOf(site, req);
      const people = site.rows.users.filter((user) => user.groups.includes(group.path));
      sendPage(req, res, site.url(), people, (user) => ({
        ...userBasic(site, user),
        access_level: REPORTER,
        created_at: user.createdAt,
        expires_at: null,
        membership_state: 'active',
      }));
    });
  memberRoutes(site, router);
  labelRoutes(site, router);
  milestoneRoutes(site, router);
}

const projectsIn = (site: Site, group: Group, res: Response): Project[] =>
  site.rows.projects.filter((row) => row.groupId === group.id && site.sees(row, actorOf(site, res)));

/** The sandbox has no milestones: the lists are there, and empty. */
function milestoneRoutes(site: Site, router: Router): void {
  router.get('/projects/:id/milestones', (req, res) => {
    projectOf(site, req, res);
    sendPage(req, res, site.url(), [], () => null);
  });
  router.get('/groups/:id/milestones', (req, res) => {
    groupOf(site, req);
    sendPage(req, res, site.url(), [], () => null);
  });
}

function memberRoutes(site: Site, router: Router): void {
  for (const path of ['/projects/:id/members/all', '/projects/:id/members']) {
    router.get(path, (req, res) => {
      const project = projectOf(site, req, res);
      const query = new Params(req).text('query')?.toLowerCase() ?? '';
      const ids = new Params(req).integers('user_ids');
      const found = site.rows.members.filter((member) => {
        const user = site.user(member.userId);
        const named = `${user.username} ${user.name}`.toLowerCase().includes(query);
        return member.projectId === project.id && named && (!ids || ids.includes(user.id));
      });
      sendPage(req, res, site.url(), found, (member) => memberShape(site, member));
    });
    router.get(`${path}/:user_id`, (req, res) => {
      const member = site.rows.members.get(`${projectOf(site, req, res).id}/${numberPart(req, 'user_id')}`);
      if (!member) throw GitlabError.notFound();
      res.json(memberShape(site, member));
    });
  }
  router.get('/projects/:id/users', (req, res) => {
    const project = projectOf(site, req, res);
    const search = new Params(req).text('search')?.toLowerCase() ?? '';
    const users = site.rows.users.filter(
      (user) =>
        site.level(project, user) > 0 && `${user.username} ${user.name}`.toLowerCase().includes(search),
    );
    sendPage(req, res, site.url(), users, (user) => userBasic(site, user));
  });
  router.post('/projects/:id/members', (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), MAINTAINER);
    const params = new Params(req);
    const user = site.rows.users.get(params.required('user_id'));
    const level = levelOf(params);
    if (!user) throw GitlabError.notFound('User Not Found');
    if (site.level(project, user) > 0) throw new GitlabError(409, { message: 'Member already exists' });
    const row = { projectId: project.id, userId: user.id, level, createdAt: site.now() };
    res.status(201).json(memberShape(site, site.rows.members.put(`${project.id}/${user.id}`, row)));
  });
  router.delete('/projects/:id/members/:user_id', (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), MAINTAINER);
    const key = `${project.id}/${numberPart(req, 'user_id')}`;
    if (!site.rows.members.get(key)) throw GitlabError.notFound();
    site.rows.members.delete(key);
    res.status(204).end();
  });
}

function levelOf(params: Params): number {
  params.required('access_level');
  const level = params.integer('access_level') ?? 0;
  if (![10, 15, 20, 30, 40, 50].includes(level))
    throw GitlabError.badRequest('access_level does not have a valid value');
  return level;
}

function labelRoutes(site: Site, router: Router): void {
  // Every label of the sandbox is a project's own; a group's list has only the group's.
  router.get('/groups/:id/labels', (req, res) => {
    groupOf(site, req);
    sendPage(req, res, site.url(), [], () => null);
  });
  router.get('/projects/:id/labels', (req, res) => {
    const search = new Params(req).text('search')?.toLowerCase() ?? '';
    const found = labelsOf(site, projectOf(site, req, res)).filter((label) =>
      label.name.toLowerCase().includes(search),
    );
    sendPage(req, res, site.url(), found, (label) => labelShape(site, label));
  });
  router.post('/projects/:id/labels', (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), REPORTER);
    const params = new Params(req);
    const label = createLabel(site, project, {
      name: params.required('name'),
      color: params.required('color'),
      description: params.text('description') ?? null,
    });
    res.status(201).json(labelShape(site, label));
  });
  router.get('/projects/:id/labels/:label_id', (req, res) => {
    res.json(labelShape(site, labelOf(site, req, projectOf(site, req, res))));
  });
  router.put(['/projects/:id/labels/:label_id', '/projects/:id/labels'], (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), REPORTER);
    const label = labelOf(site, req, project);
    const params = new Params(req);
    const name = params.text('new_name')?.trim();
    if (name !== undefined && name !== label.name && labelNamed(site, project, name))
      throw GitlabError.invalid({ title: ['has already been taken'] });
    const color = params.text('color');
    const changed: Label = {
      ...label,
      name: name ?? label.name,
      color: color === undefined ? label.color : checkedColor(color),
      description: params.nullable('description') ?? label.description,
      updatedAt: site.now(),
    };
    res.json(labelShape(site, site.rows.labels.put(label.id, changed)));
  });
  router.delete(['/projects/:id/labels/:label_id', '/projects/:id/labels'], (req, res) => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), REPORTER);
    const label = labelOf(site, req, project);
    for (const issue of site.rows.issues.filter((row) => row.labelIds.includes(label.id)))
      site.rows.issues.put(issue.id, { ...issue, labelIds: issue.labelIds.filter((id) => id !== label.id) });
    for (const list of site.rows.boardLists.filter((row) => row.labelId === label.id))
      site.rows.boardLists.delete(list.id);
    site.rows.labels.delete(label.id);
    res.status(204).end();
  });
}

/** The label of the path, or (the older way) of the parameter `label_id` or `name`. */
function labelOf(site: Site, req: Request, project: Project): Label {
  const params = new Params(req);
  const id =
    typeof req.params['label_id'] === 'string'
      ? part(req, 'label_id')
      : (params.text('label_id') ?? params.required('name'));
  const byId = /^\d+$/.test(id) ? site.rows.labels.get(id) : undefined;
  const label = byId?.projectId === project.id ? byId : labelNamed(site, project, id);
  if (!label) throw GitlabError.notFound('Label Not Found');
  return label;
}
