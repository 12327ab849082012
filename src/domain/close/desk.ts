import type { DeskMessage } from '../desk-acts';
import type { Channel } from '../handbook';
import { lastTick, tickOf, type Ticks } from '../task-list';
import { isLocked, type CloseCase } from './close';
import {
  NO_LIGHTS,
  PARTIES,
  PARTY_NAMES,
  whyNoLight,
  type GreenLight,
  type GreenLightPolicy,
  type Party,
} from './green-light';
import {
  heardIn,
  lightActs,
  lightText,
  type LightAct,
  type LightLabels,
  type PeriodReading,
} from './light-acts';
import {
  signed,
  signersOf,
  unsigned,
  whyNotSigned,
  type CloseTask,
  type Covers,
  type Step,
  type TaskState,
} from './tasks';
import { whyHeld } from './variances';

export interface CloseRules {
  readonly tasks: readonly CloseTask[];
  readonly covers: Covers;
  readonly greenLight: GreenLightPolicy;
  readonly labels: LightLabels;
  /** Over which channels a signature counts. */
  readonly channels: readonly Channel[];
}

/** An issue as GitLab shows it; its notes are read where a box isn't as daytwo left it. */
export interface IssueReading extends Ticks {
  readonly description: string;
}

export interface CloseReading {
  /** Null where nothing on it moved. */
  readonly period: PeriodReading | null;
  /** By the key of the task. */
  readonly tasks: ReadonlyMap<string, IssueReading>;
}

export interface CloseAct {
  readonly by: string;
  readonly at: string;
  readonly channel: Channel;
}

/** What somebody did that counts. */
export type CloseDeed = CloseAct &
  (
    | { readonly kind: 'signed' | 'unsigned'; readonly task: string; readonly step: Step }
    | { readonly kind: 'lit' | 'unlit'; readonly party: Party; readonly digest: string | null }
  );

export interface ClosePutBack extends CloseAct {
  /** The same for the same act. */
  readonly key: string;
  /** The task on whose issue it is said; null: on the issue of the period. */
  readonly task: string | null;
  readonly what: string;
  readonly why: string;
  readonly who: readonly string[];
}

export interface CloseVerdict {
  readonly close: CloseCase;
  readonly deeds: readonly CloseDeed[];
  readonly putBacks: readonly ClosePutBack[];
  readonly answers: Readonly<Record<string, string | null>>;
}

export const STEPS: readonly Step[] = ['prepared', 'reviewed'];
export const stepText = (step: Step): string => (step === 'prepared' ? 'Prepared' : 'Reviewed');

/** Whether a box of a task isn't as daytwo left it. */
export const taskMoved = (state: TaskState, description: string): boolean =>
  STEPS.some(
    (step) => (tickOf(description, stepText(step)) ?? state[step] !== null) !== (state[step] !== null),
  );

/** Parties for which somebody asks by a message. */
export const lightsAsked = (messages: readonly DeskMessage[]): readonly Party[] =>
  PARTIES.filter((party) => messages.some(({ kind, task }) => kind === 'approve' && task === party));

/**
 * Judges what people ticked and said since, in the order of the checklist: taken, or put back with the reason. Once the period is
 * locked nothing of it is signed or taken back any more.
 */
export function judgeClose(
  before: CloseCase,
  reading: CloseReading,
  messages: readonly DeskMessage[],
  rules: CloseRules,
): CloseVerdict {
  const desk = new CloseDesk(before, rules);
  for (const task of rules.tasks) {
    const issue = reading.tasks.get(task.key);
    const state = desk.states.get(task.key);
    if (!issue || !state) continue;
    for (const step of STEPS) {
      const ticked = tickOf(issue.description, stepText(step));
      if (ticked === undefined || ticked === (state[step] !== null)) continue;
      const tick = lastTick(issue, stepText(step), ticked);
      if (tick)
        desk.sign(
          task,
          step,
          ticked,
          { by: tick.by, at: tick.at, channel: 'gitlab' },
          `${task.key}/${tick.note}`,
        );
    }
  }
  const answers: Record<string, string | null> = {};
  for (const message of messages.filter(({ kind }) => kind === 'complete')) {
    const [key, step] = (message.task ?? '').split('/');
    const task = rules.tasks.find((one) => one.key === key);
    answers[message.id] =
      task && (step === 'prepared' || step === 'reviewed')
        ? desk.sign(task, step, true, message, message.id)
        : `say which: ${rules.tasks.map((one) => `${one.key}/prepared or /reviewed`).join(', ')}`;
  }
  if (reading.period) desk.hear(reading.period, lightActs(before, reading.period, rules.labels));
  for (const message of messages.filter(({ kind }) => kind !== 'complete')) {
    const party = PARTIES.find((one) => one === message.task);
    answers[message.id] = !party
      ? `say whose green light: --task ${PARTIES.join(' or ')}`
      : message.kind === 'approve' || message.kind === 'reject'
        ? desk.light(party, message.kind === 'approve', message, message.id)
        : 'a green light is given by approve, and taken back by reject';
  }
  return { close: desk.close, deeds: desk.deeds, putBacks: desk.putBacks, answers };
}

