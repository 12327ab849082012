import type { RunStanding } from '../../src/domain/territory/run-status';
import { Org } from '../../src/systems/salesforce/org';
import { OWNER_CHANGE } from '../domain/territory/review-scene';
import { Ground } from './ground';

/** A Thursday in the fourth quarter of the fiscal year, out of any window. */
const NOW = '2026-11-26T10:00:00.000Z';
const RUN = '2026-11-26';
const HELD_OVER = 'Holdover_Expiration_Date__c';
const FIELDS = [
  'Id', 'OwnerId', 'JB_Test_Sales_Segment__c', 'ATAM_Territory__c', 'ATAM_Approved_Next_Owner__c', 'Account_Territory__c',
  'Ultimate_Parent_Sales_Segment_Employees__c', 'TSP_Effective_Date__c', 'TSP_Reasons__c', 'Name',
]; // prettier-ignore

let ground: Ground;
let org: Org;
let owners: { readonly hannah: string; readonly maya: string };
beforeAll(async () => {
  ground = await Ground.start();
});
beforeEach(async () => {
  await ground.reset();
  ground.keepsSnapshots = true;
  org = new Org(ground.systems.files.salesforce);
  owners = { hannah: await userOf('hannah.cole'), maya: await userOf('maya.brooks') };
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => ground.stop());

async function userOf(name: string): Promise<string> {
  const [row] = await org.query(`SELECT Id FROM User WHERE Email = '${name}@daytwo.example'`);
  return String(row?.['Id']);
}

/** Mid-Market accounts in California, whose owner is Hannah Cole by the tables. */
async function accounts(count: number, of: object = {}): Promise<readonly string[]> {
  const saved = await org.create(
    'Account',
    Array.from({ length: count }, (_, n) => ({
      Name: `Account ${n}`,
      ZoomInfo_Employees__c: '1,200',
      ZoomInfo_Country__c: 'USA',
      ZoomInfo_State__c: 'WA',
      OwnerId: owners.maya,
      ...of,
    })),
  );
  return saved.map(({ id, code }) => id ?? `${code ?? ''}`);
}

const rowOf = async (id: string) => (await org.retrieve('Account', [id], FIELDS))[0] ?? {};
const plan = (of: object = {}) =>
  ground.run('planRun', { run: RUN, undoes: null, by: 'daytwo', now: NOW, ...of });
const write = (run = RUN): Promise<RunStanding> => ground.run('writeStaging', { run, now: NOW });
const transfer = (run = RUN): Promise<RunStanding> => ground.run('transferDue', { run, now: NOW });
const end = (run = RUN): Promise<RunStanding> => ground.run('endRun', { run, now: NOW });

test('staging comes to what was planned, actual fields stay, and the next night finds nothing to do', async () => {
  const [id = ''] = await accounts(3);
  const planned = await plan();
  expect(planned).toMatchObject({ phase: 'approved', figures: { due: 0 } });
  expect(planned.figures?.added).toBeGreaterThanOrEqual(3);
  const written = await write();
  expect(written.staging).toEqual({ rows: planned.figures?.added, left: 0, refused: 0 });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: owners.maya,
    JB_Test_Sales_Segment__c: 'Mid-Market',
    ATAM_Territory__c: 'MM-AMER-West-1',
    ATAM_Approved_Next_Owner__c: owners.hannah,
    Account_Territory__c: null,
    TSP_Reasons__c: expect.stringContaining('zoominfo'),
  });
  expect(await transfer()).toMatchObject({ transfers: { rows: 0 } });
  expect(await end()).toMatchObject({ phase: 'done' });
  expect(await plan({ run: '2026-11-27' })).toMatchObject({ figures: { added: 0, changed: 0 } });
});

/** Tries an activity as Temporal does, until it comes to its end. */
async function untilDone(act: () => Promise<RunStanding>): Promise<RunStanding> {
  for (let tried = 1; ; tried += 1)
    try {
      return await act();
    } catch (error) {
      if (tried === 60) throw error;
    }
}

const inBatchesOf = (batchRows: number): void => {
  const { policies } = ground.handbook;
  ground.handbook = {
    ...ground.handbook,
    policies: policies.map((one) => ({ ...one, territoryRun: { ...one.territoryRun, batchRows } })),
  };
};
const staged = async (): Promise<number> =>
  (await org.query("SELECT Id FROM Account WHERE ATAM_Territory__c = 'MM-AMER-West-1'")).length;

