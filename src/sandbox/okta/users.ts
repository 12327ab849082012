import { Router, type Request } from 'express';
import type { World } from '../world';
import { groupsOf, loginOf, makeUser, oktaGroups, oktaUsers, setMembership, userBy } from './directory';
import type { OktaStatus, OktaUser } from './directory';
import { invalid, notFound, OktaError } from './errors';
import { param, sendPage } from './pages';
import { searched, shownGroup, shownUser } from './shown';

function bodyOf(req: Request): Record<string, unknown> {
  const body: unknown = req.body;
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

const text = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** The profile of a body, on top of `before`; checked as Okta checks it. */
function profileOf(
  world: World,
  body: Record<string, unknown>,
  before: OktaUser | undefined,
  whole: boolean,
) {
  const given = typeof body['profile'] === 'object' && body['profile'] !== null ? { ...body['profile'] } : {};
  const profile: Record<string, unknown> = { ...(whole ? {} : before?.profile), ...given };
  const causes = ['firstName', 'lastName', 'email', 'login']
    .filter((field) => !text(profile[field]))
    .map((field) => `${field}: The field cannot be left blank`);
  const login = String(profile['login'] ?? '').toLowerCase();
  if (causes.length === 0 && !/^[^\s@]+@[^\s@]+$/.test(login))
    causes.push('login: Username must be in the form of an email address');
  if (
    causes.length === 0 &&
    oktaUsers(world).find((user) => user.id !== before?.id && loginOf(user) === login)
  ) {
    causes.push('login: An object with this field already exists in the current organization');
  }
  const first = causes[0];
  if (first !== undefined) throw invalid(first.split(':')[0] ?? 'profile', ...causes);
  return { mobilePhone: null, secondEmail: null, ...profile };
}

/** From which states each lifecycle operation leads, and where to. */
const LIFECYCLE: Readonly<Record<string, { readonly from: readonly OktaStatus[]; readonly to: OktaStatus }>> =
  {
    activate: { from: ['STAGED', 'DEPROVISIONED'], to: 'ACTIVE' },
    reactivate: { from: ['PROVISIONED'], to: 'PROVISIONED' },
    deactivate: { from: ['STAGED', 'PROVISIONED', 'ACTIVE', 'SUSPENDED'], to: 'DEPROVISIONED' },
    suspend: { from: ['ACTIVE'], to: 'SUSPENDED' },
    unsuspend: { from: ['SUSPENDED'], to: 'ACTIVE' },
  };

function moveTo(world: World, user: OktaUser, status: OktaStatus): OktaUser {
  const now = new Date().toISOString();
  const activated = status === 'ACTIVE' && user.activated === null ? now : user.activated;
  return oktaUsers(world).put(user.id, { ...user, status, activated, statusChanged: now, lastUpdated: now });
}

/** `/api/v1/users` */
export function userRoutes(world: World): Router {
  const router = Router();
  const userOf = (req: Request): OktaUser => {
    const id = String(req.params['id']);
    const user = userBy(world, id);
    if (!user) throw notFound(id, 'User');
    return user;
  };

  router.get('/', (req, res) => {
    const q = param(req, 'q')?.toLowerCase();
    const asked = param(req, 'search') ?? param(req, 'filter');
    const found = searched(req, oktaUsers(world).values())
      // Deprovisioned users are left out of the plain list, as in Okta.
      .filter((user) => asked !== undefined || user.status !== 'DEPROVISIONED')
      .filter((user) => {
        const names = [user.profile['firstName'], user.profile['lastName'], user.profile['email']];
        return q === undefined || names.some((name) => String(name).toLowerCase().startsWith(q));
      });
    sendPage(req, res, found, q === undefined ? 200 : 10, (user) => shownUser(req, user));
  });
  router.post('/', (req, res) => {
    const body = bodyOf(req);
    const profile = profileOf(world, body, undefined, true);
    const credentials = body['credentials'];
    const withPassword = typeof credentials === 'object' && credentials !== null && 'password' in credentials;
    const activate = param(req, 'activate') !== 'false';
    const user = makeUser(world, profile, !activate ? 'STAGED' : withPassword ? 'ACTIVE' : 'PROVISIONED');
    const groupIds = Array.isArray(body['groupIds']) ? body['groupIds'].map(String) : [];
    for (const id of groupIds) {
      const group = oktaGroups(world).get(id);
      if (group) setMembership(world, group, user.id, true);
    }
    res.json(shownUser(req, user));
  });
  router.get('/:id', (req, res) => void res.json(shownUser(req, userOf(req))));
  const update = (whole: boolean) => (req: Request, res: { json(body: unknown): unknown }) => {
    const user = userOf(req);
    const profile = profileOf(world, bodyOf(req), user, whole);
    const changed = { ...user, profile, lastUpdated: new Date().toISOString() };
    res.json(shownUser(req, oktaUsers(world).put(user.id, changed)));
  };
  router.post('/:id', update(false));
  router.put('/:id', update(true));
  router.delete('/:id', (req, res) => {
    const user = userOf(req);
    // The first call deactivates, the second deletes.
    if (user.status !== 'DEPROVISIONED') moveTo(world, user, 'DEPROVISIONED');
    else {
      for (const group of groupsOf(world, user.id)) setMembership(world, group, user.id, false);
      oktaUsers(world).delete(user.id);
    }
    res.status(204).end();
  });
  router.get('/:id/groups', (req, res) => {
    sendPage(req, res, groupsOf(world, userOf(req).id), 200, (group) => shownGroup(req, group));
  });
  // The sandbox signs nobody in here: there is no session to end, which Okta answers in the same way.
  router.delete('/:id/sessions', (req, res) => {
    userOf(req);
    res.status(204).end();
  });
  router.post('/:id/lifecycle/:operation', (req, res) => {
    const user = userOf(req);
    const move = LIFECYCLE[String(req.params['operation'])];
    if (!move) throw new OktaError(404, 'E0000022', 'The endpoint does not support the provided HTTP method');
    if (!move.from.includes(user.status)) {
      throw new OktaError(403, 'E0000038', "This operation is not allowed in the user's current status.");
    }
    moveTo(world, user, move.to);
    res.json({});
  });
  return router;
}
