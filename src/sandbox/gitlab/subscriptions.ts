import type { Issue, User } from './rows';
import type { Site } from './site';

/** Who takes part in an issue: its author, its assignees and who commented. */
export function participantsOf(site: Site, issue: Issue): User[] {
  const wrote = issue.noteIds.flatMap((id) => {
    const note = site.rows.notes.get(id);
    return note && !note.system ? [note.authorId] : [];
  });
  return [...new Set([issue.authorId, ...issue.assigneeIds, ...wrote])].map((id) => site.user(id));
}

const key = (issue: Issue, user: User): string => `${issue.id}/${user.id}`;

/** Whether somebody gets the issue's notifications: as they said themselves, else if they take part in it. */
export const isSubscribed = (site: Site, issue: Issue, user: User): boolean =>
  site.rows.subscriptions.get(key(issue, user)) ??
  participantsOf(site, issue).some(({ id }) => id === user.id);

export function setSubscribed(site: Site, issue: Issue, user: User, wanted: boolean): void {
  site.rows.subscriptions.put(key(issue, user), wanted);
}
