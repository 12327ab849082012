import { Gitlab } from '@gitbeaker/rest';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, tokenOf } from './fixture';

const PROJECT = 'sales-ops/access-requests';
let world: Sandbox;
const as = (username: string) =>
  new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, username) });

/** A plain request, for status codes that a client hides. */
const ask = async (username: string, method: string, path: string, body?: object) => {
  const answer = await fetch(`${world.files.gitlab.url}/api/v4${path}`, {
    method,
    headers: { 'private-token': tokenOf(world, username), 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text ? JSON.parse(text) : null) as unknown,
  };
};
const ALL = `/projects/${encodeURIComponent(PROJECT)}/issues`;
const on = (iid: number, path = '') =>
  `/projects/${encodeURIComponent(PROJECT)}/issues/${iid}${path && `/${path}`}`;

const opened = async (title: string, options: object = {}) =>
  (await as('dana').Issues.create(PROJECT, title, options)).iid;

beforeAll(async () => {
  world = await sandbox();
});
afterAll(cleanUp);

describe('a discussion', () => {
  test('is begun, answered and listed as one thread, beside comments of their own', async () => {
    const iid = await opened('Talk');
    const { IssueDiscussions, IssueNotes } = as('erin');
    const begun = await IssueDiscussions.create(PROJECT, iid, 'first');
    await IssueNotes.create(PROJECT, iid, 'alone');
    const [first] = begun.notes ?? [];
    expect(begun).toMatchObject({
      individual_note: false,
      notes: [{ type: 'DiscussionNote', body: 'first' }],
    });
    await IssueDiscussions.addNote(PROJECT, iid, begun.id, 'second');
    expect(await IssueDiscussions.all(PROJECT, iid)).toMatchObject([
      { id: begun.id, individual_note: false, notes: [{ body: 'first' }, { body: 'second' }] },
      { individual_note: true, notes: [{ body: 'alone', type: null }] },
    ]);
    expect(await IssueDiscussions.show(PROJECT, iid, begun.id)).toMatchObject({ notes: [{}, {}] });
    expect(
      await IssueDiscussions.editNote(PROJECT, iid, begun.id, first?.id ?? 0, { body: 'changed' }),
    ).toMatchObject({ body: 'changed' });
    await IssueDiscussions.removeNote(PROJECT, iid, begun.id, first?.id ?? 0);
    expect(await IssueDiscussions.show(PROJECT, iid, begun.id)).toMatchObject({
      notes: [{ body: 'second' }],
    });
  });

  test('comes of a comment that is answered, but not of what GitLab itself noted', async () => {
    const iid = await opened('Answers', { labels: 'x' });
    const api = as('erin');
    await api.IssueNotes.create(PROJECT, iid, 'a comment');
    await api.Issues.edit(PROJECT, iid, { title: 'Other title' });
    const [comment, noted] = await api.IssueDiscussions.all(PROJECT, iid);
    const reply = (id: string) => ask('erin', 'POST', on(iid, `discussions/${id}/notes`), { body: 'yes' });
    expect((await reply(comment?.id ?? '')).status).toBe(201);
    expect(await api.IssueDiscussions.show(PROJECT, iid, comment?.id ?? '')).toMatchObject({
      individual_note: false,
      notes: [{ type: 'DiscussionNote' }, { body: 'yes' }],
    });
    expect(await reply(noted?.id ?? '')).toMatchObject({ status: 400 });
    expect(await reply('0'.repeat(40))).toMatchObject({ status: 404 });
  });
});

test('who takes part is subscribed, and says otherwise once', async () => {
  const iid = await opened('News');
  const status = async (user: string, what: string) => (await ask(user, 'POST', on(iid, what))).status;
  expect(await as('dana').Issues.show(iid, { projectId: PROJECT })).toMatchObject({ subscribed: true });
  expect(await as('erin').Issues.show(iid, { projectId: PROJECT })).toMatchObject({ subscribed: false });
  expect(await status('dana', 'subscribe')).toBe(304);
  expect(await status('dana', 'unsubscribe')).toBe(201);
  expect(await status('dana', 'unsubscribe')).toBe(304);
  expect(await as('erin').Issues.subscribe(PROJECT, iid)).toMatchObject({ subscribed: true });
  expect(await as('erin').Issues.show(iid, { projectId: PROJECT })).toMatchObject({ subscribed: true });
});

test('a to-do comes by assignment, mention or by hand, and goes when done or answered', async () => {
  const erin = as('erin');
  const iids = [
    await opened('Assigned', { assigneeIds: [(await erin.Users.showCurrentUser()).id] }),
    await opened('Mentioned', { description: 'cc @erin' }),
    await opened('Marked'),
  ];
  expect((await ask('erin', 'POST', on(iids[2] ?? 0, 'todo'))).status).toBe(201);
  expect((await ask('erin', 'POST', on(iids[2] ?? 0, 'todo'))).status).toBe(304);
  const waiting = async (options: object = {}) =>
    (await erin.TodoLists.all(options)).map((todo) => [todo.action_name, todo.target.title]);
  expect(await waiting()).toEqual([
    ['marked', 'Marked'],
    ['mentioned', 'Mentioned'],
    ['assigned', 'Assigned'],
  ]);
  const [marked] = await erin.TodoLists.all();
  await erin.TodoLists.done({ todoId: marked?.id ?? 0 });
  await erin.IssueNotes.create(PROJECT, iids[1] ?? 0, 'seen');
  expect(await waiting()).toEqual([['assigned', 'Assigned']]);
  expect(await waiting({ state: 'done' })).toHaveLength(2);
  await erin.TodoLists.done();
  expect(await waiting()).toEqual([]);
  expect((await ask('erin', 'POST', `/todos/${marked?.id ?? 0}/mark_as_done`)).status).toBe(201);
  expect((await ask('dana', 'POST', `/todos/${marked?.id ?? 0}/mark_as_done`)).status).toBe(404);
});

test('an emoji counts once a person, and is taken back by who gave it', async () => {
  const iid = await opened('Good');
  const award = await as('erin').IssueAwardEmojis.award(PROJECT, iid, 'thumbsup');
  expect(award).toMatchObject({ name: 'thumbsup', user: { username: 'erin' }, awardable_type: 'Issue' });
  expect((await ask('erin', 'POST', on(iid, 'award_emoji'), { name: 'thumbsup' })).status).toBe(404);
  expect(await as('dana').Issues.show(iid, { projectId: PROJECT })).toMatchObject({
    upvotes: 1,
    downvotes: 0,
  });
  expect((await ask('dana', 'DELETE', on(iid, `award_emoji/${award.id}`))).status).toBe(401);
  await as('erin').IssueAwardEmojis.remove(PROJECT, iid, award.id);
  expect(await as('dana').IssueAwardEmojis.all(PROJECT, iid)).toEqual([]);
});

test('time is estimated and spent in the words of a work week', async () => {
  const iid = await opened('Work');
  const { Issues } = as('erin');
  expect(await Issues.addTimeEstimate(PROJECT, iid, '1w 2d 3h30m')).toEqual({
    time_estimate: 144_000 + 57_600 + 12_600,
    human_time_estimate: '1w 2d 3h 30m',
    total_time_spent: 0,
    human_total_time_spent: null,
  });
  await Issues.addSpentTime(PROJECT, iid, '9h');
  expect(await Issues.addSpentTime(PROJECT, iid, '-1h')).toMatchObject({ human_total_time_spent: '1d' });
  expect((await ask('erin', 'POST', on(iid, 'add_spent_time'), { duration: '-2d' })).status).toBe(400);
  expect((await ask('erin', 'POST', on(iid, 'time_estimate'), { duration: 'soon' })).status).toBe(400);
  await Issues.resetTimeEstimate(PROJECT, iid);
  expect((await ask('erin', 'GET', on(iid, 'time_stats'))).body).toMatchObject({
    time_estimate: 0,
    total_time_spent: 28_800,
  });
});

test('search and counts find what the person may see', async () => {
  const title = 'Zanzibar "quoted"';
  const hidden = await opened(title, { confidential: true });
  const plain = await opened('other', { description: 'Zanzibar', labels: 'zz' });
  await as('dana').Issues.edit(PROJECT, plain, { stateEvent: 'close' });
  const iids = (rows: unknown) => (rows as { iid: number }[]).map(({ iid }) => iid).sort((a, b) => a - b);
  expect(iids(await as('erin').Search.all('issues', 'zanzibar', { projectId: PROJECT }))).toEqual([
    hidden,
    plain,
  ]);
  expect(iids(await as('otto-outside').Search.all('issues', 'zanzibar'))).toEqual([plain]);
  expect(iids((await ask('dana', 'GET', `/search?scope=issues&search=%23${plain}`)).body)).toEqual([plain]);
  expect(await as('dana').Search.all('users', 'mona')).toMatchObject([{ username: 'mona' }]);
  expect((await ask('dana', 'GET', '/search?scope=blobs&search=x')).status).toBe(400);
  expect((await ask('dana', 'GET', '/search?scope=bogus&search=x')).status).toBe(400);
  expect((await ask('dana', 'GET', '/search?scope=issues')).body).toEqual({ error: 'search is missing' });
  const counts = await as('dana').IssuesStatistics.all({ projectId: PROJECT, search: 'zanzibar' });
  expect(counts).toEqual({ statistics: { counts: { all: 2, closed: 1, opened: 1 } } });
});

test('a token says whose it is', async () => {
  const { id } = await as('dana').Users.showCurrentUser();
  expect((await ask('dana', 'GET', '/personal_access_tokens/self')).body).toMatchObject({
    user_id: id,
    active: true,
    scopes: ['api'],
  });
  expect((await ask('erin', 'GET', `/personal_access_tokens/${id}`)).status).toBe(401);
});

test('Markdown comes back as HTML in which nothing runs', async () => {
  const text = '**bold** <script>alert(1)</script> @erin';
  const { html } = await as('dana').Markdown.render(text, { gfm: 'true', project: PROJECT });
  expect(html).toContain('<b>bold</b>');
  expect(html).not.toContain('<script');
  expect(
    (await ask('otto-outside', 'POST', '/markdown', { text, project: 'people/employment' })).status,
  ).toBe(404);
});

test('the columns of a board are moved', async () => {
  const api = as('dana');
  const [board] = await api.ProjectIssueBoards.all(PROJECT);
  const names = async () =>
    (await api.ProjectIssueBoards.allLists(PROJECT, board?.id ?? 0)).map(
      ({ label }) => label?.name.split('::')[1],
    );
  const before = await names();
  const [first] = await api.ProjectIssueBoards.allLists(PROJECT, board?.id ?? 0);
  await api.ProjectIssueBoards.editList(PROJECT, board?.id ?? 0, first?.id ?? 0, 1);
  expect(await names()).toEqual([before[1], before[0], ...before.slice(2)]);
});

test('events tell who opened, closed and commented', async () => {
  const iid = await opened('Eventful');
  const erin = as('erin');
  await erin.IssueNotes.create(PROJECT, iid, 'hello');
  await erin.Issues.edit(PROJECT, iid, { stateEvent: 'close' });
  const own = (await ask('erin', 'GET', '/events?per_page=2')).body;
  expect(own).toMatchObject([
    { action_name: 'closed', target_type: 'Issue', target_iid: iid, author_username: 'erin' },
    { action_name: 'commented on', target_type: 'Note', note: { body: 'hello' } },
  ]);
  const all = (await ask('dana', 'GET', `/projects/${encodeURIComponent(PROJECT)}/events?per_page=100`))
    .body as { id: number }[];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect((await ask('dana', 'GET', '/events?action=created&target_type=note')).body).toEqual([]);
});

test('an issue may be a task', async () => {
  const iid = await opened('Small', { issueType: 'task' });
  expect(await as('dana').Issues.show(iid, { projectId: PROJECT })).toMatchObject({
    issue_type: 'task',
    type: 'TASK',
  });
  expect((await ask('dana', 'POST', ALL, { title: 'x', issue_type: 'odd' })).status).toBe(400);
});

test('only the owner of the project says when an issue was made', async () => {
  const created = async (user: string) => {
    const body = { title: 'Old', created_at: '2020-01-01T00:00:00Z' };
    return (await ask(user, 'POST', ALL, body)).body;
  };
  expect(await created('dana')).toMatchObject({ created_at: '2020-01-01T00:00:00.000Z' });
  expect(await created('erin')).not.toMatchObject({ created_at: '2020-01-01T00:00:00.000Z' });
});

test('only the owner of the project deletes an issue, with what hangs on it', async () => {
  const iid = await opened('Gone');
  expect((await ask('erin', 'DELETE', on(iid))).status).toBe(403);
  expect((await ask('dana', 'DELETE', on(iid))).status).toBe(204);
  expect((await ask('dana', 'GET', on(iid))).status).toBe(404);
});

test.each([
  [`/projects/${encodeURIComponent(PROJECT)}/milestones`, []],
  ['/groups/sales-ops/milestones', []],
  ['/groups/sales-ops/labels', []],
  ['/groups/sales-ops/boards', []],
  [`${on(1)}/closed_by`, []],
  [`${on(1)}/related_merge_requests`, []],
  [`/projects/${encodeURIComponent(PROJECT)}/users?search=mona`, [{ username: 'mona' }]],
])('%s is a list with its pages in headers', async (path, rows) => {
  const answer = await ask('dana', 'GET', path);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject(rows);
  expect(answer.headers.get('x-total')).toBe(String(rows.length));
});

describe('an attached file', () => {
  test('is uploaded and fetched by its secret, and by nobody from outside', async () => {
    const { ProjectMarkdownUploads } = as('erin');
    const made = await ProjectMarkdownUploads.create(PROJECT, {
      content: new Blob(['a,b\n']),
      filename: 'my people.csv',
    });
    const [, secret] = /^\/uploads\/([0-9a-f]{32})\/my_people\.csv$/.exec(made.url) ?? [];
    expect(made).toMatchObject({ alt: 'my_people.csv', markdown: `[my_people.csv](${made.url})` });
    const one = `/projects/${encodeURIComponent(PROJECT)}/uploads/${secret}/my_people.csv`;
    const fetched = await fetch(`${world.files.gitlab.url}/api/v4${one}`, {
      headers: { authorization: `Bearer ${tokenOf(world, 'mona')}` },
    });
    expect([fetched.status, await fetched.text()]).toEqual([200, 'a,b\n']);
    expect(await ask('otto-outside', 'GET', one)).toMatchObject({ status: 403 });
    expect(await ask('mona', 'GET', one.replace('my_people', 'other'))).toMatchObject({ status: 404 });
    expect(await ask('mona', 'POST', `/projects/${encodeURIComponent(PROJECT)}/uploads`, {})).toMatchObject({
      status: 400,
      body: { error: 'file is missing' },
    });
  });
});