test.each([
  ['before its job has any rows', 3],
  ['after its job wrote, before that is known', 4],
])('a worker that dies %s leaves nothing half done, and nothing is done twice', async (_, call) => {
  inBatchesOf(5);
  await accounts(12);
  const { figures } = await plan();
  const runs = ground.store.territoryRuns;
  const known = runs.batchIs.bind(runs);
  let calls = 0;
  jest.spyOn(runs, 'batchIs').mockImplementation((...of) => {
    calls += 1;
    return calls === call ? Promise.reject(new Error('killed')) : known(...of);
  });
  await expect(write()).rejects.toThrow('killed');
  expect(await write()).toMatchObject({ staging: { rows: figures?.added, left: 0 } });
  expect(await staged()).toBe(12);
  const seen = await ground.systems.watch();
  expect(await write()).toMatchObject({ staging: { rows: figures?.added, left: 0 } });
  expect((await seen()).filter(({ path }) => path.endsWith('/jobs/ingest'))).toEqual([]);
});

test('a bulk job that fails half way is followed by another for the rest', async () => {
  await accounts(8);
  const { figures } = await plan();
  await ground.systems.fault({ system: 'salesforce', kind: 'fail-job', count: 1 });
  expect(await write()).toMatchObject({ staging: { rows: figures?.added, left: 0, refused: 0 } });
  expect(await staged()).toBe(8);
});

test('what a person changed between plan and write stands, is named, and is planned again the next night', async () => {
  const [mine = '', ...others] = await accounts(4);
  await plan();
  await org.update('Account', [{ Id: mine, ZoomInfo_Employees__c: '9,000' }]);
  expect(await write()).toMatchObject({ staging: { left: 1 } });
  expect(await rowOf(mine)).toMatchObject({ JB_Test_Sales_Segment__c: null });
  expect(await rowOf(others[0] ?? '')).toMatchObject({ JB_Test_Sales_Segment__c: 'Mid-Market' });
  expect((await ground.store.territoryRuns.get(RUN))?.run.left).toEqual([
    { accountId: mine, why: 'changed-meanwhile' },
  ]);
  expect(await plan({ run: '2026-11-27' })).toMatchObject({ figures: { added: 1 } });
  await write('2026-11-27');
  expect(await rowOf(mine)).toMatchObject({ JB_Test_Sales_Segment__c: 'Large' });
});

/** An account whose day has come, with an opportunity early, late and closed; another's beside them. */
async function due(of: object = {}) {
  const [id = ''] = await accounts(1, { TSP_Effective_Date__c: '2026-11-26', ...of });
  const made = await org.create(
    'Opportunity',
    [
      ['1-Discovery', owners.maya],
      ['5-Negotiating', owners.maya],
      ['Closed Won', owners.maya],
      ['1-Discovery', owners.hannah],
    ].map(([StageName, OwnerId], n) => ({
      Name: `Deal ${n}`, AccountId: id, StageName, OwnerId, CloseDate: '2026-12-31', Amount: 1000, Type: 'New Business',
    })), // prettier-ignore
  );
  const ids = made.map((one) => one.id ?? `${one.code ?? ''} ${one.message ?? ''}`);
  return { id, ids };
}
const ownersOf = async (ids: readonly string[]): Promise<readonly unknown[]> => {
  const rows = await org.retrieve('Opportunity', ids, ['Id', 'OwnerId']);
  return ids.map((id) => rows.find((row) => row['Id'] === id)?.['OwnerId']);
};

test('an account whose day has come is transferred once: its owner and fields together, opportunities by stage, closed ones never', async () => {
  const { hannah, maya } = owners;
  const { id, ids } = await due();
  expect(await plan()).toMatchObject({ figures: { due: 1 } });
  await write();
  expect(await transfer()).toMatchObject({ transfers: { rows: 1, left: 0, refused: 0 } });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: hannah,
    Account_Territory__c: 'MM-AMER-West-1',
    Ultimate_Parent_Sales_Segment_Employees__c: 'Mid-Market',
    TSP_Effective_Date__c: null,
    TSP_Reasons__c: expect.stringContaining(`owner ${maya} > ${hannah}`),
  });
  expect(await ownersOf(ids)).toEqual([hannah, maya, maya, hannah]);
  const seen = await ground.systems.watch();
  expect(await transfer()).toMatchObject({ transfers: { rows: 1, left: 0 } });
  expect((await seen()).filter(({ method }) => method === 'PATCH')).toEqual([]);
  expect((await ground.evidence()).filter(({ kind }) => kind === 'territory.transferred')).toHaveLength(1);
});

