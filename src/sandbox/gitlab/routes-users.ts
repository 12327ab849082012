import type { Router } from 'express';
import { sendPage } from './paging';
import { Params } from './params';
import { actorOf, part, userOf } from './request';
import type { User } from './rows';
import { statusShape, userBasic, userFull } from './shapes';
import { GitlabError, type Site } from './site';

/** Users and their status: https://docs.gitlab.com/api/users/ */
export function userRoutes(site: Site, router: Router): void {
  router.get('/user', (_req, res) => {
    const user = actorOf(site, res);
    res.json(userFull(site, user, true));
  });
  router.get('/users', (req, res) => {
    actorOf(site, res);
    sendPage(req, res, site.url(), foundUsers(site, new Params(req)), (user) => userBasic(site, user));
  });
  router.get('/users/:user_id', (req, res) => {
    const user = userOf(site, req);
    res.json(userFull(site, user, user.id === actorOf(site, res).id));
  });
  router.get('/users/:user_id/status', (req, res) => {
    res.json(statusShape(userOf(site, req)));
  });
  router.get('/user/status', (_req, res) => {
    res.json(statusShape(actorOf(site, res)));
  });
  tokenRoutes(site, router);
  for (const method of ['put', 'patch'] as const)
    router[method]('/user/status', (req, res) => {
      const user = actorOf(site, res);
      res.json(
        statusShape(
          site.rows.users.put(user.id, { ...user, status: newStatus(user, new Params(req), method) }),
        ),
      );
    });
}

/** Each user has one token, with the user's own number: https://docs.gitlab.com/api/personal_access_tokens/ */
function tokenRoutes(site: Site, router: Router): void {
  router.get('/personal_access_tokens', (req, res) => {
    const actor = actorOf(site, res);
    const other = new Params(req).integer('user_id');
    if (other !== undefined && other !== actor.id)
      throw new GitlabError(401, { message: '401 Unauthorized' });
    sendPage(req, res, site.url(), [actor], tokenShape);
  });
  router.get('/personal_access_tokens/:token_id', (req, res) => {
    const actor = actorOf(site, res);
    const id = part(req, 'token_id');
    if (id !== 'self' && id !== String(actor.id)) throw new GitlabError(401, { message: '401 Unauthorized' });
    res.json(tokenShape(actor));
  });
}

const tokenShape = (user: User): unknown => ({
  id: user.id,
  name: 'sandbox',
  revoked: false,
  created_at: user.createdAt,
  description: null,
  scopes: ['api'],
  user_id: user.id,
  last_used_at: null,
  active: true,
  expires_at: null,
});

/** By `username=` exactly; by `search=` in name and user name, or by the whole e-mail address. */
function foundUsers(site: Site, params: Params): User[] {
  const username = params.text('username')?.toLowerCase();
  const search = params.text('search')?.toLowerCase().trim();
  const humans = params.flag('humans') ?? false;
  if (params.flag('blocked')) return [];
  const found = site.rows.users.filter((user) => {
    if (humans && user.bot) return false;
    if (username !== undefined) return user.username.toLowerCase() === username;
    if (!search) return true;
    if (search.includes('@'))
      return user.email.toLowerCase() === search || user.username === search.replace(/^@/, '');
    return user.username.toLowerCase().includes(search) || user.name.toLowerCase().includes(search);
  });
  return found.sort((a, b) => b.id - a.id);
}

const CLEAR_AFTER: Readonly<Record<string, number>> = {
  '30_minutes': 0.5,
  '3_hours': 3,
  '8_hours': 8,
  '1_day': 24,
  '3_days': 72,
  '7_days': 168,
  '30_days': 720,
};

function newStatus(user: User, params: Params, method: 'put' | 'patch'): User['status'] {
  const before = method === 'patch' ? user.status : null;
  const after = params.text('clear_status_after');
  if (after !== undefined && CLEAR_AFTER[after] === undefined)
    throw GitlabError.badRequest('clear_status_after does not have a valid value');
  const hours = after === undefined ? undefined : CLEAR_AFTER[after];
  const message = params.text('message') ?? before?.message ?? '';
  if (message.length > 100)
    throw GitlabError.invalid({ message: ['is too long (maximum is 100 characters)'] });
  return {
    emoji: params.text('emoji') ?? before?.emoji ?? 'speech_balloon',
    message,
    availability:
      params.oneOf('availability', ['busy', 'not_set'] as const) ?? before?.availability ?? 'not_set',
    clearAt:
      hours === undefined
        ? (before?.clearAt ?? null)
        : new Date(Date.now() + hours * 3_600_000).toISOString(),
  };
}
