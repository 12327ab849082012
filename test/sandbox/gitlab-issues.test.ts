import { Gitlab } from '@gitbeaker/rest';
import type { Sandbox } from '../../src/sandbox';
import { cleanUp, sandbox, tokenOf } from './fixture';

let world: Sandbox;
const PROJECT = 'sales-ops/access-requests';
const as = (username: string) =>
  new Gitlab({ host: world.files.gitlab.url, token: tokenOf(world, username) });
const mails = async (to: string): Promise<{ subject: string; text: string }[]> =>
  (await fetch(`${world.files.mailbox.url}/messages?to=${to}@example.com`)).json() as Promise<
    { subject: string; text: string }[]
  >;
const notesOf = async (iid: number) =>
  (await as('daytwo-bot').IssueNotes.all(PROJECT, iid, { sort: 'asc' })).map((note) => note.body);

beforeAll(async () => {
  world = await sandbox();
});
afterAll(cleanUp);

describe('labels of an issue', () => {
  test('a scoped label drives out the others of its key, and each coming and going is an event', async () => {
    const api = as('dana');
    const issue = await api.Issues.create(PROJECT, 'Ada, Salesforce, AE', {
      labels: 'SalesOpsAR::Action Needed,NewAccessRequest',
    });
    const changed = await api.Issues.edit(PROJECT, issue.iid, { addLabels: 'SalesOpsAR::In Progress' });
    expect(changed.labels).toEqual(['NewAccessRequest', 'SalesOpsAR::In Progress']);
    const events = await api.IssueLabelEvents.all(PROJECT, issue.iid);
    expect(events.map((event) => [event.action, event.label.name, event.user.username])).toEqual([
      ['add', 'SalesOpsAR::Action Needed', 'dana'],
      ['add', 'NewAccessRequest', 'dana'],
      ['add', 'SalesOpsAR::In Progress', 'dana'],
      ['remove', 'SalesOpsAR::Action Needed', 'dana'],
    ]);
    expect(Date.parse(changed.updated_at)).toBeGreaterThan(Date.parse(issue.updated_at));
  });

  test('a label that the project lacks is made', async () => {
    const issue = await as('dana').Issues.create(PROJECT, 'New label', { labels: 'never seen' });
    expect(issue.labels).toEqual(['never seen']);
    const names = (await as('dana').ProjectLabels.all(PROJECT)).map((label) => label.name);
    expect(names).toContain('never seen');
  });
});

describe('what changes leave behind', () => {
  test('a ticked box leaves a note with its text, a changed text one about the description', async () => {
    const api = as('dana');
    const before = '- [ ] Salesforce: role\n- [x] Chorus\n\n```\n- [ ] no box\n```';
    const issue = await api.Issues.create(PROJECT, 'Boxes', { description: before });
    expect(issue.task_completion_status).toEqual({ count: 2, completed_count: 1 });
    await api.Issues.edit(PROJECT, issue.iid, {
      description: before.replace('[ ] Sales', '[x] Sales').replace('[x] Cho', '[ ] Cho'),
    });
    await api.Issues.edit(PROJECT, issue.iid, { description: 'nothing left' });
    expect(await notesOf(issue.iid)).toEqual([
      'marked the checklist item **Salesforce: role** as completed',
      'marked the checklist item **Chorus** as incomplete',
      'changed the description',
    ]);
  });

  test('assigning, retitling and hiding are told in GitLab’s own words', async () => {
    const api = as('dana');
    const issue = await api.Issues.create(PROJECT, 'Old title', {});
    const users = world.files.gitlab.users.map((user) => user.username);
    const idOf = async (name: string) => (await api.Users.all({ username: name }))[0]?.id ?? 0;
    expect(users).toContain('erin');
    const [dana, erin] = [await idOf('dana'), await idOf('erin')];
    await api.Issues.edit(PROJECT, issue.iid, { assigneeIds: [dana] });
    await api.Issues.edit(PROJECT, issue.iid, { assigneeIds: [erin] });
    await api.Issues.edit(PROJECT, issue.iid, { assigneeIds: [0] });
    await api.Issues.edit(PROJECT, issue.iid, { title: 'New title', confidential: true });
    await api.Issues.edit(PROJECT, issue.iid, { stateEvent: 'close' });
    expect(await notesOf(issue.iid)).toEqual([
      'assigned to @dana',
      'assigned to @erin and unassigned @dana',
      'unassigned @erin',
      'changed title from **{-Old-} title** to **{+New+} title**',
      'made the issue confidential',
    ]);
    const closed = await api.Issues.show(issue.iid, { projectId: PROJECT });
    expect(closed).toMatchObject({ state: 'closed', closed_by: { username: 'dana' } });
    expect((await mails('erin')).filter((mail) => mail.text.includes('assigned'))).toHaveLength(1);
  });
});

