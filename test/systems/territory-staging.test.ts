import type { Fault } from '../../src/sandbox/http';
import type { Job } from '../../src/sandbox/salesforce/rest/jobs';
import { Org as SandboxOrg } from '../../src/sandbox/salesforce/org';
import { BulkIngest } from '../../src/systems/salesforce/bulk-ingest';
import { TerritoryStaging, type StagingChange } from '../../src/systems/salesforce/territory-staging';
import { Grounds } from '../sandbox/systems';
import { TerritoryOrg } from './territory-org';

const SEGMENT = 'JB_Test_Sales_Segment__c';
const TERRITORY = 'ATAM_Territory__c';
const EMPLOYEES = 'TSP_Account_Employees__c';
const REASONS = 'TSP_Reasons__c';
const STAMP = 'TSP_Last_Update_Timestamp__c';

const grounds = new Grounds();
let at: TerritoryOrg;
let staging: TerritoryStaging;
beforeAll(async () => {
  at = await TerritoryOrg.start(grounds);
  staging = new TerritoryStaging(new BulkIngest(at.settings), at.org);
});
afterEach(() => {
  const faults = at.world.table<Fault>('fault');
  for (const { id } of faults.values()) faults.delete(id);
});
afterAll(() => grounds.close());

const fault = (wanted: Omit<Fault, 'id' | 'system'>): void =>
  void at.world.table<Fault>('fault').put(1, { id: 1, system: 'salesforce', ...wanted });
const jobs = (): Job[] => at.world.table<Job>('sf-job').values();

/** New accounts, and what a plan wants of them. */
function planned(count: number, values: StagingChange['values'] = { [SEGMENT]: 'Large' }): StagingChange[] {
  const org = new SandboxOrg(at.world);
  return Array.from({ length: count }, () => {
    const { Id, SystemModstamp } = org.add('Account', { Name: 'one', [TERRITORY]: 'before' }, null);
    return { id: Id, changedAt: String(SystemModstamp), values };
  });
}
const kinds = (outcomes: ReadonlyMap<string, { readonly kind: string }>) =>
  [...outcomes.values()].map(({ kind }) => kind);
const valuesOf = (id: string, ...fields: string[]) => at.one('Account', id, fields);

test('writes what is wanted, as it is; again, nothing is written', async () => {
  const reasons = 'segment: "Large", since\n2,001 ≤ 3,000';
  const [change] = planned(1, {
    [SEGMENT]: 'Large',
    [TERRITORY]: null,
    [EMPLOYEES]: 3000,
    [REASONS]: reasons,
    [STAMP]: '2026-11-27T01:02:03.456Z',
  });
  const { id } = change!;
  expect(kinds(await staging.write([change!]))).toEqual(['written']);
  expect(await valuesOf(id, SEGMENT, TERRITORY, EMPLOYEES, REASONS)).toEqual({
    [SEGMENT]: 'Large',
    [TERRITORY]: null,
    [EMPLOYEES]: 3000,
    [REASONS]: reasons,
  });
  const before = jobs().length;
  expect(kinds(await staging.write([change!]))).toEqual(['already']);
  expect(jobs()).toHaveLength(before);
});

test('every row has one outcome, whatever signs its values hold', async () => {
  const changes = planned(3, { [SEGMENT]: 'Large', [REASONS]: 'employees: 5; segment: SMB | area ^ `x`\t.' });
  const outcomes = await staging.write(changes);
  expect([...outcomes.keys()].sort()).toEqual(changes.map(({ id }) => id).sort());
  expect(kinds(outcomes)).toEqual(['written', 'written', 'written']);
});

test('an account that somebody changed since is left as it is and named; so is one that is gone or refused', async () => {
  const [theirs, gone, long, good] = planned(4);
  const values = { [SEGMENT]: 'x'.repeat(41) };
  await at.change('Account', theirs!.id, { Name: 'theirs' });
  await at.org.remove('Account', [gone!.id]);
  const outcomes = await staging.write([theirs!, gone!, { ...long!, values }, good!]);
  expect(outcomes.get(theirs!.id)).toEqual({ kind: 'changed' });
  expect(outcomes.get(gone!.id)).toEqual({ kind: 'gone' });
  expect(outcomes.get(long!.id)).toEqual({ kind: 'refused', code: 'STRING_TOO_LONG', again: false });
  expect(outcomes.get(good!.id)).toEqual({ kind: 'written' });
  expect(await valuesOf(theirs!.id, SEGMENT)).toEqual({ [SEGMENT]: null });
});

