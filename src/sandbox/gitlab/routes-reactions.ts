import type { Request, Response, Router } from 'express';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, issueOf, noteOf, numberPart } from './request';
import type { Award, Issue } from './rows';
import { userBasic } from './shapes';
import { issueShape } from './shapes-issues';
import { GitlabError, type Site } from './site';
import { isSubscribed, setSubscribed } from './subscriptions';

/** Emoji on issues and comments, and who gets an issue's notifications. */
export function reactionRoutes(site: Site, router: Router): void {
  const issue = '/projects/:id/issues/:issue_iid';
  awardRoutes(site, router, `${issue}/award_emoji`);
  awardRoutes(site, router, `${issue}/notes/:note_id/award_emoji`);
  for (const wanted of [true, false])
    router.post(`${issue}/${wanted ? 'subscribe' : 'unsubscribe'}`, (req, res) => {
      const at = issueOf(site, req, res);
      const actor = actorOf(site, res);
      if (isSubscribed(site, at, actor) === wanted) return void res.status(304).end();
      setSubscribed(site, at, actor, wanted);
      res.status(201).json({ ...issueShape(site, at), subscribed: wanted });
    });
}

/** https://docs.gitlab.com/api/emoji_reactions/ */
function awardRoutes(site: Site, router: Router, all: string): void {
  const awardsOn = (
    req: Request,
    res: Response,
  ): { issue: Issue; noteId: number | null; awards: Award[] } => {
    const issue = issueOf(site, req, res);
    const noteId = 'note_id' in req.params ? noteOf(site, req, issue).id : null;
    const awards = site.rows.awards.filter((row) => row.issueId === issue.id && row.noteId === noteId);
    return { issue, noteId, awards };
  };
  const one = (req: Request, res: Response): Award => {
    const award = awardsOn(req, res).awards.find((row) => row.id === numberPart(req, 'award_id'));
    if (!award) throw GitlabError.notFound();
    return award;
  };
  router.get(all, (req, res) =>
    sendPage(req, res, site.url(), awardsOn(req, res).awards, (award) => awardShape(site, award)),
  );
  router.get(`${all}/:award_id`, (req, res) => {
    res.json(awardShape(site, one(req, res)));
  });
  router.post(all, (req, res) => {
    const { issue, noteId, awards } = awardsOn(req, res);
    const actor = actorOf(site, res);
    const name = new Params(req).required('name').replace(/^:|:$/g, '');
    if (!/^[a-z0-9_+-]+$/.test(name))
      throw GitlabError.notFound('Award Emoji Name is not a valid emoji name Not Found');
    if (awards.some((row) => row.userId === actor.id && row.name === name))
      throw GitlabError.notFound('Award Emoji Name has already been taken Not Found');
    const id = site.world.next('gitlab-award');
    const row = { id, issueId: issue.id, noteId, userId: actor.id, name, createdAt: site.now() };
    res.status(201).json(awardShape(site, site.rows.awards.put(id, row)));
  });
  router.delete(`${all}/:award_id`, (req, res) => {
    const award = one(req, res);
    if (award.userId !== actorOf(site, res).id) throw new GitlabError(401, { message: '401 Unauthorized' });
    site.rows.awards.delete(award.id);
    res.status(204).end();
  });
}

const awardShape = (site: Site, award: Award): unknown => ({
  id: award.id,
  name: award.name,
  user: userBasic(site, site.user(award.userId)),
  created_at: award.createdAt,
  updated_at: award.createdAt,
  awardable_id: award.noteId ?? award.issueId,
  awardable_type: award.noteId === null ? 'Issue' : 'Note',
  url: null,
});
