import { Bench, hired, signed } from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const problemsOf = async (answer: Response) =>
  ((await answer.json()) as { problems: { path: string }[] }).problems;

test('a signed event is accepted once Temporal has it', async () => {
  const event = hired();
  const answer = await bench.hris(event);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: event['event_id'], repeated: false });
  expect(bench.inbox.events).toEqual([event]);
});

test('a repeat is answered as such, and starts nothing a second time', async () => {
  const event = hired();
  await bench.hris(event);
  const answer = await bench.hris(event);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: event['event_id'], repeated: true });
  expect(bench.inbox.events).toHaveLength(1);
});

test('a repeat with its fields in another order is the same event', async () => {
  const event = hired();
  await bench.hris(event);
  const answer = await bench.hris(Object.fromEntries(Object.entries(event).reverse()));
  expect(await answer.json()).toMatchObject({ repeated: true });
});

test('two deliveries of one event at the same moment reach Temporal once', async () => {
  const event = hired();
  const answers = await Promise.all([bench.hris(event), bench.hris(event), bench.hris(event)]);
  expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202]);
  expect(bench.inbox.events).toHaveLength(1);
});

test('the same id with other content is refused and says so', async () => {
  const event = hired();
  await bench.hris(event);
  const answer = await bench.hris({ ...event, start_date: '2026-12-01' });
  expect(answer.status).toBe(400);
  expect(await problemsOf(answer)).toEqual([expect.objectContaining({ path: 'event_id' })]);
  expect(bench.inbox.events).toHaveLength(1);
});

test.each([
  ['no signature', () => ({})],
  ['another secret', (body: string) => signed(bench.gitlabSecret, body, new Date())],
  ['a signature of six minutes ago', (body: string) => signed(bench.hrisSecret, body, minutesAgo(6))],
  ['a signature from the future', (body: string) => signed(bench.hrisSecret, body, minutesAgo(-6))],
  ['a signature of another body', () => signed(bench.hrisSecret, '{}', new Date())],
  [
    'a timestamp that was moved',
    (body: string) => ({
      ...signed(bench.hrisSecret, body, minutesAgo(6)),
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    }),
  ],
])('%s is 401, and nothing starts', async (_what, headers) => {
  const body = JSON.stringify(hired());
  const answer = await bench.post('/hooks/hris', body, headers(body));
  expect(answer.status).toBe(401);
  expect(bench.inbox.events).toEqual([]);
  expect(await bench.metric('daytwo_hooks_total{hook="hris",result="unsigned"}')).toMatch(/ 1$/);
});

test('while one secret is exchanged for another, both count', async () => {
  await bench.stop();
  const both = `${bench.gitlabSecret} ${bench.hrisSecret}`;
  const signedBy = [bench.gitlabSecret, bench.hrisSecret];
  bench = await Bench.start({ HRIS_WEBHOOK_SECRET: both });
  for (const key of signedBy) {
    const body = JSON.stringify(hired());
    expect((await bench.post('/hooks/hris', body, signed(key, body, new Date()))).status).toBe(202);
  }
});

test('a body larger than 256 KiB is 413, signed or not', async () => {
  const answer = await bench.hris(hired({ name: 'x'.repeat(300_000) }));
  expect(answer.status).toBe(413);
  expect(bench.inbox.events).toEqual([]);
  expect(await bench.metric('daytwo_hooks_total{hook="hris",result="too_large"}')).toMatch(/ 1$/);
});

test('every problem of a malformed event is named, and no value is quoted', async () => {
  const answer = await bench.hris(
    hired({
      email: 'not-an-address-Private',
      name: 'Ada\nPrivate',
      title: undefined,
      department: 7,
      start_date: '2026-02-30',
      region: '',
      country: 'x'.repeat(65),
      employee_id: '../../Private',
    }),
  );
  expect(answer.status).toBe(400);
  const text = await answer.text();
  const { error, problems } = JSON.parse(text) as {
    error: string;
    problems: { path: string; problem: string; mend: string }[];
  };
  expect(error).toBe('the event is malformed');
  expect(problems.map(({ path, problem }) => [path, problem])).toEqual([
    ['employee_id', "isn't 1 to 64 letters, digits, dots, dashes or underscores"],
    ['email', "isn't an e-mail address"],
    ['name', 'holds control characters or line breaks'],
    ['title', 'is missing'],
    ['department', "isn't a string"],
    ['country', 'is longer than 64 characters'],
    ['region', 'is empty'],
    ['start_date', "isn't a day of the calendar"],
  ]);
  expect(problems.every(({ mend }) => mend.startsWith('send '))).toBe(true);
  expect(text).not.toContain('Private');
  expect(bench.inbox.events).toEqual([]);
});