test('an account goes to the owner whom its review approved, and is left and named where it asks for another by now', async () => {
  const { hannah, maya } = owners;
  const ben = await userOf('ben.okoye');
  const made = [await due({ User_Input_Owner__c: ben }), await due({ User_Input_Owner__c: hannah })];
  const [right, changed] = made.map(({ id }) => id) as [string, string];
  for (const accountId of [right, changed])
    await ground.store.reviews.begin(accountId, (n) => ({
      ...OWNER_CHANGE,
      accountId,
      n,
      phase: 'approved',
      form: { ...OWNER_CHANGE.form, ownerId: ben },
      outcome: {
        at: NOW, rationale: '', effectiveDate: RUN, occasion: 'immediate', holdoverUntil: null, valuesUntil: null, isWritten: true,
      },
    })); // prettier-ignore
  await plan();
  await write();
  expect(await transfer()).toMatchObject({ transfers: { rows: 1, left: 1 } });
  expect((await rowOf(right))['OwnerId']).toBe(ben);
  expect(await rowOf(changed)).toMatchObject({ OwnerId: maya, TSP_Effective_Date__c: RUN });
  expect((await ground.store.territoryRuns.get(RUN))?.run.left).toEqual([
    { accountId: changed, why: 'owner-not-approved' },
  ]);
});

test('an account whose owner is right on its day gets territory and segment, and its day is cleared', async () => {
  const { id, ids } = await due({ OwnerId: owners.hannah });
  await plan();
  await write();
  expect(await transfer()).toMatchObject({ transfers: { rows: 1 } });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: owners.hannah,
    Account_Territory__c: 'MM-AMER-West-1',
    TSP_Effective_Date__c: null,
  });
  expect(await ownersOf(ids)).toEqual([owners.maya, owners.maya, owners.maya, owners.hannah]);
});

test.each([
  ['its staging is another', { ATAM_Territory__c: 'by hand' }],
  ['its next owner is another', { ATAM_Approved_Next_Owner__c: null }],
  ['it is under embargo', { Embargoed__c: true }],
  ['it is named', { Named_Account__c: true }],
  ['a request for it waits', { TSP_Override_Status__c: 'Requested' }],
])('an account whose day has come stays where since the plan %s, and is named', async (_, since) => {
  const { id, ids } = await due();
  await plan();
  await write();
  await org.update('Account', [{ Id: id, ...since }]);
  expect(await transfer()).toMatchObject({ transfers: { rows: 0, left: 1, refused: 0 } });
  expect(await rowOf(id)).toMatchObject({ OwnerId: owners.maya, TSP_Effective_Date__c: '2026-11-26' });
  expect(await ownersOf(ids)).toEqual([owners.maya, owners.maya, owners.maya, owners.hannah]);
  expect((await ground.store.territoryRuns.get(RUN))?.run.left).toEqual([
    { accountId: id, why: 'changed-meanwhile' },
  ]);
});

/** Salesforce as it is with a validation rule on an opportunity. */
function refuseOpportunity(id: string): void {
  const { update } = Org.prototype;
  jest.spyOn(Org.prototype, 'update').mockImplementation(async function (this: Org, object, records) {
    const code = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
    const taken = records.filter((record) => record['Id'] !== id);
    const saved = taken.length > 0 ? [...(await update.call(this, object, taken))] : [];
    return records.map((record) => (record['Id'] === id ? { success: false, code } : saved.shift()!));
  });
}

