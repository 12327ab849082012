import express, { Router, type Request, type Response } from 'express';
import { rightPassword, SignInRefused, signIn, signInUser } from './oauth';
import type { Org } from './org';
import type { Row } from './schema';
import { closeSession, ORG_ID, sessionOf } from './sessions';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escaped = (text: unknown): string =>
  String(text ?? '').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

function plain(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(
    /&(?:(\w+)|#(\d+)|#x([0-9a-f]+));/gi,
    (all, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return named[name] ?? all;
      const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** The text of the first element of this name, whatever its namespace prefix. */
function element(xml: string, name: string): string | undefined {
  const found = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)</(?:\\w+:)?${name}>`).exec(xml)?.[1];
  return found === undefined ? undefined : plain(found);
}

const has = (xml: string, name: string) => new RegExp(`<(?:\\w+:)?${name}[\\s/>]`).test(xml);

function envelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

function sendFault(res: Response, code: string, message: string): void {
  const kind = code === 'INVALID_LOGIN' ? 'LoginFault' : 'UnexpectedErrorFault';
  res
    .status(500)
    .send(
      envelope(
        `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${escaped(message)}</faultstring><detail>` +
          `<sf:${kind} xsi:type="sf:${kind}"><sf:exceptionCode>${code}</sf:exceptionCode>` +
          `<sf:exceptionMessage>${escaped(message)}</sf:exceptionMessage></sf:${kind}></detail></soapenv:Fault>`,
      ),
    );
}

function userInfo(user: Row): string {
  const name = [user['FirstName'], user['LastName']].filter(Boolean).join(' ');
  const fields: readonly (readonly [string, unknown])[] = [
    ['organizationId', ORG_ID],
    ['organizationName', 'daytwo sandbox'],
    ['profileId', user['ProfileId']],
    ['roleId', user['UserRoleId']],
    ['userEmail', user['Email']],
    ['userFullName', name],
    ['userId', user.Id],
    ['userLanguage', user['LanguageLocaleKey']],
    ['userLocale', user['LocaleSidKey']],
    ['userName', user['Username']],
    ['userTimeZone', user['TimeZoneSidKey']],
    ['userType', 'Standard'],
  ];
  return `<userInfo>${fields.map(([key, value]) => `<${key}>${escaped(value)}</${key}>`).join('')}</userInfo>`;
}

const INVALID_LOGIN = 'Invalid username, password, security token; or user locked out.';

function login(org: Org, req: Request, res: Response, xml: string): void {
  const username = element(xml, 'username') ?? '';
  if (!rightPassword(org, username, element(xml, 'password') ?? ''))
    return sendFault(res, 'INVALID_LOGIN', INVALID_LOGIN);
  const user = signInUser(org, username);
  res.locals['who'] = String(user['Username']);
  const at = `${req.protocol}://${req.headers.host ?? 'localhost'}/services/Soap`;
  const version = escaped(req.params['version']);
  res.send(
    envelope(
      `<loginResponse><result><metadataServerUrl>${at}/m/${version}/${ORG_ID}</metadataServerUrl><passwordExpired>false</passwordExpired>` +
        `<sandbox>true</sandbox><serverUrl>${at}/u/${version}/${ORG_ID}</serverUrl><sessionId>${escaped(signIn(org, user))}</sessionId>` +
        `<userId>${user.Id}</userId>${userInfo(user)}</result></loginResponse>`,
    ),
  );
}

/** The partner API's sign-in and sign-out, which older clients use: `login`, `logout`, `getUserInfo`. */
export function soapRoutes(org: Org): Router {
  const router = Router();
  router.post(
    ['/services/Soap/u/:version', '/services/Soap/u/:version/:org'],
    express.text({ type: () => true, limit: '1mb' }),
    (req, res) => {
      const xml = typeof req.body === 'string' ? req.body : '';
      res.type('text/xml');
      if (has(xml, 'login')) {
        try {
          return login(org, req, res, xml);
        } catch (error) {
          if (error instanceof SignInRefused) return sendFault(res, 'INVALID_LOGIN', INVALID_LOGIN);
          throw error;
        }
      }
      const token = element(xml, 'sessionId') ?? '';
      const user = org.get('User', sessionOf(org.world, token)?.userId);
      if (!user)
        return sendFault(
          res,
          'INVALID_SESSION_ID',
          'Invalid Session ID found in SessionHeader: Illegal Session',
        );
      res.locals['who'] = String(user['Username']);
      if (has(xml, 'logout')) {
        closeSession(org, token);
        return void res.send(envelope('<logoutResponse/>'));
      }
      if (has(xml, 'getUserInfo')) {
        return void res.send(
          envelope(`<getUserInfoResponse><result>${userInfo(user)}</result></getUserInfoResponse>`),
        );
      }
      return sendFault(res, 'INVALID_OPERATION', 'the sandbox answers login, logout and getUserInfo only');
    },
  );
  return router;
}
