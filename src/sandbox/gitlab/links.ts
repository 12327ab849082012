import { addSystemNote } from './notes';
import { emitIssueHook } from './hook-events';
import { labelsByName } from './labels';
import type { Issue, IssueLink, LinkType, Project, User } from './rows';
import { GitlabError, REPORTER, type Site } from './site';

const WORDS: Readonly<Record<LinkType, { from: string; to: string; mirror: LinkType }>> = {
  relates_to: { from: 'as related to', to: 'as related to', mirror: 'relates_to' },
  blocks: { from: 'as blocking', to: 'as blocked by', mirror: 'is_blocked_by' },
  is_blocked_by: { from: 'as blocked by', to: 'as blocking', mirror: 'blocks' },
};

/** How a link looks from one of its two ends. */
export const typeSeenFrom = (link: IssueLink, issue: Issue): LinkType =>
  link.sourceId === issue.id ? link.type : WORDS[link.type].mirror;

export const linksOf = (site: Site, issue: Issue): IssueLink[] =>
  site.rows.links.filter((link) => link.sourceId === issue.id || link.targetId === issue.id);

/** Links two issues, with a note on both. A pair that is linked already answers 409. */
export function linkIssues(site: Site, source: Issue, target: Issue, actor: User, type: LinkType): IssueLink {
  if (linksOf(site, source).some((link) => link.sourceId === target.id || link.targetId === target.id))
    throw new GitlabError(409, { message: 'Issue(s) already assigned' });
  if (source.id === target.id)
    throw GitlabError.notFound('No matching issue found. Make sure that you are adding a valid issue URL.');
  const id = site.world.next('gitlab-link');
  const link = site.rows.links.put(id, {
    id,
    sourceId: source.id,
    targetId: target.id,
    type,
    createdAt: site.now(),
  });
  const words = WORDS[type];
  addSystemNote(
    site,
    source.id,
    actor,
    `marked this issue ${words.from} ${referenceFrom(site, source, target)}`,
    target.id,
  );
  addSystemNote(
    site,
    target.id,
    actor,
    `marked this issue ${words.to} ${referenceFrom(site, target, source)}`,
    source.id,
  );
  return link;
}

export function unlinkIssues(site: Site, link: IssueLink, actor: User): void {
  const [source, target] = [site.rows.issues.get(link.sourceId), site.rows.issues.get(link.targetId)];
  site.rows.links.delete(link.id);
  if (!source || !target) return;
  addSystemNote(site, source.id, actor, `removed the relation with ${referenceFrom(site, source, target)}`);
  addSystemNote(site, target.id, actor, `removed the relation with ${referenceFrom(site, target, source)}`);
}

/** How one issue is named on another: short in the same project, full across projects. */
function referenceFrom(site: Site, at: Issue, named: Issue): string {
  return at.projectId === named.projectId
    ? `#${named.iid}`
    : `${site.project(named.projectId).path}#${named.iid}`;
}

/** Moves an issue: a copy in the other project, the old one closed and pointing at it. */
export function moveIssue(site: Site, issue: Issue, target: Project, actor: User): Issue {
  const source = site.project(issue.projectId);
  if (site.level(source, actor) < REPORTER || site.level(target, actor) < REPORTER)
    throw GitlabError.invalid('Cannot move issue due to insufficient permissions!');
  if (source.id === target.id) throw GitlabError.invalid('Cannot move issue to project it originates from!');
  const id = site.world.next('gitlab-issue');
  const iid = site.world.next(`gitlab-iid/${target.id}`);
  const at = site.now();
  const names = issue.labelIds.flatMap((label) => site.rows.labels.get(label)?.name ?? []);
  site.rows.issues.put(id, {
    ...issue,
    id,
    iid,
    projectId: target.id,
    updatedAt: at,
    noteIds: [],
    labelEventIds: [],
    stateEventIds: [],
    labelIds: labelsByName(site, target, names),
  });
  site.world.table<number>('gitlab-iid').put(`${target.id}/${iid}`, id);
  copyNotes(site, issue, id);
  const moved = site.rows.issues.get(id);
  if (!moved) throw GitlabError.notFound('Issue Not Found');
  addSystemNote(site, id, actor, `moved from ${source.path}#${issue.iid}`);
  addSystemNote(site, issue.id, actor, `moved to ${target.path}#${iid}`);
  const old = site.rows.issues.get(issue.id) ?? issue;
  const closed: Issue = {
    ...old,
    state: 'closed',
    closedAt: at,
    closedById: actor.id,
    movedToId: id,
    updatedAt: site.now(),
  };
  site.rows.issues.put(issue.id, closed);
  emitIssueHook(site, closed, actor, 'close', issue);
  emitIssueHook(site, moved, actor, 'open', null);
  return site.rows.issues.get(id) ?? moved;
}

function copyNotes(site: Site, from: Issue, toId: number): void {
  const copies = from.noteIds.flatMap((noteId) => {
    const note = site.rows.notes.get(noteId);
    if (!note) return [];
    const id = site.world.next('gitlab-note');
    site.rows.notes.put(id, { ...note, id, issueId: toId });
    return [id];
  });
  const moved = site.rows.issues.get(toId);
  if (moved) site.rows.issues.put(toId, { ...moved, noteIds: copies });
}
