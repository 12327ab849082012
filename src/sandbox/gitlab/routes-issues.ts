import type { Request, Response, Router } from 'express';
import { deleteIssue } from './issue-records';
import { createIssue, updateIssue, type IssueFields } from './issues';
import { searchIssues } from './issue-search';
import { linkIssues, linksOf, moveIssue, unlinkIssues } from './links';
import { sendKeyset, sendPage } from './paging';
import { Params } from './params';
import { actorOf, findProject, groupOf, issueOf, numberPart, projectOf } from './request';
import { ISSUE_TYPES, type Issue } from './rows';
import { userBasic } from './shapes';
import { issueShape, labelEventShape, linkedIssueShape, stateEventShape } from './shapes-issues';
import { GitlabError, type Site } from './site';
import { isSubscribed, participantsOf } from './subscriptions';

/** Issues, their links, events and participants: https://docs.gitlab.com/api/issues/ */
export function issueRoutes(site: Site, router: Router): void {
  const one = '/projects/:id/issues/:issue_iid';
  router.get('/issues', (req, res) =>
    sendIssues(site, req, res, site.rows.issues.values(), 'created_by_me', true),
  );
  router.get('/groups/:id/issues', (req, res) => {
    const group = groupOf(site, req);
    const projects = site.rows.projects.filter((row) => row.groupId === group.id).map((row) => row.id);
    sendIssues(
      site,
      req,
      res,
      site.rows.issues.filter((row) => projects.includes(row.projectId)),
      'all',
      true,
    );
  });
  router.get('/issues/:issue_id', (req) => {
    const issue = site.rows.issues.get(numberPart(req, 'issue_id'));
    // Only an administrator may ask by the number over all projects; there is none here.
    throw issue ? GitlabError.forbidden() : GitlabError.notFound('Issue Not Found');
  });
  router.get('/projects/:id/issues', (req, res) => {
    const project = projectOf(site, req, res);
    sendIssues(
      site,
      req,
      res,
      movedSince(site, new Params(req).instant('updated_after')).filter(
        (issue) => issue.projectId === project.id,
      ),
      'all',
      false,
    );
  });
  router.post('/projects/:id/issues', (req, res) => {
    const project = projectOf(site, req, res);
    const params = new Params(req);
    params.required('title');
    res.status(201).json(issueShape(site, createIssue(site, project, actorOf(site, res), fieldsOf(params))));
  });
  router.get(one, (req, res) => {
    const issue = issueOf(site, req, res);
    const subscribed = isSubscribed(site, issue, actorOf(site, res));
    res.json({ ...issueShape(site, issue), subscribed });
  });
  router.put(one, (req, res) => {
    const issue = issueOf(site, req, res);
    const fields = fieldsOf(new Params(req));
    if (Object.keys(fields).length === 0)
      throw GitlabError.badRequest(
        'assignee_id, assignee_ids, confidential, created_at, description, discussion_locked, due_date, labels, add_labels, remove_labels, milestone_id, state_event, title, issue_type, weight, epic_id, epic_iid are missing, at least one parameter must be provided',
      );
    res.json(issueShape(site, updateIssue(site, issue, actorOf(site, res), fields)));
  });
  router.delete(one, (req, res) => {
    deleteIssue(site, issueOf(site, req, res), actorOf(site, res));
    res.status(204).end();
  });
  router.post(`${one}/move`, (req, res) => {
    const issue = issueOf(site, req, res);
    const target = findProject(site, new Params(req).required('to_project_id'));
    const actor = actorOf(site, res);
    if (!target || !site.sees(target, actor)) throw GitlabError.notFound('Project Not Found');
    res.status(201).json(issueShape(site, moveIssue(site, issue, target, actor)));
  });
  // There are no merge requests in the sandbox.
  for (const list of ['closed_by', 'related_merge_requests'])
    router.get(`${one}/${list}`, (req, res) => {
      issueOf(site, req, res);
      sendPage(req, res, site.url(), [], () => null);
    });
  router.get(`${one}/participants`, (req, res) => {
    sendPage(req, res, site.url(), participantsOf(site, issueOf(site, req, res)), (user) =>
      userBasic(site, user),
    );
  });
  eventRoutes(site, router, one);
  linkRoutes(site, router, one);
}

function eventRoutes(site: Site, router: Router, one: string): void {
  const labelEvents = (req: Request, res: Response) =>
    issueOf(site, req, res).labelEventIds.flatMap((id) => site.rows.labelEvents.get(id) ?? []);
  const stateEvents = (req: Request, res: Response) =>
    issueOf(site, req, res).stateEventIds.flatMap((id) => site.rows.stateEvents.get(id) ?? []);
  router.get(`${one}/resource_label_events`, (req, res) =>
    sendPage(req, res, site.url(), labelEvents(req, res), (event) => labelEventShape(site, event)),
  );
  router.get(`${one}/resource_state_events`, (req, res) =>
    sendPage(req, res, site.url(), stateEvents(req, res), (event) => stateEventShape(site, event)),
  );
  router.get(`${one}/resource_label_events/:event_id`, (req, res) => {
    const event = labelEvents(req, res).find((row) => row.id === numberPart(req, 'event_id'));
    if (!event) throw GitlabError.notFound();
    res.json(labelEventShape(site, event));
  });
  router.get(`${one}/resource_state_events/:event_id`, (req, res) => {
    const event = stateEvents(req, res).find((row) => row.id === numberPart(req, 'event_id'));
    if (!event) throw GitlabError.notFound();
    res.json(stateEventShape(site, event));
  });
  for (const kind of ['milestone', 'weight', 'iteration'])
    router.get(`${one}/resource_${kind}_events`, (req, res) => {
      issueOf(site, req, res);
      sendPage(req, res, site.url(), [], () => null);
    });
}

