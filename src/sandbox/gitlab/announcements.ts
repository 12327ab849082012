import { issueReferencesIn, mentionsIn } from './markdown-text';
import { addSystemNote } from './notes';
import type { Issue, Note, User } from './rows';
import type { Site } from './site';
import { addTodo } from './todos';

/** Mails for a description: to who is newly mentioned, and (for a new issue) to who was assigned. One mail a person. */
export function announceDescription(
  site: Site,
  issue: Issue,
  author: User,
  before: string | null,
  assigneeIds: readonly number[],
): void {
  const text = issue.description ?? '';
  const told = new Map<number, string>();
  for (const id of mentionedUsers(site, issue, text, before ?? '')) told.set(id, 'you have been mentioned');
  for (const id of assigneeIds) told.set(id, 'you have been assigned');
  const subject = before === null ? subjectOf(site, issue) : `Re: ${subjectOf(site, issue)}`;
  const head =
    before === null ? `${author.name} created an issue:` : `${author.name} mentioned you in the description:`;
  send(site, issue, author, told, subject, `${head}\n\n${text}`);
  crossReference(site, issue, author, text, before ?? '');
}

/** Mails to those whom a comment mentions; on an edit, to those whom it didn't mention before. */
export function announceNote(
  site: Site,
  issue: Issue,
  note: Note,
  author: User,
  before: string | null,
): void {
  const told = new Map<number, string>();
  for (const id of mentionedUsers(site, issue, note.body, before ?? ''))
    told.set(id, 'you have been mentioned');
  send(
    site,
    issue,
    author,
    told,
    `Re: ${subjectOf(site, issue)}`,
    `${author.name} commented:\n\n${note.body}`,
    `#note_${note.id}`,
  );
  crossReference(site, issue, author, note.body, before ?? '');
}

/** Mails to those who were assigned just now. */
export function announceAssignment(
  site: Site,
  issue: Issue,
  actor: User,
  assigneeIds: readonly number[],
): void {
  const names = assigneeIds.map((id) => site.user(id).name).join(', ');
  const told = new Map(assigneeIds.map((id) => [id, 'you have been assigned']));
  send(
    site,
    issue,
    actor,
    told,
    `Re: ${subjectOf(site, issue)}`,
    `${actor.name} assigned this issue to ${names}.`,
  );
}

function subjectOf(site: Site, issue: Issue): string {
  return `${site.project(issue.projectId).name} | ${issue.title.replace(/[\r\n]+/g, ' ')} (#${issue.iid})`;
}

function send(
  site: Site,
  issue: Issue,
  author: User,
  told: ReadonlyMap<number, string>,
  subject: string,
  text: string,
  anchor = '',
): void {
  for (const [id, reason] of told) {
    if (id === author.id) continue;
    const action = reason.endsWith('assigned') ? 'assigned' : 'mentioned';
    addTodo(site, issue, id, author, { action, body: issue.title });
    const foot = `-- \nView it on GitLab: ${site.issueUrl(issue)}${anchor}\nYou're receiving this email because ${reason}.`;
    site.mail(site.user(id), subject, `${withoutComments(text)}\n\n${foot}`);
  }
}

/** Who is mentioned now and wasn't before, as far as they may see the issue. `@all` and a group mean its members. */
function mentionedUsers(site: Site, issue: Issue, text: string, before: string): Set<number> {
  const known = new Set(mentionsIn(before).map((name) => name.toLowerCase()));
  const found = new Set<number>();
  for (const name of mentionsIn(text)) {
    if (known.has(name.toLowerCase())) continue;
    for (const user of usersMeant(site, issue, name)) if (site.seesIssue(issue, user)) found.add(user.id);
  }
  return found;
}

function usersMeant(site: Site, issue: Issue, name: string): User[] {
  const user = site.userNamed(name);
  if (user) return [user];
  if (name.toLowerCase() === 'all') {
    const members = site.rows.members.filter((member) => member.projectId === issue.projectId);
    return members.map((member) => site.user(member.userId));
  }
  const group = site.rows.groups.find((row) => row.path.toLowerCase() === name.toLowerCase());
  return group ? site.rows.users.filter((row) => row.groups.includes(group.path)) : [];
}

/** As the HTML of GitLab's mails shows a text; the mailbox has no other part. */
const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?-->\n*/g, '').trimEnd();

/** Leaves `mentioned in issue #n` on each issue that a text refers to for the first time. */
function crossReference(site: Site, issue: Issue, author: User, text: string, before: string): void {
  const project = site.project(issue.projectId);
  const key = (reference: { path: string | null; iid: number }): string =>
    `${reference.path ?? project.path}#${reference.iid}`;
  const known = new Set(issueReferencesIn(before, site.url()).map(key));
  const references = new Map(
    issueReferencesIn(text, site.url()).map((reference) => [key(reference), reference]),
  );
  for (const [name, reference] of references) {
    if (known.has(name)) continue;
    const home =
      reference.path === null ? project : site.rows.projects.find((row) => row.path === reference.path);
    const target = home && site.issueAt(home, reference.iid);
    if (!target || target.id === issue.id || !site.seesIssue(target, author)) continue;
    const short = target.projectId === issue.projectId ? `#${issue.iid}` : `${project.path}#${issue.iid}`;
    const noted = target.noteIds.some((id) => site.rows.notes.get(id)?.mentionedById === issue.id);
    if (!noted) addSystemNote(site, target.id, author, `mentioned in issue ${short}`, issue.id);
  }
}
