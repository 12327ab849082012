import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Bench, hired, signed } from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());
const get = (path: string) => fetch(bench.server.url + path);

test('it says that it lives, and whether it can work', async () => {
  expect((await get('/healthz')).status).toBe(200);
  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ ok: true, temporal: 'reachable', store: 'reachable' });
});

test('it names what is away, and lives on', async () => {
  bench.inbox.mood = 'away';
  await bench.store.close();
  const ready = await get('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ ok: false, temporal: 'away', store: 'away' });
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/metrics')).status).toBe(200);
});

test('metrics count hooks by result, requests by route, and rows of evidence', async () => {
  const event = hired();
  await bench.hris(event);
  await bench.hris(event);
  expect(await bench.metric('daytwo_hooks_total{hook="hris",result="accepted"}')).toMatch(/ 1$/);
  expect(await bench.metric('daytwo_hooks_total{hook="hris",result="repeated"}')).toMatch(/ 1$/);
  expect(await bench.metric('daytwo_evidence_rows')).toBe('daytwo_evidence_rows 0');
  expect(
    await bench.metric(
      'daytwo_http_request_duration_seconds_count{method="POST",route="/hooks/hris",status="202"}',
    ),
  ).toMatch(/ 2$/);
  expect(await bench.metric('process_cpu_seconds_total')).toBeDefined();
});

test('an unknown path is JSON, carries the security headers, and makes no metric of its own', async () => {
  const answer = await get('/wp-admin/<script>');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({ error: 'there is nothing here', problems: [] });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-powered-by')).toBeNull();
  expect(await (await get('/metrics')).text()).not.toContain('wp-admin');
});

test.each([
  ['gzip', 400],
  ['rot13', 415],
])('a body that claims to be %s and is not is refused without a stack', async (encoding, status) => {
  const answer = await bench.post('/hooks/hris', 'hello', { 'content-encoding': encoding });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: 'the request is malformed', problems: [] });
});

test('the codec endpoint is there on one’s own machine, and in production only behind a token', async () => {
  const ask = (headers: Record<string, string> = {}) =>
    bench.post('/codec/decode', '{"payloads":[]}', headers);
  expect((await ask()).status).toBe(200);
  await bench.stop();
  const production = {
    NODE_ENV: 'production',
    DAYTWO_ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
  };
  bench = await Bench.start(production);
  expect((await ask()).status).toBe(404);
  await bench.stop();
  bench = await Bench.start({ ...production, DAYTWO_CODEC_TOKEN: 'a-long-enough-token' });
  expect((await ask()).status).toBe(401);
  expect((await ask({ authorization: 'Bearer a-long-enough-token' })).status).toBe(200);
});

test('closing finishes the request that is under way, and takes no other', async () => {
  await bench.stop();
  bench = await Bench.start({}, { patienceMs: 30_000 });
  bench.inbox.mood = 'silent';
  const body = JSON.stringify(hired());
  const reached = new Promise<void>((resolve) => {
    const ask = bench.inbox.hrEvent.bind(bench.inbox);
    bench.inbox.hrEvent = (event) => {
      resolve();
      return ask(event);
    };
  });
  const answer = bench.post('/hooks/hris', body, {
    ...signed(bench.hrisSecret, body, new Date()),
    connection: 'close',
  });
  await reached;
  const closed = bench.server.close();
  const refused = await new Promise<string>((resolve) => {
    const socket = connect(bench.server.port, '127.0.0.1');
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('connect', () => resolve('connected'));
  });
  expect(refused).toBe('ECONNREFUSED');
  bench.inbox.release();
  expect((await answer).status).toBe(202);
  await closed;
});
