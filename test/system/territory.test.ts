import { playTerritory } from '../../src/demo/territory';
import { openStore, type Store } from '../../src/evidence';
import { System } from '../support/system';

jest.setTimeout(600_000);

/** So few that it is short; with fewer, no account is as the play needs one. */
const ACCOUNTS = 900;

/** Nights of territory planning on the whole product, by the sandbox's clock: `npm start -- --play territory`, with fewer accounts. */
describe('nights of territory planning', () => {
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

  it('go from a plan that waits for approval to a transfer and back, whoever changes an account meanwhile', async () => {
    const said: string[] = [];
    const line = (text: string): void => void said.push(text);
    const outcome = await playTerritory(
      {
        stateDir: system.stateDir,
        exit: true,
        voice: { line, warn: line, addresses: () => undefined },
        signal: new AbortController().signal,
      },
      ACCOUNTS,
    );
    if (!outcome.ok) throw new Error(`${outcome.missing.join('\n')}\n${said.join('\n')}`);

    const [first = '', second = '', back = '', ...more] = await store.territoryRuns.ids();
    expect([back, more]).toEqual([`${second}/rollback`, []]);
    const runs = await Promise.all([first, second, back].map((id) => store.territoryRuns.get(id)));
    expect(runs.map((kept) => kept?.run)).toMatchObject([
      { phase: 'done', decided: { channel: 'gitlab' } },
      { phase: 'done', transfers: { rows: 1, left: 0, refused: 0 } },
      { phase: 'done', undoes: second, transfers: { rows: 1, left: 0, refused: 0 } },
    ]);
    const kinds = new Set((await store.rowsAfter(0)).map(({ kind }) => kind));
    for (const kind of [
      'territory.planned',
      'territory.approve',
      'territory.staged',
      'territory.transferred',
      'review.approve',
    ])
      expect(kinds).toContain(kind);
    expect(await system.daytwo('territory', 'rollback', first, '--by', 'mallory')).toMatchObject({ code: 1 });
  });
});
