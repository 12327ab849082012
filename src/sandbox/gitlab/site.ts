import { timeIn } from '../clock';
import { deliverMail } from '../mailbox';
import type { World } from '../world';
import { rowsOf, type Group, type Issue, type Project, type Rows, type User } from './rows';

/** An answer of GitLab that isn't a success, with the body as its documentation shows it. */
export class GitlabError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`GitLab sandbox answers ${status}`);
  }
  static notFound(what = 'Not found'): GitlabError {
    return new GitlabError(404, { message: `404 ${what}` });
  }
  static forbidden(): GitlabError {
    return new GitlabError(403, { message: '403 Forbidden' });
  }
  static badRequest(error: string): GitlabError {
    return new GitlabError(400, { error });
  }
  static invalid(message: unknown): GitlabError {
    return new GitlabError(400, { message });
  }
}

/** Access levels of GitLab: https://docs.gitlab.com/api/members/#roles */
export const PLANNER = 15;
export const REPORTER = 20;
export const MAINTAINER = 40;
export const OWNER = 50;

/** The sandbox's GitLab as one thing: its rows, its address, its clock, and who may see what. */
export class Site {
  readonly rows: Rows;
  /** Told of each issue that is new or whose description changed. */
  onDescription: (issue: Issue, project: Project) => void = () => undefined;
  /** Told that a webhook waits in the outbox. */
  onDelivery: () => void = () => undefined;

  constructor(
    readonly world: World,
    readonly url: () => string,
  ) {
    this.rows = rowsOf(world);
  }

  /** Now, but strictly later than every time given before: a change always moves `updated_at`. */
  now(): string {
    const clock = this.world.table<number>('gitlab-clock');
    const at = Math.max(timeIn(this.world).getTime(), (clock.get('last') ?? 0) + 1);
    clock.put('last', at);
    return new Date(at).toISOString();
  }

  user(id: number): User {
    const user = this.rows.users.get(id);
    if (!user) throw GitlabError.notFound('User Not Found');
    return user;
  }
  userNamed(username: string): User | undefined {
    const wanted = username.toLowerCase();
    return this.rows.users.find((user) => user.username.toLowerCase() === wanted);
  }
  project(id: number): Project {
    const project = this.rows.projects.get(id);
    if (!project) throw GitlabError.notFound('Project Not Found');
    return project;
  }
  group(id: number): Group {
    const group = this.rows.groups.get(id);
    if (!group) throw GitlabError.notFound('Group Not Found');
    return group;
  }

  /** A person's access level in a project, 0 for somebody who is no member. */
  level(project: Project, user: User): number {
    return this.rows.members.get(`${project.id}/${user.id}`)?.level ?? 0;
  }
  sees(project: Project, user: User): boolean {
    return project.visibility === 'internal' || this.level(project, user) > 0;
  }
  seesIssue(issue: Issue, user: User): boolean {
    const project = this.project(issue.projectId);
    if (!this.sees(project, user)) return false;
    if (!issue.confidential) return true;
    return (
      this.level(project, user) >= REPORTER ||
      issue.authorId === user.id ||
      issue.assigneeIds.includes(user.id)
    );
  }

  /** Refuses a person who isn't at least `level` in the project. */
  demand(project: Project, user: User, level: number): void {
    if (this.level(project, user) < level) throw GitlabError.forbidden();
  }

  issueUrl(issue: Issue): string {
    return `${this.url()}/${this.project(issue.projectId).path}/-/issues/${issue.iid}`;
  }
  issueAt(project: Project, iid: number): Issue | undefined {
    const id = this.world.table<number>('gitlab-iid').get(`${project.id}/${iid}`);
    return id === undefined ? undefined : this.rows.issues.get(id);
  }

  mail(to: User, subject: string, text: string): void {
    deliverMail(this.world, { to: to.email, from: 'GitLab <gitlab@sandbox.example>', subject, text });
  }
}
