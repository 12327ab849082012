import { Org } from '../../src/systems/salesforce/org';
import { GitlabDesk, GitlabRefusal } from '../../src/systems/gitlab';
import { Ground } from './ground';

const NOW = '2026-11-26T10:00:00.000Z';
const RUN = '2026-11-26';

let ground: Ground;
let hannah: string;
let maya: string;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  ground.keepsSnapshots = true;
  const { territory } = ground.handbook;
  const rules = territory!.rules.map((one) => ({ ...one, threshold: { ...one.threshold, accounts: 5 } }));
  ground.handbook = { ...ground.handbook, territory: { ...territory!, rules } };
  const org = new Org(ground.systems.files.salesforce);
  const users = await org.query("SELECT Id, Email FROM User WHERE Email LIKE '%@daytwo.example'");
  const idOf = (name: string) => String(users.find(({ Email }) => String(Email).startsWith(name))?.['Id']);
  [hannah, maya] = [idOf('hannah.cole'), idOf('maya.brooks')];
  await org.create(
    'Account',
    Array.from({ length: 8 }, (_, n) => ({
      Name: `Secret Customer ${n}`,
      ZoomInfo_Employees__c: '1,200',
      ZoomInfo_Country__c: 'USA',
      ZoomInfo_State__c: 'WA',
      OwnerId: maya,
      ...(n < 3 ? { ATAM_Territory__c: 'MM-AMER-Old-<1>', ATAM_Approved_Next_Owner__c: maya } : {}),
    })),
  );
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

const visit = () => ground.run('visitRun', { run: RUN, messages: [], now: NOW });
const issueOf = async () => {
  const [issue] = await ground.world.gitlab.byMarker(`daytwo:tsp:${RUN}:end`, ground.projects.accessRequests);
  return issue?.description ?? '';
};
const pathIn = (text: string): string => /\]\((\/uploads\/[^)]+)\)/.exec(text)?.[1] ?? '';

test('a run that waits has the page of what it would do on its issue: owners, territories and countries before and after', async () => {
  const planned = await ground.run('planRun', { run: RUN, undoes: null, by: 'daytwo', now: NOW });
  expect(planned.phase).toBe('asked');
  await visit();
  const path = pathIn(await issueOf());
  const file = await ground.world.gitlab.upload(ground.projects.accessRequests, path);
  const page = file.kind === 'text' ? file.text : '';
  expect(page).toContain('Territories: staging as it is and the plan of 2026-11-26');
  for (const name of ['Hannah Cole', 'Maya Brooks', 'MM-AMER-West-1', 'MM-AMER-Old-&lt;1&gt;'])
    expect(page).toContain(name);
  for (const secret of ['Secret Customer', hannah, '<script', '<1>']) expect(page).not.toContain(secret);

  // As people get it, from the link that the issue shows.
  const { url } = ground.systems.files.gitlab;
  const shown = await (
    await fetch(`${url}/${ground.projects.accessRequests}/-/issues/${await iid()}`)
  ).text();
  const href = /href="([^"]+\/uploads\/[^"]+)"/.exec(shown)?.[1] ?? '';
  const got = await fetch(`${url}${href}`);
  expect(got.headers.get('content-disposition')).toContain('attachment');
  expect(await got.text()).toBe(page);

  // Visited again, nothing is attached anew.
  const seen = await ground.systems.watch();
  await visit();
  expect(
    (await seen()).filter(({ method, path: to }) => method === 'POST' && to.endsWith('/uploads')),
  ).toEqual([]);
  expect(pathIn(await issueOf())).toBe(path);
});

const iid = async (): Promise<number> =>
  (await ground.world.gitlab.byMarker(`daytwo:tsp:${RUN}:end`, ground.projects.accessRequests))[0]?.iid ?? 0;

test('a GitLab that takes no files keeps no run from its approval', async () => {
  jest.spyOn(GitlabDesk.prototype, 'attach').mockRejectedValue(new GitlabRefusal(403, 'POST /uploads'));
  await ground.run('planRun', { run: RUN, undoes: null, by: 'daytwo', now: NOW });
  expect((await visit()).phase).toBe('asked');
  expect(await issueOf()).toContain('What it would do');
  expect(pathIn(await issueOf())).toBe('');
});
