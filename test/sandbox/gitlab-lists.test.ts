import { Gitlab } from '@gitbeaker/rest';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, tokenOf } from './fixture';

const PROJECT = 'sales-ops/access-requests';
let world: Sandbox;
const as = (username: string) =>
  new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, username) });
const get = (path: string) =>
  fetch(`${world.files.gitlab.url}/api/v4${path}`, {
    headers: { Authorization: `Bearer ${tokenOf(world, 'dana')}` },
  });
const project = encodeURIComponent(PROJECT);

beforeAll(async () => {
  world = await sandbox();
  const api = as('dana');
  for (let number = 1; number <= 45; number++)
    await api.Issues.create(PROJECT, `Request ${number}`, {
      labels: number % 2 ? 'odd' : 'even',
      description: `marker-${number};`,
    });
  await api.Issues.edit(PROJECT, 3, { stateEvent: 'close', addLabels: 'three' });
});
afterAll(cleanUp);

test('pages have their neighbours and totals in headers', async () => {
  const answer = await get(`/projects/${project}/issues?per_page=20&page=2&state=all`);
  const rows = (await answer.json()) as unknown[];
  expect(rows).toHaveLength(20);
  const names = ['x-total', 'x-total-pages', 'x-page', 'x-per-page', 'x-next-page', 'x-prev-page'];
  expect(names.map((name) => answer.headers.get(name))).toEqual(['45', '3', '2', '20', '3', '1']);
  expect(answer.headers.get('link')).toMatch(/page=3.*rel="next"/);
  expect(Number(answer.headers.get('ratelimit-remaining'))).toBeGreaterThan(0);
});

test('a client that follows pages, or the keyset, gets every issue once', async () => {
  const api = as('dana');
  const offset = await api.Issues.all({ projectId: PROJECT, perPage: 7 });
  const keyset = await api.Issues.all({
    projectId: PROJECT,
    perPage: 7,
    pagination: 'keyset',
    orderBy: 'created_at',
    sort: 'asc',
  });
  const every = Array.from({ length: 45 }, (_, at) => at + 1);
  expect(offset.map((issue) => issue.iid).sort((a, b) => a - b)).toEqual(every);
  expect(keyset.map((issue) => issue.iid)).toEqual(every);
});

test.each([
  ['state=closed', [3]],
  ['labels=three,odd', [3]],
  ['labels=odd&not[labels]=three&iids[]=3&iids[]=5', [5]],
  ['search=marker-17;&in=description', [17]],
  ['search=marker-17;&in=title', []],
  ['labels=None', []],
  ['labels=Any&iids[]=2', [2]],
  ['assignee_id=None&iids[]=9', [9]],
  ['author_username=erin', []],
])('issues?%s', async (query, iids) => {
  const rows = (await (await get(`/projects/${project}/issues?${query}`)).json()) as { iid: number }[];
  expect(rows.map((row) => row.iid)).toEqual(iids);
});

test('updated_after finds what changed since, a comment too', async () => {
  const before = await as('dana').Issues.show(12, { projectId: PROJECT });
  await as('erin').IssueNotes.create(PROJECT, 12, 'hello');
  const after = await as('dana').Issues.show(12, { projectId: PROJECT });
  expect(after.user_notes_count).toBe(1);
  expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
  const rows = (await (
    await get(`/projects/${project}/issues?updated_after=${after.updated_at}`)
  ).json()) as { iid: number }[];
  expect(rows.map((row) => row.iid)).toEqual([12]);
});

test.each([
  ['/projects/nothing%2Fthere', 404, { message: '404 Project Not Found' }],
  [`/projects/${project}/issues/9999`, 404, { message: '404 Not found' }],
  [`/projects/${project}/issues?state=half`, 400, { error: 'state does not have a valid value' }],
  ['/no/such/route', 404, { error: '404 Not Found' }],
])('%s answers %d as GitLab words it', async (path, status, body) => {
  const answer = await get(path);
  expect([answer.status, await answer.json()]).toEqual([status, body]);
});

test('a missing title is refused, and what is missing named', async () => {
  const answer = await fetch(`${world.files.gitlab.url}/api/v4/projects/${project}/issues`, {
    method: 'POST',
    headers: { 'PRIVATE-TOKEN': tokenOf(world, 'dana'), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'description=x',
  });
  expect([answer.status, await answer.json()]).toEqual([400, { error: 'title is missing' }]);
});

test('the board has a list for each label of the requests’ state', async () => {
  const [board] = await as('dana').ProjectIssueBoards.all(PROJECT);
  expect(board).toMatchObject({
    name: 'Sales Ops Access Requests',
    lists: ['SalesOpsAR::Action Needed', 'SalesOpsAR::In Progress', 'SalesOpsAR::Completed'].map((name) => ({
      label: { name },
    })),
  });
});

test('files are written, read and listed, and issue templates are found among them', async () => {
  const api = as('daytwo-bot');
  const path = '.gitlab/issue_templates/Access_Change.md';
  await api.RepositoryFiles.create(PROJECT, path, 'main', '# Change\n', 'Add a template');
  const file = await api.RepositoryFiles.show(PROJECT, path, 'main');
  expect(Buffer.from(file.content, 'base64').toString()).toBe('# Change\n');
  expect(await api.RepositoryFiles.showRaw(PROJECT, path, 'main')).toBe('# Change\n');
  const tree = await api.Repositories.allRepositoryTrees(PROJECT, { recursive: true });
  expect(tree.map((entry) => [entry.type, entry.path])).toEqual([
    ['tree', '.gitlab'],
    ['tree', '.gitlab/issue_templates'],
    ['blob', path],
  ]);
  expect(await api.ProjectTemplates.all(PROJECT, 'issues')).toEqual([
    { key: 'Access_Change', name: 'Access_Change' },
  ]);
});

test('linking, and moving an issue to the other project, is noted on both sides', async () => {
  const api = as('dana');
  await api.IssueLinks.create(PROJECT, 1, PROJECT, 2);
  expect((await api.IssueLinks.all(PROJECT, 2)).map((issue) => issue.iid)).toEqual([1]);
  const target = await api.Projects.show('people/employment');
  const moved = await api.Issues.move(PROJECT, 1, target.id);
  expect(moved).toMatchObject({ project_id: target.id, title: 'Request 1', state: 'opened' });
  const old = await api.Issues.show(1, { projectId: PROJECT });
  expect(old).toMatchObject({ state: 'closed', moved_to_id: moved.id });
  const notes = (await api.IssueNotes.all(PROJECT, 1, { sort: 'asc' })).map((note) => note.body);
  expect(notes).toEqual(['marked this issue as related to #2', `moved to people/employment#${moved.iid}`]);
});

test('a person’s status tells who is away', async () => {
  await fetch(`${world.files.gitlab.url}/api/v4/user/status`, {
    method: 'PUT',
    headers: { 'PRIVATE-TOKEN': tokenOf(world, 'erin'), 'content-type': 'application/json' },
    body: JSON.stringify({ availability: 'busy', message: 'On leave', clear_status_after: '3_days' }),
  });
  const [erin] = await as('dana').Users.all({ search: 'erin@example.com' });
  const status = await (await get(`/users/${erin?.id}/status`)).json();
  expect(status).toMatchObject({ availability: 'busy', message: 'On leave' });
});
