import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection as Salesforce } from 'jsforce';
import { openStore, type Store } from '../../src/evidence';
import { readHandbook } from '../../src/handbook';
import { planClose } from '../../src/handbook/close-time';
import { localTime } from '../../src/handbook/business-time';
import { addDays } from '../../src/domain/dates';
import { Desk } from '../support/desk';
import { eventually, System } from '../support/system';

jest.setTimeout(600_000);

/** The month before the one that it is in Los Angeles, where closes are counted. */
const PERIOD = addDays(
  `${localTime(new Date().toISOString(), 'America/Los_Angeles').date.slice(0, 7)}-01`,
  -1,
).slice(0, 7);
/** Who prepares and who reviews, as the sample has it; null: daytwo prepares it. */
const SIGNERS: Readonly<Record<string, readonly [string | null, string]>> = {
  'large-deals': ['omar-orders', 'dee-dealdesk'],
  overdue: [null, 'amber'],
  queue: ['omar-orders', 'dee-dealdesk'],
  'booking-checks': [null, 'amber'],
  'web-direct': ['jonas-ops', 'meri'],
  reconcile: ['sam-ops', 'meri'],
  'representation-letters': ['priya-ops', 'amber'],
};

const CLOSED = `SELECT Id FROM Opportunity WHERE IsClosed = true AND CloseDate >= ${PERIOD}-01 AND CloseDate < ${addDays(`${PERIOD}-28`, 5).slice(0, 7)}-01`;