class CloseDesk {
  readonly states: Map<string, TaskState>;
  readonly deeds: CloseDeed[] = [];
  readonly putBacks: ClosePutBack[] = [];
  #close: CloseCase;

  constructor(
    before: CloseCase,
    private readonly rules: CloseRules,
  ) {
    this.#close = before;
    this.states = new Map(before.tasks.map((task) => [task.key, task]));
  }

  get close(): CloseCase {
    return { ...this.#close, tasks: this.#close.tasks.map((task) => this.states.get(task.key) ?? task) };
  }

  /** @returns why it isn't taken; null where it is */
  sign(task: CloseTask, step: Step, ticked: boolean, act: CloseAct, key: string): string | null {
    const state = this.states.get(task.key);
    const { channels, covers } = this.rules;
    const why =
      this.#overWhy() ??
      (channels.includes(act.channel) ? null : `it counts only over ${channels.join(', ')}`) ??
      (ticked
        ? (whyNotSigned(task, this.states, step, act.by, covers) ??
          (task.overBilling ? whyHeld(this.#close.reconciled) : null))
        : state?.[step]?.by === act.by || signersOf(task, step, covers).includes(act.by)
          ? null
          : 'whoever signs it takes it back');
    const { by, at, channel } = act;
    if (why !== null || !state) {
      const who = signersOf(task, step, covers);
      const what = `${ticked ? '' : 'taking back '}"${stepText(step)}" of ${task.key}`;
      this.putBacks.push({
        by,
        at,
        channel,
        key,
        task: task.key,
        what,
        why: why ?? 'there is no such task',
        who,
      });
      return why;
    }
    const signature = { by, at, channel };
    this.states.set(
      task.key,
      ticked ? signed(state, step, signature, this.#close.look?.digest ?? null) : unsigned(state, step),
    );
    this.deeds.push({ kind: ticked ? 'signed' : 'unsigned', task: task.key, step, by, at, channel });
    // What was lit stood on this signature.
    if (!ticked) this.#goOut();
    return null;
  }

  light(party: Party, on: boolean, act: CloseAct, key: string): string | null {
    const { greenLight } = this.rules;
    const { look, lights } = this.#close;
    const { by, at, channel } = act;
    const ground = {
      tasks: [...this.states.values()],
      open: this.#close.phase === 'open' ? null : (look?.open ?? null),
      digest: look?.digest ?? null,
      findings: look?.checks?.open ?? null,
      billing: whyHeld(this.#close.reconciled),
    };
    const why =
      this.#overWhy() ??
      (on
        ? whyNoLight(party, act, lights, ground, greenLight)
        : greenLight.by[party].includes(by)
          ? null
          : `the green light of ${PARTY_NAMES[party]} is taken back by those who may give it`);
    if (why !== null) {
      const what = `${on ? '' : 'taking back '}"${lightText(party)}"`;
      this.putBacks.push({ by, at, channel, key, task: null, what, why, who: greenLight.by[party] });
      return why;
    }
    const given: GreenLight | null = on ? { by, at, channel, digest: look?.digest ?? '' } : null;
    this.#close = { ...this.#close, lights: { ...lights, [party]: given } };
    this.deeds.push({ kind: on ? 'lit' : 'unlit', party, digest: given?.digest ?? null, by, at, channel });
    return null;
  }

  /** The lights that people gave on the issue of the period; one that is there by then is not given twice. */
  hear(reading: PeriodReading, acts: readonly LightAct[]): void {
    for (const { party, on, by, at, key } of acts)
      if ((this.#close.lights[party] !== null) !== on)
        this.light(party, on, { by, at, channel: 'gitlab' }, key);
    this.#close = { ...this.#close, heard: heardIn(reading, this.#close.heard) };
  }

  #overWhy(): string | null {
    return isLocked(this.#close) ? 'the period is locked: ask for a change of it' : null;
  }

  #goOut(): void {
    this.#close = { ...this.#close, lights: NO_LIGHTS };
  }
}
