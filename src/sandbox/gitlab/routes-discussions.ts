import type { Request, Response, Router } from 'express';
import { createNote, deleteNote, joinThread, notesFor, updateNote, type Commented } from './notes';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, issueOf, noteOf, part } from './request';
import type { Issue, Note } from './rows';
import { discussionIdOf, noteShape } from './shapes-issues';
import { GitlabError, type Site } from './site';

/** Threads of an issue, and each other comment as a discussion of one note: https://docs.gitlab.com/api/discussions/ */
export function discussionRoutes(site: Site, router: Router): void {
  const all = '/projects/:id/issues/:issue_iid/discussions';
  const one = `${all}/:discussion_id`;
  const discussionsOf = (issue: Issue, res: Response): Note[][] => {
    const threads = new Map<string, Note[]>();
    for (const note of notesFor(site, issue, actorOf(site, res))) {
      const id = discussionIdOf(note);
      threads.set(id, [...(threads.get(id) ?? []), note]);
    }
    return [...threads.values()];
  };
  const shape = (issue: Issue, notes: readonly Note[]): unknown => {
    const [first] = notes;
    if (!first) throw GitlabError.notFound('Discussion Not Found');
    return {
      id: discussionIdOf(first),
      individual_note: first.threadOf === undefined,
      notes: notes.map((note) => noteShape(site, issue, note)),
    };
  };
  const found = (issue: Issue, req: Request, res: Response): Note[] => {
    const id = part(req, 'discussion_id');
    const notes = discussionsOf(issue, res).find(([note]) => note && discussionIdOf(note) === id);
    if (!notes) throw GitlabError.notFound('Discussion Not Found');
    return notes;
  };
  router.get(all, (req, res) => {
    const issue = issueOf(site, req, res);
    sendPage(req, res, site.url(), discussionsOf(issue, res), (notes) => shape(issue, notes));
  });
  router.post(all, (req, res) => {
    const issue = issueOf(site, req, res);
    const body = new Params(req).required('body');
    const note = written(createNote(site, issue, actorOf(site, res), body, false));
    res.status(201).json(shape(issue, [joinThread(site, note, note.id)]));
  });
  router.get(one, (req, res) => {
    const issue = issueOf(site, req, res);
    res.json(shape(issue, found(issue, req, res)));
  });
  router.get(`${one}/notes`, (req, res) => {
    const issue = issueOf(site, req, res);
    res.json(found(issue, req, res).map((note) => noteShape(site, issue, note)));
  });
  router.post(`${one}/notes`, (req, res) => {
    const issue = issueOf(site, req, res);
    const [first] = found(issue, req, res);
    if (!first || first.system)
      throw GitlabError.invalid('400 Bad request - Discussion can not be replied to.');
    const body = new Params(req).required('body');
    const note = written(createNote(site, issue, actorOf(site, res), body, first.internal));
    joinThread(site, first, first.id);
    res.status(201).json(noteShape(site, issue, joinThread(site, note, first.id)));
  });
  const within = (issue: Issue, req: Request, res: Response): Note => {
    const note = noteOf(site, req, issue);
    if (!found(issue, req, res).includes(note)) throw GitlabError.notFound();
    return note;
  };
  router.get(`${one}/notes/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    res.json(noteShape(site, issue, within(issue, req, res)));
  });
  router.put(`${one}/notes/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    const body = new Params(req).required('body');
    const note = updateNote(site, issue, within(issue, req, res), actorOf(site, res), body);
    res.json(noteShape(site, issue, note));
  });
  router.delete(`${one}/notes/:note_id`, (req, res) => {
    const issue = issueOf(site, req, res);
    deleteNote(site, issue, within(issue, req, res), actorOf(site, res));
    res.status(204).end();
  });
}

/** The note of a comment; one of quick actions only leaves none, and there can be no thread of it. */
function written(done: Commented): Note {
  if (done.kind === 'note') return done.note;
  throw GitlabError.invalid(`400 Bad request - Note {commands_only: ${JSON.stringify(done.summary)}}`);
}
