import { join } from 'node:path';
import type { CloseActivities, VisitClose } from '../../src/activities/close';
import {
  closeAt,
  dateOf,
  endedOrNot,
  litOrNot,
  newClose,
  nextLook,
  type CloseCase,
} from '../../src/domain/close/close';
import { judgeClose, type CloseRules } from '../../src/domain/close/desk';
import type { Party } from '../../src/domain/close/green-light';
import { closeAfterLook } from '../../src/domain/close/look';
import { visitOf, type CloseVisit } from '../../src/domain/close/status';
import { readHandbook } from '../../src/handbook';
import { nextNight, planClose } from '../../src/handbook/close-time';
import type { Stage } from './stage';

const handbook = readHandbook(join(__dirname, '..', '..', 'config'));

/** What an edit of a record is told as. */
const EDIT = { id: '006', kind: 'changed', fields: [], by: null, at: null } as const;

/** A close with the real rules and dates; the records of its period are a word that a test may change. */
export class CloseWorld {
  /** What was asked of the activities, in order. */
  readonly acts: string[] = [];
  /** Opportunities that visits were told of, visit by visit. */
  readonly changed: (readonly string[])[] = [];
  records = 'as they were';
  /** An edit that the lock must refuse goes through for so many tries. */
  unproved = 0;
  close: CloseCase | undefined;
  #rules: CloseRules | undefined;

  constructor(private readonly stage: Stage) {}

  readonly activities: CloseActivities = {
    beginClose: ({ period, by, now }) => {
      this.acts.push('begin');
      const plan = planClose(handbook, period);
      const tasks = plan.tasks.map(({ task }) => ({ ...task, automatic: null }));
      this.#rules = {
        tasks,
        covers: () => [],
        greenLight: plan.policy.close.greenLight,
        labels: handbook.labels,
        channels: ['gitlab', 'cli', 'signal'],
      };
      this.close ??= newClose({
        period,
        policyVersion: plan.policy.effectiveFrom,
        dates: plan.dates,
        due: plan.tasks.map(({ task: { key }, dueAt }) => ({ key, dueAt })),
        openedAt: now,
        openedBy: by,
      });
      return Promise.resolve(this.#visit({ period, messages: [], look: true, now }));
    },
    visitClose: (visit) => {
      this.acts.push(visit.look ? 'look' : 'visit');
      if (visit.changed) this.changed.push(visit.changed);
      return Promise.resolve(this.#visit(visit));
    },
    lockPeriod: () => {
      this.acts.push('lock');
      const close = this.close;
      if (!close || close.lights.deal_desk?.digest !== this.records)
        return Promise.resolve({ kind: 'changed', records: 1 });
      if (this.unproved > 0) {
        this.unproved -= 1;
        return Promise.resolve({ kind: 'not_proved', code: 'NONE' });
      }
      this.close = { ...close, phase: 'locked' };
      return Promise.resolve({ kind: 'locked' });
    },
    openDueCloses: () => Promise.resolve([]),
  };

  /** Somebody gives a green light where the policy counts it, which the command isn't. */
  async light(party: Party, by: string): Promise<void> {
    if (!this.close) throw new Error('no close was begun');
    const at = new Date(await this.stage.now()).toISOString();
    const light = { by, at, channel: 'gitlab' as const, digest: this.records };
    this.close = { ...this.close, lights: { ...this.close.lights, [party]: light } };
  }

  /** Everything is signed and lit again over the records as they are now. */
  relight(): void {
    const { close } = this;
    if (!close) throw new Error('no close was begun');
    const sign = (by: string) => ({ by, at: close.openedAt, channel: 'gitlab' as const });
    this.close = {
      ...close,
      tasks: close.tasks.map((task) => ({ ...task, prepared: sign('p'), reviewed: sign('r') })),
      lights: {
        deal_desk: { ...sign('dee-dealdesk'), digest: this.records },
        finance: { ...sign('fiona-finance'), digest: this.records },
      },
    };
  }

  /** Instants of the close, by kind of date. */
  at(kind: Parameters<typeof dateOf>[1]): number {
    return Date.parse((this.close && dateOf(this.close, kind)?.at) ?? '');
  }

  #visit({ messages, look, now, period }: VisitClose): CloseVisit {
    let close = this.close;
    const rules = this.#rules;
    if (!close || !rules) throw new Error('no close was begun');
    close = closeAt(close, now);
    if (look || messages.length > 0) {
      const seen = { at: now, records: 2, totalCents: 0, digest: this.records, open: 0, checks: null };
      const isEdited = close.look !== null && close.look.digest !== this.records;
      ({ close } = closeAfterLook(close, seen, isEdited ? [EDIT] : [], rules.tasks));
    }
    const verdict = judgeClose(close, { period: null, tasks: new Map() }, messages, rules);
    close = endedOrNot(litOrNot(verdict.close), now, false);
    this.close = close;
    const plan = planClose(handbook, period);
    return visitOf(close, {
      nextAt: nextLook(close, nextNight(now, plan.policy.close), now),
      lockAt: dateOf(close, 'lock')?.at ?? '',
      answers: verdict.answers,
    });
  }

  /** The next period that opens at least a day from now. */
  async nextPeriod(): Promise<string> {
    let month = new Date(await this.stage.now()).toISOString().slice(0, 7);
    for (;;) {
      const opens = planClose(handbook, month).dates.find(({ kind }) => kind === 'opens');
      if (opens && Date.parse(opens.at) > (await this.stage.now())) return month;
      const next = new Date(`${month}-15T00:00:00Z`);
      next.setUTCMonth(next.getUTCMonth() + 1);
      month = next.toISOString().slice(0, 7);
    }
  }
}

/** Who prepares and reviews each task of the sample, in an order that its needs allow. */
export const signaturesOf = (period: string): readonly { readonly task: string; readonly by: string }[] =>
  planClose(handbook, period).tasks.flatMap(({ task }) => [
    { task: `${task.key}/prepared`, by: task.preparer },
    { task: `${task.key}/reviewed`, by: task.reviewer },
  ]);
