import type { Router } from 'express';
import { createNote, deleteNote, notesFor, updateNote } from './notes';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, issueOf, noteOf } from './request';
import { noteShape } from './shapes-issues';
import { GitlabError, type Site } from './site';

/** Comments and system notes of an issue: https://docs.gitlab.com/api/notes/ */
export function noteRoutes(site: Site, router: Router): void {
  const all = '/projects/:id/issues/:issue_iid/notes';
  router.get(all, (req, res) => {
    const issue = issueOf(site, req, res);
    const params = new Params(req);
    const order = params.oneOf('order_by', ['created_at', 'updated_at'] as const) ?? 'created_at';
    const direction = (params.oneOf('sort', ['asc', 'desc'] as const) ?? 'desc') === 'asc' ? 1 : -1;
    const filter =
      params.oneOf('activity_filter', ['all_notes', 'only_comments', 'only_activity'] as const) ??
      'all_notes';
    const notes = notesFor(site, issue, actorOf(site, res)).filter(
      (note) => filter === 'all_notes' || note.system === (filter === 'only_activity'),
    );
    const at = (note: (typeof notes)[number]): string =>
      order === 'created_at' ? note.createdAt : note.updatedAt;
    notes.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a.id - b.id) * direction);
    sendPage(req, res, site.url(), notes, (note) => noteShape(site, issue, note));
  });
  router.post(all, (req, res) => {
    const issue = issueOf(site, req, res);
    const params = new Params(req);
    const internal = params.flag('internal') ?? params.flag('confidential') ?? false;
    const done = createNote(site, issue, actorOf(site, res), params.required('body'), internal);
    if (done.kind === 'note')
      res.status(201).json(noteShape(site, site.rows.issues.get(issue.id) ?? issue, done.note));
    else res.status(202).json({ commands_changes: done.changes, summary: done.summary });
  });
  router.get(`${all}/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    const note = noteOf(site, req, issue);
    if (!notesFor(site, issue, actorOf(site, res)).includes(note)) throw GitlabError.notFound();
    res.json(noteShape(site, issue, note));
  });
  router.put(`${all}/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    const body = new Params(req).required('body');
    res.json(
      noteShape(site, issue, updateNote(site, issue, noteOf(site, req, issue), actorOf(site, res), body)),
    );
  });
  router.delete(`${all}/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    deleteNote(site, issue, noteOf(site, req, issue), actorOf(site, res));
    res.status(204).end();
  });
}