test('an opportunity that is refused for good does not keep a run from its end: its account is done, and named', async () => {
  const { id, ids } = await due();
  const [, late = ''] = ids;
  await plan();
  await write();
  refuseOpportunity(late);
  expect(await transfer()).toMatchObject({ transfers: { rows: 1, left: 0, refused: 0 } });
  expect(await rowOf(id)).toMatchObject({ OwnerId: owners.hannah });
  expect((await ground.store.territoryRuns.get(RUN))?.run.left).toEqual([
    { accountId: id, why: 'opportunity/FIELD_CUSTOM_VALIDATION_EXCEPTION' },
  ]);
  const rows = (await ground.store.rowsAfter(0)).filter(({ kind }) => kind === 'territory.transferred');
  expect(rows).toMatchObject([
    { detail: { opportunitiesRefused: [{ id: late, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }] } },
  ]);
  expect(JSON.stringify(rows[0]?.detail['opportunities'])).not.toContain(late);
});

test('with three in ten answers lost, staging is as planned, each transfer happened once, no closed opportunity moved', async () => {
  inBatchesOf(5);
  await accounts(9);
  const { id, ids } = await due();
  await plan();
  await ground.systems.fault({ system: 'salesforce', kind: 'lose-answer', rate: 0.3 });
  const written = await untilDone(write);
  const transferred = await untilDone(transfer);
  await ground.systems.mend();
  expect(written.staging).toMatchObject({ left: 0, refused: 0 });
  expect(transferred.transfers).toEqual({ rows: 1, left: 0, refused: 0 });
  expect(await staged()).toBe(10);
  expect(await rowOf(id)).toMatchObject({ OwnerId: owners.hannah });
  expect(await ownersOf(ids)).toEqual([owners.hannah, owners.maya, owners.maya, owners.hannah]);
  expect((await ground.evidence()).filter(({ kind }) => kind === 'territory.transferred')).toHaveLength(1);
});

test('a run is put back as far as nobody changed it since, once somebody approved that', async () => {
  const { id, ids } = await due();
  const [changed = '', kept = ''] = await accounts(2);
  await plan();
  await write();
  await transfer();
  await end();
  await org.update('Account', [{ Id: changed, ATAM_Territory__c: 'by hand' }]);
  const back = `${RUN}/rollback`;
  const asked = { run: back, undoes: RUN, by: 'sam-ops' };
  expect(await plan(asked)).toMatchObject({ phase: 'asked', figures: { due: 1 } });
  const said = { kind: 'approve', at: NOW, channel: 'console' } as const;
  const visit = (by: string) =>
    ground.run('visitRun', { run: back, now: NOW, messages: [{ ...said, id: by, by }] });
  expect((await visit('sam-ops')).phase).toBe('asked');
  expect((await visit('amber')).phase).toBe('approved');
  expect(await write(back)).toMatchObject({ staging: { refused: 0 } });
  await transfer(back);
  await end(back);
  expect(await rowOf(kept)).toMatchObject({ JB_Test_Sales_Segment__c: null, ATAM_Territory__c: null });
  expect(await rowOf(changed)).toMatchObject({ ATAM_Territory__c: 'by hand' });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: owners.maya,
    Account_Territory__c: null,
    TSP_Effective_Date__c: null,
  });
  expect(await ownersOf(ids)).toEqual([owners.maya, owners.maya, owners.maya, owners.hannah]);
  expect(await plan({ run: '2026-11-27' })).toMatchObject({ figures: { due: 0 } });
  const [issue] = await ground.world.gitlab.byMarker(
    `daytwo:tsp:${back}:end`,
    ground.projects.accessRequests,
  );
  expect(issue).toMatchObject({ state: 'closed', confidential: true });
  expect(issue?.description).toContain('set another day');
  expect((await ground.store.territoryRuns.get(back))?.run.left).toContainEqual({
    accountId: changed,
    why: 'changed-since',
  });
});

test('putting a run back leaves what is newer than its transfer, and gives opportunities the days that they had', async () => {
  const { id, ids } = await due();
  const [early = '', late = ''] = ids;
  const held = async (): Promise<readonly unknown[]> => {
    const rows = await org.retrieve('Opportunity', [early, late], ['Id', HELD_OVER]);
    return [early, late].map((one) => rows.find((row) => row['Id'] === one)?.[HELD_OVER]);
  };
  await org.update('Opportunity', [{ Id: late, [HELD_OVER]: '2026-12-24' }]);
  await plan();
  await write();
  await transfer();
  await end();
  expect(await held()).toEqual([null, '2027-02-24']);
  const newer = { Account_Territory__c: 'by hand', TSP_Effective_Date__c: '2027-01-15' };
  await org.update('Account', [{ Id: id, ...newer }]);
  await org.update('Opportunity', [{ Id: early, [HELD_OVER]: '2027-01-31' }]);
  const back = `${RUN}/rollback`;
  await plan({ run: back, undoes: RUN, by: 'sam-ops' });
  const approval = { id: '1', kind: 'approve', by: 'amber', at: NOW, channel: 'console' } as const;
  await ground.run('visitRun', { run: back, now: NOW, messages: [approval] });
  await write(back);
  expect(await transfer(back)).toMatchObject({ transfers: { rows: 1, left: 0 } });
  expect(await rowOf(id)).toMatchObject({
    OwnerId: owners.maya,
    Ultimate_Parent_Sales_Segment_Employees__c: null,
    ...newer,
  });
  expect(await held()).toEqual(['2027-01-31', '2026-12-24']);
});

