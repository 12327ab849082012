import { isTransientStatus, retryAfterMs, SystemFault } from '../../src/systems/fault';
import { callJson, type JsonCall } from '../../src/systems/http';
import { pauseAfter } from '../../src/systems/repeat';
import { Scripted, type Answer } from './scripted';

let server: Scripted;
beforeAll(async () => {
  server = await Scripted.start();
});
afterAll(() => server.stop());

const call = (method: JsonCall['method'], more: Partial<JsonCall> = {}) =>
  callJson({
    system: 'vendor',
    method,
    url: `${server.url}/users/ann@example.com/roles`,
    headers: {},
    ...more,
  });
const fault = async (asked: Promise<unknown>): Promise<SystemFault> => {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SystemFault)) throw new Error(`not a fault of a system: ${String(error)}`);
  return error;
};

describe('Retry-After', () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  test.each<[string | null, number | undefined]>([
    ['17', 17_000],
    ['0', 0],
    ['0.25', 250],
    ['Tue, 24 Nov 2026 10:01:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });
});

test('only what may be different next time is worth a retry', () => {
  expect([400, 401, 403, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504].filter(isTransientStatus)).toEqual(
    [408, 425, 429, 500, 502, 503, 504],
  );
});

describe('a read', () => {
  test('is repeated after a passing fault, and answers then', async () => {
    server.answers({ status: 503 }, 'drop', { status: 200, body: { found: true } });
    expect(await call('GET')).toEqual({ status: 200, body: { found: true } });
    expect(server.asked).toHaveLength(3);
  });

  test('is given up after five tries, with the last fault', async () => {
    server.answers({ status: 502 });
    expect(await fault(call('GET'))).toMatchObject({ system: 'vendor', code: '502', retryable: true });
    expect(server.asked).toHaveLength(5);
  });

  test('is not repeated where that helps nothing', async () => {
    server.answers({ status: 401 });
    expect(await fault(call('GET'))).toMatchObject({ code: '401', retryable: false });
    expect(server.asked).toHaveLength(1);
  });

  test('for which the system wants a long pause is left to Temporal, with that pause', async () => {
    server.answers({ status: 429, headers: { 'Retry-After': '40' } });
    expect(await fault(call('GET'))).toMatchObject({ code: '429', retryable: true, retryAfterMs: 40_000 });
    expect(server.asked).toHaveLength(1);
  });

  test("takes Okta's end of the window for Retry-After", async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 30);
    server.answers({ status: 429, headers: { 'X-Rate-Limit-Reset': reset } });
    const { retryAfterMs: wait } = await fault(call('GET'));
    expect(wait).toBeGreaterThan(20_000);
    expect(wait).toBeLessThanOrEqual(30_000);
  });
});

describe.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s', (method) => {
  test.each<[string, Answer, object]>([
    ['a lost answer', 'drop', { code: 'no-answer', retryable: true }],
    ['503', { status: 503 }, { code: '503', retryable: true }],
    ['429', { status: 429, headers: { 'Retry-After': '0' } }, { code: '429', retryAfterMs: 0 }],
  ])('is sent once: %s', async (_what, answer, expected) => {
    server.answers(answer);
    expect(await fault(call(method))).toMatchObject(expected);
    expect(server.asked).toHaveLength(1);
  });
});

test('an answer that takes too long is a fault of its own name', async () => {
  server.answers('hang');
  expect(await fault(call('POST', { timeoutMs: 50 }))).toMatchObject({ code: 'timeout', retryable: true });
});

test('a status that the caller reads as a value is no fault', async () => {
  server.answers({ status: 409, body: { taken: true } });
  expect(await call('POST', { expected: [409] })).toEqual({ status: 409, body: { taken: true } });
});

test('a fault quotes neither the address of a person nor what the system said', async () => {
  server.answers({ status: 400, body: { detail: 'ann@example.com is wrong' } });
  const { message } = await fault(call('POST', { body: { name: 'Ann' } }));
  expect(message).not.toMatch(/ann/i);
  expect(message).toContain('/users/…/roles');
});

test('an answer that is no JSON is a value of nothing, not a crash', async () => {
  server.answers({ status: 204 });
  expect(await call('DELETE')).toEqual({ status: 204, body: null });
});

test('the pause grows, is never longer than two seconds, and ends with the fifth try', () => {
  const passing = new SystemFault('x', '503', true, 'y');
  const pauses = [1, 2, 3, 4].map((tries) => pauseAfter(passing, tries));
  pauses.forEach((pause, at) => {
    expect(pause).toBeGreaterThanOrEqual(100 * 2 ** at * 0.5);
    expect(pause).toBeLessThanOrEqual(100 * 2 ** at * 1.5);
  });
  expect(pauseAfter(passing, 5)).toBeNull();
  expect(pauseAfter(new SystemFault('x', '429', true, 'y', 2_001), 1)).toBeNull();
  expect(pauseAfter(new SystemFault('x', '429', true, 'y', 1_500), 1)).toBe(1_500);
  expect(pauseAfter(new SystemFault('x', '401', false, 'y'), 1)).toBeNull();
  expect(pauseAfter(new TypeError('ours'), 1)).toBeNull();
});
