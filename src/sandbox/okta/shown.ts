import type { Request } from 'express';
import type { OktaGroup, OktaUser } from './directory';
import { OktaError } from './errors';
import { origin, param } from './pages';
import { BadExpression, parseExpression } from './search';

/** A user as Okta's API shows them. */
export function shownUser(req: Request, user: OktaUser) {
  return {
    ...user,
    type: { id: 'oty0sandboxdefaultusr' },
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
    _links: { self: { href: `${origin(req)}/api/v1/users/${user.id}` } },
  };
}

/** A group as Okta's API shows it. */
export function shownGroup(req: Request, group: OktaGroup) {
  const self = `${origin(req)}/api/v1/groups/${group.id}`;
  return {
    ...group,
    objectClass: ['okta:user_group'],
    _links: { users: { href: `${self}/users` }, apps: { href: `${self}/apps` } },
  };
}

/** Rows that the request's `search` or `filter` lets through. */
export function searched<T extends object>(req: Request, rows: readonly T[]): T[] {
  const expression = param(req, 'search') ?? param(req, 'filter');
  if (expression === undefined) return [...rows];
  try {
    return rows.filter(parseExpression(expression));
  } catch (error) {
    if (error instanceof BadExpression) throw new OktaError(400, 'E0000031', error.message);
    throw error;
  }
}
