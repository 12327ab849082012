import { Router, type Request } from 'express';
import type { World } from '../world';
import {
  makeGroup,
  oktaGroups,
  oktaMembers,
  oktaUsers,
  setMembership,
  userBy,
  type OktaGroup,
} from './directory';
import { invalid, notFound } from './errors';
import { param, sendPage } from './pages';
import { searched, shownGroup, shownUser } from './shown';

function profileOf(req: Request): { name: string; description: string | null } {
  const body: unknown = req.body;
  const profile = typeof body === 'object' && body !== null && 'profile' in body ? body.profile : undefined;
  const of = (key: string): unknown =>
    typeof profile === 'object' && profile !== null
      ? Object.entries(profile).find(([name]) => name === key)?.[1]
      : undefined;
  const name = of('name');
  if (typeof name !== 'string' || name.trim() === '')
    throw invalid('name', 'name: The field cannot be left blank');
  const description = of('description');
  return { name, description: typeof description === 'string' ? description : null };
}

/** `/api/v1/groups` */
export function groupRoutes(world: World): Router {
  const router = Router();
  const groupOf = (req: Request): OktaGroup => {
    const id = String(req.params['id']);
    const group = oktaGroups(world).get(id);
    if (!group) throw notFound(id, 'UserGroup');
    return group;
  };
  const refuseDouble = (name: string, but?: OktaGroup) => {
    if (oktaGroups(world).find((group) => group.id !== but?.id && group.profile.name === name)) {
      throw invalid('name', 'name: An object with this field already exists in the current organization');
    }
  };

  router.get('/', (req, res) => {
    const q = param(req, 'q')?.toLowerCase();
    const named = oktaGroups(world).filter(
      (group) => q === undefined || group.profile.name.toLowerCase().startsWith(q),
    );
    sendPage(req, res, searched(req, named), 10_000, (group) => shownGroup(req, group));
  });
  router.post('/', (req, res) => {
    const { name, description } = profileOf(req);
    refuseDouble(name);
    res.json(shownGroup(req, makeGroup(world, name, description)));
  });
  router.get('/:id', (req, res) => void res.json(shownGroup(req, groupOf(req))));
  router.put('/:id', (req, res) => {
    const group = groupOf(req);
    const profile = profileOf(req);
    refuseDouble(profile.name, group);
    res.json(
      shownGroup(
        req,
        oktaGroups(world).put(group.id, { ...group, profile, lastUpdated: new Date().toISOString() }),
      ),
    );
  });
  router.delete('/:id', (req, res) => {
    const group = groupOf(req);
    oktaGroups(world).delete(group.id);
    oktaMembers(world).delete(group.id);
    res.status(204).end();
  });
  router.get('/:id/users', (req, res) => {
    const users = (oktaMembers(world).get(groupOf(req).id) ?? []).flatMap(
      (id) => oktaUsers(world).get(id) ?? [],
    );
    sendPage(req, res, users, 1000, (user) => shownUser(req, user));
  });
  const setMember = (member: boolean) => (req: Request, res: { status(code: number): { end(): void } }) => {
    const group = groupOf(req);
    const id = String(req.params['userId']);
    const user = userBy(world, id);
    if (!user) throw notFound(id, 'User');
    setMembership(world, group, user.id, member);
    res.status(204).end();
  };
  router.put('/:id/users/:userId', setMember(true));
  router.delete('/:id/users/:userId', setMember(false));
  return router;
}
