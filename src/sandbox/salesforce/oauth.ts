import express, { Router, type Request, type Response } from 'express';
import { createPublicKey, createVerify, timingSafeEqual } from 'node:crypto';
import type { Org } from './org';
import { isPassword } from './passwords';
import type { Row, Scalar } from './schema';
import { closeSession, credentials, openSession, ORG_ID, sessionOf } from './sessions';
import { sameText } from './values';

/** An OAuth refusal: `{error, error_description}`, 400 unless told otherwise. */
export class SignInRefused extends Error {
  constructor(
    readonly error: string,
    description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

const same = (a: string, b: string): boolean => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

const instanceOf = (req: Request): string => `${req.protocol}://${req.headers.host ?? 'localhost'}`;

/** How somebody signs in, as `LoginHistory` shows it; the usual is an application by OAuth. */
type How = Readonly<Record<string, Scalar>>;

/** The user who may sign in by this name. An attempt of one who may not is noted in the login history. @throws SignInRefused */
export function signInUser(org: Org, username: string, how: How = {}): Row {
  const [user] = org.where('User', 'Username', username);
  if (!user) throw new SignInRefused('invalid_grant', 'authentication failure');
  const refused = (Status: string, description: string): SignInRefused => {
    org.add(
      'LoginHistory',
      { UserId: user.Id, LoginTime: new Date().toISOString(), Status, ...how },
      user.Id,
    );
    return new SignInRefused('invalid_grant', description);
  };
  if (user['IsActive'] !== true) throw refused('User is Inactive', 'inactive user');
  const [login] = org.where('UserLogin', 'UserId', user.Id);
  if (login?.['IsFrozen'] === true) throw refused('User Is Frozen', 'user is frozen');
  if (login?.['IsPasswordLocked'] === true) throw refused('Password Lockout', 'user is locked out');
  return user;
}

/** A session for the user, noted as their last login and in the login history. */
export function signIn(org: Org, user: Row, how: How = {}): string {
  const at = new Date().toISOString();
  org.table('User').put(user.Id, { ...user, LastLoginDate: at });
  org.add('LoginHistory', { UserId: user.Id, LoginTime: at, ...how }, user.Id);
  const { LoginType = 'Remote Access 2.0', SourceIp = '127.0.0.1' } = how;
  const SessionType = LoginType === 'Application' ? 'UI' : 'API';
  const shown = org.add('AuthSession', { UsersId: user.Id, LoginType, SourceIp, SessionType }, user.Id);
  return openSession(org.world, user.Id, shown.Id);
}

/** Whether this is the password of the user, alone or with the security token behind it. */
export function rightPassword(org: Org, username: string, password: string): boolean {
  const kept = credentials(org.world);
  const own = sameText(kept.username, username);
  const [user] = org.where('User', 'Username', username);
  const right = (given: string): boolean =>
    (user && isPassword(org, user.Id, given)) ?? (own && same(given, kept.password));
  const { securityToken } = kept;
  return (
    right(password) ||
    (own && password.endsWith(securityToken) && right(password.slice(0, -securityToken.length)))
  );
}

function checkClient(org: Org, clientId: string, secret: string | undefined): void {
  const kept = credentials(org.world);
  if (!same(clientId, kept.clientId))
    throw new SignInRefused('invalid_client_id', 'client identifier invalid');
  if (secret !== undefined && !same(secret, kept.clientSecret))
    throw new SignInRefused('invalid_client', 'invalid client credentials');
}

function jsonPart(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Answered below.
  }
  throw new SignInRefused('invalid_grant', 'invalid assertion');
}

/** The user whom a signed assertion names (RFC 7523): by the registered key, for this org, and not too old. */
function assertedUser(org: Org, assertion: string, origin: string): Row {
  const [header, claims, signature = ''] = assertion.split('.');
  const { iss, sub, aud, exp } = jsonPart(claims);
  if (jsonPart(header)['alg'] !== 'RS256')
    throw new SignInRefused('invalid_grant', 'unsupported algorithm: RS256 is expected');
  checkClient(org, String(iss), undefined);
  const key = org.world.table<string>('sf-certificate').get('connected-app');
  if (key === undefined)
    throw new SignInRefused('invalid_grant', 'no certificate is registered for this connected app');
  const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
  if (!verify.verify(createPublicKey(key), Buffer.from(signature, 'base64url')))
    throw new SignInRefused('invalid_grant', 'invalid assertion');
  const audiences = ['https://login.salesforce.com', 'https://test.salesforce.com', origin];
  if (!audiences.includes(String(aud).replace(/\/$/, '')))
    throw new SignInRefused('invalid_grant', 'audience is invalid');
  if (typeof exp !== 'number' || exp * 1000 < Date.now())
    throw new SignInRefused('invalid_grant', 'expired authorization code');
  return signInUser(org, String(sub));
}

type Form = (name: string) => string | undefined;

function grantedUser(org: Org, req: Request, form: Form): Row {
  const basic = /^Basic (.+)$/i.exec(req.header('authorization') ?? '')?.[1];
  const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [];
  const clientId = form('client_id') ?? basicId ?? '';
  const secret = form('client_secret') ?? basicSecret ?? '';
  switch (form('grant_type')) {
    case 'client_credentials':
      checkClient(org, clientId, secret);
      return signInUser(org, credentials(org.world).username);
    case 'password': {
      checkClient(org, clientId, secret);
      const username = form('username') ?? '';
      if (!rightPassword(org, username, form('password') ?? ''))
        throw new SignInRefused('invalid_grant', 'authentication failure');
      return signInUser(org, username);
    }
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return assertedUser(org, form('assertion') ?? '', instanceOf(req));
    default:
      throw new SignInRefused('unsupported_grant_type', 'grant type not supported');
  }
}

function identity(req: Request, user: Row, name: string | null) {
  const instance = instanceOf(req);
  const id = `${instance}/id/${ORG_ID}/${user.Id}`;
  return {
    id,
    sub: id,
    asserted_user: true,
    user_id: user.Id,
    organization_id: ORG_ID,
    username: user['Username'],
    preferred_username: user['Username'],
    nick_name: user['CommunityNickname'],
    display_name: name,
    name,
    email: user['Email'],
    email_verified: true,
    active: user['IsActive'],
    user_type: 'STANDARD',
    language: user['LanguageLocaleKey'],
    locale: user['LocaleSidKey'],
    zoneinfo: user['TimeZoneSidKey'],
    urls: {
      rest: `${instance}/services/data/v{version}/`,
      sobjects: `${instance}/services/data/v{version}/sobjects/`,
      query: `${instance}/services/data/v{version}/query/`,
      partner: `${instance}/services/Soap/u/{version}/${ORG_ID.slice(0, 15)}`,
    },
  };
}

const bearer = (req: Request): string | undefined =>
  /^(?:Bearer|OAuth) (.+)$/i.exec(req.header('authorization') ?? '')?.[1];

/** `/services/oauth2/token`, `/revoke`, `/userinfo` and the identity url. */
export function oauthRoutes(org: Org): Router {
  const router = Router();
  router.use(express.urlencoded({ extended: false }));
  // The body only: a secret in a query string would stand in the sandbox's log.
  const formOf = (req: Request): Form => {
    const body: unknown = req.body;
    const fields = new Map(typeof body === 'object' && body !== null ? Object.entries(body) : []);
    return (name) => {
      const value: unknown = fields.get(name);
      return typeof value === 'string' ? value : undefined;
    };
  };
  router.post('/services/oauth2/token', (req, res) => {
    const user = grantedUser(org, req, formOf(req));
    res.locals['who'] = String(user['Username']);
    const instance_url = instanceOf(req);
    res.set('Cache-Control', 'no-store');
    res.json({
      access_token: signIn(org, user),
      signature: '',
      scope: 'api id',
      instance_url,
      id: `${instance_url}/id/${ORG_ID}/${user.Id}`,
      token_type: 'Bearer',
      issued_at: String(Date.now()),
      api_instance_url: instance_url,
    });
  });
  const revoke = (req: Request, res: Response) => {
    const token = formOf(req)('token') ?? '';
    if (!sessionOf(org.world, token))
      throw new SignInRefused('unsupported_token_type', 'this token type is not supported');
    closeSession(org, token);
    res.status(200).end();
  };
  router.post('/services/oauth2/revoke', revoke);
  const whoAmI = (req: Request, res: Response) => {
    const token = bearer(req);
    const session = token === undefined ? undefined : sessionOf(org.world, token);
    const user = org.get('User', session?.userId);
    if (!user) {
      res.status(403).type('text/plain').send('Bad_OAuth_Token');
      return;
    }
    res.locals['who'] = String(user['Username']);
    res.json(identity(req, user, [user['FirstName'], user['LastName']].filter(Boolean).join(' ')));
  };
  router.get('/services/oauth2/userinfo', whoAmI);
  router.get('/id/:org/:user', whoAmI);
  router.use((error: unknown, _req: Request, res: Response, next: (error: unknown) => void) => {
    if (!(error instanceof SignInRefused)) return next(error);
    res.status(error.status).json({ error: error.error, error_description: error.message });
  });
  return router;
}