test.each([
  ['no JSON', '{"event_id":', ['']],
  ['a list', '[]', ['']],
  ['null', 'null', ['']],
  ['an empty body', '', ['']],
  ['an unknown type', { type: 'employee.promoted' }, ['type', 'event_id', 'employee_id']],
  ['no type', { event_id: 'e', employee_id: '1' }, ['type']],
  ['a change of nothing', { event_id: 'e', employee_id: '1', type: 'employee.changed' }, ['']],
  [
    'a leaving without its kind',
    { event_id: 'e', employee_id: '1', type: 'employee.leaving', last_working_day: '2026-12-31' },
    ['kind'],
  ],
  [
    'a rescinding of what?',
    { event_id: 'e', employee_id: '1', type: 'employee.rescinded', what: 'lunch' },
    ['what'],
  ],
])('%s is 400 and names where', async (_what, event, paths) => {
  const answer = await bench.hris(event);
  expect(answer.status).toBe(400);
  expect((await problemsOf(answer)).map((p) => p.path)).toEqual(paths);
});

test.each([
  ['a region that nobody knows', { region: 'Moon' }],
  ['a zone that nobody knows', { time_zone: 'Mars/Olympus' }],
  ['a start date a year off', { start_date: '2031-01-01' }],
  [
    'a name that means something elsewhere',
    { name: "/close @all <script>alert(1)</script> ' OR 1=1 -- =1+1" },
  ],
  ['an address with an apostrophe', { email: "o'brien@example.com" }],
  ['a field that daytwo does not know', { cost_centre: '42' }],
])('%s is accepted: it is not a fault of shape', async (_what, changes) => {
  expect((await bench.hris(hired(changes))).status).toBe(202);
});

test('a change carries only what changed', async () => {
  await bench.hris({
    event_id: 'c1',
    type: 'employee.changed',
    employee_id: '1',
    start_date: '2026-12-01',
    email: undefined,
  });
  expect(bench.inbox.events).toEqual([
    { event_id: 'c1', type: 'employee.changed', employee_id: '1', start_date: '2026-12-01' },
  ]);
});

test('a leaving may leave open when garden leave starts', async () => {
  await bench.hris({
    event_id: 'l1',
    type: 'employee.leaving',
    employee_id: '1',
    kind: 'voluntary',
    last_working_day: '2026-12-31',
  });
  expect(bench.inbox.events).toEqual([
    expect.objectContaining({ garden_leave_start: null, termination_date: null }),
  ]);
});

test.each(['away', 'silent'] as const)(
  'while Temporal is %s the sender is told to come again, and then nothing is lost',
  async (mood) => {
    const event = hired();
    bench.inbox.mood = mood;
    const refused = await bench.hris(event);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    bench.inbox.mood = 'there';
    const accepted = await bench.hris(event);
    expect(accepted.status).toBe(202);
    expect(await accepted.json()).toMatchObject({ repeated: false });
    expect(bench.inbox.events).toEqual([event]);
  },
);

test('while the store is away the sender is told to come again', async () => {
  await bench.store.close();
  const refused = await bench.hris(hired());
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
});

test('no name, address or secret reaches the log, whatever happens', async () => {
  const event = hired();
  await bench.hris(event);
  await bench.hris(event);
  await bench.hris({ ...event, title: 'Other' });
  await bench.hris(hired({ email: 'ada.private' }));
  await bench.hris(event, minutesAgo(10));
  bench.inbox.mood = 'away';
  await bench.hris(hired());
  const log = bench.logged.join('');
  expect(bench.logged.length).toBeGreaterThan(1);
  expect(log).toContain(String(event['event_id']));
  expect(log).not.toMatch(/ada|lovelace|grace|example\.com|Executive/i);
  expect(log).not.toContain(bench.hrisSecret.slice(6));
});
