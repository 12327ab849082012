import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordOf } from '../../src/activities/world';
import { readHrEvents } from '../../src/cli/hr-events';
import { approveList, beginList, listOf } from '../../src/cli/leave-list';
import type { Handbook } from '../../src/domain/handbook';
import { LEAVING_LIST } from '../../src/domain/leaving-list';
import { openStore, type Store } from '../../src/evidence';
import { sampleHandbook } from '../handbook/sample';
import { accountExecutive } from '../support/desk';
import { Reader } from './fakes';

const sample = sampleHandbook();
const handbook: Handbook = {
  ...sample,
  policies: sample.policies.map((policy) => ({
    ...policy,
    leaving: { ...policy.leaving, list: { moreThan: 2, approvals: 2, by: ['amber', 'meri', 'vera-vp'] } },
  })),
};

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'daytwo-list-'));
  store = await openStore({ stateDir: dir, databaseUrl: null });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const HEAD = 'employee_id,kind,last_working_day,garden_leave_start,termination_date';
const lines = (...ids: string[]) => ids.map((id) => `${id},voluntary,2026-12-31,,`);
const read = (rows: readonly string[]) =>
  readHrEvents(new TextEncoder().encode([HEAD, ...rows].join('\n')), 'leave').events;
const THREE = lines('1', '2', '3');
const approve = (rows: readonly string[], by: string, reader = new Reader()) =>
  approveList(listOf(read(rows)), by, { store, handbook }, {}, reader).then(() => reader.text);
const begin = (rows: readonly string[]) => beginList(read(rows), { store, handbook }, new Reader());

describe('a long list of leavers', () => {
  test('begins only once two of those whom the policy names have approved it', async () => {
    await expect(begin(THREE)).rejects.toThrow(/Nothing was sent: a list of 3 leavers needs 2 approvals/);
    expect(await approve(THREE, 'amber')).toMatch(/1 more approval needed/);
    await expect(begin(THREE)).rejects.toThrow(/has that of amber/);
    expect(await approve(THREE, 'amber')).toMatch(/1 more approval needed/);
    expect(await store.peopleWaiting(LEAVING_LIST)).toEqual([]);
    expect(await approve(THREE, 'meri')).toMatch(/It may begin/);
    await begin(THREE);
    const story = await store.story({ request: `leaving-list/${listOf(read(THREE)).digest}` });
    expect(story.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['leaving_list.approved', 'amber'],
      ['leaving_list.approved', 'meri'],
      ['leaving_list.begun', 'daytwo'],
    ]);
  });

  test('is another list once a line is changed, but not in another order', async () => {
    await approve(THREE, 'amber');
    await approve(THREE, 'meri');
    const [first = '', ...others] = THREE;
    await expect(begin([first.replace('12-31', '12-30'), ...others])).rejects.toThrow(
      /has none.*another one/,
    );
    await expect(begin([...THREE, ...lines('4')])).rejects.toThrow(/a list of 4 leavers/);
    await begin([...others, first]);
  });

  test('is approved by nobody else, nor by somebody who is on it; that is kept', async () => {
    await expect(approve(THREE, 'dana-manager')).rejects.toThrow(/dana-manager may not/);
    const { employee_id, ...facts } = accountExecutive('2', { email: 'meri@daytwo.example' });
    await store.putPerson(recordOf(employee_id, facts, 'active', '2026-01-05T00:00:00Z'));
    await expect(approve(THREE, 'meri')).rejects.toThrow(/meri is on the list/);
    const story = await store.story({ request: `leaving-list/${listOf(read(THREE)).digest}` });
    expect(story.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['decision.refused', 'dana-manager'],
      ['decision.refused', 'meri'],
    ]);
  });

  test('a short one needs none, and all of it are waited for until they are frozen', async () => {
    await begin(lines('1', '2'));
    expect((await store.peopleWaiting(LEAVING_LIST)).map(({ employeeId }) => employeeId)).toEqual(['1', '2']);
  });
});
