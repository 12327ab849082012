import type { LeavingEvent, RescindedEvent } from '../../src/domain/hr-event';
import type { LeavingPhase } from '../../src/domain/leaving';
import type { LeaverVisit, LeavingStep } from '../../src/domain/offboarding';
import { policyOn } from '../../src/domain/day-two';
import { timeZeroOf } from '../../src/handbook/leaving-time';
import { handbook } from '../domain/request';
import { instant, ref } from './hire-world';
import type { Activities, Stage } from './stage';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const policy = policyOn(handbook, '2026-11-25');
export const BERLIN = {
  zone: 'Europe/Berlin',
  country: 'DE',
  holidays: handbook.holidays,
  hours: policy.businessHours,
};

/** The world of one leaver as a test plays it: time zero by the real rules, and what was done when. */
export class LeaverWorld {
  /** What was done, in order, with the instant: `freeze admin_rights`, `take`, `visit daily`. */
  readonly done: { readonly what: string; readonly at: string }[] = [];
  readonly told: string[] = [];
  /** How many items are open. */
  open = 0;
  /** What the last look finds, once. */
  found = 0;
  callTicked = false;
  heldBy: string | null = null;
  questions: readonly string[] = [];
  gone = false;
  kickOff = policy.leaving;
  #phase: LeavingPhase = 'announced';

  constructor(private readonly stage: Pick<Stage, 'now'>) {}

  /** The instants at which something was done. */
  at(what: string): readonly string[] {
    return this.done.filter((one) => one.what === what).map(({ at }) => at);
  }
  get acts(): readonly string[] {
    return this.done.map(({ what }) => what);
  }

  readonly activities: Partial<Activities> = {
    planLeaving: async (input) => {
      await this.#note('plan');
      return this.#plan(input.event, input.immediately?.at ?? null);
    },
    freezeLeavers: async ({ actions }) => {
      await this.#note(`freeze ${actions.join(' ')}`);
      return { frozen: 1 };
    },
    takeLeavers: async () => {
      await this.#note('take');
      return { kind: this.heldBy === null ? 'taken' : 'with' };
    },
    takeBackLeaving: async ({ leaving, event }) => {
      await this.#note('take back');
      return { kind: leaving === null ? 'noted' : this.#ending(event) };
    },
    workLeaver: async (visit) => {
      const callStarted = this.callTicked || (visit.call !== null && visit.call?.by === 'dana-manager');
      await this.#note(`visit${visit.daily ? ' daily' : ''}${visit.final ? ' final' : ''}`);
      this.#phase = visit.phase;
      if (visit.final && this.found > 0) {
        this.open += this.found;
        this.found = 0;
      }
      for (const { by, task, kind } of visit.messages) {
        this.told.push(`${kind} ${task ?? ''} by ${by}`);
        if (by !== 'mallory') this.open = Math.max(0, this.open - 1);
      }
      const now = Date.parse(visit.now);
      const answer: LeaverVisit = {
        open: this.open,
        nextAt: this.open > 0 ? instant(now + DAY) : null,
        answers: Object.fromEntries(
          visit.messages.map(({ id, by }) => [id, by === 'mallory' ? 'it is settled by others' : null]),
        ),
        callStarted,
        standing: this.open > 0 ? ['`clari` is open'] : [],
      };
      return answer;
    },
  };

  #ending(_event: RescindedEvent): 'restored' | 'rescinded' {
    return this.#phase === 'suspended' ? 'restored' : 'rescinded';
  }

  #plan(event: LeavingEvent, now: string | null): Exclude<LeavingStep, { kind: 'new' }> {
    if (this.gone) return { kind: 'noted' };
    if (this.questions.length > 0) return { kind: 'question', problems: this.questions, ref: ref(7) };
    const timeZero = now ?? instant(Date.parse(timeZeroOf(event, this.kickOff, BERLIN)));
    const zero = Date.parse(timeZero);
    return {
      kind: 'planned',
      leaving: `${event.employee_id}/0a1b2c3d`,
      why: event.kind,
      phase: 'announced',
      timeZero,
      adminAt: event.kind === 'involuntary' ? instant(zero - 2 * HOUR) : null,
      lookBackAt: instant(zero + 30 * DAY),
    };
  }

  async #note(what: string): Promise<void> {
    this.done.push({ what, at: instant(await this.stage.now()) });
  }
}
