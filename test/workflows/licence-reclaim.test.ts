import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { ReclaimVisit } from '../../src/activities/reclaim-desk';
import { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const DAY = 86_400_000;
const later = async (ms: number) => stage.until((await stage.now()) + ms);

const ref = { project: 'sales-ops/access-requests', iid: 9, url: 'https://gitlab.example/9' };

async function begin(users: readonly string[]) {
  const reclaimed: { users: readonly string[]; at: number }[] = [];
  const visits: number[] = [];
  const labels: ReclaimVisit[] = [];
  await stage.play({
    listIdleSeats: () => Promise.resolve({ ref: users.length > 0 ? ref : null, users, noticeDays: 14 }),
    judgeReclaim: ({ by }) => Promise.resolve(by === 'amber' ? null : 'only the provisioning DRIs'),
    visitReclaim: ({ decided, cursor }) => {
      visits.push(cursor);
      return Promise.resolve(labels.shift() ?? { decided: decided ?? null, cursor });
    },
    reclaimSeats: async (input) => {
      reclaimed.push({ users: input.users, at: await stage.now() });
      return { inactive: input.users.length, frozen: 0, unchanged: 0, spared: 0 };
    },
  });
  return {
    reclaimed,
    visits,
    labels,
    start: await stage.now(),
    handle: await stage.start('licenceReclaim', { quarter: '2026-Q4', fiscalYearStartMonth: 2 }),
  };
}
type Handle = Awaited<ReturnType<typeof begin>>['handle'];
const decide = (handle: Handle, kind: string, by: string) =>
  handle.executeUpdate('decide', { args: [{ kind, by }] });

test('an approval that comes within the notice holds, and nobody loses a seat before the notice is over', async () => {
  const { handle, reclaimed, start } = await begin(['005a', '005b']);
  expect(await decide(handle, 'approve', 'amber')).toEqual({ taken: true, why: null });
  await later(13 * DAY);
  expect(reclaimed).toEqual([]);
  expect(await handle.result()).toMatchObject({ inactive: 2 });
  expect(reclaimed[0]!.at - start).toBeGreaterThanOrEqual(14 * DAY);
});

test('without an approval nothing is taken, however long it lasts; a stranger approves nothing', async () => {
  const { handle, reclaimed } = await begin(['005a']);
  await handle.signal('approve', { by: 'sam-ops' });
  expect(await decide(handle, 'approve', 'dana-manager')).toMatchObject({ taken: false });
  await expect(decide(handle, 'hold', 'amber')).rejects.toThrow(WorkflowUpdateFailedError);
  await later(60 * DAY);
  expect(reclaimed).toEqual([]);
  await handle.signal('approve', { by: 'amber' });
  expect(await handle.result()).toMatchObject({ inactive: 1 });
});

test('rejected, or with nobody idle, it ends and takes nothing', async () => {
  const one = await begin(['005a']);
  await decide(one.handle, 'reject', 'amber');
  expect(await one.handle.result()).toBeNull();
  expect(one.reclaimed).toEqual([]);
  await stage.clear();
  const other = await begin([]);
  expect(await other.handle.result()).toBeNull();
});

test('a label on its issue decides like a command, and each visit goes on where the last one ended', async () => {
  const { handle, reclaimed, visits, labels, start } = await begin(['005a']);
  await later(DAY);
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  await later(DAY);
  labels.push({ decided: 'approve', cursor: 41 });
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  await later(DAY);
  expect(await handle.query('status')).toMatchObject({
    standing: 'notice',
    decided: 'approve',
    users: 1,
    ref,
  });
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  expect(await handle.result()).toMatchObject({ inactive: 1 });
  expect(visits).toEqual([0, 0, 41]);
  expect(reclaimed[0]!.at - start).toBeGreaterThanOrEqual(14 * DAY);
});

test('rejected within the notice, it ends at once', async () => {
  const { handle, labels, start, reclaimed } = await begin(['005a']);
  labels.push({ decided: 'reject', cursor: 1 });
  await later(DAY);
  await handle.signal('issueChanged', { project: ref.project, iid: ref.iid });
  expect(await handle.result()).toBeNull();
  const { closeTime } = await handle.describe();
  expect(closeTime!.getTime() - start).toBeLessThan(2 * DAY);
  expect(reclaimed).toEqual([]);
});
