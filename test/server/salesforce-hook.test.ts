import { Bench, signed } from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const ID = '006dt000013e1noAAA';

test('ids of opportunities that changed are accepted once Temporal has them, each once', async () => {
  const answer = await bench.salesforce({ ids: [ID, ID] });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: 1 });
  expect(bench.inbox.changed).toEqual([[ID]]);
  expect(await bench.metric('daytwo_hooks_total{hook="salesforce",result="accepted"}')).toMatch(/ 1$/);
});

test('accounts go to those who place them, opportunities to those who close', async () => {
  const account = '001dt000013e1noAAA';
  const answer = await bench.salesforce({ ids: [account, ID, account] });
  expect(await answer.json()).toEqual({ accepted: 2 });
  expect([bench.inbox.accounts, bench.inbox.changed]).toEqual([[[account]], [[ID]]]);
  await bench.salesforce({ ids: [account] });
  expect(bench.inbox.changed).toEqual([[ID]]);
});

test.each([
  ['no list', {}],
  ['none', { ids: [] }],
  ['more than 200', { ids: Array.from({ length: 201 }, (_, at) => `006${String(at).padStart(15, '0')}`) }],
  ['an id of a user', { ids: ['005dt000013e1noAAA'] }],
  ['more than ids', { ids: [ID], amount: 1 }],
  ['no JSON', 'ids'],
])('%s is refused, and says what is wanted', async (_, event) => {
  const answer = await bench.salesforce(event);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ problems: [{ path: 'ids' }] });
  expect(bench.inbox.changed).toEqual([]);
});

test('without a signature, or by another secret, nothing is taken', async () => {
  const body = JSON.stringify({ ids: [ID] });
  expect((await bench.post('/hooks/salesforce', body)).status).toBe(401);
  const others = signed(bench.hrisSecret, body, new Date());
  expect((await bench.post('/hooks/salesforce', body, others)).status).toBe(401);
  expect(bench.inbox.changed).toEqual([]);
});

test('while Temporal is away the sender is told to come again', async () => {
  bench.inbox.mood = 'away';
  const answer = await bench.salesforce({ ids: [ID] });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).not.toBeNull();
});
