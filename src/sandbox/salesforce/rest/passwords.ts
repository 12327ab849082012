import { randomBytes } from 'node:crypto';
import { SalesforceError } from '../errors';
import { setPassword } from '../passwords';
import { known } from '../schema';
import { Writer } from '../writes';
import { noContent, objectIn, ok, type Call, type Route } from './call';

function userOf(call: Call): string {
  const { org, userId } = call.caller;
  return new Writer(org, userId).row(known('User'), call.params[0] ?? '').Id;
}

const pattern = /^\/sobjects\/User\/([^/]+)\/password\/?$/i;

/** A user's password: whether it expired, a new one, or one that Salesforce makes. */
export const PASSWORD_ROUTES: readonly Route[] = [
  { method: 'GET', pattern, run: (call) => (userOf(call), ok({ isExpired: false })) },
  {
    method: 'POST',
    pattern,
    run: (call) => {
      const { NewPassword } = objectIn(call.body);
      if (typeof NewPassword !== 'string')
        throw new SalesforceError('MISSING_ARGUMENT', 'NewPassword is required');
      setPassword(call.caller.org, userOf(call), NewPassword);
      return noContent;
    },
  },
  {
    method: 'DELETE',
    pattern,
    run: (call) => {
      const NewPassword = `${randomBytes(9).toString('base64url')}a1`;
      setPassword(call.caller.org, userOf(call), NewPassword);
      return ok({ NewPassword });
    },
  },
];
