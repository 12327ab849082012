import type { Express } from 'express';
import type { Handbook } from '../../domain/handbook';
import { systemApp } from '../http';
import type { World } from '../world';
import { answerError, gitlabApi } from './api';
import { Outbox } from './outbox';
import { gitlabPages } from './pages';
import { publishTemplates } from './publish-templates';
import { createHook } from './routes-hooks';
import type { Issue, Project } from './rows';
import { ACCESS_REQUESTS, BOT, EMPLOYMENT, OUTSIDER, seedGitlab } from './seed';
import { Site } from './site';

/** The sandbox's GitLab, running. */
export interface Gitlab {
  readonly app: Express;
  readonly site: Site;
  /** Has one hook in each project deliver to `url`, signed; hooks that the sandbox registered before are replaced. */
  registerWebhook(url: string, signingToken: string): void;
  /** Ends deliveries. */
  stop(): void;
}

/** GitLab over a world. `url` is asked for late, since the port is known only once it listens. */
export function mountGitlab(
  world: World,
  handbook: Handbook,
  options: {
    url: () => string;
    publishTemplates?: boolean;
    onDescription?: (issue: Issue, project: Project) => void;
  },
): Gitlab {
  const site = new Site(world, options.url);
  seedGitlab(site, handbook);
  if (options.publishTemplates) publishTemplates(site, handbook);
  if (options.onDescription) site.onDescription = options.onDescription;
  const outbox = new Outbox(site, options.url);
  const app = systemApp(world, 'gitlab', (status) => ({
    message: `${status} ${REASONS[status] ?? 'Error'}`,
  }));
  app.set('query parser', 'extended');
  app.use('/api/v4', gitlabApi(site, outbox));
  app.use('/api', (_req, res) => {
    res.status(404).json({ error: '404 Not Found' });
  });
  app.use(gitlabPages(site));
  app.use((_req, res) => {
    res.status(404).json({ error: '404 Not Found' });
  });
  app.use(answerError);
  world.commit();
  outbox.wake();
  return {
    app,
    site,
    registerWebhook: (url, signingToken) => registerWebhook(site, url, signingToken),
    stop: () => outbox.stop(),
  };
}

const OWN_HOOK = 'daytwo (sandbox)';

function registerWebhook(site: Site, url: string, signingToken: string): void {
  for (const project of site.rows.projects.values()) {
    const own = site.rows.hooks.filter((hook) => hook.projectId === project.id && hook.name === OWN_HOOK);
    const [kept, ...rest] = own.filter((hook) => hook.url === url && hook.signingToken === signingToken);
    for (const hook of own) if (hook !== kept || rest.includes(hook)) site.rows.hooks.delete(hook.id);
    const events = {
      push_events: false,
      issues_events: true,
      confidential_issues_events: true,
      note_events: true,
      confidential_note_events: true,
    };
    if (kept)
      site.rows.hooks.put(kept.id, { ...kept, recentFailures: 0, backoffCount: 0, disabledUntil: null });
    else createHook(site, project, { url, name: OWN_HOOK, signingToken, events });
  }
  site.world.commit();
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export { ACCESS_REQUESTS, BOT, EMPLOYMENT, OUTSIDER };