/** A month that is over, from its opening to the proved lock, on the whole product. */
describe('the close of a month', () => {
  let system: System;
  let desk: Desk;
  let store: Store;
  let org: Salesforce;
  let won: string;
  let overdue: string;
  beforeAll(async () => {
    system = new System(3);
    cpSync(join(__dirname, '..', '..', 'config'), system.configDir, { recursive: true });
    change('policy.yml', (text) => text.replace('lock_day: 5', 'lock_day: 1'));
    await system.start();
    desk = new Desk(system);
    store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    org = await connected(system);
    await filled();
    won = await oneThatIsWon();
    overdue = await opportunity({ Name: 'Overdue', StageName: '3-Technical Evaluation', Amount: 5 });
  });
  afterAll(async () => {
    await store.close();
    await system.dispose();
  });

  it('is signed by two for each task, lit by two parties over the same records, locked and proved', async () => {
    expect(await daytwo('close', 'start', PERIOD, '--by', 'mallory')).toMatchObject({ code: 1 });
    expect(await daytwo('close', 'start', PERIOD, '--by', 'amber')).toMatchObject({ code: 0 });
    await eventually(
      'its issues are there',
      async () => (await kept())?.tasks.every(({ iid }) => iid !== null) ?? false,
    );
    // Begun twice, it is one.
    expect(await daytwo('close', 'start', PERIOD, '--by', 'meri')).toMatchObject({ code: 0 });

    await tick('sam-ops', await iidOf('queue'), 'Prepared');
    await eventually('a stranger is put back', async () =>
      (await said(await iidOf('queue'))).some((text) => text.includes('was put back')),
    );
    await org.sobject('Opportunity').destroy(overdue);
    await system.killPart('worker');
    for (const key of [
      'large-deals',
      'queue',
      'web-direct',
      'booking-checks',
      'reconcile',
      'representation-letters',
      'overdue',
    ])
      await sign(key);

    await light('dee-dealdesk', 'Deal Desk');
    await shownGreen();
    await edit(won, { Amount: 2000.5 });
    await light('fiona-finance', 'Finance');
    await eventually('the light went out', async () => {
      const close = await kept();
      return close?.lights.deal_desk === null && close.lights.finance === null;
    });
    await eventually('both are told which record it is', async () => {
      const told = await said((await kept())?.issue?.iid ?? 0);
      return (
        told.some((text) => text.includes('Deal Desk went out') && text.includes(won)) &&
        told.some((text) => text.includes('not signed yet') && text.includes('reconcile'))
      );
    });

    // What the edit broke is accepted, by whom policy names and with a reason.
    const [broken, ...others] = (await store.closes.findings(PERIOD)).filter(({ state }) => state === 'open');
    expect([broken, ...others].map((finding) => finding?.record)).toContain(won);
    const accept = (id: string | undefined, by: string, ...more: string[]) =>
      daytwo('approve', PERIOD, '--task', `finding/${id ?? ''}`, '--by', by, ...more);
    expect(await accept(broken?.id, 'mallory', '--reason', 'please')).toMatchObject({ code: 1 });
    expect(await accept(broken?.id, 'amber')).toMatchObject({ code: 1 });
    for (const finding of [broken, ...others])
      expect(await accept(finding?.id, 'amber', '--reason', 'agreed with Finance')).toMatchObject({
        code: 0,
      });
    expect((await daytwo('close', 'findings', PERIOD)).out).toContain('Nothing was found');

    for (const key of ['booking-checks', 'reconcile']) await sign(key);
    await light('dee-dealdesk', 'Deal Desk');
    await shownGreen();
    await light('fiona-finance', 'Finance');
    await eventually('it is locked', async () => ['locked', 'ended'].includes((await kept())?.phase ?? ''));

    const close = await kept();
    expect(close?.lock?.proof).toMatchObject({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' });
    const counted = await closedRecords();
    expect(close?.snapshots).toMatchObject([
      { name: 'before_lock', records: counted },
      { name: 'after_lock', records: counted },
    ]);
    expect(await store.closes.records(PERIOD, 'after_lock')).toHaveLength(counted);
    await expect(edit(won, { Amount: 1 })).rejects.toThrow(/locked through/);
    expect(await amountOf(won)).toBe(2000.5);
    const kinds = (await store.rowsAfter(0)).map(({ kind }) => kind);
    for (const kind of [
      'close.opened',
      'close.signed',
      'close.lit',
      'close.light_out',
      'decision.refused',
      'close.locked',
    ])
      expect(kinds).toContain(kind);
    const shown = await daytwo('show', PERIOD);
    expect(shown.out).toContain(
      '7 of 7'.replace('7 of 7', `${close?.tasks.length} of ${close?.tasks.length}`),
    );
  });

  const said = async (iid: number): Promise<readonly string[]> =>
    (await desk.notes(iid)).map(({ body }) => body);
  const kept = async () => (await store.closes.get(PERIOD))?.close;
  const iidOf = async (key: string): Promise<number> => {
    const iid = (await kept())?.tasks.find((task) => task.key === key)?.iid;
    if (!iid) throw new Error(`no issue of ${key}`);
    return iid;
  };

  async function sign(key: string): Promise<void> {
    const [preparer, reviewer] = SIGNERS[key] ?? [null, ''];
    const state = async () => (await kept())?.tasks.find((task) => task.key === key);
    if (!(await state())) return; // Of quarters alone.
    const iid = await iidOf(key);
    if (preparer) {
      await tick(preparer, iid, 'Prepared');
      await signedOn(iid, preparer);
    }
    await tick(reviewer, iid, 'Reviewed');
    await signedOn(iid, reviewer);
    expect(await state()).toMatchObject({ reviewed: { by: reviewer } });
  }

  /** The issue shows the signature: what is ticked before might be written over. */
  const signedOn = (iid: number, by: string): Promise<void> =>
    eventually(`${iid} shows that ${by} signed`, async () =>
      (await desk.issue(iid)).description.includes(`\`${by}\` at `),
    );

  const shownGreen = (): Promise<void> =>
    eventually('the green light of Deal Desk is shown', async () =>
      (await desk.issue((await kept())?.issue?.iid ?? 0)).description.includes('given by `dee-dealdesk`'),
    );

  const light = async (by: string, party: string): Promise<void> =>
    tick(by, (await kept())?.issue?.iid ?? 0, `Green light: ${party}`);

  /** Ticks the box once daytwo has it open. */
  const tick = (by: string, iid: number, text: string): Promise<void> =>
    eventually(`"${text}" of ${iid} can be ticked`, () => desk.tick(by, iid, text));

  /** Bookings of every route that keep every rule. */
  async function filled(): Promise<void> {
    const plan = planClose(readHandbook(system.configDir), PERIOD);
    const answer = await fetch(`${system.sandbox.salesforce.loginUrl}/__sandbox/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        period: PERIOD,
        cutOff: plan.period.cutOff,
        today: localTime(new Date().toISOString(), 'America/Los_Angeles').date,
        count: 60,
        faults: false,
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async function oneThatIsWon(): Promise<string> {
    const { records } = await org.query<{ Id: string }>(`${CLOSED} AND IsWon = true LIMIT 1`);
    if (!records[0]) throw new Error('nothing was won');
    return records[0].Id;
  }

  const closedRecords = async (): Promise<number> => (await org.query(CLOSED)).totalSize;

  async function opportunity(fields: Record<string, unknown>): Promise<string> {
    const made = await org.sobject('Opportunity').create({ CloseDate: `${PERIOD}-20`, ...fields });
    if (!made.success) throw new Error('an opportunity was refused');
    return made.id;
  }

  async function edit(id: string, fields: Record<string, unknown>): Promise<void> {
    await org.sobject('Opportunity').update({ Id: id, ...fields });
  }

  const amountOf = async (id: string): Promise<unknown> =>
    (await org.sobject('Opportunity').retrieve(id))['Amount'];

  function change(file: string, by: (text: string) => string): void {
    const path = join(system.configDir, file);
    writeFileSync(path, by(readFileSync(path, 'utf8')));
  }

  function daytwo(...args: readonly string[]): Promise<{ code: number; out: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(__dirname, '../../bin/daytwo.cjs'), ...args],
        {
          env: {
            ...process.env,
            DAYTWO_STATE_DIR: system.stateDir,
            DAYTWO_CONFIG_DIR: system.configDir,
            NODE_ENV: 'development',
          },
        },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, out: `${stdout}${stderr}` }),
      );
    });
  }
});

async function connected(system: System): Promise<Salesforce> {
  const { loginUrl, instanceUrl, apiVersion, clientId, clientSecret } = system.sandbox.salesforce;
  const org = new Salesforce({ loginUrl, instanceUrl, version: apiVersion });
  await org.authorize({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  return org;
}
