import type { IssueRef } from '../domain/access-request';

type Issue = Pick<IssueRef, 'project' | 'iid'>;

/** The issue of a workflow `access-request/<project>/<iid>`; nothing of any other. */
export const refOfRequest = (workflowId: string): readonly Issue[] => {
  const [, project, iid] = /^access-request\/(.+)\/(\d+)$/.exec(workflowId) ?? [];
  return project && iid ? [{ project, iid: Number(iid) }] : [];
};

/** The issue of a request as the store names it: `<project>#<iid>`. */
export const refOfKey = (request: string): readonly Issue[] => {
  const [, project, iid] = /^(.+)#(\d+)$/.exec(request) ?? [];
  return project && iid ? [{ project, iid: Number(iid) }] : [];
};
