import { playTerritory } from '../../src/demo/territory';
import { PlayStage } from '../support/play-stage';

jest.setTimeout(600_000);

/** So few that it is short; with fewer, no account is as the play needs one. */
const ACCOUNTS = 900;

/** Nights of territory planning on the whole product, by the sandbox's clock: `npm start -- --play territory`, with fewer accounts. */
describe('nights of territory planning', () => {
  let stage: PlayStage;
  beforeAll(async () => {
    stage = await PlayStage.open();
  });
  afterAll(() => stage.close());

  it('go from a plan that waits for approval to a transfer and back, whoever changes an account meanwhile', async () => {
    await stage.played((options) => playTerritory(options, ACCOUNTS));

    const [first = '', second = '', back = '', ...more] = await stage.store.territoryRuns.ids();
    expect([back, more]).toEqual([`${second}/rollback`, []]);
    const runs = await Promise.all([first, second, back].map((id) => stage.store.territoryRuns.get(id)));
    expect(runs.map((kept) => kept?.run)).toMatchObject([
      { phase: 'done', decided: { channel: 'gitlab' } },
      { phase: 'done', transfers: { rows: 1, left: 0, refused: 0 } },
      { phase: 'done', undoes: second, transfers: { rows: 1, left: 0, refused: 0 } },
    ]);
    const kinds = await stage.kinds();
    for (const kind of [
      'territory.planned',
      'territory.approve',
      'territory.staged',
      'territory.transferred',
      'review.approve',
    ])
      expect(kinds).toContain(kind);
    expect(await stage.system.daytwo('territory', 'rollback', first, '--by', 'mallory')).toMatchObject({
      code: 1,
    });
  });
});
