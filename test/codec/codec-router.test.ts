import express from 'express';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codecRouter, type CodecEndpointOptions } from '../../src/codec/codec-router';

const keys = [{ id: 'k1', bytes: randomBytes(32) }];
const UI = 'http://127.0.0.1:8233';
let server: Server;
let url: string;

async function serve(options: Partial<CodecEndpointOptions> = {}): Promise<void> {
  const app = express().use('/codec', codecRouter({ keys, origins: [UI], token: null, ...options }));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/codec`;
}
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const base64 = (value: string): string => Buffer.from(value).toString('base64');
const plain = { payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64('"ada"') }] };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('what it encodes is sealed, and it decodes it again for the UI’s page', async () => {
  await serve();
  const sealed = (await (await post('/encode', plain)).json()) as typeof plain;
  expect(sealed.payloads[0]?.metadata.encoding).toBe(base64('binary/encrypted'));
  const answer = await post('/decode', sealed, { origin: UI });
  expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
  expect(await answer.json()).toEqual(plain);
});

test('the browser’s question beforehand is answered for the UI only', async () => {
  await serve();
  const ask = (origin: string) =>
    fetch(`${url}/decode`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const allowed = await ask(UI);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
  const refused = await ask('https://evil.example');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});

test('a configured token is asked for, but not in the question beforehand', async () => {
  await serve({ token: 'a-long-enough-token' });
  expect((await post('/decode', plain)).status).toBe(401);
  expect((await post('/decode', plain, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await post('/decode', plain, { authorization: 'Bearer a-long-enough-token' })).status).toBe(200);
  expect((await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI } })).status).toBe(204);
});

test('an altered payload is refused by its key id', async () => {
  await serve();
  const sealed = (await (await post('/encode', plain)).json()) as typeof plain;
  const altered = { payloads: [{ ...sealed.payloads[0], data: base64('x'.repeat(60)) }] };
  const answer = await post('/decode', altered);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: string }).error).toContain('k1');
});

test.each([['[]'], ['{"payloads":5}'], ['{"payloads":[5]}']])('%s is no list of payloads', async (body) => {
  await serve();
  expect((await post('/decode', body)).status).toBe(400);
});

test('an empty list, which Protobuf’s JSON leaves out, is answered with one', async () => {
  await serve();
  const answer = await post('/encode', '{}');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({});
});
