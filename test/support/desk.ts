import type { HiredEvent } from '../../src/domain/hr-event';
import type { SandboxFile } from '../../src/sandbox/files';

export interface SeenIssue {
  readonly iid: number;
  readonly web_url: string;
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly labels: readonly string[];
  readonly assignees: readonly { readonly username: string }[];
  readonly confidential: boolean;
}

/** What people of the sandbox do, each with their own token, through GitLab's API. */
export class Desk {
  constructor(
    private readonly system: { readonly sandbox: SandboxFile },
    private readonly project = system.sandbox.gitlab.accessRequestsProject,
  ) {}

  async as<T>(username: string, method: string, path: string, body?: object): Promise<T> {
    const { gitlab } = this.system.sandbox;
    const token = gitlab.users.find((user) => user.username === username)?.token ?? '';
    const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
      method,
      headers: { 'PRIVATE-TOKEN': token, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  issues(query: string): Promise<readonly SeenIssue[]> {
    return this.as(
      'amber',
      'GET',
      `/projects/${encodeURIComponent(this.project)}/issues?per_page=100&scope=all&${query}`,
    );
  }

  requestsOf(employeeId: string): Promise<readonly SeenIssue[]> {
    return this.issues(`in=description&search=${encodeURIComponent(`daytwo:request:${employeeId}:`)}`);
  }

  issue(iid: number): Promise<SeenIssue> {
    return this.as('amber', 'GET', this.#path(iid));
  }

  async assignSelf(username: string, iid: number): Promise<void> {
    const [user] = await this.as<{ id: number }[]>(username, 'GET', `/users?username=${username}`);
    await this.as(username, 'PUT', this.#path(iid), { assignee_ids: [user?.id] });
  }

  async label(username: string, iid: number, label: string): Promise<void> {
    await this.as(username, 'PUT', this.#path(iid), { add_labels: label });
  }

  async unlabel(username: string, iid: number, label: string): Promise<void> {
    await this.as(username, 'PUT', this.#path(iid), { remove_labels: label });
  }

  async comment(username: string, iid: number, body: string): Promise<void> {
    await this.as(username, 'POST', `${this.#path(iid)}/notes`, { body });
  }

  /** Ticks the boxes that begin with `text`, as the web page does: the whole description is sent. True where one was open. */
  async tick(username: string, iid: number, text: string): Promise<boolean> {
    const { description } = await this.as<SeenIssue>(username, 'GET', this.#path(iid));
    const ticked = description.split(`- [ ] ${text}`).join(`- [x] ${text}`);
    if (ticked === description) return false;
    await this.as(username, 'PUT', this.#path(iid), { description: ticked });
    return true;
  }

  /** Writes the whole description, as an edit on the web page does. */
  async write(username: string, iid: number, description: string): Promise<void> {
    await this.as(username, 'PUT', this.#path(iid), { description });
  }

  notes(iid: number): Promise<readonly { body: string; system: boolean; author: { username: string } }[]> {
    return this.as('amber', 'GET', `${this.#path(iid)}/notes?per_page=100&sort=asc`);
  }

  #path(iid: number): string {
    return `/projects/${encodeURIComponent(this.project)}/issues/${iid}`;
  }
}

/** A hire whose day two was days ago: an enterprise account executive in the Americas, born approved. */
export const accountExecutive = (employeeId: string, change: Partial<HiredEvent> = {}): HiredEvent => ({
  event_id: `hire-${employeeId}`,
  type: 'employee.hired',
  employee_id: employeeId,
  email: `e${employeeId}@daytwo.example`,
  name: `Robin Sample${employeeId}`,
  title: 'Senior Account Executive',
  specialty: null,
  department: 'Enterprise Sales',
  division: 'Sales',
  entity: 'Inc',
  country: 'US',
  region: 'Americas',
  time_zone: 'America/New_York',
  manager_email: 'dana.whitfield@daytwo.example',
  start_date: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
  ...change,
});
