import type { Request, Response, Router } from 'express';
import { now } from './issue-records';
import { addSystemNote } from './notes';
import { Params } from './params';
import { actorOf, issueOf } from './request';
import type { Issue } from './rows';
import { timeStats } from './shapes-issues';
import { durationText, secondsIn } from './time-tracking';
import { GitlabError, REPORTER, type Site } from './site';

/** Time tracking of an issue: https://docs.gitlab.com/api/issues/#set-a-time-estimate-for-an-issue */
export function timeRoutes(site: Site, router: Router): void {
  const one = '/projects/:id/issues/:issue_iid';
  const change = (
    req: Request,
    res: Response,
    note: string,
    fields: Pick<Issue, 'timeEstimate'> | Pick<Issue, 'timeSpent'>,
  ): void => {
    const issue = issueOf(site, req, res);
    site.rows.issues.put(issue.id, { ...issue, ...fields });
    addSystemNote(site, issue.id, actorOf(site, res), note);
    res.json(timeStats(now(site, issue.id)));
  };
  const editable = (req: Request, res: Response): Issue => {
    const issue = issueOf(site, req, res);
    site.demand(site.project(issue.projectId), actorOf(site, res), REPORTER);
    return issue;
  };
  router.get(`${one}/time_stats`, (req, res) => {
    res.json(timeStats(issueOf(site, req, res)));
  });
  router.post(`${one}/time_estimate`, (req, res) => {
    editable(req, res);
    const timeEstimate = secondsIn(new Params(req).required('duration'));
    if (timeEstimate === undefined || timeEstimate < 0)
      throw GitlabError.invalid({
        time_estimate: ['must have a valid format and be greater than or equal to zero.'],
      });
    change(req, res, `changed time estimate to ${durationText(timeEstimate) ?? '0h'}`, { timeEstimate });
  });
  router.post(`${one}/reset_time_estimate`, (req, res) => {
    editable(req, res);
    change(req, res, 'removed time estimate', { timeEstimate: 0 });
  });
  router.post(`${one}/add_spent_time`, (req, res) => {
    const before = editable(req, res).timeSpent ?? 0;
    const added = secondsIn(new Params(req).required('duration'));
    if (added === undefined || added === 0) throw GitlabError.invalid({ base: ["Duration can't be blank"] });
    if (before + added < 0)
      throw GitlabError.invalid({ base: ['Time to subtract exceeds the total time spent'] });
    const text = durationText(Math.abs(added)) ?? '';
    res.status(201);
    change(req, res, `${added > 0 ? 'added' : 'subtracted'} ${text} of time spent`, {
      timeSpent: before + added,
    });
  });
  router.post(`${one}/reset_spent_time`, (req, res) => {
    editable(req, res);
    change(req, res, 'removed time spent', { timeSpent: 0 });
  });
}