test('a table with a mistake is stopped: nothing is written before somebody approved what the issue shows', async () => {
  const territory = ground.handbook.territory!;
  const threshold = { ...territory.rules.at(-1)!.threshold, accounts: 2 };
  const rules = territory.rules.map((one) => ({ ...one, threshold }));
  ground.handbook = { ...ground.handbook, territory: { ...territory, rules } };
  await accounts(3);
  expect(await plan()).toMatchObject({ phase: 'asked' });
  const messages = [{ id: '1', kind: 'reject', by: 'vera-vp', at: NOW, channel: 'cli', reason: 'a typing error' }] as const; // prettier-ignore
  expect(await ground.run('visitRun', { run: RUN, now: NOW, messages: [] })).toMatchObject({
    phase: 'asked',
  });
  const [issue] = await ground.world.gitlab.byMarker(`daytwo:tsp:${RUN}:end`, ground.projects.accessRequests);
  expect(issue?.description).toContain('MM-AMER-West-1');
  expect(issue?.description).toContain('more than 2 in a night');
  expect(await ground.run('visitRun', { run: RUN, now: NOW, messages })).toMatchObject({ phase: 'rejected' });
  expect(await end()).toMatchObject({ phase: 'rejected' });
  expect(await staged()).toBe(0);
});

describe('who edited rules and tables', () => {
  const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)];
  const authorsAre = (at: string, ...authors: string[]): (string | null)[] => {
    const asked: (string | null)[] = [];
    ground.edits = (folder, since) => {
      expect(folder).toBe('territory');
      asked.push(since);
      return Promise.resolve({ at, authors, why: null });
    };
    return asked;
  };
  const kept = async (run: string) => (await ground.store.territoryRuns.get(run))?.run;
  const night = async (run: string): Promise<void> => {
    await plan({ run });
    await write(run);
    await end(run);
  };

  test('is known by their addresses since the last run that was written, and they do not approve', async () => {
    const seen = authorsAre(FIRST);
    await night(RUN);
    expect(seen).toEqual([null]);
    const again = authorsAre(
      SECOND,
      'meri@daytwo.example',
      '77-amber@users.noreply.gitlab.com',
      'a@elsewhere.example',
    );
    await plan({ run: '2026-11-27' });
    expect(again).toEqual([FIRST]);
    expect(await kept('2026-11-27')).toMatchObject({
      editors: ['amber', 'meri'],
      editorsNotKnown: expect.stringMatching(/^1 of its authors/),
      tablesAt: SECOND,
    });
    expect(JSON.stringify(await kept('2026-11-27'))).not.toContain('@');
  });

  test('a run that was put back was no run: its editors still do not approve', async () => {
    authorsAre(FIRST);
    await accounts(1);
    await night(RUN);
    authorsAre(SECOND);
    await accounts(1);
    await night('2026-11-27');
    const runs = ground.store.territoryRuns;
    const back = await plan({ run: '2026-11-27/rollback', undoes: '2026-11-27', by: 'amber' });
    expect(back.phase).toBe('asked');
    const begun = await runs.get('2026-11-27/rollback');
    await runs.put({ ...begun!, run: { ...begun!.run, phase: 'done' } });
    const seen = authorsAre(SECOND);
    await plan({ run: '2026-11-28' });
    expect(seen).toEqual([FIRST]);
  });

  test('where nothing tells, the run says so', async () => {
    await plan();
    expect(await kept(RUN)).toMatchObject({
      editors: [],
      editorsNotKnown: expect.any(String),
      tablesAt: null,
    });
  });
});
