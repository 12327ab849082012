import type { RunVisit, TerritoryRunActivities } from '../../src/activities/territory-run';
import { newRun, runAt, type TerritoryRun } from '../../src/domain/territory/run';
import { judgeRun } from '../../src/domain/territory/run-desk';
import type { RunStanding } from '../../src/domain/territory/run-status';
import { aboveThreshold } from '../../src/domain/territory/threshold';
import { FIGURES } from '../domain/territory/run-sample';

/** Runs of territory planning by the real rules of the desk; what a plan comes to is a number that a test may change. */
export class TerritoryWorld {
  readonly acts: string[] = [];
  changed = 10;
  run: TerritoryRun | undefined;

  readonly activities: TerritoryRunActivities = {
    openTerritoryNight: () => Promise.resolve('2026-11-26'),
    planRun: ({ run, undoes, by, now }) => {
      this.acts.push('plan');
      const figures = { ...FIGURES, changed: this.changed, touched: this.changed };
      const above = aboveThreshold(figures, { accounts: 500, carrCents: 1_000_000_00 });
      this.run = newRun({
        changes: 'c0ffee',
        id: run,
        undoes,
        by,
        begunAt: now,
        policyVersion: '2026-01-01',
        rulesVersion: '2022-02-01',
        read: { way: 'whole', why: 'policy', rows: 1_000 },
        figures,
        summary: { fields: [], reasons: [], territories: [], held: [], findings: [] },
        found: [],
        above: undoes === null ? above : ['puts back a run'],
        editors: [],
        editorsNotKnown: null,
        tablesAt: null,
        openHours: 20,
      });
      return this.#standing();
    },
    visitRun: async ({ messages, now }) => {
      this.acts.push('visit');
      const { run, answers } = judgeRun(runAt(this.#known, now), null, messages, {
        approvedBy: ['amber', 'vera-vp'],
        channels: ['gitlab', 'cli', 'signal'],
        editors: ['priya-ops'],
      });
      this.run = run;
      return { ...(await this.#standing()), answers } satisfies RunVisit;
    },
    writeStaging: () => {
      this.acts.push('write');
      this.run = { ...this.#known, staging: { rows: this.changed, left: 0, refused: 0 } };
      return this.#standing();
    },
    transferDue: () => {
      this.acts.push('transfer');
      this.run = { ...this.#known, transfers: { rows: 1, left: 0, refused: 0 } };
      return this.#standing();
    },
    endRun: ({ now }) => {
      this.acts.push('end');
      if (this.#known.phase === 'approved') this.run = { ...this.#known, phase: 'done', endedAt: now };
      return this.#standing();
    },
  };

  get #known(): TerritoryRun {
    if (!this.run) throw new Error('nothing was planned');
    return this.run;
  }

  #standing(): Promise<RunStanding> {
    const { phase, figures, staging, transfers, expiresAt } = this.#known;
    return Promise.resolve({ phase, figures, staging, transfers, expiresAt, url: null });
  }
}
