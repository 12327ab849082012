import { Bench, signed } from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const requests = { id: 7, path_with_namespace: 'acme/access-requests' };
const issue = (changes: Record<string, unknown> = {}) => ({
  object_kind: 'issue',
  event_type: 'issue',
  user: { id: 3, username: 'grace', name: 'Grace Private' },
  project: requests,
  object_attributes: { iid: 12, title: 'Ada Private', action: 'update' },
  changes: { labels: {} },
  ...changes,
});
const note = {
  object_kind: 'note',
  user: { username: 'grace' },
  project: requests,
  object_attributes: { noteable_type: 'Issue', note: 'private words' },
  issue: { iid: 13 },
};

test('an issue event becomes a hint of its ids', async () => {
  const answer = await bench.gitlab(issue());
  expect(answer.status).toBe(202);
  expect(bench.inbox.hints).toEqual([{ project: 'acme/access-requests', iid: 12 }]);
});

test('so do a comment, a work item, and the other project', async () => {
  await bench.gitlab(note);
  await bench.gitlab(issue({ object_kind: 'work_item' }));
  await bench.gitlab(issue({ project: { id: 42, path_with_namespace: 'acme/employment' } }));
  expect(bench.inbox.hints).toEqual([
    { project: 'acme/access-requests', iid: 13 },
    { project: 'acme/access-requests', iid: 12 },
    { project: 'acme/employment', iid: 12 },
  ]);
});

test.each([
  ['what daytwo’s own user did', issue({ user: { username: 'daytwo-bot' } })],
  ['another project', issue({ project: { id: 8, path_with_namespace: 'acme/other' } })],
  ['a push', { object_kind: 'push', project: requests }],
  ['a comment on a commit', { ...note, issue: undefined }],
  ['an event without a number', issue({ object_attributes: {} })],
  ['an event that is a list', []],
])('%s is let go, and answered well', async (_what, payload) => {
  const answer = await bench.gitlab(payload);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ ignored: true });
  expect(bench.inbox.hints).toEqual([]);
});

test.each([
  ['no signature', () => ({})],
  ['the HR system’s secret', (body: string) => signed(bench.hrisSecret, body, new Date())],
  ['an old signature', (body: string) => signed(bench.gitlabSecret, body, new Date(Date.now() - 360_000))],
])('%s is 401', async (_what, headers) => {
  const body = JSON.stringify(issue());
  expect((await bench.post('/hooks/gitlab', body, headers(body))).status).toBe(401);
  expect(bench.inbox.hints).toEqual([]);
});

test('the older plain token counts where no signing token is configured, and beside it where both are', async () => {
  await bench.stop();
  bench = await Bench.start({ GITLAB_WEBHOOK_SIGNING_TOKEN: '', GITLAB_WEBHOOK_TOKEN: 'plain-token' });
  const body = JSON.stringify(issue());
  expect((await bench.post('/hooks/gitlab', body, { 'x-gitlab-token': 'plain-tokem' })).status).toBe(401);
  expect((await bench.post('/hooks/gitlab', body)).status).toBe(401);
  expect((await bench.post('/hooks/gitlab', body, { 'x-gitlab-token': 'plain-token' })).status).toBe(202);
  await bench.stop();
  bench = await Bench.start({ GITLAB_WEBHOOK_TOKEN: 'plain-token' });
  expect((await bench.gitlab(issue())).status).toBe(401);
  expect((await bench.post('/hooks/gitlab', body, { 'x-gitlab-token': 'plain-token' })).status).toBe(401);
});

test('daytwo’s own user is looked up where it is not configured, until the answer is there', async () => {
  await bench.stop();
  let asked = 0;
  const lookUpBot = () => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('GitLab is away')) : Promise.resolve('daytwo-bot');
  };
  bench = await Bench.start({ GITLAB_BOT_USERNAME: '' }, { lookUpBot });
  const own = issue({ user: { username: 'daytwo-bot' } });
  await bench.gitlab(own);
  expect(bench.inbox.hints).toHaveLength(1);
  await bench.gitlab(own);
  await bench.gitlab(own);
  expect(bench.inbox.hints).toHaveLength(1);
  expect(asked).toBe(2);
});

test('what is no JSON is 400', async () => {
  expect((await bench.gitlab('{')).status).toBe(400);
});

test('while Temporal is away GitLab is told to come again', async () => {
  bench.inbox.mood = 'away';
  const answer = await bench.gitlab(issue());
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).not.toBeNull();
});

test('nothing of the payload but ids reaches the log or the answer', async () => {
  const answer = await bench.gitlab(issue());
  bench.inbox.mood = 'away';
  await bench.gitlab(issue());
  expect((await answer.text()) + bench.logged.join('')).not.toMatch(/private|grace/i);
});
