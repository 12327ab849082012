import { Connection } from 'jsforce';
import { createSign } from 'node:crypto';
import { callJson } from '../http';
import { SystemFault } from '../fault';
import type { Pace } from '../pace';
import { pauseBriefly, repeatReads } from '../repeat';

export const API_VERSION = '62.0';

export interface SalesforceSettings {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  /** PEM text for the JWT bearer flow; wins over the secret. */
  readonly privateKey?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly pace?: Pace | undefined;
}

/** A connection that signs in by itself, and once more when its session has ended. */
export async function connectSalesforce(settings: SalesforceSettings): Promise<Connection> {
  const first = await signIn(settings);
  return new Connection({
    version: API_VERSION,
    instanceUrl: first.instanceUrl,
    accessToken: first.accessToken,
    refreshFn: (_connection, done) => {
      // The request that found its session ended is sent again: that counts, too.
      const renewed = signIn(settings).then(async (again) => {
        await settings.pace?.();
        return again;
      });
      renewed.then(
        (again) => void done(null, again.accessToken),
        (error: unknown) => void done(error instanceof Error ? error : new Error('sign-in failed')),
      );
    },
  });
}

/** A sign-in changes nothing: it is asked for again like a read. */
const signIn = (settings: SalesforceSettings): Promise<SignedIn> =>
  repeatReads('GET', () => askForToken(settings), pauseBriefly);

interface SignedIn {
  readonly accessToken: string;
  readonly instanceUrl: string;
}

async function askForToken(settings: SalesforceSettings): Promise<SignedIn> {
  const form = settings.privateKey
    ? {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion(settings, settings.privateKey),
      }
    : {
        grant_type: 'client_credentials',
        client_id: settings.clientId,
        client_secret: settings.clientSecret ?? '',
      };
  const answer = await callJson({
    system: 'salesforce',
    method: 'POST',
    url: `${settings.loginUrl}/services/oauth2/token`,
    headers: {},
    form,
    expected: [400, 401],
    pace: settings.pace,
  });
  const body = (answer.body ?? {}) as { access_token?: string; instance_url?: string; error?: string };
  if (!body.access_token || !body.instance_url) {
    throw new SystemFault(
      'salesforce',
      body.error ?? 'sign-in',
      false,
      'sign-in was refused: check SALESFORCE_CLIENT_ID and its secret or key',
    );
  }
  return { accessToken: body.access_token, instanceUrl: body.instance_url };
}

function assertion(settings: SalesforceSettings, privateKey: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: settings.clientId,
    sub: settings.username,
    aud: settings.loginUrl,
    exp: Math.floor(Date.now() / 1000) + 180,
  };
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}
