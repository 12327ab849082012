import { playClose } from '../../src/demo/close';
import { PlayStage } from '../support/play-stage';

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
  let stage: PlayStage;
  beforeAll(async () => {
    stage = await PlayStage.open();
  });
  afterAll(() => stage.close());

  it('goes from its opening to the proved lock and the end of its dates, whatever dies in between', async () => {
    const left = [...KILLED_AFTER];
    const kills: Promise<void>[] = [];
    await stage.played(
      (options) => playClose(options, { deals: 60, everyDays: 7 }),
      (text) => {
        const at = left.findIndex((moment) => moment.test(text));
        if (at < 0) return;
        left.splice(at, 1);
        kills.push(stage.system.killPart('worker'));
      },
    );
    await Promise.all(kills);
    expect(left).toEqual([]);

    const [close] = await stage.store.closes.all();
    expect(close).toMatchObject({
      phase: 'ended',
      lock: { proof: { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' } },
      snapshots: [{ name: 'before_lock' }, { name: 'after_lock' }],
    });
    const kinds = await stage.kinds();
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
    expect(await stage.system.daytwo('close', 'drift', close!.period)).toMatchObject({ code: 0 });
    expect(await stage.system.daytwo('close', 'start', close!.period, '--by', 'mallory')).toMatchObject({
      code: 1,
    });
  });
});
