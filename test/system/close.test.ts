import { playClose } from '../../src/demo/close';
import { openStore, type Store } from '../../src/evidence';
import { System } from '../support/system';

jest.setTimeout(600_000);

/** After what of the play the worker is killed with -9: each in the middle of something else. */
const KILLED_AFTER = [
  /the cut-off is over/,
  /ticks "Green light: Finance"/,
  /The period locks/,
  /asks for a change/,
];

/** The next month's close on the whole product, by the sandbox's clock: `npm start -- --play close`, with fewer deals and days. */
describe('the close of a month', () => {
  let system: System;
  let store: Store;
  beforeAll(async () => {
    system = await new System(3).start();
    store = await openStore({ stateDir: system.stateDir, databaseUrl: null });
    process.env['DAYTWO_CONFIG_DIR'] = system.configDir;
  });
  afterAll(async () => {
    await store.close();
    await system.dispose();
  });

  it('goes from its opening to the proved lock and the end of its dates, whatever dies in between', async () => {
    const left = [...KILLED_AFTER];
    const kills: Promise<void>[] = [];
    const said: string[] = [];
    const line = (text: string): void => {
      said.push(text);
      const at = left.findIndex((moment) => moment.test(text));
      if (at < 0) return;
      left.splice(at, 1);
      kills.push(system.killPart('worker'));
    };
    const outcome = await playClose(
      {
        stateDir: system.stateDir,
        exit: true,
        voice: { line, warn: line, addresses: () => undefined },
        signal: new AbortController().signal,
      },
      { deals: 60, everyDays: 7 },
    );
    await Promise.all(kills);
    if (!outcome.ok) throw new Error(`${outcome.missing.join('\n')}\n${said.join('\n')}`);
    expect(left).toEqual([]);

    const [close] = await store.closes.all();
    expect(close).toMatchObject({
      phase: 'ended',
      lock: { proof: { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' } },
      snapshots: [{ name: 'before_lock' }, { name: 'after_lock' }],
    });
    const kinds = new Set((await store.rowsAfter(0)).map(({ kind }) => kind));
    for (const kind of [
      'close.opened',
      'close.signed',
      'close.lit',
      'close.light_out',
      'close.accepted',
      'close.reconciled',
      'close.variance',
      'decision.refused',
      'close.locked',
      'close.drift',
    ])
      expect(kinds).toContain(kind);
    expect(await system.daytwo('close', 'drift', close!.period)).toMatchObject({ code: 0 });
    expect(await system.daytwo('close', 'start', close!.period, '--by', 'mallory')).toMatchObject({
      code: 1,
    });
  });
});
