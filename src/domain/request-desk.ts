import { apply, applyAll, isEnded, type Fact, type RequestState } from './access-request';
import type { DeskMessage } from './desk-acts';
import type { Channel, DecisionKind } from './handbook';
import type { Outcome } from './outcome';

/** What a signal or update of DESIGN's messages carries: `{"by": "…", "task": "…", "reason": "…"}`. */
export interface DecisionInput {
  readonly by: string;
  readonly task?: string;
  readonly reason?: string;
  /** Which way it came; a plain signal doesn't say and is counted as one. */
  readonly channel?: Channel;
  /** With `cancel`: take back what was granted. */
  readonly remove?: boolean;
  /** With `reassign`: the user name on whom it waits. */
  readonly from?: string;
  /** With `reassign`: whom it is to wait on, a user name or `team:<key of people.yml>`. */
  readonly to?: string;
}

/** Why a message can't even be judged, or null. The desk judges the rest by policy. */
export function malformed(input: unknown): string | null {
  if (typeof input !== 'object' || input === null)
    return 'expected {"by": "<GitLab user name>", "task"?, "reason"?}';
  const { by, task, reason, remove, from, to } = input as Partial<Record<keyof DecisionInput, unknown>>;
  if (typeof by !== 'string' || !/^[\w.-]{1,255}$/.test(by)) return '"by" must be a GitLab user name';
  if (task !== undefined && (typeof task !== 'string' || task.length > 200))
    return '"task" must be the id of a task';
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > 2_000))
    return '"reason" must be a text of at most 2,000 characters';
  if (from !== undefined && (typeof from !== 'string' || !/^[\w.-]{1,255}$/.test(from)))
    return '"from" must be a GitLab user name';
  if (to !== undefined && (typeof to !== 'string' || !/^(?:team:)?[\w.-]{1,255}$/.test(to)))
    return '"to" must be a GitLab user name, or team:<key>';
  if (remove !== undefined && typeof remove !== 'boolean') return '"remove" must be true or false';
  return null;
}

/**
 * Which channel an update may name: the command's only. `gitlab` and `console` say that somebody had signed in, which whoever
 * can reach Temporal could claim; what people do on GitLab is read there, and there is no console yet.
 */
export const isOwnChannel = (channel: unknown): boolean => channel === undefined || channel === 'cli';

/** One request between its messages: owns the state, collects what came in, and knows what is to be done next. */
export class RequestDesk {
  #state: RequestState;
  #messages: DeskMessage[] = [];
  readonly #answers = new Map<string, string | null>();
  #hinted = true;
  #sent = 0;

  constructor(state: RequestState) {
    this.#state = state;
  }

  get state(): RequestState {
    return this.#state;
  }

  /** The issue must be read: a hint came, a message waits, or something happened that it doesn't show yet. */
  get needsDesk(): boolean {
    return this.#hinted || this.#messages.length > 0;
  }

  get ended(): boolean {
    return isEnded(this.#state);
  }

  hint(): void {
    this.#hinted = true;
  }

  /** Takes a message in; its answer is there after the next reading of the desk. */
  tell(kind: DecisionKind, input: DecisionInput, at: string, channel: Channel): string {
    this.#sent += 1;
    const id = `${at}/${this.#sent}`;
    const { by, task, reason, remove, from, to } = input;
    this.#messages.push({ id, kind, by, channel, at, task, reason, remove, from, to });
    return id;
  }

  /** Undefined until the message was judged; then null where it was taken, else why not. */
  answer(id: string): string | null | undefined {
    return this.#answers.get(id);
  }

  /** What the next reading takes with it. What comes in meanwhile waits for the one after. */
  takeMessages(): readonly DeskMessage[] {
    const taken = this.#messages;
    this.#messages = [];
    this.#hinted = false;
    return taken;
  }

  wasJudged(facts: readonly Fact[], answers: Readonly<Record<string, string | null>>): void {
    this.#state = applyAll(this.#state, facts);
    for (const [id, answer] of Object.entries(answers)) this.#answers.set(id, answer);
  }

  /** What came of a grant. A cancel that came meanwhile holds for it, too: what is there in part is looked at. */
  wasGranted(outcomes: Readonly<Record<string, Outcome>>, at: string): void {
    this.cameOut(outcomes, at);
    const { cancelled } = this.#state;
    if (cancelled) this.happened({ kind: 'cancelled', ...cancelled });
  }

  cameOut(outcomes: Readonly<Record<string, Outcome>>, at: string): void {
    for (const [task, outcome] of Object.entries(outcomes))
      this.happened({ kind: 'outcome', task, outcome, at });
  }

  happened(fact: Fact): void {
    this.#state = apply(this.#state, fact);
    this.#hinted = true;
  }
}
