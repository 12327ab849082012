import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { SalesforceError } from './errors';
import type { Org } from './org';

const table = (org: Org) => org.world.table<string>('sf-password');
const hashed = (password: string, salt: string): Buffer => scryptSync(password, salt, 32);

/** Sets a user's password. @throws SalesforceError `INVALID_NEW_PASSWORD` where it is too simple */
export function setPassword(org: Org, userId: string, password: string): void {
  if (password.length < 8)
    throw new SalesforceError('INVALID_NEW_PASSWORD', 'Your password must be at least 8 characters long.');
  if (!/[a-z]/i.test(password) || !/\d/.test(password))
    throw new SalesforceError(
      'INVALID_NEW_PASSWORD',
      'Your password must have a mix of letters and numbers.',
    );
  const user = org.get('User', userId);
  if (!user) return;
  const salt = randomBytes(16).toString('hex');
  table(org).put(user.Id, `${salt}:${hashed(password, salt).toString('hex')}`);
  org.table('User').put(user.Id, { ...user, LastPasswordChangeDate: new Date().toISOString() });
}

/** Whether this is the password that was set for the user; undefined where none was. */
export function isPassword(org: Org, userId: string, password: string): boolean | undefined {
  const [salt, hash] = table(org).get(userId)?.split(':') ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return timingSafeEqual(hashed(password, salt), Buffer.from(hash, 'hex'));
}