function linkRoutes(site: Site, router: Router, one: string): void {
  router.get(`${one}/links`, (req, res) => {
    const issue = issueOf(site, req, res);
    const viewer = actorOf(site, res);
    const seen = linksOf(site, issue).flatMap((link) => {
      const other = site.rows.issues.get(link.sourceId === issue.id ? link.targetId : link.sourceId);
      return other && site.seesIssue(other, viewer) ? [linkedIssueShape(site, link, issue, other)] : [];
    });
    res.json(seen);
  });
  router.post(`${one}/links`, (req, res) => {
    const source = issueOf(site, req, res);
    const actor = actorOf(site, res);
    site.demand(site.project(source.projectId), actor, 10);
    const params = new Params(req);
    const home = findProject(site, params.required('target_project_id'));
    const iid = Number(params.required('target_issue_iid'));
    const target = home && site.issueAt(home, iid);
    if (!target || !site.seesIssue(target, actor)) throw GitlabError.notFound();
    const type =
      params.oneOf('link_type', ['relates_to', 'blocks', 'is_blocked_by'] as const) ?? 'relates_to';
    linkIssues(site, source, target, actor, type);
    res.status(201).json({
      source_issue: issueShape(site, site.rows.issues.get(source.id) ?? source),
      target_issue: issueShape(site, site.rows.issues.get(target.id) ?? target),
      link_type: type,
    });
  });
  router.delete(`${one}/links/:issue_link_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    const actor = actorOf(site, res);
    site.demand(site.project(issue.projectId), actor, 10);
    const link = linksOf(site, issue).find((row) => row.id === numberPart(req, 'issue_link_id'));
    const [source, target] = [
      site.rows.issues.get(link?.sourceId ?? 0),
      site.rows.issues.get(link?.targetId ?? 0),
    ];
    if (!link || !source || !target) throw GitlabError.notFound();
    unlinkIssues(site, link, actor);
    res.json({
      source_issue: issueShape(site, site.rows.issues.get(source.id) ?? source),
      target_issue: issueShape(site, site.rows.issues.get(target.id) ?? target),
      link_type: link.type,
    });
  });
}

/** Those that may have moved since then: whoever asks every few seconds needn't have all gone through that ever were. */
const movedSince = (site: Site, instant: number | undefined): Issue[] =>
  instant === undefined
    ? site.rows.issues.values()
    : site.rows.issues.between('updated', ({ updatedAt }) => Date.parse(updatedAt), instant, Infinity);

function sendIssues(
  site: Site,
  req: Request,
  res: Response,
  among: readonly Issue[],
  scope: 'all' | 'created_by_me',
  across: boolean,
): void {
  const params = new Params(req);
  const found = searchIssues(site, params, actorOf(site, res), among, scope);
  const shape = (issue: Issue): unknown =>
    issueShape(site, issue, { labelDetails: params.flag('with_labels_details') ?? false, across });
  if (params.text('pagination') === 'keyset')
    sendKeyset(req, res, site.url(), found, (issue) => String(issue.id), shape);
  else sendPage(req, res, site.url(), found, shape);
}

/** What a request gives for an issue, in the shape that the rules take. */
export function fieldsOf(params: Params): IssueFields {
  const fields: IssueFields = {};
  const [title, description, dueDate] = [
    params.text('title'),
    params.nullable('description'),
    params.nullable('due_date'),
  ];
  if (title !== undefined) fields.title = title;
  if (description !== undefined) fields.description = description;
  if (dueDate !== undefined) fields.dueDate = checkedDate(dueDate);
  const [labels, added, removed] = [
    params.words('labels'),
    params.words('add_labels'),
    params.words('remove_labels'),
  ];
  if (labels) fields.labels = labels;
  if (added) fields.addLabels = added;
  if (removed) fields.removeLabels = removed;
  const single = params.integer('assignee_id');
  const several = params.integers('assignee_ids');
  if (several) fields.assigneeIds = several.filter((id) => id !== 0);
  else if (single !== undefined) fields.assigneeIds = single === 0 ? [] : [single];
  else if (params.has('assignee_id')) fields.assigneeIds = [];
  const type = params.oneOf('issue_type', ISSUE_TYPES);
  if (type) fields.type = type;
  const createdAt = params.instant('created_at');
  if (createdAt !== undefined) fields.createdAt = new Date(createdAt).toISOString();
  const event = params.oneOf('state_event', ['close', 'reopen'] as const);
  if (event) fields.stateEvent = event;
  const [confidential, locked, weight] = [
    params.flag('confidential'),
    params.flag('discussion_locked'),
    params.integer('weight'),
  ];
  if (confidential !== undefined) fields.confidential = confidential;
  if (locked !== undefined) fields.discussionLocked = locked;
  if (weight !== undefined) fields.weight = weight;
  return fields;
}

function checkedDate(date: string | null): string | null {
  if (date === null || date === '') return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    throw GitlabError.badRequest('due_date is invalid');
  return date;
}
