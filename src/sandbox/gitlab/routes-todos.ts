import type { Response, Router } from 'express';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, issueOf, numberPart } from './request';
import type { Issue, Todo } from './rows';
import { GitlabError, type Site } from './site';
import { addTodo, finishTodo, todoShape } from './todos';

const ACTIONS = [
  'assigned',
  'mentioned',
  'build_failed',
  'marked',
  'approval_required',
  'unmergeable',
  'directly_addressed',
] as const;

/** A person's to-do list: https://docs.gitlab.com/api/todos/ */
export function todoRoutes(site: Site, router: Router): void {
  const own = (res: Response): { todo: Todo; issue: Issue }[] => {
    const actor = actorOf(site, res);
    return site.rows.todos
      .filter((todo) => todo.userId === actor.id)
      .flatMap((todo) => {
        const issue = site.rows.issues.get(todo.issueId);
        return issue && site.seesIssue(issue, actor) ? [{ todo, issue }] : [];
      })
      .sort((a, b) => b.todo.id - a.todo.id);
  };
  router.get('/todos', (req, res) => {
    const params = new Params(req);
    const state = params.oneOf('state', ['pending', 'done', 'all'] as const) ?? 'pending';
    const action = params.oneOf('action', ACTIONS);
    const [author, project, type] = [
      params.integer('author_id'),
      params.integer('project_id'),
      params.text('type'),
    ];
    const found = own(res).filter(
      ({ todo, issue }) =>
        (state === 'all' || todo.state === state) &&
        (action === undefined || todo.action === action) &&
        (author === undefined || todo.authorId === author) &&
        (project === undefined || issue.projectId === project) &&
        (type === undefined || type === 'Issue'),
    );
    sendPage(req, res, site.url(), found, ({ todo, issue }) =>
      todoShape(site, todo, issue, actorOf(site, res)),
    );
  });
  router.post('/todos/mark_as_done', (_req, res) => {
    for (const { todo } of own(res)) finishTodo(site, todo.issueId, todo.userId);
    res.status(204).end();
  });
  router.post('/todos/:todo_id/mark_as_done', (req, res) => {
    const id = numberPart(req, 'todo_id');
    const found = own(res).find(({ todo }) => todo.id === id);
    if (!found) throw GitlabError.notFound();
    const done = finishTodo(site, found.todo.issueId, found.todo.userId) ?? found.todo;
    res.status(201).json(todoShape(site, done, found.issue, actorOf(site, res)));
  });
  router.post('/projects/:id/issues/:issue_iid/todo', (req, res) => {
    const issue = issueOf(site, req, res);
    const actor = actorOf(site, res);
    const todo = addTodo(site, issue, actor.id, actor, { action: 'marked', body: issue.title });
    if (!todo) return void res.status(304).end();
    res.status(201).json(todoShape(site, todo, issue, actor));
  });
}