describe('quick actions', () => {
  test('run with the description at creation and are taken out of it', async () => {
    const issue = await as('dana').Issues.create(PROJECT, 'Quick', {
      description:
        'Please.\n\n/label ~"NewAccessRequest" ~unknown\n/assign @erin\n/confidential\n/wave hello\n```\n/close\n```',
    });
    expect(issue).toMatchObject({ labels: ['NewAccessRequest'], confidential: true, state: 'opened' });
    expect(issue.assignees?.map((user) => user.username)).toEqual(['erin']);
    expect(issue.description).toBe('Please.\n\n/wave hello\n```\n/close\n```');
  });

  test('run in comments; a comment of nothing else is no note', async () => {
    const api = as('erin');
    const issue = await api.Issues.create(PROJECT, 'Quick comment', { labels: 'SalesOpsAR::Action Needed' });
    await api.IssueNotes.create(PROJECT, issue.iid, 'Mine.\n/assign me');
    await api.IssueNotes.create(PROJECT, issue.iid, '/label ~"SalesOpsAR::In Progress"');
    const now = await api.Issues.show(issue.iid, { projectId: PROJECT });
    expect(now.labels).toEqual(['SalesOpsAR::In Progress']);
    expect(now.assignees?.map((user) => user.username)).toEqual(['erin']);
    expect(await notesOf(issue.iid)).toEqual(['Mine.', 'assigned to @erin']);
  });
});

describe('mentions', () => {
  test('send one mail each, to those newly mentioned, and not to the author', async () => {
    const api = as('dana');
    const title = 'Mentioned once';
    const issue = await api.Issues.create(PROJECT, title, {
      description: 'cc @mona @mona @dana, not `@erin`, not \\@erin, not erin@example.com <!-- @erin -->',
      confidential: true,
    });
    await api.Issues.edit(PROJECT, issue.iid, { description: 'cc @mona and now @erin and @otto-outside' });
    const about = (all: { subject: string }[]) => all.filter((mail) => mail.subject.includes(title));
    expect(about(await mails('mona')).map((mail) => mail.subject)).toEqual([
      `Access Requests | ${title} (#${issue.iid})`,
    ]);
    expect(about(await mails('erin'))).toHaveLength(1);
    expect(about(await mails('dana'))).toHaveLength(0);
    const outside = (await (
      await fetch(`${world.files.mailbox.url}/messages?to=otto@outside.example`)
    ).json()) as unknown[];
    expect(outside).toEqual([]);
  });
});

describe('who sees and may do what', () => {
  test('a confidential issue does not exist for those outside', async () => {
    const issue = await as('dana').Issues.create(PROJECT, 'Hidden', { confidential: true });
    const open = await as('dana').Issues.create(PROJECT, 'Open', {});
    const otto = as('otto-outside');
    await expect(otto.Issues.show(issue.iid, { projectId: PROJECT })).rejects.toThrow('Not found');
    const seen = (await otto.Issues.all({ projectId: PROJECT })).map((row) => row.iid);
    expect(seen).toContain(open.iid);
    expect(seen).not.toContain(issue.iid);
    await expect(otto.Issues.create(PROJECT, 'Let me in', {})).rejects.toThrow('Forbidden');
    await expect(otto.Projects.show('people/employment')).rejects.toThrow('Not Found');
  });

  test('without a token the answer is 401 in GitLab’s words', async () => {
    const answer = await fetch(`${world.files.gitlab.url}/api/v4/user`);
    expect([answer.status, await answer.json()]).toEqual([401, { message: '401 Unauthorized' }]);
  });
});
