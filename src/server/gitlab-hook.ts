import type { Request, Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { refuse } from './problem';
import { acknowledged, type Receiver } from './receiver';
import { sameSecret, signedBy } from './signature';

/** All that is read of a payload: which issue, and who caused it. What changed is read from GitLab itself. */
const project = z.object({ path_with_namespace: z.string() });
const user = z.object({ username: z.string() }).optional();
const iid = z.number().int().positive();
const payload = z.union([
  z
    .object({
      object_kind: z.enum(['issue', 'work_item']),
      project,
      user,
      object_attributes: z.object({ iid }),
    })
    .transform((event) => ({ ...event, iid: event.object_attributes.iid })),
  z
    .object({ object_kind: z.literal('note'), project, user, issue: z.object({ iid }) })
    .transform((event) => ({ ...event, iid: event.issue.iid })),
]);

/** `POST /hooks/gitlab`: a hint that an issue may have changed. Nothing is lost with a hint, so what isn't understood is let go. */
export function gitlabHook(receiver: Receiver): (req: Request, res: Response) => Promise<void> {
  const { accessRequestsProject, employmentProject } = receiver.settings.gitlab;
  const projects = [accessRequestsProject, employmentProject];

  /** The issue concerned; null where the event isn't about one of ours, or where daytwo caused it itself. */
  async function hintOf(body: Buffer): Promise<{ project: string; iid: number } | null> {
    const event = payload.safeParse(JSON.parse(body.toString('utf8')));
    if (!event.success) return null;
    const { project: from, user: causer } = event.data;
    const ours = projects.find((known) => sameProject(known, from.path_with_namespace));
    if (ours === undefined) return null;
    if (causer !== undefined && causer.username === (await receiver.botUsername())) return null;
    return { project: ours, iid: event.data.iid };
  }

  return async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (!isFromGitLab(receiver, req.headers, body)) {
      receiver.count('gitlab', 'unsigned');
      refuse(res, 401, 'the signature or token is missing, wrong, or older than five minutes');
      return;
    }
    let hint;
    try {
      hint = await hintOf(body);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      receiver.count('gitlab', 'malformed');
      refuse(res, 400, 'the event is malformed', [{ path: '', problem: "isn't JSON", mend: 'send JSON' }]);
      return;
    }
    if (hint) await acknowledged(receiver, receiver.temporal.issueHint(hint));
    receiver.count('gitlab', hint ? 'accepted' : 'ignored');
    res.status(202).json(hint ? { accepted: hint } : { ignored: true });
  };
}

const sameProject = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Every proof that is configured must be there. */
function isFromGitLab(receiver: Receiver, headers: IncomingHttpHeaders, body: Buffer): boolean {
  const { signingToken, plainToken } = receiver.settings.gitlab;
  if (signingToken === null && plainToken === null) return false;
  if (signingToken !== null && !signedBy(signingToken.split(/\s+/), headers, body)) return false;
  const token = headers['x-gitlab-token'];
  return plainToken === null || sameSecret(typeof token === 'string' ? token : undefined, plainToken);
}
