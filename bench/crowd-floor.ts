import { Connection, type HttpRequest } from 'jsforce';
import type { SandboxFile } from '../src/sandbox/files';
import { sideBySide } from '../src/systems/side-by-side';

/** Remembers what is sent to Salesforce from now on, so that the very same can be sent again. */
export function recordSalesforce(): { readonly sent: readonly HttpRequest[]; stop(): void } {
  const sent: HttpRequest[] = [];
  const real = Connection.prototype.request;
  Connection.prototype.request = function <R>(
    this: Connection,
    request: string | HttpRequest,
    options?: object,
  ) {
    if (typeof request !== 'string') sent.push(request);
    return real.call(this, request, options) as ReturnType<typeof real<R>>;
  };
  return { sent, stop: () => void (Connection.prototype.request = real) };
}

export interface FloorPeople {
  readonly employeeId: string;
  readonly email: string;
}

/**
 * The same requests sent straight to a fresh sandbox: Salesforce's one after another as they were recorded, SCIM's and Okta's
 * eight side by side, all three systems at once. Nothing is judged, written down or verified. Milliseconds.
 */
export async function straight(
  sandbox: SandboxFile,
  salesforce: readonly HttpRequest[],
  scim: { readonly url: string; readonly token: string },
  group: string,
  people: readonly FloorPeople[],
): Promise<number> {
  const began = performance.now();
  await Promise.all([
    toSalesforce(sandbox, salesforce),
    toScim(scim, people),
    toOkta(sandbox.okta, group, people),
  ]);
  return performance.now() - began;
}

async function toSalesforce({ salesforce }: SandboxFile, requests: readonly HttpRequest[]): Promise<void> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: salesforce.clientId,
    client_secret: salesforce.clientSecret,
  });
  const signIn = await fetch(`${salesforce.loginUrl}/services/oauth2/token`, { method: 'POST', body: form });
  const { access_token: token } = (await signIn.json()) as { access_token: string };
  for (const { method, url, body } of requests)
    await send(`${salesforce.instanceUrl}/services/data/v62.0${url}`, `Bearer ${token}`, method, body);
}

async function toScim(
  { url, token }: { readonly url: string; readonly token: string },
  people: readonly FloorPeople[],
): Promise<void> {
  const find = (email: string) =>
    send(`${url}/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`, `Bearer ${token}`);
  await sideBySide(people, async ({ email }) => void (await find(email)));
  await sideBySide(people, async ({ email, employeeId }) => {
    const user = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: email,
      externalId: employeeId,
      active: true,
      emails: [{ value: email, type: 'work', primary: true }],
      roles: [{ value: 'User', primary: true }],
    };
    await send(`${url}/Users`, `Bearer ${token}`, 'POST', JSON.stringify(user), 'application/scim+json');
    await find(email);
  });
}

async function toOkta(
  { url, token }: SandboxFile['okta'],
  group: string,
  people: readonly FloorPeople[],
): Promise<void> {
  const key = `SSWS ${token}`;
  const groups = (await (await send(`${url}/api/v1/groups?q=${group}`, key)).json()) as { id: string }[];
  const members = `${url}/api/v1/groups/${groups[0]?.id ?? ''}/users`;
  const ids: string[] = [];
  await sideBySide(people, async ({ email }) => {
    const user = (await (await send(`${url}/api/v1/users/${encodeURIComponent(email)}`, key)).json()) as {
      id: string;
    };
    ids.push(user.id);
  });
  await sideBySide(ids, async (id) => void (await send(`${members}/${id}`, key, 'PUT')));
  for (let pages = 0; pages < Math.ceil(people.length / 200); pages++)
    await send(`${members}?limit=200`, key);
}

async function send(
  url: string,
  authorization: string,
  method = 'GET',
  body?: HttpRequest['body'],
  type = 'application/json',
): Promise<Response> {
  const answer = await fetch(url, {
    method,
    headers: { authorization, ...(body == null ? {} : { 'content-type': type }) },
    ...(typeof body === 'string' ? { body } : {}),
  });
  const text = await answer.text();
  return new Response(text || null, { status: answer.status === 204 ? 200 : answer.status });
}
