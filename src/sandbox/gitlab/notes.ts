import { announceNote } from './announcements';
import { emitNoteHook } from './hook-events';
import { applyQuickChange } from './issues';
import { readQuickActions } from './quick-actions';
import { finishTodo } from './todos';
import type { Issue, Note, User } from './rows';
import { GitlabError, MAINTAINER, type Site } from './site';

/** What became of a comment: the note, or (quick actions only) what they did. */
export type Commented =
  | { readonly kind: 'note'; readonly note: Note }
  | {
      readonly kind: 'commands';
      readonly summary: readonly string[];
      readonly changes: Readonly<Record<string, unknown>>;
    };

/** A note that GitLab itself writes about a change. It moves `updated_at`, and no mail comes of it. */
export function addSystemNote(
  site: Site,
  issueId: number,
  actor: User,
  body: string,
  mentionedById: number | null = null,
): void {
  storeNote(site, issueId, actor, { body, system: true, internal: false, mentionedById });
}

function storeNote(
  site: Site,
  issueId: number,
  author: User,
  fields: Pick<Note, 'body' | 'system' | 'internal' | 'mentionedById'>,
): Note {
  const issue = site.rows.issues.get(issueId);
  if (!issue) throw GitlabError.notFound('Issue Not Found');
  const id = site.world.next('gitlab-note');
  const at = site.now();
  const note: Note = { id, issueId, authorId: author.id, createdAt: at, updatedAt: at, ...fields };
  site.rows.notes.put(id, note);
  site.rows.issues.put(issueId, { ...issue, updatedAt: at, noteIds: [...issue.noteIds, id] });
  return note;
}

/** Comments on an issue; quick actions run and are taken out, mentions send mail. */
export function createNote(
  site: Site,
  issue: Issue,
  author: User,
  body: string,
  internal: boolean,
): Commented {
  const project = site.project(issue.projectId);
  site.demand(project, author, 10);
  if (body.trim() === '') throw GitlabError.invalid({ note: ["can't be blank"] });
  if (body.length > 1_000_000)
    throw GitlabError.invalid({ note: ['is too long (maximum is 1000000 characters)'] });
  if (issue.discussionLocked && site.level(project, author) < 20) throw GitlabError.forbidden();
  const actions = readQuickActions(site, project, author, body, issue);
  const onlyCommands = actions.text.trim() === '';
  const note = onlyCommands
    ? null
    : storeNote(site, issue.id, author, { body: actions.text, system: false, internal, mentionedById: null });
  if (note) {
    finishTodo(site, issue.id, author.id);
    announceNote(site, issue, note, author, null);
    emitNoteHook(site, issue.id, note, author, 'create');
  }
  const current = site.rows.issues.get(issue.id);
  if (current && Object.keys(actions.change).length > 0)
    applyQuickChange(site, current, author, actions.change);
  if (note) return { kind: 'note', note };
  return { kind: 'commands', summary: actions.summary, changes: { ...actions.change } };
}

/** Puts a note into the thread that begins with the note `first`. */
export function joinThread(site: Site, note: Note, first: number): Note {
  return site.rows.notes.put(note.id, { ...(site.rows.notes.get(note.id) ?? note), threadOf: first });
}

/** Edits a comment. Names mentioned for the first time get mail. */
export function updateNote(site: Site, issue: Issue, note: Note, actor: User, body: string): Note {
  demandOwn(site, issue, note, actor);
  if (body.trim() === '') throw GitlabError.invalid({ note: ["can't be blank"] });
  const at = site.now();
  const after = site.rows.notes.put(note.id, { ...note, body, updatedAt: at });
  touch(site, issue.id, at);
  announceNote(site, issue, after, actor, note.body);
  emitNoteHook(site, issue.id, after, actor, 'update');
  return after;
}

export function deleteNote(site: Site, issue: Issue, note: Note, actor: User): void {
  demandOwn(site, issue, note, actor);
  site.rows.notes.delete(note.id);
  const stored = site.rows.issues.get(issue.id);
  if (stored)
    site.rows.issues.put(issue.id, { ...stored, noteIds: stored.noteIds.filter((id) => id !== note.id) });
  touch(site, issue.id, site.now());
}

/** The notes of an issue that a person may see, oldest first. */
export function notesFor(site: Site, issue: Issue, viewer: User): Note[] {
  const insider = site.level(site.project(issue.projectId), viewer) >= 20;
  return issue.noteIds.flatMap((id) => {
    const note = site.rows.notes.get(id);
    if (!note || (note.internal && !insider && note.authorId !== viewer.id)) return [];
    const source = note.mentionedById === null ? null : site.rows.issues.get(note.mentionedById);
    return source && !site.seesIssue(source, viewer) ? [] : [note];
  });
}

function demandOwn(site: Site, issue: Issue, note: Note, actor: User): void {
  const own = note.authorId === actor.id || site.level(site.project(issue.projectId), actor) >= MAINTAINER;
  if (note.system || !own) throw GitlabError.forbidden();
}

function touch(site: Site, issueId: number, at: string): void {
  const stored = site.rows.issues.get(issueId);
  if (stored) site.rows.issues.put(issueId, { ...stored, updatedAt: at });
}
