import type { ChangeVisit, PeriodChangeActivities } from '../../src/activities/period-change';
import { changeAt, commissionDue, isOver, newChange, type PeriodChange } from '../../src/domain/close/change';
import { judgeChange, type ChangeRules } from '../../src/domain/close/change-desk';
import type { Stage } from './stage';

/** A change of a locked period by the real rules; what Salesforce answers is a word that a test may change. */
export class ChangeWorld {
  readonly acts: string[] = [];
  /** What comes of making it. */
  comesTo: 'applied' | 'stale' | 'refused' = 'applied';
  change: PeriodChange | undefined;
  readonly #rules: ChangeRules = {
    policy: {
      approvedBy: ['amber', 'dee-dealdesk'],
      insideRep: null,
      channels: ['gitlab', 'cli', 'signal'],
      fields: ['Amount'],
      exceptionMinutes: 15,
      openDays: 14,
      commission: { fields: ['Amount'], by: ['carla-comp'] },
    },
    preparers: [],
    channels: ['gitlab', 'cli', 'signal'],
  };

  constructor(private readonly stage: Stage) {}

  async ask(of: Partial<PeriodChange> = {}): Promise<void> {
    const now = await this.stage.now();
    this.change = {
      ...newChange({
        period: '2026-10',
        n: 1,
        asked: { by: 'sam-ops', at: new Date(now).toISOString(), channel: 'cli', reason: 'typed wrong' },
        edits: [{ record: '006', field: 'amountCents', from: 1, to: 2 }],
        policyVersion: '2026-01-01',
        openDays: 14,
      }),
      ...of,
    };
  }

  readonly activities: PeriodChangeActivities = {
    visitChange: ({ messages, now }) => {
      this.acts.push('visit');
      const { change, answers } = judgeChange(changeAt(this.#known, now), null, messages, this.#rules);
      this.change = change;
      return Promise.resolve<ChangeVisit>({
        phase: change.phase,
        edits: change.edits.length,
        commissionDue: commissionDue(change),
        over: isOver(change),
        expiresAt: change.expiresAt,
        url: null,
        answers,
      });
    },
    applyChange: ({ now }) => {
      this.acts.push('apply');
      this.change = {
        ...this.#known,
        phase: this.comesTo,
        outcome: { at: now, why: null },
        commission: this.comesTo === 'applied' ? { done: null } : null,
      };
      return Promise.resolve(this.comesTo);
    },
  };

  get #known(): PeriodChange {
    if (!this.change) throw new Error('no change was asked for');
    return this.change;
  }
}
