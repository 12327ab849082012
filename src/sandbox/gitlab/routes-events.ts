import type { Request, Response, Router } from 'express';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, projectOf, userOf } from './request';
import type { Issue, Note, User } from './rows';
import { userBasic } from './shapes';
import { noteShape } from './shapes-issues';
import type { Site } from './site';
import { notesFor } from './notes';

/** What somebody did: an issue opened, closed, opened again or commented on. */
interface Event {
  readonly id: number;
  readonly action: 'opened' | 'closed' | 'reopened' | 'commented on';
  readonly issue: Issue;
  readonly note: Note | null;
  readonly authorId: number;
  readonly at: string;
}

const ACTIONS: Readonly<Record<string, Event['action']>> = {
  created: 'opened',
  closed: 'closed',
  reopened: 'reopened',
  commented: 'commented on',
};

/** Who did what: https://docs.gitlab.com/api/events/ */
export function eventRoutes(site: Site, router: Router): void {
  router.get('/events', (req, res) => {
    const actor = actorOf(site, res);
    const all = new Params(req).text('scope') === 'all';
    sendEvents(site, req, res, (event) =>
      all ? site.level(site.project(event.issue.projectId), actor) > 0 : event.authorId === actor.id,
    );
  });
  router.get('/users/:user_id/events', (req, res) => {
    const user: User = userOf(site, req);
    sendEvents(site, req, res, (event) => event.authorId === user.id);
  });
  router.get('/projects/:id/events', (req, res) => {
    const project = projectOf(site, req, res);
    sendEvents(site, req, res, (event) => event.issue.projectId === project.id);
  });
}

/** The events of an issue, each with a number of its own: three kinds of row, counted each by itself. */
function eventsOf(site: Site, issue: Issue, viewer: User): Event[] {
  const base = { issue, note: null };
  const opened = { ...base, action: 'opened', authorId: issue.authorId, at: issue.createdAt } as const;
  return [
    { ...opened, id: issue.id * 3 },
    ...issue.stateEventIds
      .flatMap((id) => site.rows.stateEvents.get(id) ?? [])
      .map((event) => ({
        ...base,
        id: event.id * 3 + 1,
        action: event.state,
        authorId: event.userId,
        at: event.createdAt,
      })),
    ...notesFor(site, issue, viewer)
      .filter((note) => !note.system)
      .map((note) => ({
        issue,
        note,
        id: note.id * 3 + 2,
        action: 'commented on' as const,
        authorId: note.authorId,
        at: note.createdAt,
      })),
  ];
}

function sendEvents(site: Site, req: Request, res: Response, wanted: (event: Event) => boolean): void {
  const viewer = actorOf(site, res);
  const params = new Params(req);
  const [after, before] = [params.instant('after'), params.instant('before')];
  const action = params.text('action');
  const type = params.text('target_type');
  const direction = (params.oneOf('sort', ['asc', 'desc'] as const) ?? 'desc') === 'asc' ? 1 : -1;
  const DAY = 86_400_000;
  const events = site.rows.issues
    .filter((issue) => site.seesIssue(issue, viewer))
    .flatMap((issue) => eventsOf(site, issue, viewer))
    .filter(
      (event) =>
        wanted(event) &&
        (action === undefined || event.action === ACTIONS[action]) &&
        (type === undefined || type.toLowerCase() === (event.note ? 'note' : 'issue')) &&
        (after === undefined || Date.parse(event.at) >= after + DAY) &&
        (before === undefined || Date.parse(event.at) < before),
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id) * direction);
  sendPage(req, res, site.url(), events, (event) => eventShape(site, event));
}

const eventShape = (site: Site, { id, action, issue, note, authorId, at }: Event): unknown => ({
  id,
  project_id: issue.projectId,
  action_name: action,
  target_id: note ? note.id : issue.id,
  target_iid: note ? note.id : issue.iid,
  target_type: note ? (note.threadOf === undefined ? 'Note' : 'DiscussionNote') : 'Issue',
  author_id: authorId,
  target_title: issue.title,
  created_at: at,
  ...(note ? { note: noteShape(site, issue, note) } : {}),
  author: userBasic(site, site.user(authorId)),
  imported: false,
  imported_from: 'none',
  author_username: site.user(authorId).username,
});