test('a job that fails half way leaves the rest, which the next try writes', async () => {
  const changes = planned(300, { [SEGMENT]: 'Half' });
  fault({ kind: 'fail-job', count: 1 });
  const first = kinds(await staging.write(changes));
  expect([first.filter((kind) => kind === 'written').length, first.at(-1)]).toEqual([150, 'unprocessed']);
  const second = kinds(await staging.write(changes));
  expect([second.filter((kind) => kind === 'written').length, second[0]]).toEqual([150, 'already']);
  expect(new SandboxOrg(at.world).where('Account', SEGMENT, 'Half')).toHaveLength(300);
});

test.each([
  ['POST', '/jobs/ingest', 'written', null],
  ['PUT', '/batches', 'written', 'Aborted'],
  ['PATCH', '/jobs/ingest/', 'written', 'JobComplete'],
])('an answer to %s %s that is lost: what is left is done once', async (method, path, kind, ended) => {
  const changes = planned(3);
  let job: string | null = null;
  const begun = (id: string): Promise<void> => Promise.resolve(void (job = id));
  fault({ kind: 'lose-answer', method, path, count: 1 });
  const first = await staging.write(changes, { begun }).catch((error: unknown) => error);
  if (method === 'PATCH')
    expect(kinds(first as ReadonlyMap<string, { kind: string }>)).toEqual(Array(3).fill(kind));
  else expect(first).toMatchObject({ system: 'salesforce', retryable: true });
  const earlier = job;
  const second = await staging.write(changes, { earlier, begun });
  expect(kinds(second)).toEqual(Array(3).fill(method === 'PATCH' ? 'already' : kind));
  expect(jobs().find(({ id }) => id === earlier)?.state ?? null).toBe(ended);
  expect(await valuesOf(changes[2]!.id, SEGMENT)).toEqual({ [SEGMENT]: 'Large' });
});

test('a job that still runs is waited for before another begins', async () => {
  const changes = planned(600);
  const { length } = jobs();
  let job: string | null = null;
  const cut = new Error('killed');
  // The second look at the job is as far as this try comes: the job goes on without it.
  let looks = 0;
  const progress = (): void => {
    if (job !== null && (looks += 1) === 1) throw cut;
  };
  const begun = (id: string): Promise<void> => Promise.resolve(void (job = id));
  await expect(staging.write(changes, { begun, progress })).rejects.toBe(cut);
  const again = kinds(await staging.write(changes, { earlier: job }));
  expect(again).toEqual(Array(600).fill('already'));
  expect(jobs()).toHaveLength(length + 1);
});

test('an org that takes no job now is a fault that may pass', async () => {
  fault({ kind: 'status', status: 503, method: 'POST', path: '/jobs/ingest' });
  await expect(staging.write(planned(1))).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    retryable: true,
  });
});

test('a roll-back puts back field by field what is still as it was written', async () => {
  const changes = planned(2, { [SEGMENT]: 'Large', [TERRITORY]: 'after' });
  await staging.write(changes);
  const [whole, part] = changes.map(({ id }) => id);
  await at.change('Account', part!, { [TERRITORY]: 'by a person' });
  const values = {
    [SEGMENT]: { wrote: 'Large', before: null },
    [TERRITORY]: { wrote: 'after', before: 'before' },
  };
  const back = [whole!, part!, '001dt0099999999AAA'].map((id) => ({ id, values }));
  const outcomes = await staging.restore(back);
  expect([...outcomes.values()]).toEqual(
    expect.arrayContaining([
      { kind: 'restored', left: [] },
      { kind: 'restored', left: [TERRITORY] },
      { kind: 'gone' },
    ]),
  );
  const read = await staging.readBack([SEGMENT, TERRITORY], [whole!, part!]);
  expect([...read.values()]).toEqual([
    { [SEGMENT]: null, [TERRITORY]: 'before' },
    { [SEGMENT]: null, [TERRITORY]: 'by a person' },
  ]);
  expect((await staging.restore(back)).get(part!)).toEqual({ kind: 'already', left: [TERRITORY] });
});
