import { newRun, type RunFigures, type TerritoryRun } from '../../../src/domain/territory/run';

export const FIGURES: RunFigures = {
  accounts: 1_000,
  added: 0,
  changed: 10,
  unchanged: 990,
  touched: 10,
  carrCents: 1_000_00,
  moves: 3,
  held: 2,
  due: 1,
  findings: 0,
};

/** A run as it begins; with `above`, it waits for approval. */
export const runOf = (of: Partial<TerritoryRun> = {}): TerritoryRun => ({
  ...newRun({
    changes: 'c0ffee',
    id: '2026-11-26',
    undoes: null,
    by: 'daytwo',
    begunAt: '2026-11-26T10:00:00.000Z',
    policyVersion: '2026-01-01',
    rulesVersion: '2022-02-01',
    read: { way: 'whole', why: 'policy', rows: 1_000 },
    figures: FIGURES,
    summary: {
      fields: [{ name: 'segment', accounts: 10, carrCents: 1_000_00 }],
      reasons: [],
      territories: [{ name: 'MM-EMEA-<b>DE</b> 3x', accounts: 10, carrCents: 1_000_00 }],
      held: [],
      findings: [],
    },
    found: [],
    above: [],
    editors: [],
    editorsNotKnown: null,
    tablesAt: null,
    openHours: 20,
  }),
  ...of,
});

export const asked = (of: Partial<TerritoryRun> = {}): TerritoryRun =>
  runOf({ phase: 'asked', above: ['501 accounts, more than 500 in a night'], ...of });
