import { issueShape } from './shapes-issues';
import { projectShape, userBasic } from './shapes';
import type { Issue, Todo, User } from './rows';
import type { Site } from './site';

const key = (userId: number, issue: Issue): string => `${userId}/${issue.id}`;

/** Puts an issue on a person's to-do list, unless it waits there already. */
export function addTodo(
  site: Site,
  issue: Issue,
  userId: number,
  by: User,
  why: { readonly action: Todo['action']; readonly body: string },
): Todo | undefined {
  if (site.rows.todos.get(key(userId, issue))?.state === 'pending') return undefined;
  const id = site.world.next('gitlab-todo');
  const at = site.now();
  return site.rows.todos.put(key(userId, issue), {
    id,
    userId,
    issueId: issue.id,
    authorId: by.id,
    ...why,
    state: 'pending',
    createdAt: at,
    updatedAt: at,
  });
}

/** Takes an issue from a person's list, as their own comment on it does. */
export function finishTodo(site: Site, issueId: number, userId: number): Todo | undefined {
  const at = `${userId}/${issueId}`;
  const todo = site.rows.todos.get(at);
  if (todo?.state !== 'pending') return todo;
  return site.rows.todos.put(at, { ...todo, state: 'done', updatedAt: site.now() });
}

/** As https://docs.gitlab.com/api/todos/ shows it. */
export function todoShape(site: Site, todo: Todo, issue: Issue, viewer: User): unknown {
  const project = site.project(issue.projectId);
  const { id, name, name_with_namespace, path, path_with_namespace, description, created_at } = projectShape(
    site,
    project,
    viewer,
  );
  return {
    id: todo.id,
    project: { id, description, name, name_with_namespace, path, path_with_namespace, created_at },
    author: userBasic(site, site.user(todo.authorId)),
    action_name: todo.action,
    target_type: 'Issue',
    target: issueShape(site, issue),
    target_url: site.issueUrl(issue),
    body: todo.body,
    state: todo.state,
    created_at: todo.createdAt,
    updated_at: todo.updatedAt,
  };
}
