import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/evidence';
import { eventually, System } from '../support/system';
import { BOOK, LeavingCrowd } from './leaving-crowd';

jest.setTimeout(600_000);

const PEOPLE = 20;
const IDS = Array.from({ length: PEOPLE }, (_, at) => `gone${at}`);
const MINUTE = 60_000;

/** A zone where it is the middle of the day, whenever the test runs: no day begins or ends meanwhile. */
const ZONE = ((): string => {
  const hours = 12 - new Date().getUTCHours();
  // Signs of these zones are the other way round: `Etc/GMT-3` is three hours ahead.
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? `-${hours}` : `+${-hours}`}`;
})();

/**
 * Twenty people with books leave at one hour, while everything is killed with -9, answers are lost after their effect, and systems
 * refuse. What counts is what the sandbox has afterwards, and what it noted.
 */
describe('twenty leave at one hour, under fire', () => {
  let system: System;
  let store: Store;
  beforeAll(async () => {
    system = new System(1);
    cpSync(join(__dirname, '..', '..', 'config'), system.configDir, { recursive: true });
    // Also where today is a holiday or a weekend, they leave today.
    change(system, (policy) => policy.replace('day_off: before', 'day_off: same'));
    await system.start();
    store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
  });
  afterAll(async () => {
    await store.close();
    await system.dispose();
  });

  it('nobody keeps access, nothing is handed over twice, and no closed opportunity moves', async () => {
    const crowd = await LeavingCrowd.of(system, IDS);
    const zero = await announced(crowd);
    // They settle in while the minute of time zero comes nearer.
    await crowd.employ();
    expect(await crowd.owned()).toEqual({
      Account: PEOPLE * BOOK.accounts,
      Opportunity: PEOPLE * (BOOK.open + BOOK.closed),
      Lead: PEOPLE * BOOK.leads,
      Case: PEOPLE * BOOK.cases,
    });
    expect(Date.now()).toBeLessThan(zero);
    expect(await crowd.ownerChanges()).toEqual([]);
    await underFire();
    await eventually(
      'the first is frozen',
      async () => (await frozen(crowd)) > 0,
      MINUTE + zero - Date.now(),
    );
    await system.killPart('worker');
    await eventually(
      'the first record has another owner',
      async () => (await crowd.ownerChanges()).length > 0,
      240_000,
    );
    await system.killAll();
    await system.start();
    await eventually(
      'all are handed over and taken',
      async () => (await store.leavers.inPhase(['taken', 'watched'])).length === PEOPLE,
      330_000,
    );
    const log = await system.log();
    await system.clearFaults();
    await eventually('nobody has any access', async () => (await crowd.left()).length === 0);

    const changes = await crowd.ownerChanges();
    const times = new Map<string, number>();
    for (const { id } of changes) times.set(id, (times.get(id) ?? 0) + 1);
    const twice = [...times].filter(([id, count]) => count > (crowd.isClosed(id) ? 2 : 1));
    expect(twice).toEqual([]);
    expect(await crowd.closedThatMoved()).toBe(0);
    expect(new Set(changes.filter(({ id }) => !crowd.isClosed(id)).map(({ id }) => id)).size).toBe(
      PEOPLE * (BOOK.accounts + BOOK.open + BOOK.leads + BOOK.cases),
    );
    expect(await crowd.owned()).toEqual({ Account: 0, Opportunity: PEOPLE * BOOK.closed, Lead: 0, Case: 0 });
    const trail = await crowd.rows('SetupAuditTrail', 'CreatedDate', "Action = 'frozeuser'");
    const freezes = trail.map((row) => Date.parse(String(row['CreatedDate'])));
    expect(freezes).toHaveLength(PEOPLE);
    expect(Math.min(...freezes)).toBeGreaterThanOrEqual(zero);
    expect(Math.max(...freezes)).toBeLessThanOrEqual(Math.min(...changes.map(({ at }) => Date.parse(at))));
    // The fire was one.
    expect(log.filter(({ status }) => status === 0).length).toBeGreaterThan(20);
    expect(log.some(({ status }) => status === 429)).toBe(true);
    expect(log.some(({ status }) => status === 503)).toBe(true);
  });

  /** All leave today at the next minute that leaves a busy machine time to say so. @returns time zero */
  async function announced(crowd: LeavingCrowd): Promise<number> {
    const zero = Math.ceil((Date.now() + MINUTE) / MINUTE) * MINUTE;
    const local = new Intl.DateTimeFormat('sv-SE', {
      timeZone: ZONE,
      dateStyle: 'short',
      timeStyle: 'short',
    }).format(zero);
    const [day, time] = local.split(' ') as [string, string];
    change(system, (policy) => policy.replace(/kick_off: \{[^}]*\}/, kickOff(time)));
    for (const person of (await store.peopleById(IDS)).values())
      await store.putPerson({ ...person, timeZone: ZONE });
    const [first = '', ...others] = IDS;
    const dueAt = (): Promise<number> =>
      store.leavers
        .inPhase(['announced'])
        .then((all) => all.filter((one) => Date.parse(one.timeZero) === zero).length);
    let word = 0;
    // The worker takes a changed handbook up within two seconds: until then HR says it again.
    await eventually('the hour is taken up', async () => {
      const event = crowd.leaving(first, day);
      const taken = (await dueAt()) === 1;
      if (!taken) await system.hr({ ...event, event_id: `${event.event_id}-${word++}` });
      return taken;
    });
    await Promise.all(others.map((id) => system.hr(crowd.leaving(id, day))));
    await eventually('all are announced', async () => (await dueAt()) === PEOPLE);
    return zero;
  }

  async function underFire(): Promise<void> {
    for (const part of ['gitlab', 'salesforce', 'scim', 'okta']) {
      await system.fault({ system: part, kind: 'lose-answer', rate: 0.3 });
      await system.fault({ system: part, kind: 'status', status: 429, retryAfter: 1, rate: 0.05 });
      await system.fault({ system: part, kind: 'status', status: 503, rate: 0.05 });
    }
  }
});

function change({ configDir }: System, by: (policy: string) => string): void {
  const file = join(configDir, 'policy.yml');
  writeFileSync(file, by(readFileSync(file, 'utf8')));
}

const kickOff = (time: string): string =>
  `kick_off: { ${['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => `${day}: '${time}'`).join(', ')} }`;

const frozen = async (crowd: LeavingCrowd): Promise<number> =>
  (await crowd.rows('SetupAuditTrail', 'Id', "Action = 'frozeuser'")).length;
