import { Gitlab } from '@gitbeaker/rest';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, tokenOf } from './fixture';

const PROJECT = 'sales-ops/access-requests';
let world: Sandbox;
const api = () => new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, 'dana') });
const show = async (path: string, as = 'erin') =>
  (await fetch(`${world.files.gitlab.url}${path}`, { headers: { cookie: `sandbox_as=${as}` } })).text();
const act = (iid: number, fields: Record<string, string>, as = 'erin') =>
  fetch(`${world.files.gitlab.url}/${PROJECT}/-/issues/${iid}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `sandbox_as=${as}` },
    body: new URLSearchParams(fields),
  });

beforeAll(async () => {
  world = await sandbox();
});
afterAll(cleanUp);

test('the board shows requests in the column of their label, and moving a card moves the label', async () => {
  const issue = await api().Issues.create(PROJECT, 'Card to move', { labels: 'SalesOpsAR::Action Needed' });
  expect(await show(`/${PROJECT}/-/boards/1`)).toContain('Card to move');
  await act(issue.iid, { do: 'move-card', from: 'SalesOpsAR::Action Needed', to: 'SalesOpsAR::In Progress' });
  expect((await api().Issues.show(issue.iid, { projectId: PROJECT })).labels).toEqual([
    'SalesOpsAR::In Progress',
  ]);
});

test('a person assigns, ticks, comments and closes on the issue page, as the user chosen', async () => {
  const issue = await api().Issues.create(PROJECT, 'By hand', {
    description: 'Do:\n\n- [ ] Salesforce\n- [ ] Chorus',
  });
  await act(issue.iid, { do: 'assign', user: 'erin' });
  await act(issue.iid, { do: 'tick', line: '3', text: 'Chorus', state: 'x' });
  await act(issue.iid, { do: 'comment', body: 'done **well**' });
  await act(issue.iid, { do: 'close' });
  const now = await api().Issues.show(issue.iid, { projectId: PROJECT });
  expect(now).toMatchObject({
    state: 'closed',
    description: 'Do:\n\n- [ ] Salesforce\n- [x] Chorus',
    assignees: [{ username: 'erin' }],
  });
  const html = await show(`/${PROJECT}/-/issues/${issue.iid}`);
  expect(html).toContain('marked the checklist item <b>Chorus</b> as completed');
  expect(html).toContain('done <b>well</b>');
});

test('hostile text is shown, never run', async () => {
  const hostile =
    '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> `<b>`\n\n| a | b |\n|---|---|\n| <i>x</i> | "q\' |';
  const issue = await api().Issues.create(PROJECT, '"><script>1</script>', {
    description: hostile,
    labels: '<b>label</b>',
  });
  await api().IssueNotes.create(PROJECT, issue.iid, hostile);
  for (const path of [`/${PROJECT}/-/issues/${issue.iid}`, `/${PROJECT}/-/boards`, `/${PROJECT}/-/issues`]) {
    const html = await show(path);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script|<img|<i>x|href="javascript|<b>label/);
  }
});

test('a confidential issue is not shown to an outsider, who may not act either', async () => {
  const issue = await api().Issues.create(PROJECT, 'Top secret', { confidential: true });
  expect(await show(`/${PROJECT}/-/issues/${issue.iid}`, 'otto-outside')).not.toContain('Top secret');
  expect(await show(`/${PROJECT}/-/boards`, 'otto-outside')).not.toContain('Top secret');
  const open = await api().Issues.create(PROJECT, 'Open one', {});
  expect((await act(open.iid, { do: 'close' }, 'otto-outside')).status).toBe(403);
});

test('another site’s form can’t act', async () => {
  const issue = await api().Issues.create(PROJECT, 'Forged', {});
  const answer = await fetch(`${world.files.gitlab.url}/${PROJECT}/-/issues/${issue.iid}`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', cookie: 'sandbox_as=erin' },
    body: new URLSearchParams({ do: 'close' }),
  });
  expect(answer.status).toBe(403);
});

test('a part that is folded away is shown as one, with its Markdown inside; other HTML stays text', async () => {
  const description =
    '<details><summary>What was <done></summary>\n\n- **one**\n\n</details>\n\n<script>x</script>';
  const plain = description.replace('<done>', 'done');
  for (const [text, shown] of [
    [plain, '<details><summary>What was done</summary><ul><li><b>one</b></li></ul></details>'],
    [description, '&lt;summary&gt;What was &lt;done&gt;'],
  ] as const) {
    const issue = await api().Issues.create(PROJECT, 'Folded', { description: text });
    const page = await show(`/${PROJECT}/-/issues/${issue.iid}`);
    expect(page).toContain(shown);
    expect(page).not.toContain('<script>');
  }
});

test('a person says on the page that they are out of office, and that they are back', async () => {
  const set = (fields: Record<string, string>) =>
    fetch(`${world.files.gitlab.url}/-/status`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: 'sandbox_as=erin' },
      body: new URLSearchParams({ back: '/', ...fields }),
    });
  const status = () => api().Users.showStatus({ iDOrUsername: 'erin' });
  expect((await set({ away: 'yes' })).status).toBe(303);
  expect(await status()).toMatchObject({
    emoji: 'palm_tree',
    message: 'Out of office',
    availability: 'busy',
  });
  expect(await show('/')).toContain('@erin is out of office');
  await set({ away: '' });
  expect(await status()).toMatchObject({ message: '', availability: 'not_set' });
  expect(await show('/')).toContain('@erin is there');
});

test('a new issue is filed from a template as the user chosen, and its quick actions count', async () => {
  const text = '<!-- form -->\n\n## Person\n\n- E-mail: </textarea><script>1</script>\n\n/confidential\n';
  const path = '.gitlab/issue_templates/one_person.md';
  const bot = new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, 'daytwo-bot') });
  await bot.RepositoryFiles.create(PROJECT, path, 'main', text, 'Add a template');
  expect(await show(`/${PROJECT}/-/issues`)).toContain(`href="/${PROJECT}/-/issues/new"`);
  expect(await show(`/${PROJECT}/-/issues/new`)).toContain('<option value="one_person">one_person</option>');
  const html = await show(`/${PROJECT}/-/issues/new?issuable_template=one_person`);
  expect(html).toContain('rows="30">\n&lt;!-- form --&gt;');
  expect(html).not.toContain('<script>');
  const answer = await file({ title: 'For one', description: text.replaceAll('\n', '\r\n') });
  expect(answer.status).toBe(303);
  const iid = Number(answer.headers.get('location')?.split('/').at(-1));
  expect(await api().Issues.show(iid, { projectId: PROJECT })).toMatchObject({
    title: 'For one',
    description: text.replace('\n\n/confidential\n', ''),
    confidential: true,
    author: { username: 'mona' },
  });
});

test('no issue comes of a form without a title, or of another site’s', async () => {
  const before = await api().Issues.all({ projectId: PROJECT });
  expect((await file({ title: ' ', description: 'x' })).status).toBe(400);
  expect((await file({ title: 'Forged', description: 'x' }, { origin: 'https://evil.example' })).status).toBe(
    403,
  );
  expect(await api().Issues.all({ projectId: PROJECT })).toHaveLength(before.length);
});

test('a file that is attached to a new issue is linked from its text, and can be fetched', async () => {
  const csv = 'Name,E-mail,Manager\r\nRobin,robin@daytwo.example,dana@daytwo.example\r\n';
  const attached = { file: new File([csv], 'Q4 hires.csv', { type: 'text/csv' }) };
  const answer = await file({ title: 'For many', description: 'See below.\r\n', ...attached });
  const iid = Number(answer.headers.get('location')?.split('/').at(-1));
  const { description } = await api().Issues.show(iid, { projectId: PROJECT });
  const [, path] =
    /^See below\.\n\n\[Q4_hires\.csv\]\((\/uploads\/[0-9a-f]{32}\/Q4_hires\.csv)\)\n$/.exec(description) ??
    [];
  const upload = await fetch(
    `${world.files.gitlab.url}/api/v4/projects/${encodeURIComponent(PROJECT)}${path}`,
    { headers: { 'PRIVATE-TOKEN': tokenOf(world, 'dana') } },
  );
  expect(await upload.text()).toBe(csv);
  // As a browser sends a field in which nobody chose a file.
  const without = await file({ title: 'For one', description: 'x', file: new File([], '') });
  const last = Number(without.headers.get('location')?.split('/').at(-1));
  expect((await api().Issues.show(last, { projectId: PROJECT })).description).toBe('x');
});

/** Sends the form as a browser does. */
function file(
  fields: Readonly<Record<string, string | File>>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(`${world.files.gitlab.url}/${PROJECT}/-/issues`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: 'sandbox_as=mona', ...headers },
    body,
  });
}
