import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishConfig } from '../../src/cli/publish';
import { run } from '../../src/cli/program';
import { startSandbox } from '../../src/sandbox';
import { GitlabDesk } from '../../src/systems/gitlab';
import { Copy, sampleHandbook } from '../handbook/sample';
import { Systems } from '../systems/fixture';
import { Reader } from './fakes';

let systems: Systems;
let copy: Copy;
beforeAll(async () => {
  systems = await Systems.start();
});
afterAll(() => systems.stop());
beforeEach(async () => {
  await systems.reset();
  copy = new Copy();
});
afterEach(() => copy.remove());

const reader = (username = 'daytwo-bot', gitlab = systems.files.gitlab): Reader => {
  const { url, users, accessRequestsProject } = gitlab;
  const token = users.find((user) => user.username === username)?.token ?? '';
  return new Reader({
    GITLAB_URL: url,
    GITLAB_TOKEN: token,
    GITLAB_ACCESS_REQUESTS_PROJECT: accessRequestsProject,
    DAYTWO_CONFIG_DIR: copy.dir,
  });
};
const published = (file: string): Promise<string | undefined> => {
  const around = reader();
  const desk = new GitlabDesk({
    url: around.env['GITLAB_URL'] ?? '',
    token: around.env['GITLAB_TOKEN'] ?? '',
  });
  return desk.file(systems.files.gitlab.accessRequestsProject, `.gitlab/issue_templates/${file}`);
};

test('shows the difference and changes nothing, unless it is told to', async () => {
  const around = reader();
  const asked = await systems.watch();
  expect(await publishConfig({}, around)).toBe(1);
  expect(around.text).toMatch(/^\+\+\+ b\/\.gitlab\/issue_templates\/bulk\.md$/m);
  expect(around.text).toMatch(/^\+- \[ \] RingLead: role:/m);
  expect(around.complaints).toMatch(/Nothing was changed/);
  expect((await asked()).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await published('bulk.md')).toBeUndefined();
});

test('writes all files in one commit, and has nothing to do afterwards', async () => {
  const asked = await systems.watch();
  expect(await publishConfig({ yes: true }, reader())).toBe(0);
  expect((await asked()).filter(({ method }) => method !== 'GET')).toMatchObject([
    { status: 201, path: expect.stringMatching(/repository\/commits$/) },
  ]);
  expect(await published('single_person.md')).toMatch(/^<!-- daytwo:form:single -->\n/);
  const again = reader();
  expect(await publishConfig({ yes: true }, again)).toBe(0);
  expect(again.text).toMatch(/^Nothing to do/);
});

test('writes only what differs', async () => {
  await publishConfig({ yes: true }, reader());
  copy.replace('issue_templates/bulk.md', 'Bulk Access, System(s), Role', 'Bulk Access, Systems');
  const around = reader();
  around.answer = 'y';
  expect(await publishConfig({}, around)).toBe(0);
  expect(around.text).toMatch(/^-1\. Title: Bulk Access, System\(s\), Role$/m);
  expect(around.text).toMatch(/Published 1 file in one commit/);
  expect(around.text).not.toContain('single_person');
  expect(await published('bulk.md')).toContain('Bulk Access, Systems');
});

test('takes anything but a yes for a no', async () => {
  const around = reader();
  around.answer = 'n';
  expect(await publishConfig({}, around)).toBe(1);
  expect(await published('bulk.md')).toBeUndefined();
});

test('says the same as one document', async () => {
  const around = reader();
  expect(await run(['config', 'publish', '--json'], around)).toBe(1);
  expect(JSON.parse(around.text)).toMatchObject({
    published: false,
    files: [
      { change: 'new', path: '.gitlab/issue_templates/access_change.md' },
      { change: 'new' },
      { change: 'new' },
    ],
  });
  const yes = reader();
  expect(await run(['config', 'publish', '--json', '--yes'], yes)).toBe(0);
  expect(JSON.parse(yes.text)).toMatchObject({ published: true });
});

test('says what is missing, and who may not', async () => {
  const nowhere = new Reader({ DAYTWO_CONFIG_DIR: copy.dir });
  expect(await run(['config', 'publish'], nowhere)).toBe(1);
  expect(nowhere.complaints).toMatch(
    /GITLAB_URL is missing.*\nGITLAB_TOKEN is missing.*\nGITLAB_ACCESS_REQUESTS_PROJECT is missing/,
  );
  const stranger = reader('dana-manager');
  expect(await run(['config', 'publish', '--yes'], stranger)).toBe(1);
  expect(stranger.complaints).toMatch(/GitLab refuses the commit \(403\).*may not write/);
});

test('publishes no handbook that has a problem', async () => {
  copy.replace('issue_templates/bulk.md', '{systems}', '{sytems}');
  const around = reader();
  expect(await run(['config', 'publish', '--yes'], around)).toBe(1);
  expect(around.complaints).toMatch(/unknown placeholder/);
  expect(await published('single_person.md')).toBeUndefined();
});

test('has nothing to do in a sandbox that publishes them itself, at each start', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-published-'));
  const start = () =>
    startSandbox({ stateDir, handbook: sampleHandbook(), ports: 'any', publishTemplates: true });
  try {
    for (const _start of [1, 2]) {
      const sandbox = await start();
      const around = reader('daytwo-bot', sandbox.files.gitlab);
      expect(await publishConfig({ json: true }, around).finally(() => sandbox.stop())).toBe(0);
      expect(JSON.parse(around.text)).toMatchObject({
        files: [{ change: 'none' }, { change: 'none' }, { change: 'none' }],
      });
    }
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
