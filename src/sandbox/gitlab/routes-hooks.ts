import { randomUUID } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import { issueBody } from './hook-events';
import { enabled, testDelivery, type Outbox } from './outbox';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, numberPart, part, projectOf } from './request';
import type { Hook, Project } from './rows';
import { hookShape } from './shapes';
import { GitlabError, MAINTAINER, type Site } from './site';

const EVENTS = [
  'push_events',
  'tag_push_events',
  'issues_events',
  'confidential_issues_events',
  'note_events',
  'confidential_note_events',
  'merge_requests_events',
  'job_events',
  'pipeline_events',
  'wiki_page_events',
  'deployment_events',
  'releases_events',
  'milestone_events',
  'feature_flag_events',
  'emoji_events',
  'resource_access_token_events',
  'vulnerability_events',
] as const;

/** What a hook may be given; absent parts keep what they were. */
export interface HookFields {
  url?: string;
  name?: string | null;
  description?: string | null;
  token?: string | null;
  signingToken?: string | null;
  enableSslVerification?: boolean;
  events?: Readonly<Record<string, boolean>>;
}

/** Registers a hook; events that aren't named are off, but for pushes, as in GitLab. */
export function createHook(site: Site, project: Project, fields: HookFields & { url: string }): Hook {
  const id = site.world.next('gitlab-hook');
  const off = Object.fromEntries(EVENTS.map((name) => [name, name === 'push_events']));
  return site.rows.hooks.put(id, {
    id,
    projectId: project.id,
    url: checkedUrl(fields.url),
    name: fields.name ?? null,
    description: fields.description ?? null,
    token: fields.token || null,
    signingToken: checkedSigningToken(fields.signingToken ?? null),
    events: { ...off, ...fields.events },
    enableSslVerification: fields.enableSslVerification ?? true,
    createdAt: site.now(),
    uuid: randomUUID(),
    recentFailures: 0,
    backoffCount: 0,
    disabledUntil: null,
  });
}

/** Project webhooks: https://docs.gitlab.com/api/project_webhooks/ */
export function hookRoutes(site: Site, router: Router, outbox: Outbox): void {
  const one = '/projects/:id/hooks/:hook_id';
  const maintained = (req: Request, res: Response): Project => {
    const project = projectOf(site, req, res);
    site.demand(project, actorOf(site, res), MAINTAINER);
    return project;
  };
  const hookOf = (req: Request, res: Response): Hook => {
    const project = maintained(req, res);
    const hook = site.rows.hooks.get(numberPart(req, 'hook_id'));
    if (!hook || hook.projectId !== project.id) throw GitlabError.notFound();
    return hook;
  };
  router.get('/projects/:id/hooks', (req, res) => {
    const project = maintained(req, res);
    sendPage(
      req,
      res,
      site.url(),
      site.rows.hooks.filter((hook) => hook.projectId === project.id),
      hookShape,
    );
  });
  router.post('/projects/:id/hooks', (req, res) => {
    const project = maintained(req, res);
    const params = new Params(req);
    res
      .status(201)
      .json(hookShape(createHook(site, project, { ...fieldsOf(params), url: params.required('url') })));
  });
  router.get(one, (req, res) => {
    res.json(hookShape(hookOf(req, res)));
  });
  router.put(one, (req, res) => {
    const hook = hookOf(req, res);
    const fields = fieldsOf(new Params(req));
    const changed: Hook = enabled({
      ...hook,
      url: fields.url === undefined ? hook.url : checkedUrl(fields.url),
      name: fields.name === undefined ? hook.name : fields.name,
      description: fields.description === undefined ? hook.description : fields.description,
      token: fields.token === undefined ? hook.token : fields.token || null,
      signingToken:
        fields.signingToken === undefined ? hook.signingToken : checkedSigningToken(fields.signingToken),
      enableSslVerification: fields.enableSslVerification ?? hook.enableSslVerification,
      events: { ...hook.events, ...fields.events },
    });
    res.json(hookShape(site.rows.hooks.put(hook.id, changed)));
  });
  router.delete(one, (req, res) => {
    site.rows.hooks.delete(hookOf(req, res).id);
    res.status(204).end();
  });
  router.post(`${one}/test/:trigger`, async (req, res) => {
    const hook = hookOf(req, res);
    const sample = site.rows.issues.find((issue) => issue.projectId === hook.projectId);
    if (!(EVENTS as readonly string[]).includes(part(req, 'trigger')))
      throw GitlabError.badRequest('trigger does not have a valid value');
    if (!sample) throw new GitlabError(422, { message: 'Ensure the project has issues.' });
    const body = issueBody(site, sample, actorOf(site, res), 'update', null);
    const { ok, status } = await outbox.post(hook, testDelivery(hook, 'Issue Hook', body));
    if (!ok)
      throw new GitlabError(422, {
        message:
          status === 0 ? 'Hook execution failed' : `Hook executed successfully but returned HTTP ${status}`,
      });
    const stored = site.rows.hooks.get(hook.id);
    if (stored) site.rows.hooks.put(hook.id, enabled(stored));
    res.status(201).json({ message: '201 Created' });
  });
}

function fieldsOf(params: Params): HookFields {
  const fields: HookFields = {};
  const url = params.text('url');
  if (url !== undefined) fields.url = url;
  for (const [name, key] of [
    ['name', 'name'],
    ['description', 'description'],
    ['token', 'token'],
    ['signing_token', 'signingToken'],
  ] as const) {
    const value = params.nullable(name);
    if (value !== undefined) fields[key] = value;
  }
  const ssl = params.flag('enable_ssl_verification');
  if (ssl !== undefined) fields.enableSslVerification = ssl;
  fields.events = Object.fromEntries(
    EVENTS.flatMap((name) => {
      const on = params.flag(name);
      return on === undefined ? [] : [[name, on]];
    }),
  );
  return fields;
}

function checkedUrl(url: string): string {
  const valid = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!valid) throw new GitlabError(422, { error: 'Invalid url given' });
  return url;
}

/** `whsec_` and the base64 of 32 bytes, as GitLab demands it. */
function checkedSigningToken(token: string | null): string | null {
  if (token === null || token === '') return null;
  const found = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(token);
  if (!found || Buffer.from(found[1] ?? '', 'base64').length !== 32)
    throw new GitlabError(422, {
      error: 'Signing token must be in the format whsec_<base64> and encode a 32-byte key',
    });
  return token;
}
