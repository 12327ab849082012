import { randomBytes, randomUUID } from 'node:crypto';
import type { World } from '../world';
import type { Org } from './org';

/** A signed-in user. */
export interface Session {
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** The id of its `AuthSession`. */
  readonly shownAs: string;
}

const TWO_HOURS = 7_200_000;
/** The org's id, as tokens and identity urls carry it. */
export const ORG_ID = '00Ddt0000000001EAA';

const sessions = (world: World) => world.table<Session>('sf-session');

/** Makes a session of two hours. @returns its access token */
export function openSession(world: World, userId: string, shownAs: string): string {
  const token = `${ORG_ID.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
  sessions(world).put(token, { userId, expires: Date.now() + TWO_HOURS, shownAs });
  return token;
}

export function sessionOf(world: World, token: string): Session | undefined {
  const session = sessions(world).get(token);
  if (!session) return undefined;
  if (session.expires > Date.now()) return session;
  sessions(world).delete(token);
  return undefined;
}

/** Ends a session, and what shows it. */
export function closeSession(org: Org, token: string): void {
  const session = sessions(org.world).get(token);
  sessions(org.world).delete(token);
  if (session) org.remove('AuthSession', session.shownAs);
}

/** Ends the sessions that an `AuthSession` shows. */
export function closeSessionsOf(world: World, shownAs: string): void {
  const open = sessions(world);
  for (const [token, session] of open.entries()) if (session.shownAs === shownAs) open.delete(token);
}

/** Ends every session, as two hours without the org would. */
export function expireSessions(world: World): void {
  const open = world.table<Session>('sf-session');
  for (const [token] of open.entries()) open.delete(token);
}

/** What the connected app and the integration user sign in with. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  readonly securityToken: string;
}

const INTEGRATION_USERNAME = 'daytwo.integration@sandbox.example';

/** Random at the first start, kept in the world. */
export function credentials(world: World): Credentials {
  const kept = world.table<Credentials>('sf-credentials');
  return (
    kept.get('integration') ??
    kept.put('integration', {
      clientId: `3MVG9${randomBytes(40).toString('base64url')}`,
      clientSecret: randomBytes(32).toString('hex').toUpperCase(),
      username: INTEGRATION_USERNAME,
      password: randomUUID(),
      securityToken: randomBytes(18).toString('base64url'),
    })
  );
}
