import { Ground } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  // Nobody of the sandbox is older than this test: idle is who was made in a moment that is over.
  const [policy] = ground.handbook.policies;
  const reclaim = { ...policy!.seats.reclaim, idleDays: 0 };
  ground.handbook = { ...ground.handbook, policies: [{ ...policy!, seats: { ...policy!.seats, reclaim } }] };
});
afterAll(() => ground.stop());

const quarter = '2026-Q4';
const soon = (): string => new Date(Date.now() + 1_000).toISOString();
const users = () => ground.world.connector('salesforce').seats!.users();
const list = () => ground.run('listIdleSeats', { quarter, now: soon() });

test('who has not signed in is listed on a confidential issue without names, and told by mail; done again, once', async () => {
  const [first, again] = [await list(), await list()];
  expect(again.ref).toEqual(first.ref);
  expect(first.users.length).toBeGreaterThan(0);
  const issue = await ground.desk().issue(first.ref!.iid);
  expect(issue.confidential).toBe(true);
  expect(issue.title).toContain('Licence reclaim 2026-Q4');
  expect(issue.description).not.toContain('@daytwo.example');
  const { mailbox } = ground.systems.files;
  const mails = (await (await fetch(`${mailbox.url}/messages`)).json()) as { to: string; subject: string }[];
  const told = mails.filter(({ subject }) => subject === 'Your Salesforce licence is not used');
  expect(new Set(told.map(({ to }) => to)).size).toBe(first.users.length);
});

test('after the approval those are deactivated and read back who are still idle; others are spared, and the pool is freed', async () => {
  const before = await users();
  const found = await list();
  const [spared, ...rest] = found.users;
  await ground.store.seats.turns([
    {
      key: 'salesforce/Salesforce',
      connection: 'salesforce',
      kind: 'salesforce-user',
      licence: 'Salesforce',
    },
  ]);
  // Listed are those of whom one is no longer idle by then: taken out of the list as a sign-in would.
  const result = await ground.run('reclaimSeats', { ...found, users: rest, quarter, now: soon() });
  expect(result).toEqual({ inactive: rest.length, frozen: 0, unchanged: 0, spared: 0 });
  const after = await users();
  expect(after).toHaveLength(before.length - rest.length);
  expect(after.map(({ id }) => id)).toContain(spared);
  const comments = (await ground.desk().notes(found.ref!.iid)).map(({ body }) => body).join('\n');
  expect(comments).toContain(`deactivated ${rest.length}`);
  const gone = await ground.run('reclaimSeats', { ...found, quarter, now: '2020-01-01T00:00:00.000Z' });
  expect(gone).toMatchObject({ inactive: 0, spared: found.users.length });
});

test('who can not be deactivated is frozen, and ops are reminded on the issue', async () => {
  const found = await list();
  const [one] = await users();
  const rows = await ground.world.connector('salesforce').find({ kind: 'salesforce-user' }, [one!.email]);
  expect(rows).toHaveLength(1);
  await ground.systems.salesforce('PATCH', '/default-owners', { lead: one!.email });
  const result = await ground.run('reclaimSeats', { ...found, users: [one!.id], quarter, now: soon() });
  expect(result).toEqual({ inactive: 0, frozen: 1, unchanged: 0, spared: 0 });
  expect((await users()).find(({ id }) => id === one!.id)?.frozen).toBe(true);
  const comments = (await ground.desk().notes(found.ref!.iid)).map(({ body }) => body).join('\n');
  expect(comments).toContain('could not be deactivated');
});

test('only a provisioning DRI decides, and both are in the evidence', async () => {
  const [dri] = ground.handbook.people.provisioningDris;
  const asked = { quarter, kind: 'approve', channel: 'cli', at: soon() } as const;
  expect(await ground.run('judgeReclaim', { ...asked, by: dri! })).toBeNull();
  expect(await ground.run('judgeReclaim', { ...asked, by: 'dana-manager' })).toContain(dri);
  expect((await ground.evidence()).map(({ kind }) => kind)).toEqual(['decision.approve', 'decision.refused']);
});
