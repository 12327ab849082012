import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyTo } from '../../src/cli/territory-apply';
import { viewOf, waitsOf } from '../../src/cli/views';
import { openStore, type Store } from '../../src/evidence';
import { asked, runOf } from '../domain/territory/run-sample';
import { sampleHandbook } from '../handbook/sample';
import { FakeEngine, Reader, running } from './fakes';

const stateDir = mkdtempSync(join(tmpdir(), 'daytwo-apply-'));
const handbook = sampleHandbook();

let store: Store;
beforeAll(async () => {
  store = await openStore({ stateDir, databaseUrl: null });
});
afterAll(async () => {
  await store.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const beside = (run: string) => new FakeEngine([running(`tsp/${run}`, { kind: 'territory-plan' })]);
const apply = (engine: FakeEngine) => applyTo({ handbook, engine, store }, { by: 'amber' }, new Reader());

test.each([
  ['plans', '2026-11-20', null],
  ['writes', '2026-11-21', runOf()],
])('a run by hand does not begin beside one that still %s', async (_, id, run) => {
  if (run) await store.territoryRuns.begin({ ...run, id });
  const engine = beside(id);
  await expect(apply(engine)).rejects.toThrow(`tsp/${id} is still at work`);
  expect(engine.runs).toEqual([]);
});

test.each([
  ['waits for its approval', '2026-11-22', asked()],
  ['says its end', '2026-11-23', runOf({ phase: 'done' })],
])('a run by hand begins while another one %s', async (_, id, run) => {
  await store.territoryRuns.begin({ ...run, id });
  const engine = beside(id);
  expect(await apply(engine)).toBe(0);
  expect(engine.runs).toEqual([{ run: '2026-11-24', undoes: null, by: 'amber' }]);
});

test('a run that does not go on says what it waits for', () => {
  const late = { step: 'write staging', since: '2026-11-24T11:00:00.000Z', fault: 'salesforce answered 503' };
  const none = { rows: 0, left: 0, refused: 0 };
  const status = {
    kind: 'territory-plan', run: '2026-11-24', undoes: null, since: '2026-11-24T10:00:00.000Z', phase: 'approved', figures: null,
    staging: none, transfers: none, expiresAt: '', url: null, late,
  }; // prettier-ignore
  expect(waitsOf(viewOf(status)!)).toEqual([
    { for: '"write staging" to go on', on: 'salesforce answered 503', since: late.since },
  ]);
});
